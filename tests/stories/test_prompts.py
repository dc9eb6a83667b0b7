"""The program speaks: each thing once, at the right hour, to the right phones, and listens."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from gateway.flows.running import Start, start
from gateway.library import live_files, store
from gateway.models import (
    Alert,
    ConsentKind,
    ConsentState,
    ContentKind,
    KeptAnswer,
    Kind,
    Outcome,
    Participant,
    Run,
    RunState,
)
from gateway.people.consent import record_consent
from gateway.people.directory import person_with_key
from gateway.work import rounds
from tests.world import PROGRAM, Phone, World

ACTIVITY = """kind: activity
when: {when}
window: {{ opens: "15:30", closes: "19:30" }}
{rest}
text: {{ en: "One good thing, {{first_name}}?", fr: "Une bonne chose, {{first_name}} ?" }}
"""
HELLO = """title: { en: Hello, fr: Bonjour }
for: [youth]
steps:
  - id: hello
    say: { en: "{program}: hello {first_name}.", fr: "{program} : bonjour {first_name}." }
  - id: nights
    ask: { en: "Nights? {choices}", fr: "Les nuits ? {choices}" }
    answer: choice
    choices: [ { is: quiet, en: "Quiet", fr: "Calmes" }, { is: open, en: "Any time", fr: "Toujours" } ]
    save: nights
    again: { en: "A number please: {choices}", fr: "Un chiffre : {choices}" }
    remind: { after: "2 days", text: { en: "No rush: {choices}", fr: "Quand tu peux : {choices}" } }
    timeout: { after: "5 days", go: end }
  - id: keep
    set: { nights_quiet: "{nights}" }
  - id: thanks
    say: { en: "Thank you.", fr: "Merci." }
