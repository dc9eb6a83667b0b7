"""Today and a thread in a long log: 5,000 matches, 1,000,000 texts, against the same pages on an empty log.

Run: nice .venv/bin/python -m scripts.bench.today [--matches N] [--texts N] [--database postgresql]

The goal: p95 of 100 ms on SQLite and PostgreSQL. It measures the queries and the opening of what is sealed, without
Flask. `Today, all` is an administrator's, who sees every match; `Today, 40` a coordinator's.
"""

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any

from sqlalchemy import Select, insert, make_url, select, text
from sqlmodel import SQLModel, col

from gateway.db import Session
from gateway.insight import attention, engagement, pulse, thread
from gateway.models import (
    Act,
    Alert,
    Decision,
    Finding,
    InboundMessage,
    InboundState,
    Kind,
    MaskState,
    Match,
    MatchState,
    Member,
    OptOut,
    OutboundMessage,
    OutboundState,
    Outcome,
    Participant,
    Priority,
    Role,
    Staff,
    StaffRole,
)
from gateway.models.types import new_uid
from gateway.people.directory import community_named
from gateway.safety import waiting
from gateway.work import jobs
from scripts.bench.rig import percentile, scratch
from tests.parts import PostgresDatabases, migrate, postgres_server
from tests.world import World, open_world

MONTHS = timedelta(days=180)
CHUNK = 5_000
CASELOAD = 40
BODY = "Salut! How did the exam go? I thought of you on the way to work this morning."
Row = dict[str, Any]


