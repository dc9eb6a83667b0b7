"""Who needs a human today, and why: the matches of one viewer, ranked, each with its reasons and their evidence.

It reads what refresh has written down, and what is urgent where it happens. It never acts; `oversight` does.
"""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, select
from sqlmodel import col, func, or_

from gateway.db import Session
from gateway.insight.live import Matches, Query, Urgent, urgent
from gateway.insight.needs import TRENDS
from gateway.insight.pulse import refreshed_until
from gateway.insight.rules import Rules
from gateway.models import Match, MatchState, Need, Reason, SetAside

SPEAKING = (MatchState.ACTIVE, MatchState.CLOSING)
NEVER_SET_ASIDE = frozenset({Reason.ALERT, Reason.HELD, Reason.FLAGGED})  # these end when they are dealt with
WORSE_AFTER = timedelta(days=7)  # a phone that is still away, or in doubt, after a week more


@dataclass(frozen=True)
class Evidence:
    """One reason with what shows it. `insight.needs` and `insight.live` say what the values mean.

    `days` is how long it has held. `level` and `worse_at` say when it counts as worse than it was.
    """

    reason: Reason
    since_at: datetime
    days: int
    level: int = 1
    worse_at: datetime | None = None
    newest_at: datetime | None = None  # when it was last added to; None for a trend, which never begins anew
    amount: int | None = None
    before: int | None = None
    about_id: int | None = None
    subject: str | None = None

    def facts(self) -> dict[str, object]:
        """As plain values for JSON."""
        return {
            "reason": self.reason.value,
            "since": self.since_at.isoformat(),
            "days": self.days,
            "amount": self.amount,
            "before": self.before,
            "about": self.about_id,
            "subject": self.subject,
        }


@dataclass(frozen=True)
class InNeed:
    """A match that needs a human; its worst reason first."""

    match: Match
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Today:
    """One page of the matches in need, the most urgent first, and how many there are in all.

    `as_of` says until when the log was measured for what is not urgent: some minutes ago, when all is well.
    """

    matches: Sequence[InNeed]
    total: int
    as_of: datetime | None


def today(
    session: Session, among: Matches, rules: Rules, now: datetime, *, most: int = 50, after: int = 0
) -> Today:
    """The matches that need a human, without the first `after`. `among` selects the ids that the viewer may see."""
    now_urgent = _urgent(session, among, rules, now)
    first = sorted(now_urgent, key=lambda match_id: _order(now_urgent[match_id]))
    then = _dated(session, among, now, after + most + len(first)) if len(first) < after + most else []
    order = first + [match_id for match_id in then if match_id not in now_urgent]
    page = order[after : after + most]
    evidence = _with_evidence(session, page, now_urgent, now)
    return Today(evidence, _how_many(session, among, now_urgent, now), refreshed_until(session))


def evidence_of(session: Session, match_id: int, rules: Rules, now: datetime) -> tuple[Evidence, ...]:
    """Why this one match needs a human, the worst first; empty when it does not."""
    now_urgent = _urgent(session, select(col(Match.id)).where(col(Match.id) == match_id), rules, now)
    found = _with_evidence(session, [match_id], now_urgent, now)
    return found[0].evidence if found else ()


def all_evidence_of(session: Session, match_id: int, rules: Rules, now: datetime) -> tuple[Evidence, ...]:
    """The same with what staff have set aside."""
    mine = select(col(Match.id)).where(col(Match.id) == match_id)
    dated = [_as_evidence(need, now) for need in session.scalars(_holding(mine, now))]
    return tuple([_urgent_evidence(one, now) for one in urgent(session, mine, rules, now)] + dated)


def counts(session: Session, among: Matches, rules: Rules, now: datetime) -> dict[Reason, int]:
    """How many matches each reason is shown for; reasons that hold nowhere are left out."""
    found: dict[Reason, int] = defaultdict(int)
    for evidence in _urgent(session, among, rules, now).values():
        for reason in {one.reason for one in evidence}:
            found[reason] += 1
    query = _shown(select(col(Need.reason), func.count()), among, now).group_by(col(Need.reason))
    return dict(found) | {row[0]: row[1] for row in session.execute(query)}


def _order(evidence: Sequence[Evidence]) -> tuple[int, datetime]:
    worst = evidence[0]
    return worst.reason.rank, worst.since_at


def _urgent(session: Session, among: Matches, rules: Rules, now: datetime) -> dict[int, list[Evidence]]:
    """What is urgent and not set aside, by match, the worst first."""
    found: dict[int, list[Evidence]] = defaultdict(list)
    for one in urgent(session, among, rules, now):
        found[one.match_id].append(_urgent_evidence(one, now))
    aside = _set_aside(session, list(found))
    kept = {
        match_id: [one for one in evidence if not _is_aside(one, aside.get((match_id, one.reason)), now)]
        for match_id, evidence in found.items()
    }
    return {
        match_id: sorted(evidence, key=lambda one: (one.reason.rank, one.since_at))
        for match_id, evidence in kept.items()
        if evidence
    }