"""


def load(world: World, kind: ContentKind, **files: str) -> None:
    with world.gateway.db.transaction() as session:
        store(
            session, kind, {f"{name}.yaml": text.encode() for name, text in files.items()}, world.clock.now()
        )


def activity(when: str, rest: str = "") -> str:
    return ACTIVITY.format(when=when, rest=rest)


def at(world: World, moment: str) -> None:
    """Let it be this moment, UTC, and let everything happen."""
    world.clock.at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    rounds.speak(world.gateway)
    world.settle()


def begin(world: World, phone: Phone, flow: str = "hello", key: str = "test") -> None:
    with world.gateway.db.transaction() as session:
        live = world.gateway.library.live(session)
        wanted = Start(flow, live.flows_version, phone.person.id or 0, f"{key}:{phone.key}")
        start(session, world.gateway.talk, wanted, world.clock.now())
    world.settle()


def test_an_activity_reaches_both_in_their_own_thread_once(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    load(world, ContentKind.PROMPTS, one=activity("{ week: 1, weekday: wed }"))
    at(world, "2026-11-25T20:29")
    assert maya.received == []
    for _ in range(3):
        at(world, "2026-11-25T20:30")
    assert (maya.received, ben.received) == (
        ["Passerelle: One good thing, Maya?"],
        ["Passerelle: One good thing, Ben?"],
    )
    assert (maya.received_from, ben.received_from) == ([maya.mask], [ben.mask])
    maya.texts("I saw the moon")
    assert ben.received[-1] == "I saw the moon"
    assert [row.wording for row in world.outbound()][:2] == ["one@1", "one@1"]


def test_two_ticks_at_once_say_it_once(world: World, pair: int, maya: Phone) -> None:
    load(world, ContentKind.PROMPTS, one=activity("{ week: 1, weekday: wed }"))
    world.clock.at = datetime(2026, 11, 25, 21, tzinfo=UTC)
    for _ in range(2):
        rounds.speak(world.gateway)
        load(world, ContentKind.PROMPTS, one=activity("{ week: 1, weekday: wed }"))
        rounds.speak(world.gateway)
    world.settle()
    assert len(maya.received) == 1


def test_a_missed_window_is_not_made_up_for(world: World, pair: int, maya: Phone) -> None:
    load(world, ContentKind.PROMPTS, one=activity("{ week: 1, weekday: wed }"))
    at(world, "2026-11-26T15:00")
    assert maya.received == []


@pytest.mark.parametrize("word", ["PAUSE", "STOP"])
def test_who_asked_for_quiet_gets_none(world: World, pair: int, maya: Phone, ben: Phone, word: str) -> None:
    load(world, ContentKind.PROMPTS, one=activity("{ week: 1, weekday: wed }"))
    maya.texts(word)
    before = len(maya.received)
    at(world, "2026-11-25T20:30")
    assert len(maya.received) == before
    assert any("good thing" in text for text in ben.received)


def test_no_consent_no_prompt(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    with world.gateway.db.transaction() as session:
        person = person_with_key(session, "maya")
        record_consent(
            session, person, ConsentKind.TEXTING, ConsentState.WITHDRAWN, "text", world.clock.now()
        )
    load(world, ContentKind.PROMPTS, one=activity("{ week: 1, weekday: wed }"))
    at(world, "2026-11-25T20:30")
    assert (maya.received, len(ben.received)) == ([], 1)


def test_a_late_reply_is_found_though_the_calendar_was_empty(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    load(world, ContentKind.PROMPTS, one=activity('{ late_reply: "4 days" }', 'late: "1 day"'))
    rounds.speak(world.gateway)
    maya.texts("hi Ben")
    at(world, "2026-11-28T20:00")
    assert ben.received == ["hi Ben"]
    at(world, "2026-11-28T20:30")
    assert ben.received == ["hi Ben", "Passerelle: One good thing, Ben?"]
    assert maya.received == []


def test_a_conversation_asks_keeps_and_sets(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    load(world, ContentKind.FLOWS, hello=HELLO)
    begin(world, maya)
    assert maya.received == ["Passerelle: hello Maya.", "Nights? 1 Quiet, 2 Any time"]
    assert set(maya.received_from) == {PROGRAM}
    maya.texts("1", to=PROGRAM)
    assert maya.received[2:] == ["Thank you."]
    assert maya.person.nights_quiet
    assert world.inbound()[-1].outcome is Outcome.FLOW
    assert ben.received == []
    with world.gateway.db.reading() as session:
        answer = session.exec(select(KeptAnswer)).one()
        assert (answer.question, session.open(answer, "value_sealed")) == ("nights", "quiet")


def test_a_second_try_then_staff(world: World, pair: int, maya: Phone) -> None:
    load(world, ContentKind.FLOWS, hello=HELLO)
    begin(world, maya)
    maya.texts("what is this", to=PROGRAM)
    assert maya.received[-1] == "A number please: 1 Quiet, 2 Any time"
    maya.texts("who is this", to=PROGRAM)
    with world.gateway.db.reading() as session:
        assert session.exec(select(Alert.reason)).all() == ["could_not_read_an_answer"]
        assert session.exec(select(Run.state)).all() == [RunState.ENDED]


def test_help_leaves_it_waiting_and_stop_ends_it(world: World, pair: int, maya: Phone) -> None:
    load(world, ContentKind.FLOWS, hello=HELLO)
    begin(world, maya)
    maya.texts("HELP", to=PROGRAM)
    assert "A person answers" in maya.received[-1]
    maya.texts("STOP", to=PROGRAM)
    with world.gateway.db.reading() as session:
        assert session.exec(select(Run.state)).all() == [RunState.STOPPED]


def test_silence_is_reminded_of_once_and_then_let_be(world: World, pair: int, maya: Phone) -> None:
    load(world, ContentKind.FLOWS, hello=HELLO)
    begin(world, maya)
    for day in (27, 28, 30):
        at(world, f"2026-11-{day}T18:00")
    assert maya.received[2:] == ["No rush: 1 Quiet, 2 Any time"]
    with world.gateway.db.reading() as session:
        assert session.exec(select(Run.state)).all() == [RunState.ENDED]


def test_one_conversation_at_a_time(world: World, pair: int, maya: Phone) -> None:
    load(world, ContentKind.FLOWS, hello=HELLO, other=HELLO.replace("hello {first", "again {first"))
    begin(world, maya)
    begin(world, maya, "other", key="second")
    assert len(maya.received) == 2
    maya.texts("2", to=PROGRAM)
    assert maya.received[2] == "Thank you."
    world.advance(days=1)
    assert maya.received[3:] == ["Passerelle: again Maya.", "Nights? 1 Quiet, 2 Any time"]


def test_a_run_finishes_on_the_version_it_began_with(world: World, pair: int, maya: Phone) -> None:
    load(world, ContentKind.FLOWS, hello=HELLO)
    begin(world, maya)
    load(world, ContentKind.FLOWS, hello=HELLO.replace("Thank you.", "Many thanks."))
    maya.texts("2", to=PROGRAM)
    assert maya.received[-1] == "Thank you."


def test_whoever_reads_french_besides_gets_french_where_the_own_language_is_missing(
    world: World, maya: Phone
) -> None:
    own = HELLO.replace('fr: "Merci."', 'fr: "Merci.", moe: "Words of her own."')
    load(world, ContentKind.FLOWS, hello=own)
    with world.gateway.db.transaction() as session:
        maya_now = session.get_one(Participant, maya.person.id)
        maya_now.language = "moe-fr"
    begin(world, maya)
    maya.texts("1", to=PROGRAM)
    assert maya.received[0] == "Passerelle : bonjour Maya."
    assert maya.received[-1] == "Words of her own."


def test_a_bad_set_changes_nothing(world: World) -> None:
    load(world, ContentKind.FLOWS, hello=HELLO)
    with pytest.raises(ValueError, match=r"bad\.yaml:1"):
        load(world, ContentKind.FLOWS, bad="title: nothing\n")
    with world.gateway.db.reading() as session:
        assert list(live_files(session, ContentKind.FLOWS)) == ["hello.yaml"]


TASK = """kind: task
to: [youth]
when: { week: 1, weekday: wed }
text: { en: "Write the letter.", fr: "Écris la lettre." }
task:
  due: { date: "2026-12-02" }
  remind_before: ["1 day"]
  remind_text: { en: "The letter by {date}.", fr: "La lettre avant le {date}." }
  done_question: { en: "The letter? {choices}", fr: "La lettre ? {choices}" }
