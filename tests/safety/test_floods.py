"""A phone that texts without end is held for staff, never dropped; the phones of others are not held up."""

from sqlmodel import update

from gateway import intake
from gateway.models import InboundMessage, InboundState, OutboundState, Outcome, Role
from gateway.providers.protocol import InboundText
from gateway.safety import review
from gateway.safety.actor import CLI
from gateway.safety.floods import FLOOD_COUNT
from tests.world import PROGRAM, Phone, World


def had_sent(world: World, phone: Phone, count: int) -> None:
    """The phone has just sent this many texts, and they are dealt with."""
    now = world.clock.now()
    with world.gateway.db.transaction() as session:
        for number in range(count):
            sid = f"SM{phone.key}{number}"
            intake.record(
                session, InboundText(sid, phone.number, PROGRAM, f"text {number}"), "simulated", now
            )
        session.execute(
            update(InboundMessage).values(state=InboundState.HANDLED, outcome=Outcome.PROGRAM, handled_at=now)
        )


def test_a_flood_waits_for_staff_and_its_sender_is_told(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    had_sent(world, maya, FLOOD_COUNT)
    maya.texts("one too many")
    maya.texts("and another")
    assert ben.received == []
    assert [row.reason for row in world.inbound()[-2:]] == ["flood", "flood"]
    assert len(maya.received) == 1 and maya.received[0].startswith("That is a lot of texts at once.")
    with world.gateway.db.transaction() as session:
        waiting = [row.inbound_id for row in review.held(session) if row.inbound_id]
        for text_id in waiting:
            review.release(session, CLI, text_id, world.clock.now())
    world.settle()
    assert ben.received == ["one too many", "and another"]


def test_up_to_the_limit_nothing_is_held_and_other_phones_never_are(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    had_sent(world, maya, FLOOD_COUNT - 1)
    maya.texts("the last that passes")
    ben.texts("hi")
    assert ben.received == ["the last that passes"]
    assert maya.received == ["hi"]


def test_a_flood_is_over_after_ten_quiet_minutes(world: World, maya: Phone, ben: Phone, pair: int) -> None:
    had_sent(world, maya, FLOOD_COUNT)
    world.advance(minutes=11)
    maya.texts("calm again")
    assert ben.received == ["calm again"]


def test_staff_may_discard_what_was_held_and_it_stays_on_record(world: World, ben: Phone) -> None:
    maya = world.person("maya", Role.YOUTH, "+17055550111")
    world.match(maya, ben)
    had_sent(world, maya, FLOOD_COUNT)
    maya.texts("spam")
    with world.gateway.db.transaction() as session:
        (text_id,) = [row.inbound_id for row in review.held(session)]
        assert text_id
        review.discard(session, CLI, text_id, world.clock.now())
    world.settle()
    assert ben.received == []
    assert OutboundState.DISCARDED in {row.state for row in world.outbound()}
