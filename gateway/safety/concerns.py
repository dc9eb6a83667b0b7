"""Signs that only add up over time, in one thread: a concern with the texts that show it, never a verdict on a person.

Which signs: C3P's Commit to Kids, and the pattern of trust, isolation and tests of compliance in Lorenzo-Dus (2016). Only
what an adult writes to a young person is weighed. Words come from the screen's findings; hours and balance from the
times of texts alone.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import col, func, select

from gateway.db import Session
from gateway.models import Concern, ConcernLine, Finding, InboundMessage, Participant, Role
from gateway.people.alerts import Reason, raise_alert
from gateway.routing.routes import partners_of
from gateway.safety.screen import Category, Writer
from gateway.safety.text import Text

LOOKS_BACK = timedelta(days=60)
ENOUGH_SIGNS = 2  # different ones, on at least ENOUGH_DAYS days
ENOUGH_DAYS = 2
QUIET_AFTER = timedelta(days=14)  # the same thread is not raised again so soon after staff have looked
NIGHT = range(5)  # hours that begin before five, where the young person lives; and from eleven at night
LATE_HOUR = 23
ENOUGH_NIGHTS = 3
ONE_SIDED_TEXTS = 30  # in a week, and at least three for each that came back
ONE_SIDED_RATIO = 3
BY_CATEGORY = {
    Category.SECRECY: "secrecy",
    Category.MEETING: "meeting",
    Category.CONTACT: "moves elsewhere",
    Category.SEXUAL: "body and romance",
}
# A rule may name a finer sign than its category does.
BY_RULE = ("isolation", "gift", "compliment")


@dataclass(frozen=True)
class Evidence:
    """One text that shows one sign, and the rule that saw it."""

    sign: str
    inbound_id: int
    rule: str
    at: datetime


def weigh(session: Session, text: Text, now: datetime) -> Concern | None:
    """Look at the thread after an adult has written; raise or add to its concern when signs add up."""
    if text.match is None or text.match.id is None or text.writer is not Writer.MENTOR or text.sender is None:
        return None
    found = by_words(session, text.match.id, text.sender.id or 0, now)
    if not found:
        return None
    found += by_hours(session, text, now) + by_balance(session, text, now)
    signs = {one.sign for one in found}
    days = {one.at.date() for one in found}
    if len(signs) < ENOUGH_SIGNS or len(days) < ENOUGH_DAYS:
        return None
    return _raise(session, text, found, now)


def by_words(session: Session, match_id: int, writer_id: int, now: datetime) -> list[Evidence]:
    """What the screen found in this writer's texts of the last weeks."""
    rows = session.exec(
        select(Finding, InboundMessage.received_at)
        .join(InboundMessage, col(InboundMessage.id) == Finding.inbound_id)
        .where(
            InboundMessage.match_id == match_id,
            InboundMessage.participant_id == writer_id,
            InboundMessage.received_at > now - LOOKS_BACK,
        )
        .order_by(col(Finding.id))
    ).all()
    return [
        Evidence(sign, finding.inbound_id, finding.rule, at)
        for finding, at in rows
        if (sign := sign_of(finding.category, finding.rule))
    ]


def sign_of(category: str, rule: str) -> str | None:
    """The sign that a finding is, if it is one."""
    finer = next((name for name in BY_RULE if name in rule), None)
    return finer or BY_CATEGORY.get(Category(category))


def by_hours(session: Session, text: Text, now: datetime) -> list[Evidence]:
    """Texts of an adult late at night, on several nights of a fortnight, by the clock of the youngest reader's home."""
    assert text.sender is not None and text.match is not None and text.match.id is not None
    zone = _home_of_youth(session, text.match.id, text.sender)
    if zone is None:
        return []
    rows = session.exec(
        select(InboundMessage.id, InboundMessage.received_at).where(
            InboundMessage.match_id == text.match.id,
            InboundMessage.participant_id == text.sender.id,
            InboundMessage.received_at > now - timedelta(days=14),
        )
    ).all()
    late = [(row_id, at) for row_id, at in rows if row_id and is_night(at.astimezone(zone))]
    nights = {(at.astimezone(zone) - timedelta(hours=5)).date() for _, at in late}
    return _evidence("late nights", late) if len(nights) >= ENOUGH_NIGHTS else []


def is_night(local: datetime) -> bool:
    return local.hour in NIGHT or local.hour >= LATE_HOUR


def by_balance(session: Session, text: Text, now: datetime) -> list[Evidence]:
    """An adult who writes many times as much as comes back, within a week. The newest text stands for all."""
    assert text.sender is not None and text.match is not None
    counts = dict(
        session.exec(
            select(InboundMessage.participant_id, func.count())
            .where(
                InboundMessage.match_id == text.match.id,
                InboundMessage.received_at > now - timedelta(days=7),
            )
            .group_by(col(InboundMessage.participant_id))
        ).all()
    )
    mine = counts.pop(text.sender.id, 0)
    if mine < ONE_SIDED_TEXTS or mine < ONE_SIDED_RATIO * sum(counts.values()):
        return []
    return _evidence("one-sided", [(text.id, text.row.received_at)])


def _evidence(sign: str, rows: Iterable[tuple[int, datetime]]) -> list[Evidence]:
    return [Evidence(sign, row_id, sign.replace(" ", "-"), at) for row_id, at in rows]


def _home_of_youth(session: Session, match_id: int, sender: Participant) -> ZoneInfo | None:
    others = [one.person for one in partners_of(session, match_id, sender.id or 0)]
    return next((ZoneInfo(one.timezone) for one in others if one.role is Role.YOUTH), None)


def _raise(session: Session, text: Text, found: list[Evidence], now: datetime) -> Concern | None:
    """One open concern for a thread; what comes later is added to it."""
    assert text.match is not None and text.match.id is not None
    last = session.exec(
        select(Concern).where(Concern.match_id == text.match.id).order_by(col(Concern.id).desc()).limit(1)
    ).first()
    if last and last.looked_at and last.looked_at > now - QUIET_AFTER:
        return None
    concern = last if last and last.looked_at is None else None
    if concern is None:
        concern = Concern(match_id=text.match.id, signs="", raised_at=now)
        session.add(concern)
        session.flush()
        raise_alert(session, None, Reason.CONCERN, now, match_id=text.match.id, inbound_id=text.id)
    by_sign: dict[str, list[Evidence]] = defaultdict(list)
    for one in found:
        by_sign[one.sign].append(one)
        line = {"concern_id": concern.id, "inbound_id": one.inbound_id, "sign": one.sign, "rule": one.rule}
        session.add_once(ConcernLine, line)
    concern.signs = ",".join(sorted(by_sign))[:200]
    session.add(concern)
    session.flush()
    return concern


def looked_at(session: Session, concern: Concern, staff_id: int | None, now: datetime) -> None:
    """Staff have read the evidence; what they decided is theirs to write down."""
    concern.looked_at, concern.looked_by = concern.looked_at or now, concern.looked_by or staff_id
    session.add(concern)


def evidence_of(session: Session, concern_id: int) -> list[ConcernLine]:
    """The texts that show it, in the order in which they were written."""
    return list(
        session.exec(
            select(ConcernLine)
            .where(ConcernLine.concern_id == concern_id)
            .order_by(col(ConcernLine.inbound_id), col(ConcernLine.sign))
        ).all()
    )