class Filler:
    """Makes rows in bulk, sealed as real ones are, with the same seed each time."""

    def __init__(self, world: World, session: Session) -> None:
        self.session, self.now = session, world.clock.now()
        community = community_named(session, "north", self.now)
        self.community_id, self.key_uid = community.id or 0, community.data_key_uid
        self.chance = random.Random(7)

    def insert(self, table: type[SQLModel], rows: Iterator[Row]) -> None:
        chunk: list[Row] = []
        for row in rows:
            chunk.append(row)
            if len(chunk) == CHUNK:
                self.session.execute(insert(table), chunk)
                chunk = []
        if chunk:
            self.session.execute(insert(table), chunk)

    def sealed(self, table: Any, uid: str, column: str, plain: str) -> bytes:
        return self.session.sealed(table, uid, column, plain, self.key_uid)

    def people_and_matches(self, count: int) -> None:
        self.insert(Staff, (self.member_of_staff(n) for n in range(1, count // CASELOAD + 2)))
        self.insert(Participant, (self.person(n) for n in range(1, 2 * count + 1)))
        self.insert(Match, (self.match(n) for n in range(1, count + 1)))
        self.insert(Member, (self.member(n) for n in range(1, 2 * count + 1)))

    def member_of_staff(self, number: int) -> Row:
        return {
            "id": number,
            "uid": new_uid(),
            "community_id": self.community_id,
            "role": StaffRole.COORDINATOR,
            "email_sealed": b"",
            "email_index": b"%d" % number,
            "language": "en",
            "timezone": "America/Toronto",
            "created_at": self.now,
        }

    def person(self, number: int) -> Row:
        uid = new_uid()
        return {
            "id": number,
            "uid": uid,
            "community_id": self.community_id,
            "key": f"p{number}",
            "role": Role.YOUTH if number % 2 else Role.MENTOR,
            "name_sealed": self.sealed(Participant, uid, "name_sealed", f"Person {number}"),
            "phone_sealed": b"",
            "phone_index": self.index(number),
            "language": "en",
            "timezone": "America/Toronto",
            "nights_quiet": False,
            "prompts_paused": False,
            "unreachable_since": self.now if number % 200 == 0 else None,
            "created_at": self.now - MONTHS,
        }

    def match(self, number: int) -> Row:
        return {
            "id": number,
            "uid": new_uid(),
            "community_id": self.community_id,
            "coordinator_id": 1 + number // CASELOAD,
            "state": MatchState.ACTIVE,
            "created_at": self.now - MONTHS,
        }

    def member(self, number: int) -> Row:
        return {
            "match_id": (number + 1) // 2,
            "participant_id": number,
            "line_id": 1,
            "phone_index": self.index(number),
            "mask_state": MaskState.ACTIVE,
            "lent_at": self.now - MONTHS,
        }

    @staticmethod
    def index(number: int) -> bytes:
        return b"%032d" % number

    def texts(self, first: int, count: int, matches: int) -> None:
        """Texts spread evenly over half a year, each with its leg; one in a thousand did not arrive, or is held."""
        step = MONTHS / count
        facts = [
            (number, self.chance.randint(1, matches), self.now - MONTHS + step * (number - first))
            for number in range(first, first + count)
        ]
        self.insert(InboundMessage, (self.inbound(*each) for each in facts))
        self.insert(OutboundMessage, (self.leg(*each) for each in facts))

    def inbound(self, number: int, match_id: int, at: datetime) -> Row:
        uid = new_uid()
        return {
            "id": number,
            "uid": uid,
            "provider": "bench",
            "provider_message_id": f"SM{number}",
            "from_index": b"",
            "from_sealed": b"",
            "to_number": "+14165550100",
            "body_sealed": self.sealed(InboundMessage, uid, "body_sealed", BODY),
            "media_types": "",
            "received_at": at,
            "is_replayed": False,
            "state": InboundState.HANDLED,
            "outcome": Outcome.RELAYED,
            "failures": 0,
            "handled_at": at,
            "participant_id": 2 * match_id - number % 2,
            "match_id": match_id,
        }

    def leg(self, number: int, match_id: int, at: datetime) -> Row:
        state = {0: OutboundState.UNDELIVERED, 1: OutboundState.HELD}.get(
            number % 2000, OutboundState.DELIVERED
        )
        return {
            "id": number,
            "uid": new_uid(),
            "dedupe_key": f"relay:{number}",
            "kind": Kind.RELAY,
            "priority": Priority.RELAY,
            "state": state,
            "line_id": 1,
            "participant_id": 2 * match_id - (number + 1) % 2,
            "match_id": match_id,
            "inbound_id": number,
            "to_index": b"",
            "to_sealed": b"",
            "body_sealed": b"",
            "encoding": "GSM-7",
            "segments": 1,
            "not_before": at,
            "created_at": at,
            "attempts": 1,
            "gentle_retries": 0,
            "looked_up": 0,
            "provider": "bench",
            "polled": 0,
        }

    def findings(self, texts: int) -> None:
        """One text in a hundred was flagged; staff have decided on all but one in twenty of them."""
        flagged = range(100, texts + 1, 100)
        finding = {"category": "meeting", "rule": "meet", "span_start": 0, "span_end": 4, "rules": "bench"}
        finding |= {"verdict": "flag", "at": self.now}
        decided = {n: None if n % 2000 == 0 else self.now for n in flagged}
        self.insert(Finding, ({"inbound_id": n, "decided_at": at} | finding for n, at in decided.items()))
        decision = {"act": Act.LOOKED, "has_note": False, "at": self.now}
        self.insert(Decision, ({"inbound_id": n} | decision for n, at in decided.items() if at))

    def troubles(self, matches: int) -> None:
        """Some who left, and some alerts that nobody has seen."""
        left = range(1, 2 * matches, 50)
        opt_out = {"active": True, "how": "keyword", "changed_at": self.now}
        self.insert(OptOut, ({"phone_index": self.index(n)} | opt_out for n in left))
        alert = {"reason": "asked_for_help", "at": self.now}
        self.insert(Alert, ({"participant_id": n} | alert for n in range(1, 2 * matches, 100)))


def questions(matches: int) -> dict[str, Callable[[Session, World], object]]:
    """What a coordinator's morning asks for."""
    chance = random.Random(3)
    everything = select(col(Match.id))

    def today(among: Select[int | None]) -> Callable[[Session, World], object]:
        return lambda session, world: attention.today(session, among, world.gateway.watch, world.clock.now())

    def newest(session: Session, _world: World) -> object:
        return thread.page(session, chance.randint(1, matches))

    def deep(session: Session, _world: World) -> object:
        match_id = chance.randint(1, matches)
        first = thread.page(session, match_id)
        began = perf_counter()
        page = thread.page(session, match_id, before=first.older)
        return page, perf_counter() - began

    def twelve_weeks(session: Session, world: World) -> object:
        return engagement.weeks(session, everything, world.clock.now().date())

    def to_review(session: Session, world: World) -> object:
        return waiting.queue(session, world.clock.now(), timedelta(hours=4), matches=everything)

    return {
        "Today, all": today(everything),
        "Today, 40": today(everything.where(col(Match.coordinator_id) == 2)),
        "thread, newest": newest,
        "thread, older": deep,
        "12 weeks, all": twelve_weeks,
        "to review, count": lambda session, _: waiting.how_many(session, matches=everything),
        "to review, page": to_review,
        "what to refresh": lambda session, world: pulse.to_refresh(session, world.clock.now()),
    }


def measure(world: World, matches: int, times: int) -> dict[str, list[float]]:
    """Seconds of each question, asked so many times, each in a session of its own."""
    took: dict[str, list[float]] = {}
    for name, ask in questions(matches).items():
        took[name] = []
        for _ in range(times):
            began = perf_counter()
            with world.gateway.db.reading() as session:
                answer = ask(session, world)
            spent = perf_counter() - began
            took[name].append(answer[1] if isinstance(answer, tuple) else spent)
    return took


@contextmanager
def database(kind: str, folder: Path) -> Iterator[str]:
    with postgres_server() if kind == "postgresql" else nullcontext("") as address:
        yield PostgresDatabases(make_url(address)).create() if address else f"sqlite:///{folder}/gateway.db"


def fill(world: World, work: Callable[[Filler], None]) -> float:
    """Let a filler work in one transaction that is synced once; the seconds that it took."""
    began = perf_counter()
    with world.gateway.db.transaction() as session:
        work(Filler(world, session))
    with world.gateway.db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return perf_counter() - began


def refresh(world: World) -> float:
    began = perf_counter()
    jobs.keep_insight(world.gateway)
    return perf_counter() - began


def report(before: dict[str, list[float]], after: dict[str, list[float]]) -> None:
    print(f"{'':16}{'empty p50':>11}{'p95':>9}{'full p50':>11}{'p95':>9}{'ratio':>8}")
    for name, took in after.items():
        cells: Sequence[float] = [
            1000 * percentile(values, share) for values in (before[name], took) for share in (0.5, 0.95)
        ]
        print(
            f"{name:16}{cells[0]:9.1f}ms{cells[1]:7.1f}ms{cells[2]:9.1f}ms{cells[3]:7.1f}ms{cells[3] / cells[1]:7.1f}x"
        )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--matches", type=int, default=5_000)
    asked.add_argument("--texts", type=int, default=1_000_000)
    asked.add_argument("--times", type=int, default=100)
    asked.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    given = asked.parse_args()
    with scratch() as folder, database(given.database, folder) as address:
        migrate(address)
        world = open_world(address, folder)
        fill(world, lambda filler: filler.people_and_matches(given.matches))
        refresh(world)
        empty = measure(world, given.matches, given.times)
        seconds = fill(world, lambda filler: filler.texts(1, given.texts, given.matches))
        fill(world, lambda filler: filler.findings(given.texts))
        fill(world, lambda filler: filler.troubles(given.matches))
        print(
            f"{given.texts:,} texts in {given.matches:,} matches written in {seconds:.0f} s ({given.database})"
        )
        with world.gateway.db.reading() as session:
            match_ids = pulse.all_matches(session)
        began = perf_counter()
        jobs.measure_all(world.gateway, match_ids)
        spent = perf_counter() - began
        print(f"rebuild of all numbers: {spent:.0f} s, {1000 * spent / given.matches:.1f} ms a match")
        print(f"refresh with nothing new: {1000 * refresh(world):.0f} ms")
        report(empty, measure(world, given.matches, given.times))
        world.gateway.db.engine.dispose()
        world.network.close()


if __name__ == "__main__":
    main()
