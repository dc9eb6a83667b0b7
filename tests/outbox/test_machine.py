"""Whatever happens, in whatever order: nothing lost, nothing twice, in order, to nobody else, and STOP wins.

The world is a real gateway on SQLite with the simulated network. A trigger writes down every move of every row.
"""

import re
import shutil
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from gateway import outreach
from gateway.app import connect_phones
from gateway.matching import matches, phone_change
from gateway.models import (
    OUTBOUND_MOVES,
    InboundState,
    Kind,
    LineKind,
    MatchState,
    OutboundMessage,
    OutboundState,
    Outcome,
    Role,
)
from gateway.outbox.claim import Claimed
from gateway.people.directory import person_with_key
from gateway.people.opt_out import is_opted_out
from gateway.providers.protocol import ProviderError, SentText
from gateway.providers.simulator import SendFault, TextState
from gateway.routing.lines import add_line
from gateway.routing.masks import PoolTooSmall
from gateway.runtime import Gateway
from gateway.work import jobs
from tests.world import Phone, World, lettered, open_world

PEOPLE = {"maya": Role.YOUTH, "sam": Role.YOUTH, "ben": Role.MENTOR, "ruth": Role.MENTOR}
NAMES = st.sampled_from(sorted(PEOPLE))
WRITERS = st.sampled_from([None, *sorted(PEOPLE)])
ENDED = {
    OutboundState.SENT,
    OutboundState.DELIVERED,
    OutboundState.UNDELIVERED,
    OutboundState.FAILED,
    OutboundState.CANCELLED,
}
WATCH_MOVES = (
    "CREATE TABLE moves (id INTEGER, was TEXT, became TEXT)",
    (
        "CREATE TRIGGER watch_moves AFTER UPDATE OF state ON outbound_messages WHEN old.state <> new.state "
        "BEGIN INSERT INTO moves VALUES (new.id, old.state, new.state); END"
    ),
)


@dataclass
class Story:
    """What the test itself knows of what was written, and of whom nothing may reach any more."""

    readers: dict[str, set[str]] = field(default_factory=dict)  # words -> who may read them
    order: dict[str, int] = field(default_factory=dict)  # words -> when they were typed
    silent: dict[str, set[str]] = field(
        default_factory=dict
    )  # phone -> what it had been sent when it fell silent


