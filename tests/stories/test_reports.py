"""REPORT and SIGNALER: a private word to a human who is not the mentor, in kind words, and never shown to the partner."""

from datetime import timedelta

import pytest

from gateway.models import Match, Outcome, StaffRole, Urgency
from gateway.safety import duty, review
from gateway.safety.actor import CLI
from gateway.safety.waiting import queue
from tests.world import PROGRAM, Phone, World

THANKS = "Thank you. Staff will read this. Until Tue 13:00, what you write here goes to staff alone. In danger: call 911."
MERCI = "Merci. L'équipe lira ceci. Jusqu'à mar. 13 h, ce qui est écrit ici ne va qu'à elle. Danger : 911."
KEPT = "Staff have this, and nobody else. A person can help, Mon to Fri 9 to 5: 1-800-555-0100"


@pytest.fixture
def ruth(world: World) -> Phone:
    return world.staff("ruth", "+16135550190")


def coordinated(world: World, match_id: int, key: str) -> None:
    """This member of staff coordinates the match."""
    with world.gateway.db.transaction() as session:
        match = session.get_one(Match, match_id)
        match.coordinator_id = world.staff_row(key).id
        session.add(match)


@pytest.mark.parametrize(
    ("word", "answer"),
    [("REPORT", THANKS), ("report please", THANKS), ("Signaler", MERCI), ("SIGNALEMENT", MERCI)],
)
def test_the_word_alone_reaches_staff_at_once_and_is_thanked_in_its_language(
    world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone, word: str, answer: str
) -> None:
    maya.texts(word)
    assert maya.received == [answer]
    assert ben.received == []
    assert len(ruth.received) == 1
    assert [(alert.reason, alert.urgency) for alert in world.alerts()] == [("report", Urgency.NOW)]


def test_what_she_writes_in_the_hour_after_it_goes_to_staff_alone(
    world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone
) -> None:
    maya.texts("REPORT")
    maya.texts("he keeps asking where I live")
    assert ben.received == []
    assert maya.received == [THANKS, KEPT]
    assert world.inbound()[1].outcome is Outcome.HELD
    ben.texts("how was school?")
    assert maya.received[-1] == "how was school?"
    world.clock.wait(3601)
    maya.texts("it was ok")
    assert ben.received == ["it was ok"]


def test_a_machine_that_reports_without_end_is_not_answered_without_end(
    world: World, maya: Phone, pair: int, ruth: Phone
) -> None:
    for _ in range(12):
        maya.texts("REPORT")
    assert maya.received == [THANKS]
    world.clock.wait(1200)
    maya.texts("REPORT")
    assert len(maya.received) == 2 and "Until Tue 13:20" in maya.received[1]


def test_what_was_meant_for_the_partner_after_all_is_released_by_staff(
    world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone
) -> None:
    maya.texts("REPORT")
    maya.texts("see you tomorrow")
    with world.gateway.db.transaction() as session:
        review.release(session, CLI, 2, world.clock.now())
    world.settle()
    assert ben.received == ["see you tomorrow"]


@pytest.mark.parametrize("ending", ["the match is closed", "he texts STOP"])
def test_what_was_meant_for_staff_waits_for_them_whatever_ends_meanwhile(
    world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone, ending: str
) -> None:
    maya.texts("REPORT")
    maya.texts("he keeps asking where I live")
    if ending == "he texts STOP":
        ben.texts("STOP")
    else:
        world.close(pair)
    now, limit = world.clock.now(), timedelta(hours=12)
    with world.gateway.db.transaction() as session:
        assert [text.reason for text in queue(session, now, limit)] == ["after_report"]
        review.release(session, CLI, 2, now)
    world.settle()
    assert "he keeps asking where I live" not in ben.received


def test_a_mentor_may_report_too(world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone) -> None:
    ben.texts("REPORT")
    assert ben.received == [THANKS] and maya.received == []
    assert len(ruth.received) == 1


