"""Texts that the provider has and we lack are taken in: in order, once, and not for ever."""

from sqlalchemy import delete
from sqlmodel import col

from gateway.app import connect_phones
from gateway.models import InboundMessage, Outcome, Role
from gateway.work import jobs
from tests.outbox.test_lost_answers import Blind
from tests.outbox.wire import twilio_world
from tests.world import Phone, World


def go_down(world: World) -> None:
    """The webhook answers nothing good from here on."""
    world.network.connect(lambda *_: 503)


def come_up(world: World) -> None:
    connect_phones(world.gateway, world.network)


def test_what_came_while_we_were_away_is_relayed_in_order_and_once(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    maya.texts("before")
    go_down(world)
    for body in ("one", "two", "three"):
        maya.types(body)
        world.clock.wait(60)
    come_up(world)
    assert ben.received == ["before"]
    assert jobs.recover_inbound(world.gateway) == 3
    world.settle()
    assert ben.received == ["before", "one", "two", "three"]
    for _ in range(3):
        world.advance(minutes=5)
    assert ben.received == ["before", "one", "two", "three"]
    assert jobs.recover_inbound(world.gateway) == 0


def test_a_webhook_that_comes_after_the_recovery_changes_nothing(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    maya.types("hi")  # typed and posted; the same id is in the provider's list
    assert jobs.recover_inbound(world.gateway) == 0
    world.network.weather.repeat(maya.number)
    maya.texts("again")
    assert ben.received == ["hi", "again"]
    assert len(world.inbound()) == 2


def test_a_stop_that_came_while_we_were_away_is_obeyed(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    go_down(world)
    ben.types("STOP")
    come_up(world)
    world.advance(minutes=5)
    maya.texts("hi")
    assert len(ben.received) == 1
    assert [row.outcome for row in world.inbound()] == [Outcome.KEYWORD, Outcome.REFUSED]


def test_what_lies_before_the_last_recovery_is_not_read_again(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    maya.texts(" ")
    world.advance(minutes=30)
    assert jobs.recover_inbound(world.gateway) == 0
    with world.gateway.db.transaction() as session:
        session.execute(delete(InboundMessage).where(col(InboundMessage.id) > 0))
    assert jobs.recover_inbound(world.gateway) == 0


def test_when_the_list_cannot_be_read_the_next_look_begins_where_it_should_have(fresh_sqlite: str) -> None:
    with Blind() as twilio, twilio_world(fresh_sqlite, twilio) as world:
        maya, ben = world.person("maya"), world.person("ben", Role.MENTOR)
        world.match(maya, ben)
        twilio.is_blind = False
        jobs.recover_inbound(world.gateway)
        twilio.take_in(maya.number, maya.mask, "nobody told you", at=world.clock.now())
        twilio.is_blind = True
        for _ in range(20):
            world.clock.wait(180)
            assert jobs.recover_inbound(world.gateway) == 0
        twilio.is_blind = False
        assert jobs.recover_inbound(world.gateway) == 1
        world.settle()
        assert ben.received == ["nobody told you"]