def _urgent_evidence(one: Urgent, now: datetime) -> Evidence:
    return Evidence(
        reason=one.reason,
        since_at=one.since_at,
        days=_days(one.since_at, now),
        level=one.amount or 1,
        worse_at=now + WORSE_AFTER,
        newest_at=one.newest_at,
        amount=one.amount,
        about_id=one.about_id,
        subject=one.subject,
    )


def _set_aside(session: Session, match_ids: Sequence[int]) -> dict[tuple[int, Reason], SetAside]:
    rows = session.scalars(select(SetAside).where(col(SetAside.match_id).in_(match_ids)))
    return {(row.match_id, row.reason): row for row in rows}


def _is_aside(one: Evidence, row: SetAside | None, now: datetime) -> bool:
    """The same as `_aside` below, for what is not in the table of needs."""
    return (
        row is not None
        and one.reason not in NEVER_SET_ASIDE
        and row.until_at > now
        and (row.worse_at is None or row.worse_at > now)
        and one.level <= row.level
        and (one.newest_at is None or one.newest_at <= row.at)
    )


def _aside(now: datetime) -> ColumnElement[bool]:
    """Joins what staff set aside and what is no worse since."""
    return and_(
        col(SetAside.match_id) == Need.match_id,
        col(SetAside.reason) == Need.reason,
        col(SetAside.until_at) > now,
        or_(col(SetAside.worse_at).is_(None), col(SetAside.worse_at) > now),
        col(SetAside.level) >= Need.level,
        or_(col(Need.reason).in_(TRENDS), col(Need.since_at) <= SetAside.at),
    )


def _shown(query: Query, among: Matches, now: datetime) -> Query:
    """What has begun, in matches in which people may write, and was not set aside."""
    return (
        query.select_from(Need)
        .outerjoin(SetAside, _aside(now))
        .where(
            col(Need.since_at) <= now,
            col(Need.match_id).in_(_speaking(among)),
            col(SetAside.match_id).is_(None),
        )
    )


def _speaking(among: Matches) -> Query:
    """Those in which people may write, chosen once and not for each row."""
    return select(col(Match.id)).where(col(Match.id).in_(among), col(Match.state).in_(SPEAKING))


def _holding(among: Matches, now: datetime) -> Query:
    return select(Need).where(col(Need.since_at) <= now, col(Need.match_id).in_(_speaking(among)))


def _dated(session: Session, among: Matches, now: datetime, most: int) -> list[int]:
    """The first matches with a written need: the most urgent first, then the longest."""
    query = (
        _shown(select(col(Need.match_id)), among, now)
        .order_by(col(Need.rank), col(Need.since_at), col(Need.match_id))
        .limit(most * len(Reason))  # a match has each reason at most once: enough for so many matches
    )
    return list(dict.fromkeys(session.scalars(query)))[:most]


def _how_many(session: Session, among: Matches, now_urgent: Collection[int], now: datetime) -> int:
    """How many matches have a need of either sort."""
    only_dated = select(func.count(func.distinct(col(Need.match_id)))).where(
        col(Need.match_id).not_in(now_urgent)
    )
    return len(now_urgent) + int(session.scalar(_shown(only_dated, among, now)) or 0)


def _with_evidence(
    session: Session, match_ids: Sequence[int], now_urgent: dict[int, list[Evidence]], now: datetime
) -> list[InNeed]:
    """These matches in this order; one without a reason is left out."""
    mine = select(col(Match.id)).where(col(Match.id).in_(match_ids))
    found: dict[int, list[Evidence]] = {match_id: [*now_urgent.get(match_id, ())] for match_id in match_ids}
    for need in session.scalars(_shown(select(Need), mine, now).order_by(col(Need.rank))):
        found[need.match_id].append(_as_evidence(need, now))
    matches = {row.id: row for row in session.scalars(select(Match).where(col(Match.id).in_(match_ids)))}
    return [InNeed(matches[match_id], tuple(found[match_id])) for match_id in match_ids if found[match_id]]


def _as_evidence(need: Need, now: datetime) -> Evidence:
    days, step = _days(need.since_at, now), need.step_days
    steps = days // step + 1 if step else 0
    return Evidence(
        reason=need.reason,
        since_at=need.since_at,
        days=days,
        level=need.level,
        worse_at=need.since_at + timedelta(days=step * steps) if step else None,
        newest_at=None if need.reason in TRENDS else need.since_at,
        amount=need.amount,
        before=need.before,
        about_id=need.about_id,
        subject=need.subject,
    )


def _days(since: datetime, now: datetime) -> int:
    return max(0, (now - since).days)
