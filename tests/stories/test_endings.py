"""How a match ends: planned, at once, or after one more question to somebody silent."""

from datetime import timedelta

import pytest

from gateway import endings
from gateway.cli.content import load_first
from gateway.matching import matches
from gateway.models import Ending, Match, MatchState
from gateway.people.directory import Refused
from gateway.work import jobs, rounds
from tests.world import Phone, World


@pytest.fixture
def told(world: World) -> World:
    """A program that has the conversations of an ending in use."""
    load_first(world.gateway)
    return world


def plan(world: World, match_id: int, days: int) -> None:
    with world.gateway.db.transaction() as session:
        now, match = world.clock.now(), matches.get(session, match_id)
        last = endings.today_of(world.gateway, now) + timedelta(days=days)
        endings.plan(session, world.gateway, match, last, "school ends", now)


def state_of(world: World, match_id: int) -> MatchState:
    with world.gateway.db.reading() as session:
        return session.get_one(Match, match_id).state


def days_pass(world: World, days: float) -> None:
    """Time passes at once: only what is due at its end is looked at."""
    world.clock.at += timedelta(days=days)
    jobs.end_matches(world.gateway)
    world.settle()


def test_a_planned_end_is_told_four_weeks_before_and_texts_pass_until_its_last_day(
    told: World, pair: int, maya: Phone, ben: Phone
) -> None:
    plan(told, pair, 40)
    days_pass(told, 11)
    assert state_of(told, pair) is MatchState.ACTIVE and maya.received == []
    days_pass(told, 2)
    assert state_of(told, pair) is MatchState.CLOSING
    assert "Monday" not in maya.received[0] and "Sun January 3" in maya.received[0]
    assert "January 3" in ben.received[0]
    maya.texts("a thank you")
    assert ben.received[-1] == "a thank you"
    days_pass(told, 27)
    assert state_of(told, pair) is MatchState.CLOSING
    days_pass(told, 1)
    assert state_of(told, pair) is MatchState.CLOSED
    assert "have come to an end" in maya.received[-1]


def test_an_end_that_is_near_is_told_at_once_and_only_once(told: World, pair: int, maya: Phone) -> None:
    plan(told, pair, 7)
    told.settle()
    jobs.end_matches(told.gateway)
    told.settle()
    assert len(maya.received) == 1


@pytest.mark.parametrize("days", [0, -1, 5000])
def test_a_last_day_that_makes_no_sense_is_refused(world: World, pair: int, days: int) -> None:
    with pytest.raises(Refused, match="last day"):
        plan(world, pair, days)


def test_a_planned_end_can_be_called_off_until_it_was_told(told: World, pair: int) -> None:
    plan(told, pair, 40)
    with told.gateway.db.transaction() as session:
        endings.call_off(session, matches.get(session, pair), told.clock.now())
    days_pass(told, 60)
    assert state_of(told, pair) is MatchState.ACTIVE
    plan(told, pair, 5)
    with told.gateway.db.transaction() as session, pytest.raises(Refused):
        endings.call_off(session, matches.get(session, pair), told.clock.now())


def test_a_match_on_pause_stays_on_pause_until_its_end(
    told: World, pair: int, maya: Phone, ben: Phone
) -> None:
    with told.gateway.db.transaction() as session:
        matches.pause(session, matches.get(session, pair), "staff")
    plan(told, pair, 7)
    told.settle()
    assert state_of(told, pair) is MatchState.PAUSED
    assert len(ben.received) == 1  # the day; nothing of hers
    maya.texts("are you there")
    assert len(ben.received) == 1
    days_pass(told, 8)
    assert state_of(told, pair) is MatchState.CLOSED


def test_a_sudden_end_closes_at_once_and_is_told_kindly(
    told: World, pair: int, maya: Phone, ben: Phone
) -> None:
    plan(told, pair, 7)
    told.settle()
    with told.gateway.db.transaction() as session:
        endings.at_once(session, told.gateway, matches.get(session, pair), "moved away", told.clock.now())
    assert state_of(told, pair) is MatchState.CLOSED
    days_pass(told, 1)  # one text of the program a day
    assert "It is nothing you did" in maya.received[-1]
    maya.texts("hello?")
    assert not any("hello?" in text for text in ben.received)
    told.clock.at += timedelta(days=20)
    rounds.speak(told.gateway)
    told.settle()
    assert not any("the last texts pass" in text for text in maya.received)


def test_without_a_conversation_in_use_a_short_notice_is_told(world: World, pair: int, maya: Phone) -> None:
    with world.gateway.db.transaction() as session:
        assert not any(endings.is_told_by(session, world.gateway, one) for one in Ending)
        endings.at_once(session, world.gateway, matches.get(session, pair), "moved away", world.clock.now())
    world.settle()
    assert ["have come to an end" in text for text in maya.received] == [True]


def test_somebody_silent_is_asked_once_more_and_the_other_hears_nothing_until_the_end(
    told: World, pair: int, maya: Phone, ben: Phone
) -> None:
    with told.gateway.db.transaction() as session:
        match, now = matches.get(session, pair), told.clock.now()
        endings.ask_silent(session, told.gateway, match, maya.person, "no news", now)
    told.settle()
    assert "It has been quiet" in maya.received[0] and ben.received == []
    maya.texts("still here")
    assert ben.received == ["still here"]
    days_pass(told, 15)
    assert state_of(told, pair) is MatchState.CLOSED
    assert "have to stop now" in ben.received[-1]
    assert not any("have to stop now" in text for text in maya.received)
