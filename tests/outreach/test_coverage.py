"""Poor coverage: the program waits and says one thing; what people wrote arrives whole, in order."""

from datetime import timedelta
from itertools import pairwise

import pytest

from gateway.models import Kind, OutboundState, Role
from gateway.work import jobs
from tests.outbox.acts import queue, rows, states
from tests.world import PROGRAM, Phone, World


def out_of_reach(world: World, phone: Phone, away: bool = True) -> None:
    """The network says 30003 of each text to this phone."""
    world.network.weather.refuse(phone.number, "30003" if away else None)


def test_the_program_waits_and_says_only_the_newest_when_a_partner_text_gets_through(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    out_of_reach(world, ben)
    maya.texts("hi")
    for body in ("monday", "tuesday", "wednesday"):
        queue(world, ben, body)
    world.settle()
    assert states(world, ben, Kind.PROMPT) == [OutboundState.QUEUED] * 3
    assert [row.attempts for row in rows(world, ben, Kind.PROMPT)] == [0, 0, 0]
    out_of_reach(world, ben, False)
    world.advance(hours=1)
    assert ben.received == ["hi", "wednesday"]
    assert [row.reason for row in rows(world, ben, Kind.PROMPT)] == ["coalesced", "coalesced", None]


def test_a_text_from_the_phone_shows_that_it_is_back(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    out_of_reach(world, ben)
    maya.texts("one")
    world.advance(hours=5)
    queue(world, ben, "an activity")
    maya.texts("two")
    out_of_reach(world, ben, False)
    ben.texts("back in town")
    world.advance(minutes=1)
    assert ben.received[0].endswith("one")
    assert sorted(ben.received[1:]) == ["an activity", "two"]
    activity = rows(world, ben, Kind.PROMPT)[0]
    assert all(row.not_before < activity.not_before for row in rows(world, ben))


@pytest.mark.parametrize(("words", "to"), [("HELP", None), ("is anybody there?", PROGRAM)])
def test_whatever_a_phone_writes_to_any_of_our_numbers_shows_that_it_is_back(
    world: World, pair: int, maya: Phone, ben: Phone, words: str, to: str | None
) -> None:
    out_of_reach(world, ben)
    maya.texts("one")
    queue(world, ben, "an activity")
    world.settle()
    out_of_reach(world, ben, False)
    ben.texts(words, to)
    world.advance(minutes=1)
    assert any(text.endswith("one") for text in ben.received)
    assert "an activity" in ben.received


def test_two_who_share_a_phone_are_back_together(world: World, maya: Phone, ben: Phone) -> None:
    noah = world.person("noah", Role.YOUTH, maya.number)
    anna = world.person("anna", Role.MENTOR, "+14165550113")
    world.match(maya, ben)
    world.match(noah, anna)
    out_of_reach(world, maya)
    ben.texts("hi Maya")
    anna.texts("hi Noah")
    world.advance(hours=1)
    out_of_reach(world, maya, False)
    maya.texts("back")
    world.advance(minutes=1)
    assert len([text for text in maya.received if "hi " in text]) == 2


def test_a_stop_brings_nothing_that_waited(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    out_of_reach(world, ben)
    maya.texts("salmon are running")
    out_of_reach(world, ben, False)
    ben.texts("STOP")
    world.advance(hours=1)
    assert not any("salmon" in text for text in ben.received)


def test_reminders_whose_time_has_passed_are_dropped(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    out_of_reach(world, ben)
    maya.texts("hi")
    queue(world, ben, "an activity")
    queue(world, ben, "at 2", Kind.REMINDER, expires_at=world.clock.now() + timedelta(hours=2))
    world.advance(hours=1)
    world.clock.wait(2 * 3600)
    out_of_reach(world, ben, False)
    ben.texts("back")
    world.advance(minutes=1)
    assert [row.reason for row in rows(world, ben, Kind.REMINDER)] == ["expired"]
    assert "an activity" in ben.received


def test_what_people_wrote_arrives_whole_in_order_and_a_few_seconds_apart(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    out_of_reach(world, ben)
    words = ["one", "two", "three", "four", "five"]
    for body in words:
        maya.texts(body)
    world.clock.wait(3600)
    out_of_reach(world, ben, False)
    ben.texts("back")
    world.advance(minutes=2)
    assert ben.received == words
    left_at = [row.claimed_at or row.created_at for row in rows(world, ben)]
    gaps = [(late - early).total_seconds() for early, late in pairwise(left_at)]
    assert all(2.5 <= gap <= 10 for gap in gaps), gaps


def test_a_phone_on_which_nothing_is_delivered_is_out_of_reach_too(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    maya.texts("hello")
    world.network.weather.coverage(ben.number, False)
    world.clock.wait(60)
    maya.texts("are you there?")
    world.clock.wait(7 * 3600)
    for body in ("old", "new"):
        queue(world, ben, body, expires_at=world.clock.now() + timedelta(days=2))
    world.settle()
    assert states(world, ben, Kind.PROMPT) == [OutboundState.QUEUED] * 2
    world.network.weather.coverage(ben.number, True)
    world.settle()
    assert ben.received[:2] == ["hello", "are you there?"]
    world.advance(hours=16)
    assert ben.received[2:] == ["new"]


def test_a_network_that_never_tells_of_deliveries_proves_nothing(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    world.network.weather.drop(ben.number)
    maya.texts("hello")
    world.clock.wait(2 * 3600)
    world.network.weather.drop(ben.number, False)
    queue(world, ben, "an activity")
    world.settle()
    assert ben.received == ["an activity"]


def test_an_activity_whose_day_has_not_come_is_not_pulled_forward(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    later = world.clock.now() + timedelta(days=2)
    out_of_reach(world, ben)
    maya.texts("hi")
    queue(world, ben, "in two days", not_before=later)
    queue(world, ben, "now")
    out_of_reach(world, ben, False)
    ben.texts("back")
    world.advance(minutes=1)
    assert sorted(ben.received) == ["hi", "now"]
    assert rows(world, ben, Kind.PROMPT)[0].not_before == later


def test_a_phone_whose_owner_never_writes_first_is_tried_after_three_days(world: World, ben: Phone) -> None:
    out_of_reach(world, ben)
    queue(world, ben, "lost", expires_at=world.clock.now() + timedelta(hours=5))
    world.settle()
    assert states(world, ben, Kind.PROMPT) == [OutboundState.QUEUED]
    out_of_reach(world, ben, False)
    world.clock.wait(6 * 3600)
    world.settle()
    assert states(world, ben, Kind.PROMPT) == [OutboundState.CANCELLED]
    queue(world, ben, "the next one")
    for _ in range(3):
        world.clock.wait(24 * 3600)
        jobs.slow_tick(world.gateway)
        world.settle()
    world.advance(hours=1)
    assert ben.received == ["the next one"]
    assert ben.person.unreachable_since is None
