"""Order in a lane, priority between kinds, and the pace of a line."""

from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from threading import Event, Lock
from time import monotonic
from typing import Any

import pytest
from sqlmodel import select

from gateway.clock import SystemClock
from gateway.models import Kind, Line, OutboundState, Priority, Role
from gateway.outbox.enqueue import Draft, enqueue
from gateway.people.directory import house_key
from gateway.providers.protocol import OutgoingText, SentText
from gateway.providers.simulator import SendFault
from gateway.work import jobs
from gateway.work.embedded import EmbeddedDispatcher
from tests.outbox.acts import claim_next, line_of, queue, rows, send_due, states
from tests.world import PROGRAM, Phone, World


@pytest.mark.parametrize(
    "fault",
    [SendFault.DOWN, SendFault.BUSY, SendFault.REJECT_THEN_LOSE, SendFault.ACCEPT_THEN_LOSE],
)
def test_a_text_that_is_tried_again_keeps_its_place(
    world: World, pair: int, maya: Phone, ben: Phone, fault: SendFault
) -> None:
    world.network.weather.fail_next_send(fault, times=3)
    for body in ("one", "two", "three"):
        maya.types(body)
    world.advance(minutes=2)
    assert ben.received == ["one", "two", "three"]


def test_a_lane_that_waits_does_not_make_another_one_wait(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    sam, ruth = world.person("sam"), world.person("ruth", Role.MENTOR)
    world.match(sam, ruth)
    world.network.weather.fail_next_send(SendFault.BUSY, wait_seconds=600)
    maya.types("one")
    send_due(world)
    maya.types("two")
    sam.texts("hello Ruth")
    assert (ben.received, ruth.received) == ([], ["hello Ruth"])
    world.advance(minutes=11)
    assert ben.received == ["one", "two"]


def test_a_text_behind_another_one_is_no_reason_to_look_again(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    world.network.weather.fail_next_send(SendFault.BUSY, wait_seconds=600)
    maya.types("one")
    maya.types("two")
    send_due(world)
    head, line_id = rows(world, ben)[0], rows(world, ben)[0].line_id
    world.clock.wait(5)
    assert jobs.deliver_next(world.gateway, line_id) == head.not_before


def test_what_matters_more_leaves_first(world: World) -> None:
    line = line_of(world, PROGRAM)
    wanted = [Kind.CRISIS, Kind.RELAY, Kind.NOTICE, Kind.KEYWORD, Kind.FLOW, Kind.REMINDER, Kind.PROMPT]
    for number, kind in enumerate([*reversed(wanted[:2]), *wanted[2:4], *reversed(wanted[4:])]):
        queue(world, world.person(f"p{number}", phone=f"+1613555020{number}"), "hi", kind)
    seen = []
    for _ in wanted:
        claim_next(world.gateway, line.id or 0)
        seen = [row for row in world.outbound() if row.state is OutboundState.SENDING]
        world.clock.wait(1.1)
    assert [row.kind for row in sorted(seen, key=lambda row: row.claimed_at or row.created_at)] == wanted


def broadcast(world: World, line: Line, count: int) -> None:
    """So many prompts wait on this line, each for another phone."""
    with world.gateway.db.transaction() as session:
        for number in range(count):
            draft = Draft(
                kind=Kind.PROMPT,
                dedupe_key=f"prompt:{number}",
                line_id=line.id or 0,
                to_number=f"+1613556{number:04d}",
                body="An activity for today",
                key_uid=house_key(session),
                wording="test",
            )
            enqueue(session, draft, world.clock.now())


def test_a_broadcast_does_not_delay_what_people_write(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    line = line_of(world, ben.mask)
    broadcast(world, line, 500)
    for _ in range(3):
        jobs.deliver_next(world.gateway, line.id or 0)
        world.clock.wait(1)
    maya.types("hi Ben")
    jobs.drain_inbox(world.gateway)
    jobs.deliver_next(world.gateway, line.id or 0)
    assert states(world, ben) == [OutboundState.SENT]


def test_a_sender_that_keeps_out_of_a_broadcast_still_sends_what_people_write(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    line = line_of(world, ben.mask)
    broadcast(world, line, 3)
    jobs.deliver_next(world.gateway, line.id or 0, least_urgent=Priority.FLOW)
    maya.types("hi Ben")
    jobs.drain_inbox(world.gateway)
    jobs.deliver_next(world.gateway, line.id or 0, most=3, least_urgent=Priority.FLOW)
    assert states(world, ben) == [OutboundState.SENT]
    assert [row.state for row in world.outbound() if row.kind is Kind.PROMPT] == [OutboundState.QUEUED] * 3


@pytest.mark.parametrize(
    ("body", "segments"),
    [
        pytest.param("ok", 1, id="one segment a second"),
        pytest.param("x" * 400, 3, id="three segments take three seconds"),
        pytest.param("ê" * 100, 2, id="a hundred letters that cost double take two"),
    ],
)
def test_a_line_keeps_its_pace(
    world: World, pair: int, maya: Phone, ben: Phone, body: str, segments: int
) -> None:
    for number in range(5):
        maya.types(f"{body}{number}")
    send_due(world)
    world.settle()
    left_at = [row.sent_at or row.created_at for row in rows(world, ben)]
    assert [row.segments for row in rows(world, ben)] == [segments] * 5
    gaps = [(late - early).total_seconds() for early, late in pairwise(left_at)]
    assert all(segments - 0.01 <= gap <= segments + 0.6 for gap in gaps), gaps


@dataclass
class Stopwatch:
    """The provider, with the moment of each send written down."""

    provider: Any
    moments: list[float]
    lock: Lock
    takes_seconds: float = 0
    at_once: int = 0
    most_at_once: int = 0

    def send(self, text: OutgoingText) -> SentText:
        with self.lock:
            self.moments.append(monotonic())
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        Event().wait(self.takes_seconds)
        sent: SentText = self.provider.send(text)
        with self.lock:
            self.at_once -= 1
        return sent

    def __getattr__(self, name: str) -> Any:
        return getattr(self.provider, name)


def test_four_threads_together_never_exceed_the_pace(world: World) -> None:
    """In real time: 75 texts on a line of 50 a second, by four senders of one process."""
    watch = Stopwatch(world.gateway.provider, [], Lock())
    bell = EmbeddedDispatcher(senders=4)
    gateway = replace(world.gateway, clock=SystemClock(), bell=bell, provider=watch)
    with world.gateway.db.transaction() as session:
        line = session.exec(select(Line).where(Line.number == PROGRAM)).one()
        line.segments_per_second, line.next_slot_at = 50, gateway.clock.now()
        session.add(line)
        for number in range(75):
            draft = Draft(
                kind=Kind.RELAY,
                dedupe_key=f"relay:{number}",
                line_id=line.id or 0,
                to_number=f"+1613556{number:04d}",
                body="hi",
                key_uid=house_key(session),
            )
            enqueue(session, draft, gateway.clock.now() - timedelta(seconds=1))
    bell.start(gateway)
    for _ in range(4):
        bell.line(line.id or 0)
    until = monotonic() + 40
    while len(watch.moments) < 75 and monotonic() < until:
        Event().wait(0.05)
    bell.stop()
    moments = sorted(watch.moments)
    assert len(moments) == 75
    assert moments[-1] - moments[0] >= 74 / 50 - 0.1
    for start in moments:  # a thread that was held up after its slot may come late, never early
        assert sum(start <= moment < start + 1 for moment in moments) <= 50 + 4


@pytest.mark.parametrize("somebody_writes", [False, True], ids=["nobody", "somebody"])
def test_a_broadcast_has_all_hands_while_nobody_writes_and_one_while_somebody_does(
    world: World, somebody_writes: bool
) -> None:
    """In real time: four prompts on a fast line, at a provider that takes a while."""
    watch = Stopwatch(world.gateway.provider, [], Lock(), takes_seconds=0.2)
    bell = EmbeddedDispatcher(senders=4)
    gateway = replace(world.gateway, clock=SystemClock(), bell=bell, provider=watch)
    line = line_of(world, PROGRAM)
    broadcast(world, line, 4)
    with world.gateway.db.transaction() as session:
        row = session.get_one(Line, line.id)
        row.segments_per_second, row.next_slot_at = 1000, gateway.clock.now()
        session.add(row)
    bell.start(gateway)
    if somebody_writes:
        bell.inbox()
    for _ in range(4):
        bell.line(line.id or 0)
    until = monotonic() + 40
    while len(watch.moments) < 4 and monotonic() < until:
        Event().wait(0.02)
    bell.stop()
    assert len(watch.moments) == 4
    assert (watch.most_at_once == 1) is somebody_writes
