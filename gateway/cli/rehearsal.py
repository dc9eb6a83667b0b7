"""A rehearsal: a gateway of its own in a temporary folder, people with habits, and a clock that runs a day at a time.

It runs the real spines on the simulated network; only the clock and the people are invented.
"""

import random
from base64 import urlsafe_b64encode
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event
from sqlmodel import col, func, select

from gateway.app import open_database, open_gateway
from gateway.cli.content import load_first
from gateway.matching import matches
from gateway.migrations import upgrade
from gateway.models import (
    ConsentKind,
    ConsentState,
    InboundMessage,
    LineKind,
    OutboundMessage,
    OutboundState,
    Participant,
    Role,
)
from gateway.outbox.reach import PROGRAM_KINDS
from gateway.people.consent import record_consent
from gateway.people.directory import NewPerson, community_named, enrol
from gateway.providers.simulator import SimulatedNetwork
from gateway.routing.lines import add_line
from gateway.runtime import Gateway, SilentBell
from gateway.settings import Settings
from gateway.sms.quiet_hours import is_open
from gateway.work import jobs

STARTS = datetime(2027, 1, 4, 15, tzinfo=UTC)  # a Monday
PROGRAM = "+14165550100"
LINES = 6
ZONES = ("America/St_Johns", "America/Halifax", "America/Toronto", "America/Regina", "America/Whitehorse")
# How likely each sort of person writes on a day, and answers the program.
HABITS = {
    "chatty": (0.6, 0.95),
    "shy": (0.15, 0.6),
    "silent": (0.0, 0.0),
    "away": (0.3, 0.5),
    "leaves": (0.3, 0.5),
}
SORTS = ("chatty", "shy", "chatty", "silent", "away", "shared", "shy", "leaves")
HOURS = (9, 11, 13, 15, 16, 18, 20, 22)  # when the day is looked at, Toronto time


@dataclass
class VirtualClock:
    """Moves only when told, or when somebody waits."""

    at: datetime = STARTS

    def now(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=max(0.0, seconds))


@dataclass
class Guest:
    """A simulated person. `answered` counts the texts of the program line that were read."""

    key: str
    number: str
    mask: str
    sort: str
    answered: int = 0


@dataclass(frozen=True)
class KindCount:
    """Texts and segments that left, for one kind of text."""

    kind: str
    texts: int
    segments: int


@dataclass
class Rehearsal:
    gateway: Gateway
    network: SimulatedNetwork
    clock: VirtualClock
    guests: list[Guest]
    dice: random.Random = field(default_factory=lambda: random.Random(1))

    def live_a_day(self, day: int) -> None:
        """Everything that happens on one day: coverage, words, prompts, answers."""
        date = (STARTS + timedelta(days=day)).date()
        for guest in self.guests:
            if guest.sort == "away":
                self.network.weather.coverage(guest.number, on=date.weekday() >= 5)
        for hour in HOURS:
            moment = datetime.combine(date, time(hour, 31), ZoneInfo("America/Toronto")).astimezone(UTC)
            self.clock.at = max(self.clock.at, moment)
            self._people_write(day, hour)
            jobs.speak(self.gateway)
            self._settle()
            self._people_answer()
            self._settle()

    def _people_write(self, day: int, hour: int) -> None:
        for guest in self.guests:
            writes, _ = HABITS.get(guest.sort, HABITS["shy"])
            if self.dice.random() < writes / len(HOURS):
                self.network.text(guest.number, guest.mask, f"A word from day {day}, {hour} h.")
            if guest.sort == "leaves" and day == 20 and hour == HOURS[3]:
                self.network.text(guest.number, guest.mask, "STOP")

    def _people_answer(self) -> None:
        """Answer the program line with a digit, as people do, sometimes with a word that cannot be read."""
        for guest in self.guests:
            read = [text for text in self.network.inbox(guest.number) if text.from_number == PROGRAM]
            if len(read) > guest.answered:
                guest.answered = len(read)
                _, answers = HABITS.get(guest.sort, HABITS["shy"])
                if self.dice.random() < answers and "1 " in read[-1].body:
                    self.network.text(guest.number, PROGRAM, self.dice.choice(("1", "2", "1", "hm")))

    def _settle(self) -> None:
        """Let what is due now happen; lines keep their pace, so the clock moves on as they send."""
        for _ in range(20):
            jobs.drain_inbox(self.gateway)
            for line in self._lines_with_work():
                while jobs.deliver_next(self.gateway, line) <= self.clock.now() + timedelta(milliseconds=100):
                    pass
            arrived = self.network.tick(self.clock.now())
            jobs.look_up_uncertain(self.gateway)
            if not arrived and not self._lines_with_work():
                break

    def _lines_with_work(self) -> list[int]:
        due = select(OutboundMessage.line_id).where(
            OutboundMessage.state == OutboundState.QUEUED, OutboundMessage.not_before <= self.clock.now()
        )
        with self.gateway.db.reading() as session:
            return list(session.exec(due.distinct()))

    def by_kind(self) -> list[KindCount]:
        with self.gateway.db.reading() as session:
            rows = session.exec(
                select(OutboundMessage.kind, func.count(), func.sum(OutboundMessage.segments))
                .where(col(OutboundMessage.sent_at).is_not(None))
                .group_by(OutboundMessage.kind)
            ).all()
        return [KindCount(str(kind), texts, segments) for kind, texts, segments in sorted(rows)]

    def texts_in(self) -> int:
        with self.gateway.db.reading() as session:
            return session.exec(select(func.count()).select_from(InboundMessage)).one()

    def breaches(self) -> dict[str, int]:
        """Promises that were broken: all must be 0. Conversations that answer a text go on at any hour."""
        charter = self.gateway.content.charter
        with self.gateway.db.reading() as session:
            rows = session.exec(
                select(OutboundMessage).where(
                    col(OutboundMessage.sent_at).is_not(None),
                    col(OutboundMessage.kind).in_(PROGRAM_KINDS),
                    col(OutboundMessage.inbound_id).is_(None),
                )
            ).all()
        zones = self._zones()
        at_night, talks, keys = 0, Counter[tuple[int, str, str]](), Counter[tuple[int, str]]()
        for row in rows:
            person = row.participant_id or 0
            left_at = row.claimed_at or row.created_at
            at_night += not is_open(left_at, zones[person], charter.program_window)
            local = left_at.astimezone(zones[person])
            talks[person, f"{local:%Y-%m-%d}", row.lane or row.dedupe_key] += 1
            keys[person, row.dedupe_key] += 1
        days = Counter((person, day) for person, day, _ in talks)
        weeks = Counter((person, datetime.fromisoformat(day).isocalendar()[:2]) for person, day, _ in talks)
        return {
            "quiet_hours": at_night,
            "allowance_day": sum(count > charter.allowance.day for count in days.values()),
            "allowance_week": sum(count > charter.allowance.week for count in weeks.values()),
            "duplicates": sum(count > 1 for count in keys.values()),
        }

    def _zones(self) -> dict[int, ZoneInfo]:
        with self.gateway.db.reading() as session:
            return {row.id or 0: ZoneInfo(row.timezone) for row in session.exec(select(Participant))}

    def transcripts(self) -> dict[str, list[str]]:
        """What each phone got and typed, in order."""
        return {
            f"{guest.key} ({guest.sort})": [
                f"{'>' if text.from_number != guest.number else '<'} {text.body}"
                for text in self.network.conversation(guest.number)
            ]
            for guest in self.guests
        }

    def close(self) -> None:
        self.gateway.db.engine.dispose()
        self.network.close()


