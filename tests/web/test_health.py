"""What /healthz tells: counts and ages, 200 or 503, and nothing about anybody."""

from datetime import timedelta

from sqlmodel import select, update

from gateway.models import InboundMessage, InboundState, Line, OutboundMessage, OutboundState
from tests.web.conftest import MASKS, PHONES, PROGRAM_LINE, World

WAITS = (
    "inbound_waiting",
    "outbound_waiting",
    "oldest_waiting_seconds",
    "uncertain",
    "parked",
    "stopped_lines",
)


def health(world: World) -> dict[str, int]:
    answer = world.client.get("/healthz")
    assert answer.json
    assert answer.status_code == (200 if answer.json["well"] else 503)
    assert not set(PHONES.values()) & set(answer.text.split('"'))
    return dict(answer.json)


def settle(world: World, **values: object) -> None:
    with world.gateway.db.transaction() as session:
        session.execute(update(OutboundMessage).values(**values))


def test_a_quiet_gateway_is_well(world: World) -> None:
    found = health(world)
    assert found["well"] is True
    assert found["database"] is True
    assert [found[name] for name in WAITS] == [0] * 6


def test_a_text_that_nobody_handles_makes_it_unwell_after_five_minutes(world: World) -> None:
    world.network.text(PHONES["maya"], MASKS[0], "hello")
    world.clock.wait(300)
    assert (health(world)["inbound_waiting"], health(world)["well"]) == (1, True)
    world.clock.wait(1)
    found = health(world)
    assert (found["oldest_waiting_seconds"], found["well"]) == (301, False)


def queue_one(world: World) -> None:
    """A relay to Ben that is queued and goes nowhere."""
    world.says("maya", "hello")
    settle(world, state=OutboundState.QUEUED, not_before=world.clock.now(), parked_at=None)


def test_a_text_that_does_not_leave_makes_it_unwell(world: World) -> None:
    queue_one(world)
    world.clock.wait(400)
    found = health(world)
    assert (found["outbound_waiting"], found["oldest_waiting_seconds"], found["well"]) == (1, 400, False)


def test_a_text_planned_for_later_does_not_wait(world: World) -> None:
    queue_one(world)
    settle(world, not_before=world.clock.now() + timedelta(hours=9))
    world.clock.wait(400)
    assert (health(world)["outbound_waiting"], health(world)["well"]) == (0, True)


def test_what_stands_behind_a_phone_out_of_reach_does_not_alarm(world: World) -> None:
    world.says("maya", "first")
    world.says("maya", "second")
    settle(world, state=OutboundState.QUEUED, not_before=world.clock.now())
    with world.gateway.db.transaction() as session:
        head = session.exec(select(OutboundMessage).order_by(OutboundMessage.id)).first()  # type: ignore[arg-type]
        assert head
        head.not_before = world.clock.now() + timedelta(hours=12)
        session.add(head)
    world.clock.wait(4000)
    assert health(world)["well"] is True


def test_a_stopped_line_is_counted_and_its_queue_does_not_alarm(world: World) -> None:
    queue_one(world)
    with world.gateway.db.transaction() as session:
        session.execute(update(Line).values(stopped_at=world.clock.now(), stopped_why="20003"))
    world.clock.wait(4000)
    found = health(world)
    assert (found["stopped_lines"], found["well"]) == (len(MASKS) + len([PROGRAM_LINE]), True)


def test_uncertain_and_parked_texts_are_counted(world: World) -> None:
    queue_one(world)
    settle(world, state=OutboundState.UNCERTAIN, parked_at=world.clock.now())
    with world.gateway.db.transaction() as session:
        session.execute(update(InboundMessage).values(state=InboundState.PARKED))
    found = health(world)
    assert (found["uncertain"], found["parked"]) == (1, 2)


def test_refused_webhooks_are_counted(world: World) -> None:
    before = health(world)["webhooks_refused"]
    world.client.post("/webhooks/twilio/sms", data={"Body": "forged"})
    assert health(world)["webhooks_refused"] == before + 1
