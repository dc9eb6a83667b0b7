"""What staff do about a match, and how it changes who needs them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import col, select

from gateway.insight import thread
from gateway.models import (
    AuditEntry,
    Community,
    ContactHow,
    Match,
    Note,
    Reason,
    Role,
    Staff,
    StaffRole,
    Standing,
)
from gateway.oversight import caseload, contacts, notes, reviews, setting_aside
from gateway.oversight.acting import CLI, by
from gateway.people.alerts import raise_alert
from gateway.people.directory import Refused, community_named
from tests.insight.conftest import look
from tests.world import Phone, World


def staff(
    world: World, name: str, community: str = "north", role: StaffRole = StaffRole.COORDINATOR
) -> Staff:
    with world.gateway.db.transaction() as session:
        home = community_named(session, community, world.clock.now())
        row = Staff(
            community_id=home.id,
            role=role,
            email_sealed=b"",
            email_index=name.encode(),
            created_at=world.clock.now(),
        )
        session.add(row)
    return row


@pytest.fixture
def ruth(world: World, maya: Phone) -> Staff:
    """The coordinator of Maya and Ben."""
    return staff(world, "ruth")


def act(world: World, match_id: int, do: Callable[..., object], *more: object, **named: object) -> None:
    with world.gateway.db.transaction() as session:
        match = session.get_one(Match, match_id)
        do(session, CLI, match, *more, world.clock.now(), **named)


def acknowledge(world: World, match_id: int, reason: Reason) -> None:
    act(world, match_id, setting_aside.acknowledge, reason, world.gateway.watch)


def snooze(world: World, match_id: int, reason: Reason, days: int) -> None:
    until = world.clock.now() + timedelta(days=days)
    act(world, match_id, setting_aside.snooze, reason, until, world.gateway.watch)


def shown(world: World, match_id: int, reason: Reason) -> bool:
    return reason in look(world).reasons(match_id)


def audited(world: World) -> list[str]:
    with world.gateway.db.reading() as session:
        return list(session.exec(select(AuditEntry.action).order_by(col(AuditEntry.id))))


# Setting aside


def test_what_is_acknowledged_comes_back_when_it_gets_worse(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    ben.texts("hi")
    maya.texts("hi")
    world.clock.at += timedelta(days=8)
    assert shown(world, pair, Reason.MENTOR_QUIET)
    acknowledge(world, pair, Reason.MENTOR_QUIET)
    world.clock.at += timedelta(days=5)
    assert not shown(world, pair, Reason.MENTOR_QUIET)
    world.clock.at += timedelta(days=1)
    assert shown(world, pair, Reason.MENTOR_QUIET), "two weeks are worse than one"
    assert audited(world)[-1] == "need.acknowledge"


def test_what_is_snoozed_comes_back_on_its_day(world: World, pair: int) -> None:
    world.clock.at += timedelta(days=8)
    assert shown(world, pair, Reason.NEVER_BEGAN)
    snooze(world, pair, Reason.NEVER_BEGAN, 2)
    assert not shown(world, pair, Reason.NEVER_BEGAN)
    world.clock.at += timedelta(days=2)
    assert shown(world, pair, Reason.NEVER_BEGAN)


def test_what_ended_and_began_again_is_news(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    maya.texts("hi")
    world.clock.at += timedelta(days=8)
    assert shown(world, pair, Reason.MENTOR_QUIET)
    snooze(world, pair, Reason.MENTOR_QUIET, 60)
    assert not shown(world, pair, Reason.MENTOR_QUIET)
    ben.texts("here I am")
    world.clock.at += timedelta(days=8)
    assert shown(world, pair, Reason.MENTOR_QUIET)


def test_one_more_text_that_did_not_arrive_is_news(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    world.network.weather.refuse(ben.number, "30007")
    maya.texts("hello?")
    acknowledge(world, pair, Reason.UNDELIVERED)
    assert not shown(world, pair, Reason.UNDELIVERED)
    world.clock.at += timedelta(minutes=1)
    maya.texts("are you there?")
    assert shown(world, pair, Reason.UNDELIVERED)


def test_the_rest_of_a_match_stays_when_one_reason_is_set_aside(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    maya.texts("hi")
    world.clock.at += timedelta(days=14)
    assert shown(world, pair, Reason.NO_EXCHANGE)
    acknowledge(world, pair, Reason.NO_EXCHANGE)
    assert not shown(world, pair, Reason.NO_EXCHANGE)
    assert shown(world, pair, Reason.MENTOR_QUIET)


def test_what_was_set_aside_can_be_brought_back(world: World, pair: int) -> None:
    world.clock.at += timedelta(days=8)
    look(world)
    snooze(world, pair, Reason.NEVER_BEGAN, 30)
    act(world, pair, setting_aside.bring_back, Reason.NEVER_BEGAN)
    act(world, pair, setting_aside.bring_back, Reason.NEVER_BEGAN)
    assert shown(world, pair, Reason.NEVER_BEGAN)
    assert audited(world).count("need.bring_back") == 1


def test_a_call_for_help_cannot_be_set_aside(world: World, pair: int, maya: Phone) -> None:
    with world.gateway.db.transaction() as session:
        raise_alert(session, maya.person.id or 0, "not_safe", world.clock.now())
    with pytest.raises(Refused, match="dealt with"):
        acknowledge(world, pair, Reason.ALERT)
    assert shown(world, pair, Reason.ALERT)


def test_a_reason_that_does_not_hold_cannot_be_set_aside(world: World, pair: int) -> None:
    look(world)
    with pytest.raises(Refused, match="does not hold"):
        acknowledge(world, pair, Reason.NEVER_BEGAN)


@pytest.mark.parametrize("days", [-1, 0, 91])
def test_a_snooze_ends_between_tomorrow_and_a_season_later(world: World, pair: int, days: int) -> None:
    world.clock.at += timedelta(days=8)
    look(world)
    with pytest.raises(Refused, match="choose a day"):
        snooze(world, pair, Reason.NEVER_BEGAN, days)


# Reading


def test_a_thread_that_was_read_needs_no_reading(world: World, pair: int, maya: Phone, ruth: Staff) -> None:
    maya.texts("hi")
    world.clock.at += timedelta(days=3)
    assert shown(world, pair, Reason.NEVER_REVIEWED)
    with world.gateway.db.transaction() as session:
        match = session.get_one(Match, pair)
        reviews.reviewed(session, by(ruth), match, world.gateway.watch, world.clock.now())
    assert Reason.NEVER_REVIEWED not in look(world, keep=False).reasons(pair)
    with world.gateway.db.reading() as session:
        last = thread.last_review(session, pair)
        assert last and (last.staff_id, last.at) == (ruth.id, world.clock.now())
        assert session.get_one(Standing, pair).unread_texts == 0


def test_what_came_while_the_page_was_open_stays_unread(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    maya.texts("hi")
    seen = world.inbound()[-1].id
    ben.texts("hello")
    act(world, pair, reviews.reviewed, world.gateway.watch, up_to_inbound=seen)
    with world.gateway.db.reading() as session:
        assert session.get_one(Standing, pair).unread_texts == 1
    look(world)
    world.clock.at += timedelta(days=14)
    assert shown(world, pair, Reason.REVIEW_DUE)


# Talks, notes, caseloads


def test_a_talk_puts_off_the_next_one(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    world.clock.at += timedelta(days=15)
    assert shown(world, pair, Reason.CONTACT_DUE)
    for person in (maya.person, ben.person):
        act(world, pair, contacts.contacted, person, ContactHow.CALL, world.gateway.watch)
    assert not shown(world, pair, Reason.CONTACT_DUE)
    world.clock.at += timedelta(days=15)
    assert shown(world, pair, Reason.CONTACT_DUE), "the second one of the first month"
    with world.gateway.db.reading() as session:
        assert len(contacts.contacts_of(session, pair)) == 2


def test_a_guardian_may_be_spoken_to_and_a_stranger_to_the_match_may_not(world: World, pair: int) -> None:
    mother = world.person("mother", role=Role.GUARDIAN)
    other = world.person("other")
    act(world, pair, contacts.contacted, mother.person, ContactHow.VISIT, world.gateway.watch)
    with pytest.raises(Refused, match="not in this match"):
        act(world, pair, contacts.contacted, other.person, ContactHow.CALL, world.gateway.watch)


def test_a_talk_that_is_still_to_come_is_refused(world: World, pair: int, maya: Phone) -> None:
    later = world.clock.now() + timedelta(hours=1)
    with pytest.raises(Refused, match="taken place"):
        act(world, pair, contacts.contacted, maya.person, ContactHow.CALL, world.gateway.watch, at=later)


def test_a_note_is_sealed_with_the_key_of_the_community(world: World, pair: int, ruth: Staff) -> None:
    with world.gateway.db.transaction() as session:
        match = session.get_one(Match, pair)
        notes.add_note(session, by(ruth), match, "  Spoke to her aunt.  ", world.clock.now())
    with world.gateway.db.reading() as session:
        note = session.exec(select(Note)).one()
        community = session.exec(select(Community)).one()
        assert b"aunt" not in note.body_sealed
        assert session.open(note, "body_sealed") == "Spoke to her aunt."
        assert community.data_key_uid in note.body_sealed
        assert note.staff_id == ruth.id
    assert audited(world)[-1] == "note.add"


@pytest.mark.parametrize("words", ["", "  ", "x" * 2001])
def test_a_note_says_something_and_not_too_much(world: World, pair: int, words: str) -> None:
    with pytest.raises(Refused, match="at most 2000"):
        act(world, pair, notes.add_note, words)


def test_a_match_is_put_in_a_caseload_of_its_own_community(world: World, pair: int, ruth: Staff) -> None:
    act(world, pair, caseload.assign, ruth)
    with world.gateway.db.reading() as session:
        assert session.get_one(Match, pair).coordinator_id == ruth.id
    with pytest.raises(Refused, match="another community"):
        act(world, pair, caseload.assign, staff(world, "sam", "south"))
    with pytest.raises(Refused, match="only a coordinator"):
        act(world, pair, caseload.assign, staff(world, "otto", role=StaffRole.AUDITOR))
    act(world, pair, caseload.assign, None)
    with world.gateway.db.reading() as session:
        assert session.get_one(Match, pair).coordinator_id is None
