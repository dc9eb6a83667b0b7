"""Somebody may be in danger: an answer at once, at any hour and in every state of things, and a human who knows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gateway.flows.schema import Crisis, Helplines
from gateway.matching import matches
from gateway.models import ContentKind, Kind, OutboundState, Outcome, Role, Urgency
from tests.stories.test_prompts import HELLO, at, begin, load
from tests.world import POOL, PROGRAM, REPOSITORY, Phone, World

CHECK_IN = REPOSITORY / "flows" / "checkin-youth.yaml"

WORDS = "I want to kill myself"
REPLY = (
    "Thanks for telling us. Automatic reply; staff read Mon to Fri 9 to 5. Danger: call 911. "
    "To talk: 988, call or text, or 1-800-668-6868."
)
MOTS = "je veux me tuer"
REPONSE = (
    "Merci de le dire. Réponse automatique. L'équipe : lundi au vendredi 9 h à 17 h. Danger : 911. "
    "Parler : 988 (appel/texto), 1-800-668-6868"
)
COMPANY = (
    "Passerelle: staff have been alerted. You are not alone with that text. In danger: call 911. "
    "A person, Mon to Fri 9 to 5: 1-800-555-0100"
)
SATURDAY_AT_THREE = datetime(2026, 11, 28, 8, 0, tzinfo=UTC)  # 3 a.m. in Toronto


@pytest.fixture
def ruth(world: World) -> Phone:
    """The coordinator who is on duty."""
    ruth = world.staff("ruth", "+16135550190")
    world.on_duty("ruth", hours=24 * 365)
    return ruth


def reasons(world: World) -> list[tuple[str, Urgency]]:
    return [(alert.reason, alert.urgency) for alert in world.alerts()]


def test_she_is_answered_her_mentor_reads_it_in_company_and_staff_are_called(
    world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone
) -> None:
    maya.texts(WORDS)
    assert maya.received == [REPLY] and maya.received_from == [maya.mask]
    assert ben.received == [WORDS, COMPANY]
    assert len(ruth.received) == 1 and ruth.received[0].startswith("Passerelle: urgent alert 1. Please open")
    assert ruth.received_from == [PROGRAM]
    assert reasons(world) == [("crisis", Urgency.NOW)]


def test_in_french_the_answer_is_french(world: World, ben: Phone, ruth: Phone) -> None:
    lea = world.person("lea", Role.YOUTH, language="fr")
    world.match(lea, ben)
    lea.texts(MOTS)
    assert lea.received == [REPONSE]


def test_on_a_saturday_at_three_in_the_morning_nothing_waits(
    world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone
) -> None:
    world.clock.at = SATURDAY_AT_THREE
    maya.texts(WORDS)
    assert maya.received == [REPLY]
    assert ben.received == [WORDS, COMPANY]
    assert len(ruth.received) == 1
    assert world.clock.now() < SATURDAY_AT_THREE + timedelta(minutes=1)


def test_one_answer_in_twelve_hours_and_every_text_passes(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    maya.texts(WORDS)
    maya.texts(f"{WORDS} please")
    world.clock.wait(11 * 3600)
    maya.texts(WORDS)
    assert maya.received == [REPLY]
    world.clock.wait(3601)
    maya.texts(WORDS)
    assert maya.received == [REPLY, REPLY]
    assert ben.received.count(WORDS) == 3


@pytest.mark.parametrize("state", ["paused", "closed"])
def test_when_the_match_passes_nothing_she_is_answered_all_the_same(
    world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone, state: str
) -> None:
    if state == "closed":
        world.close(pair)
    else:
        with world.gateway.db.transaction() as session:
            matches.pause(session, matches.get(session, pair), "staff")
    maya.texts(WORDS)
    assert maya.received == [REPLY]
    assert ben.received == []
    assert len(ruth.received) == 1
    assert reasons(world) == [("crisis", Urgency.NOW)]


def test_when_nobody_can_receive_it_she_hears_no_other_answer(
    world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone
) -> None:
    ben.texts("STOP")
    before = len(maya.received)
    maya.texts(WORDS)
    assert maya.received[before:] == [REPLY]
    assert len(ruth.received) == 1


def test_a_number_in_doubt_is_answered_and_its_words_wait(
    world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone
) -> None:
    world.clock.wait(91 * 24 * 3600)
    maya.texts(WORDS)
    assert maya.received == [REPLY]
    assert ben.received == []
    assert world.inbound()[0].outcome is Outcome.HELD
    assert ("crisis", Urgency.NOW) in reasons(world) and len(ruth.received) == 1


@pytest.mark.parametrize(
    "words", [f"{WORDS}, call me 613-555-0142", f"call me 613-555-0142. {WORDS}"], ids=["after", "before"]
)
def test_words_that_would_also_be_stopped_for_a_number_reach_staff_at_once(
    world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone, words: str
) -> None:
    """Abuse case 44: a young person's words pass; an adult's number still does not reach a minor."""
    maya.texts(words)
    assert ben.received == [words, COMPANY]
    assert maya.received == [REPLY]
    ben.texts(words)
    assert maya.received == [REPLY]
    assert ben.received[2] == REPLY
    assert len(ruth.received) == 2
    legs = [row for row in world.outbound() if row.kind is Kind.RELAY]
    assert [row.state is OutboundState.HELD for row in legs] == [False, True]


def test_on_the_program_line_and_from_a_stranger_too(
    world: World, maya: Phone, pair: int, ruth: Phone
) -> None:
    maya.texts(WORDS, to=PROGRAM)
    stranger = Phone(world, "nobody", "+16135550188")
    stranger.texts(WORDS, to=POOL[3])
    assert maya.received == [REPLY] and stranger.received == [REPLY]
    assert [row.reason for row in world.inbound()] == ["crisis", "crisis"]
    assert len(ruth.received) == 2


@pytest.mark.parametrize("line", [POOL[3], "+14165550199"], ids=["not her line", "not even a line of ours"])
def test_on_any_number_she_is_known_answered_in_her_language_and_her_own_staff_are_called(
    world: World, ben: Phone, ruth: Phone, line: str
) -> None:
    lea = world.person("lea", Role.YOUTH, language="fr")
    world.match(lea, ben)
    sam = world.staff("sam", "+16135550191", community="south")
    nora = world.staff("nora", "+16135550192", community="north")
    world.on_duty("sam", hours=1)
    lea.texts(MOTS, to=line)
    assert lea.received == [REPONSE] and ben.received == []
    world.clock.at += timedelta(hours=2)
    world.watches()
    (alert,) = world.alerts()
    assert (alert.reason, alert.participant_id) == ("crisis", lea.person.id)
    assert world.inbound()[0].participant_id == lea.person.id
    assert ruth.received and nora.received and sam.received == []


def test_a_family_phone_calls_the_staff_of_its_community_in_its_language(world: World, ruth: Phone) -> None:
    lea = world.person("lea", phone="+17055550120", language="fr")
    world.person("max", phone="+17055550120", language="fr")
    sam = world.staff("sam", "+16135550191", community="south")
    lea.texts(MOTS, to=PROGRAM)
    lea.texts("SIGNALER", to=PROGRAM)
    assert lea.received[0] == REPONSE
    assert [alert.participant_id for alert in world.alerts()] == [None, None]
    assert len(ruth.received) == 2 and sam.received == []
    assert {alert.community_id for alert in world.alerts()} == {lea.person.community_id}


def test_an_answer_to_a_conversation_is_screened_and_the_conversation_asks_no_further(
    world: World, maya: Phone, pair: int, ruth: Phone
) -> None:
    load(world, ContentKind.FLOWS, hello=HELLO)
    begin(world, maya)
    asked = len(maya.received)
    maya.texts(WORDS, to=PROGRAM)
    for day in (27, 28, 30):
        at(world, f"2026-11-{day}T18:00")
    assert maya.received[asked:] == [REPLY]
    assert len(ruth.received) >= 1


def test_a_mentor_who_writes_so_of_himself_is_cared_for_alike(
    world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone
) -> None:
    ben.texts(WORDS)
    assert ben.received == [REPLY]
    assert len(ruth.received) == 1


def test_siblings_on_one_phone_are_each_answered(world: World, ben: Phone) -> None:
    family = "+17055550120"
    maya, lea = (world.person(key, phone=family) for key in ("maya", "lea"))
    world.match(maya, ben)
    world.match(lea, ben)
    maya.texts(WORDS)
    lea.texts(WORDS)
    assert maya.received == [REPLY, REPLY]


def test_after_stop_no_answer_may_go_but_staff_are_called(
    world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone
) -> None:
    maya.texts("STOP")
    before = list(maya.received)
    maya.texts(WORDS)
    assert maya.received == before
    assert ("crisis", Urgency.NOW) in reasons(world) and len(ruth.received) == 1


def test_an_answer_that_stop_kept_back_is_given_when_she_is_back(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    maya.texts("STOP")
    maya.texts(WORDS)
    maya.texts("START")
    maya.texts(WORDS)
    assert maya.received.count(REPLY) == 1


def test_in_a_group_the_adults_read_it_at_once_and_the_other_young_people_after_staff(
    world: World, maya: Phone, ben: Phone, ruth: Phone
) -> None:
    lea = world.person("lea")
    world.match(maya, lea, ben)
    maya.texts(WORDS)
    assert ben.received == [f"Maya: {WORDS}", COMPANY]
    assert lea.received == []


def test_stop_wins_over_everything_and_is_not_screened(world: World, maya: Phone, pair: int) -> None:
    maya.texts("STOP")
    assert reasons(world) == [("opted_out", Urgency.WHENEVER)]


def test_harm_at_home_calls_staff_and_sends_no_answer_to_a_phone_that_may_be_shared(
    world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone
) -> None:
    maya.texts("my dad hits me")
    assert maya.received == []
    assert ben.received == ["my dad hits me", COMPANY]
    assert reasons(world) == [("disclosure", Urgency.NOW)] and len(ruth.received) == 1


def test_who_does_not_feel_safe_rings_whoever_is_on_duty_at_once(
    world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone
) -> None:
    load(world, ContentKind.FLOWS, **{"checkin-youth": CHECK_IN.read_text(encoding="utf-8")})
    begin(world, maya, "checkin-youth")
    maya.texts("4", to=PROGRAM)
    assert ruth.received == []
    maya.texts("2", to=PROGRAM)
    world.watches()
    assert reasons(world) == [("not_safe", Urgency.NOW)] and len(ruth.received) == 1


def test_a_second_text_before_anybody_has_answered_is_noted_and_rings_no_second_time(
    world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone
) -> None:
    maya.texts(WORDS)
    maya.texts(f"{WORDS} now")
    assert len(world.alerts()) == 1 and len(ruth.received) == 1


def test_a_community_without_9_1_1_names_its_own_numbers_in_a_text_of_their_own(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    near = {"en": "nursing station 807-555-0150", "fr": "poste infirmier 807-555-0150"}
    own = Helplines(danger="807-555-0123", voice_line="1-800-555-0177", near=near)
    content = world.gateway.content
    charter = content.charter.model_copy(
        update={"crisis": Crisis(default=content.charter.crisis.default, communities={"north": own})}
    )
    world.gateway = replace(world.gateway, content=replace(content, charter=charter))
    maya.texts(WORDS)
    reply, beside = maya.received
    assert "Danger: call 807-555-0123." in reply and "1-800-555-0177" in reply and "911" not in reply
    assert beside == "Near you: nursing station 807-555-0150"


def test_no_reply_quotes_promises_or_names_anybody(world: World) -> None:
    said = [
        text
        for key in ("crisis", "crisis_worry", "crisis_near", "crisis_partner")
        for text in world.gateway.content.voice.texts.by_key[key].values()
    ]
    for text in said:
        assert "kill" not in text.lower() and "suicid" not in text.lower()
        assert "secret" not in text.lower() and "confiden" not in text.lower()
