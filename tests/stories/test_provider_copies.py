"""The provider's console shows both legs of a text for a month, and then nothing (abuse case 18)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import update

from gateway.models import InboundMessage
from gateway.privacy import provider_copies
from gateway.privacy.provider_copies import Rules
from gateway.providers.simulator import SendFault
from gateway.work import copies, jobs, ticks
from tests.at_provider import after, at_provider, late
from tests.world import Phone, World


def test_both_legs_are_there_on_day_29_and_gone_on_day_31(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    maya.texts("hi")
    assert after(world, 29) == 0
    assert at_provider(world) == ["hi", "hi"]
    assert after(world, 2) == 2
    assert at_provider(world) == []
    assert after(world, 1) == 0
    assert ben.received == ["hi"], "a phone keeps what it got"
    with world.gateway.db.reading() as session:
        assert [session.open(row, "body_sealed") for row in world.inbound()] == ["hi"], "and so do we"


def test_a_text_that_the_provider_never_had_is_not_asked_about(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    world.network.weather.refuse(ben.number, "21614")
    maya.texts("hi")
    ids = [row.provider_message_id for row in world.outbound() if row.claimed_at]
    assert None in ids
    assert after(world, 31) == len(world.inbound()) + len(ids)
    assert at_provider(world) == []
    assert late(world) == (0, 0)


def test_the_oldest_go_first_and_a_round_has_an_end(world: World, maya: Phone, ben: Phone, pair: int) -> None:
    for words in ("one", "two"):
        maya.texts(words)
        world.clock.wait(60)
    world.clock.wait(timedelta(days=31).total_seconds())
    with world.gateway.db.reading() as session:
        rules = Rules(world.gateway.provider.name, world.gateway.copies_kept)
        found = provider_copies.due(session, rules, world.clock.now(), most=3)
    assert [each.at for each in found] == sorted(each.at for each in found)
    assert [(each.texts.__tablename__, each.id) for each in found] == [
        ("inbound_messages", 1),
        ("outbound_messages", 1),
        ("inbound_messages", 2),
    ]


class TestTheProviderSaysNo:
    def test_not_over_yet_is_asked_again_a_day_later_and_the_others_do_not_wait(
        self, world: World, maya: Phone, ben: Phone, pair: int
    ) -> None:
        world.network.weather.delay(ben.number, 40 * 86_400)
        maya.texts("slow")
        assert after(world, 31) == 1
        assert at_provider(world) == ["slow"]
        world.network.weather.delay(ben.number, 0)
        world.network.tick(world.clock.now())
        assert after(world, 0.5) == 0
        assert after(world, 0.6) == 1
        assert at_provider(world) == []

    @pytest.mark.parametrize("fault", [SendFault.BUSY, SendFault.DOWN])
    def test_busy_or_away_ends_the_round_and_the_next_begins_anew(
        self, world: World, maya: Phone, ben: Phone, pair: int, fault: SendFault
    ) -> None:
        maya.texts("hi")
        world.network.weather.fail_next_send(fault)
        assert after(world, 31) == 0
        assert at_provider(world) == ["hi", "hi"]
        assert after(world, 0) == 2

    def test_an_answer_that_was_lost_is_made_good_a_day_later(
        self, world: World, maya: Phone, ben: Phone, pair: int
    ) -> None:
        maya.texts("hi")
        world.network.weather.fail_next_send(SendFault.ACCEPT_THEN_LOSE)
        assert after(world, 31) == 0
        assert after(world, 0) == 1
        assert at_provider(world) == []
        assert after(world, 1.1) == 1, "asked twice: gone already counts as done"
        assert late(world) == (0, 0)


def test_a_text_whose_answer_was_lost_is_found_before_it_is_removed(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    world.network.weather.fail_next_send(SendFault.ACCEPT_THEN_LOSE)
    maya.types("hi")
    jobs.drain_inbox(world.gateway)
    (leg,) = world.outbound()
    jobs.deliver_next(world.gateway, leg.line_id)
    assert after(world, 31) == 1
    assert [row.provider_copy_removed_at for row in world.outbound()] == [None]
    world.settle()
    assert after(world, 0) == 1
    assert at_provider(world) == []
    assert ben.received == ["hi"]


def test_what_another_company_carried_is_not_asked_of_this_one(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    maya.texts("hi")
    with world.gateway.db.transaction() as session:
        session.execute(update(InboundMessage).values(provider="elsewhere"))
    assert after(world, 33) == 1
    assert at_provider(world) == ["hi"]
    assert late(world) == (0, 0)


def test_the_clock_has_it_done(world: World) -> None:
    assert "remove_provider_copies" in {job.id for job in ticks.background(world.gateway).get_jobs()}


def test_two_schedulers_remove_each_copy_and_none_fails(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    for words in ("one", "two", "three"):
        maya.texts(words)
    world.clock.wait(timedelta(days=31).total_seconds())
    job: Callable[[], int] = lambda: copies.remove_provider_copies(world.gateway)  # noqa: E731
    with ThreadPoolExecutor(2) as pool:
        counted = [one.result() for one in [pool.submit(job), pool.submit(job)]]
    assert 6 <= sum(counted) <= 12
    assert at_provider(world) == []
    assert late(world) == (0, 0)