class Machine(RuleBasedStateMachine):
    """One example is one small program's life."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="passerelle-machine-"))
        database = shutil.copy(self.template, self.folder / "gateway.db")
        self.world: World = open_world(f"sqlite:///{database}", self.folder)
        self.story = Story()
        self.phones: dict[str, Phone] = {}
        self.owner: dict[str, str] = {}  # of every number that was ever somebody's
        self.matches: dict[frozenset[str], int] = {}
        self.changes = 0
        self.is_open = True
        self.hands: list[tuple[Gateway, Claimed]] = []

    @initialize()
    def begins(self) -> None:
        world = self.world
        with world.gateway.db.transaction() as session:
            for statement in WATCH_MOVES:
                session.execute(text(statement))
            for number in range(3):
                add_line(session, f"+1416555030{number}", LineKind.SHORT, False, world.clock.now())
        for number, (name, role) in enumerate(PEOPLE.items()):
            self.phones[name] = world.person(name, role, f"+1613555011{number}")
            self.owner[self.phones[name].number] = name
        self.meet("maya", "ben")
        self.meet("sam", "ruth")
        for name in PEOPLE:
            self.writes(name, 2, True)

    def meet(self, youth: str, mentor: str) -> None:
        pair = frozenset({youth, mentor})
        self.matches[pair] = self.world.match(self.phones[youth], self.phones[mentor])

    # People.

    @rule(name=NAMES, times=st.integers(1, 3), is_handled=st.booleans())
    def writes(self, name: str, times: int, is_handled: bool) -> None:
        for _ in range(times):
            words = f"{name} {lettered(len(self.story.order))}"
            self.story.order[words] = len(self.story.order)
            self.story.readers[words] = {
                other for pair in self.matches if name in pair for other in pair - {name}
            }
            self.world.clock.wait(1)
            self.phones[name].types(words)
        if is_handled:
            self.inbox_is_worked()

    def perhaps_writes(self, writer: str | None) -> None:
        if writer:
            self.writes(writer, 2, True)

    @rule(name=NAMES, word=st.sampled_from(["STOP", "START", "START"]))
    def says_a_word(self, name: str, word: str) -> None:
        self.world.clock.wait(1)
        self.phones[name].types(word)
        self.inbox_is_worked()

    def inbox_is_worked(self) -> None:
        jobs.drain_inbox(self.world.gateway)
        with self.world.gateway.db.reading() as session:
            for phone in self.phones.values():
                is_out = is_opted_out(session, session.index(phone.number))
                if is_out and phone.number not in self.story.silent:
                    self.story.silent[phone.number] = self.sent_to(phone.number)
                elif not is_out:
                    self.story.silent.pop(phone.number, None)

    # Workers.

    @rule(data=st.data(), writer=WRITERS, fault=st.sampled_from([None, *SendFault]))
    def a_worker_works_a_line(self, data: st.DataObject, writer: str | None, fault: SendFault | None) -> None:
        self.perhaps_writes(writer)
        line_id = data.draw(st.sampled_from(self.busy_lines()))
        self.world.clock.wait(1)
        with_fault = fault and any(row.line_id == line_id for row in self.due())
        if fault and with_fault:
            self.world.network.weather.fail_next_send(fault, wait_seconds=3)
        jobs.deliver_next(self.world.gateway, line_id)

    @rule(data=st.data(), writer=WRITERS, is_alive=st.sampled_from([True, True, False]))
    def a_worker_claims(self, data: st.DataObject, writer: str | None, is_alive: bool) -> None:
        """And has not come to the wire yet."""
        self.perhaps_writes(writer)
        self.world.clock.wait(1)
        worker = replace(self.world.gateway, token=("a" if is_alive else "d") * 32)
        with worker.db.transaction() as session:
            line_id = data.draw(st.sampled_from(self.busy_lines()))
            claimed = outreach.next_text(session, worker, line_id, worker.clock.now())
        if is_alive:
            jobs.beat(worker)
        if isinstance(claimed, Claimed):
            self.hands.append((worker, claimed))

    @precondition(lambda self: self.hands)
    @rule(
        is_told=st.booleans(),
        fault=st.sampled_from([None, None, *SendFault]),
        before=st.sampled_from([None, None, "STOP", "end"]),
    )
    def a_worker_comes_to_the_wire(self, is_told: bool, fault: SendFault | None, before: str | None) -> None:
        """It looks once more, sends, and writes down the answer, unless it dies before."""
        worker, claimed = self.hands.pop(0)
        reader = self.owner[claimed.text.to_number]
        if before == "STOP":
            self.says_a_word(reader, "STOP")
        elif before:
            self.ends([pair for pair in self.matches if reader in pair])
        with worker.db.transaction() as session:
            if not outreach.is_still_wanted(session, claimed.outbound_id, worker.token):
                outreach.call_back(session, claimed.outbound_id, worker.token, worker.clock.now())
                return
        if fault:
            self.world.network.weather.fail_next_send(fault, wait_seconds=3)
        answer: SentText | ProviderError
        try:
            answer = worker.provider.send(claimed.text)
        except ProviderError as error:
            answer = error
        if not is_told:
            return
        with worker.db.transaction() as session:
            now = worker.clock.now()
            if isinstance(answer, SentText):
                outreach.was_sent(session, worker, claimed.outbound_id, answer, now)
            else:
                outreach.went_wrong(session, worker, claimed.outbound_id, answer, now)

    @rule(data=st.data(), writer=NAMES, before=st.sampled_from(["STOP", "STOP", "end"]))
    def something_comes_between_claim_and_wire(self, data: st.DataObject, writer: str, before: str) -> None:
        self.writes(writer, 1, True)
        self.hands = []
        self.a_worker_claims(data, None, True)
        if self.hands:
            self.a_worker_comes_to_the_wire(True, None, before)

    @rule()
    def the_living_look_after_the_dead_and_the_uncertain(self) -> None:
        for _ in range(2):
            self.world.clock.wait(6)
            for token in ("a" * 32, self.world.gateway.token):
                jobs.beat(replace(self.world.gateway, token=token))
            jobs.look_up_uncertain(self.world.gateway)

    @rule()
    def everything_settles(self) -> None:
        """As `World.settle`, but only for lines on which something waits."""
        patience = 15
        while patience:
            before = self.world.count_attempts()
            jobs.beat(self.world.gateway)
            moved = jobs.look_up_uncertain(self.world.gateway)
            for line_id in {row.line_id for row in self.due()}:
                jobs.deliver_next(self.world.gateway, line_id)
            self.carrier_carries()
            if not moved and self.world.count_attempts() == before:
                if not self.something_is_near():
                    return
                self.world.clock.wait(2)
                patience -= 1

    def something_is_near(self) -> bool:
        soon = self.world.clock.now() + timedelta(seconds=30)
        near = (OutboundState.QUEUED, OutboundState.SENDING, OutboundState.UNCERTAIN)
        return any(row.state in near and row.not_before <= soon for row in self.world.outbound())

    @rule(minutes=st.sampled_from([2, 31, 130]))
    def time_passes(self, minutes: int) -> None:
        self.world.clock.wait(60 * minutes)
        jobs.slow_tick(self.world.gateway)

    # The network.

    def carrier_carries(self) -> None:
        self.world.network.tick(self.world.clock.now())
        self.inbox_is_worked()

    @rule(
        name=NAMES,
        on=st.booleans(),
        code=st.sampled_from([None, None, None, "30003", "30007", "30008", "21610"]),
    )
    def the_weather_changes(self, name: str, on: bool, code: str | None) -> None:
        self.carrier_carries()
        self.world.network.weather.coverage(self.phones[name].number, on)
        self.world.network.weather.refuse(self.phones[name].number, code)

    @rule()
    def the_front_door_closes_or_opens(self) -> None:
        """While it is closed, receipts are lost and texts must be recovered from the carrier's list."""
        self.is_open = not self.is_open
        if self.is_open:
            connect_phones(self.world.gateway, self.world.network)
        else:
            self.world.network.connect(lambda *_: 503)

    # Staff.

    @rule(data=st.data(), act=st.sampled_from(["pause", "pause", "end", "number"]), name=NAMES)
    def staff_act(self, data: st.DataObject, act: str, name: str) -> None:
        self.inbox_is_worked()
        if act == "number":
            self.number_changes(name)
        elif not self.matches:
            self.two_people_meet(
                *data.draw(st.sampled_from([("maya", "ruth"), ("sam", "ben"), ("maya", "ben")]))
            )
        elif act == "end":
            self.ends([data.draw(st.sampled_from(sorted(self.matches, key=sorted)))])
        else:
            self.pause_or_resume(self.matches[data.draw(st.sampled_from(sorted(self.matches, key=sorted)))])

    def ends(self, pairs: list[frozenset[str]]) -> None:
        """And the same two meet again, on other lines."""
        self.inbox_is_worked()
        for pair in pairs:
            self.world.close(self.matches.pop(pair))
            self.two_people_meet(*sorted(pair, key=lambda one: one in ("ben", "ruth")))

    def pause_or_resume(self, match_id: int) -> None:
        with self.world.gateway.db.transaction() as session:
            match = matches.get(session, match_id)
            if match.state is MatchState.PAUSED:
                matches.resume(session, match)
            else:
                matches.pause(session, match, "staff")

    def two_people_meet(self, youth: str, mentor: str) -> None:
        """When neither of them has said STOP, and there are lines enough."""
        with self.world.gateway.db.reading() as session:
            out = [is_opted_out(session, session.index(self.phones[name].number)) for name in (youth, mentor)]
        if not any(out):
            with suppress(PoolTooSmall):
                self.meet(youth, mentor)

    def number_changes(self, name: str) -> None:
        phone = self.phones[name]
        if phone.number in self.story.silent or self.changes == 3:
            return
        self.changes += 1
        new = f"+1613555015{self.changes}"
        self.owner[new] = name  # from the asking on: the code itself may be on its way for a while
        gateway = self.world.gateway
        with gateway.db.transaction() as session:
            phone_change.ask(
                session, gateway.content, person_with_key(session, name), new, gateway.clock.now()
            )
        self.everything_settles()
        codes = [re.findall(r"\b\d{6}\b", item.body) for item in self.world.network.inbox(new)]
        if not codes or phone.number in self.story.silent:
            return
        with gateway.db.transaction() as session:
            phone_change.confirm(
                session, person_with_key(session, name), new, codes[0][0], gateway.clock.now()
            )
        self.story.silent[phone.number] = self.sent_to(phone.number)
        self.phones[name] = replace(phone, number=new)

    # What must hold.

    @invariant()
    def a_phone_that_fell_silent_is_sent_nothing_but_the_answer_to_its_own_word(self) -> None:
        voice = self.world.gateway.content.voice
        done, stranger = voice.say("stop_done", "en"), voice.say("stranger", "en")
        now = {phone.number for phone in self.phones.values()}
        for number, before in self.story.silent.items():
            allowed = (
                [done] if number in now else [done, stranger]
            )  # an old number may ask, and is told nothing
            for sid in self.sent_to(number) - before:
                assert self.words_of(number, sid)[0] in allowed

    @invariant()
    def nobody_reads_what_was_not_written_to_them_and_nothing_twice(self) -> None:
        for name, words in self.read().items():
            assert all(name in self.story.readers[word] for word in words)
            assert [word for word, times in Counter(words).items() if times > 1] == []

    @invariant()
    def states_move_by_the_table(self) -> None:
        if not self.phones:
            return
        with self.world.gateway.db.reading() as session:
            moves = session.execute(text("SELECT DISTINCT was, became FROM moves")).all()
        assert [
            (was, became)
            for was, became in moves
            if OutboundState(became) not in OUTBOUND_MOVES[OutboundState(was)]
        ] == []

    def teardown(self) -> None:
        try:
            if self.phones:
                self.comes_to_rest()
        finally:
            self.world.gateway.db.engine.dispose()
            self.world.network.close()
            shutil.rmtree(self.folder)

    def comes_to_rest(self) -> None:
        """The weather clears, staff resume what is paused, and two days pass: then the whole account is drawn up.

        A receipt that came to a closed door is made good by asking after the text, the second time a day later.
        """
        self.world.network.weather.clear()
        if not self.is_open:
            self.the_front_door_closes_or_opens()
        for match_id in self.matches.values():
            with self.world.gateway.db.transaction() as session:
                match = matches.get(session, match_id)
                if match.state is MatchState.PAUSED:
                    matches.resume(session, match)
        for minutes in (0, 20, 31, 130, 600, 600, 1500):
            self.world.clock.wait(60 * minutes)
            jobs.slow_tick(self.world.gateway)
            self.everything_settles()
        self.a_phone_that_fell_silent_is_sent_nothing_but_the_answer_to_its_own_word()
        self.nobody_reads_what_was_not_written_to_them_and_nothing_twice()
        self.states_move_by_the_table()
        self.nothing_is_lost()
        self.order_is_kept()

    def nothing_is_lost(self) -> None:
        legs: dict[int, list[OutboundMessage]] = {}
        for row in self.world.outbound():
            legs.setdefault(row.inbound_id or 0, []).append(row)
            assert row.state in ENDED or row.not_before > self.world.clock.now(), (
                row.id,
                row.state,
                row.reason,
            )
            if row.state in (OutboundState.CANCELLED, OutboundState.FAILED, OutboundState.UNDELIVERED):
                assert row.reason
            if row.kind is Kind.RELAY and row.state in (OutboundState.SENT, OutboundState.DELIVERED):
                assert row.provider_message_id
        assert len(self.world.inbound()) == sum(
            len(self.world.network.sent_by(number)) for number in self.world.network.handsets()
        )
        for came in self.world.inbound():
            assert came.state is InboundState.HANDLED and came.outcome
            if came.outcome is Outcome.RELAYED:
                assert [row for row in legs.get(came.id or 0, []) if row.kind is Kind.RELAY]
        arrived = {sid for number in self.world.network.handsets() for sid in self.arrived_at(number)}
        for row in self.world.outbound():
            assert (row.state is OutboundState.DELIVERED) == (row.provider_message_id in arrived), (
                row.id,
                row.state,
            )

    def order_is_kept(self) -> None:
        """By sender and handset, but for what the network failed to bring or to hand in: that cannot keep its place."""
        again = {row.inbound_id for row in self.world.outbound() if row.gentle_retries}
        with self.world.gateway.db.reading() as session:
            late = {session.open(came, "body_sealed") for came in self.world.inbound() if came.id in again}
        for number in self.owner:
            late |= {item.body for item in self.world.network.sent_by(number) if item.state is TextState.LOST}
        for words in self.read().values():
            for writer in PEOPLE:
                places = [
                    self.story.order[word] for word in words if word.startswith(writer) and word not in late
                ]
                assert places == sorted(places)

    # Looking.

    def due(self) -> list[OutboundMessage]:
        now = self.world.clock.now()
        return [
            row
            for row in self.world.outbound()
            if row.state is OutboundState.QUEUED and row.not_before <= now
        ]

    def busy_lines(self) -> list[int]:
        return sorted({row.line_id for row in self.due()}) or [1]

    def sent_to(self, number: str) -> set[str]:
        """The carrier's ids of every text that it ever took for this phone."""
        return {
            item.provider_message_id
            for item in self.world.network.conversation(number)
            if not item.typed_here
        }

    def arrived_at(self, number: str) -> set[str]:
        return {item.provider_message_id for item in self.world.network.inbox(number)}

    def words_of(self, number: str, sid: str) -> list[str]:
        return [t.body for t in self.world.network.conversation(number) if t.provider_message_id == sid]

    def read(self) -> dict[str, list[str]]:
        """Who has read which words of people, on all of their phones, in the order of arrival."""
        return {
            name: [
                word
                for number, owner in self.owner.items()
                if owner == name
                for word in (item.body.rpartition(") ")[2] for item in self.world.network.inbox(number))
                if word in self.story.order
            ]
            for name in PEOPLE
        }


@pytest.mark.timeout(300)
def test_whatever_happens_the_promises_are_kept(migrated_sqlite: Path) -> None:
    class Here(Machine):
        template = migrated_sqlite

    options: dict[str, Any] = {
        "max_examples": 25,
        "stateful_step_count": 30,
        "deadline": None,
        "phases": [Phase.generate],
    }
    run_state_machine_as_test(
        Here, settings=settings(**options, suppress_health_check=list(HealthCheck), print_blob=True)
    )