@pytest.mark.parametrize(
    "words", ["report card came in", "I have to report to the office", "signaler un bris"]
)
def test_inside_a_sentence_it_is_no_command(maya: Phone, ben: Phone, pair: int, words: str) -> None:
    maya.texts(words)
    assert ben.received == [words] and maya.received == []


@pytest.mark.parametrize("word", ["REPORT STAFF", "Signaler l'équipe", "signaler équipe"])
def test_a_report_about_staff_goes_to_an_admin_and_never_to_the_coordinator(
    world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone, word: str
) -> None:
    ada = world.staff("ada", "+16135550193", StaffRole.ADMIN)
    world.on_duty("ruth")
    coordinated(world, pair, "ruth")
    maya.texts(word)
    maya.texts("she told me to keep quiet")
    for _ in range(4):
        world.clock.at += timedelta(minutes=10)
        world.watches()
    assert len(ada.received) >= 4
    assert ruth.received == []
    assert ben.received == []
    with world.gateway.db.reading() as session:
        limit = timedelta(hours=12)
        seen = [
            [row.reason for row in queue(session, world.clock.now(), limit, reader=world.staff_row(key))]
            for key in ("ruth", "ada")
        ]
        listed = [len(duty.open_alerts(session, world.staff_row(key))) for key in ("ruth", "ada")]
    assert seen == [[], ["after_report_staff"]]
    assert listed == [0, 1]


def test_without_an_admin_a_report_about_staff_goes_to_another_coordinator(
    world: World, maya: Phone, pair: int, ruth: Phone
) -> None:
    nora = world.staff("nora", "+16135550191")
    coordinated(world, pair, "ruth")
    maya.texts("REPORT STAFF")
    assert len(nora.received) == 1 and ruth.received == []


@pytest.mark.parametrize("line", ["her own", PROGRAM])
def test_a_report_by_whoever_is_matched_with_somebody_on_the_staff_is_kept_from_that_person(
    world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone, line: str
) -> None:
    """Abuse case 40: a mentor who is a coordinator, too, would be told of the report about himself."""
    ada = world.staff("ada", "+16135550193", StaffRole.ADMIN)
    world.staff("ben-at-work", ben.number)
    world.on_duty("ben-at-work")
    coordinated(world, pair, "ben-at-work")
    maya.texts("REPORT", to=maya.mask if line == "her own" else line)
    maya.texts("he keeps asking where I live", to=maya.mask if line == "her own" else line)
    for _ in range(4):
        world.clock.at += timedelta(minutes=10)
        world.watches()
    assert len(ada.received) >= 4 and ben.received == []
    with world.gateway.db.reading() as session:
        limit = timedelta(hours=12)
        seen = {
            key: len(queue(session, world.clock.now(), limit, reader=world.staff_row(key)))
            for key in ("ben-at-work", "ada")
        }
        listed = [len(duty.open_alerts(session, world.staff_row(key))) for key in ("ben-at-work", "ada")]
    assert seen == {"ben-at-work": 0, "ada": 1 if line == "her own" else 0}
    assert listed == [0, 1]
    assert world.inbound()[0].reason == "report_staff"  # what a coordinator's thread leaves out


def test_from_the_program_line_and_from_a_borrowed_phone(
    world: World, maya: Phone, pair: int, ruth: Phone
) -> None:
    friend = Phone(world, "nobody", "+16135550188")
    maya.texts("REPORT", to=PROGRAM)
    friend.texts("REPORT", to=PROGRAM)
    for phone in (maya, friend):
        assert len(phone.received) == 1 and phone.received[0].startswith("Thanks, staff will read this")
    assert [alert.reason for alert in world.alerts()] == ["report", "report"]


def test_a_crisis_in_that_hour_is_answered_and_still_not_shown_to_the_partner(
    world: World, maya: Phone, ben: Phone, pair: int, ruth: Phone
) -> None:
    maya.texts("REPORT")
    maya.texts("I want to kill myself")
    assert maya.received[-1].startswith("Thanks for telling us.")
    assert ben.received == []
    assert [alert.reason for alert in world.alerts()] == ["report", "crisis"]