"""
AFTER = activity("{ event: task_done, of: letter }", 'to: [youth]\nlate: "2 days"')


def test_a_task_reminds_asks_and_follows_up(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    load(world, ContentKind.PROMPTS, letter=TASK.replace("{choices}", "1 DONE, 2 LATER, 3 HELP"), after=AFTER)
    for moment in ("2026-11-25T18:00", "2026-12-01T18:00", "2026-12-03T18:00"):
        at(world, moment)
    assert maya.received == [
        "Passerelle: Write the letter.",
        "Passerelle: The letter by Wed December 2.",
        "Passerelle: The letter? 1 DONE, 2 LATER, 3 HELP",
    ]
    maya.texts("1", to=PROGRAM)
    at(world, "2026-12-04T21:00")
    assert maya.received[3:] == ["Passerelle: One good thing, Maya?"]
    assert ben.received == []
    assert {row.kind for row in world.outbound()} == {Kind.REMINDER, Kind.FLOW, Kind.PROMPT}


def test_whoever_answers_help_hears_that_a_person_comes(world: World, pair: int, maya: Phone) -> None:
    load(world, ContentKind.PROMPTS, letter=TASK.replace("{choices}", "1 DONE, 2 LATER, 3 HELP"))
    for moment in ("2026-11-25T18:00", "2026-12-01T18:00", "2026-12-03T18:00"):
        at(world, moment)
    maya.texts("3", to=PROGRAM)
    assert maya.received[-1].startswith("Good that you ask. Staff will see it, ")
    assert [alert.reason for alert in world.alerts()] == ["task_help"]


def test_a_long_absence_of_the_scheduler_changes_nothing(world: World, pair: int, maya: Phone) -> None:
    load(world, ContentKind.PROMPTS, one=activity('{ every: "1 weeks", weekday: wed }'))
    world.clock.at += timedelta(days=60)
    rounds.speak(world.gateway)
    world.settle()
    assert len(maya.received) <= 1