def open_rehearsal(folder: Path, content: Path, pairs: int) -> Rehearsal:
    """A new gateway with so many pairs, matched and agreed, and what staff wrote in use."""
    clock = VirtualClock()
    key = urlsafe_b64encode(b"r" * 32).decode().rstrip("=")
    settings = Settings(
        _env_file=None,
        gateway_database_url=f"sqlite:///{folder}/rehearsal.db",
        gateway_redis_url=None,
        gateway_provider="simulated",
        gateway_secret_key="r" * 40,
        gateway_data_keys=f"r:{key}",
        gateway_index_key=key,
        gateway_content=content,
        gateway_simulated_ledger=folder / "phones.db",
    )
    upgrade(open_database(settings).engine)
    gateway = open_gateway(settings, bell=SilentBell(), clock=clock)
    assert isinstance(gateway.provider, SimulatedNetwork)
    event.listen(gateway.db.engine, "connect", _without_care)
    gateway.db.engine.dispose()
    load_first(gateway)
    return Rehearsal(gateway, gateway.provider, clock, _people(gateway, pairs, clock.now()))


def _without_care(connection: Any, _record: object) -> None:
    """A rehearsal need not outlive a power cut: nothing waits for the disk."""
    connection.execute("PRAGMA synchronous=OFF")


def _people(gateway: Gateway, pairs: int, now: datetime) -> list[Guest]:
    guests = []
    with gateway.db.transaction() as session:
        add_line(session, PROGRAM, LineKind.SHORT, True, now)
        for number in range(LINES):
            add_line(session, f"+1705555{9000 + number}", LineKind.SHORT, False, now)
        community = community_named(session, "rehearsal", now)
        for number in range(pairs):
            rows = []
            for role, prefix in ((Role.YOUTH, "+1613"), (Role.MENTOR, "+1819")):
                shared = SORTS[number % len(SORTS)] == "shared" and role is Role.YOUTH and number > 0
                phone = f"{prefix}{5_550_000 + (number - 1 if shared else number):07d}"
                language = "fr" if number % 2 else "en"
                zone = ZONES[number % len(ZONES)]
                today = now.date()
                new = NewPerson(
                    f"{role}{number}", role, f"Person {number}", phone, language, zone, today, today
                )
                row = enrol(session, community, new, now)
                for kind in ConsentKind:
                    record_consent(session, row, kind, ConsentState.GIVEN, "told to staff", now)
                rows.append((row, phone))
            _, masks, _ = matches.create(session, [rows[0][0]], [rows[1][0]], None, now)
            for row, phone in rows:
                sort = SORTS[number % len(SORTS)] if row.role is Role.YOUTH else "chatty"
                guests.append(Guest(row.key, phone, masks[row.key], sort))
    return guests
