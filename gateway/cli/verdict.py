"""What came of a rehearsal, read from its tables: what left, what it cost, and every promise that was broken."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select

from gateway.db import Session
from gateway.flows.schema import Charter
from gateway.models import (
    Consent,
    ConsentKind,
    ConsentState,
    InboundMessage,
    Kind,
    OutboundMessage,
    OutboundState,
    Participant,
)
from gateway.outbox.reach import PROGRAM_KINDS
from gateway.sms.quiet_hours import is_open

FOR_EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class KindCount:
    """Texts and segments that left, for one kind of text."""

    kind: Kind
    texts: int
    segments: int


@dataclass(frozen=True)
class Breaches:
    """Promises that were broken: all must be 0. Conversations that answer a text go on at any hour."""

    quiet_hours: int = 0
    allowance_day: int = 0
    allowance_week: int = 0
    duplicates: int = 0
    without_consent: int = 0
    quiet_days: int = 0

    def __add__(self, other: "Breaches") -> "Breaches":
        return Breaches(*(mine + theirs for mine, theirs in zip(astuple(self), astuple(other), strict=True)))


@dataclass(frozen=True)
class Verdict:
    """What came of a rehearsal, or of a part of it. `waiting` counts texts that are neither sent nor given up."""

    kinds: tuple[KindCount, ...] = ()
    texts_in: int = 0
    waiting: int = 0
    breaches: Breaches = Breaches()

    def __add__(self, other: "Verdict") -> "Verdict":
        counts: Counter[Kind] = Counter()
        segments: Counter[Kind] = Counter()
        for each in (*self.kinds, *other.kinds):
            counts[each.kind] += each.texts
            segments[each.kind] += each.segments
        return Verdict(
            tuple(KindCount(kind, counts[kind], segments[kind]) for kind in sorted(counts)),
            self.texts_in + other.texts_in,
            self.waiting + other.waiting,
            self.breaches + other.breaches,
        )


def verdict_of(session: Session, charter: Charter, asking: Collection[str]) -> Verdict:
    """Read it all. `asking`: the conversations that ask for consent."""
    return Verdict(
        tuple(by_kind(session)), texts_in(session), still_waiting(session), breaches(session, charter, asking)
    )


def by_kind(session: Session) -> list[KindCount]:
    """What left, by kind."""
    found = session.exec(
        select(OutboundMessage.kind, func.count(), func.sum(OutboundMessage.segments))
        .where(col(OutboundMessage.sent_at).is_not(None))
        .group_by(OutboundMessage.kind)
    )
    return sorted(
        (KindCount(Kind(kind), texts, segments) for kind, texts, segments in found),
        key=lambda each: each.kind,
    )


def texts_in(session: Session) -> int:
    """How many texts people wrote."""
    return session.exec(select(func.count()).select_from(InboundMessage)).one()


def still_waiting(session: Session) -> int:
    """Texts that are neither sent nor given up."""
    waiting = col(OutboundMessage.state).in_([OutboundState.QUEUED, OutboundState.UNCERTAIN])
    return session.exec(select(func.count()).select_from(OutboundMessage).where(waiting)).one()


def breaches(session: Session, charter: Charter, asking: Collection[str]) -> Breaches:
    """Count what the program must never do, from what left. `asking`: the conversations that ask for consent."""
    rows = session.exec(
        select(OutboundMessage).where(
            col(OutboundMessage.sent_at).is_not(None),
            col(OutboundMessage.kind).in_(PROGRAM_KINDS),
            col(OutboundMessage.inbound_id).is_(None),
        )
    ).all()
    zones = {row.id: ZoneInfo(row.timezone) for row in session.exec(select(Participant))}
    at_night, talks, keys = 0, Counter[tuple[int | None, str, str]](), Counter[tuple[int | None, str]]()
    for row in rows:
        zone, left_at = zones[row.participant_id], row.claimed_at or row.created_at
        at_night += not is_open(left_at, zone, charter.program_window)
        talks[row.participant_id, f"{left_at.astimezone(zone):%Y-%m-%d}", row.lane or row.dedupe_key] += 1
        keys[row.participant_id, row.dedupe_key] += 1
    days = Counter((person, day) for person, day, _ in talks)
    weeks = Counter((person, datetime.fromisoformat(day).isocalendar()[:2]) for person, day, _ in talks)
    return Breaches(
        quiet_hours=at_night,
        allowance_day=sum(count > charter.allowance.day for count in days.values()),
        allowance_week=sum(count > charter.allowance.week for count in weeks.values()),
        duplicates=sum(count > 1 for count in keys.values()),
        without_consent=_without_consent(session, rows, asking),
        quiet_days=sum(charter.quiet_days.holds(date.fromisoformat(day)) for _, day, _ in talks),
    )


def _without_consent(session: Session, rows: Sequence[OutboundMessage], asking: Collection[str]) -> int:
    """Texts to somebody who had not agreed to them yet, but for the question itself."""
    agreed = dict(
        session.exec(
            select(Consent.participant_id, func.min(Consent.at))
            .where(Consent.kind == ConsentKind.TEXTING, Consent.state == ConsentState.GIVEN)
            .group_by(col(Consent.participant_id))
        ).all()
    )
    return sum(
        (row.wording or "").partition("@")[0] not in asking
        for row in rows
        if row.created_at < agreed.get(row.participant_id or 0, FOR_EVER)
    )
