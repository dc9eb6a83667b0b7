"""How people keep in touch, in numbers: by week, by match, by caseload, by community. It reads the derived tables only.

`among` selects the matches that are counted: one, a caseload, a community, whatever the viewer may see. Reply times are
medians in seconds, to within the bucket of `talk.BUCKETS` when they are of several weeks or matches.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import col

from gateway.db import Session
from gateway.insight.live import Matches
from gateway.insight.talk import BUCKETS, median_of
from gateway.models import Community, Match, MatchState, PulseWeek, Role, Standing

WEEK = timedelta(days=7)
Replies = dict[str, int]


@dataclass
class Side:
    """What one side (all youth, or all mentors) wrote. `segments` are what one partner gets."""

    texts: int = 0
    segments: int = 0
    replies: Replies = field(default_factory=dict)

    @property
    def reply_seconds(self) -> int | None:
        return median_of(self.replies)

    def add(self, other: "Side") -> None:
        self.texts += other.texts
        self.segments += other.segments
        for bucket, count in other.replies.items():
            self.replies[bucket] = self.replies.get(bucket, 0) + count


@dataclass(frozen=True)
class Week:
    """One week from its Monday on. `talking` counts the matches in which anybody wrote."""

    week_on: date
    youth: Side
    mentor: Side
    talking: int = 0

    @property
    def texts(self) -> int:
        return self.youth.texts + self.mentor.texts


def mondays(last_on: date, count: int) -> list[date]:
    """So many Mondays, oldest first, up to the one of the week in which `last_on` lies."""
    last = last_on - timedelta(days=last_on.weekday())
    return [last - WEEK * back for back in reversed(range(count))]


def weeks(session: Session, among: Matches, last_on: date, count: int = 12) -> list[Week]:
    """Each of these weeks, oldest first, with all of these matches taken together; weeks of silence too."""
    wanted = mondays(last_on, count)
    sides: dict[tuple[date, Role], Side] = defaultdict(Side)
    rows = session.execute(
        select(col(PulseWeek.week_on), col(PulseWeek.role), *_SUMS)
        .where(col(PulseWeek.match_id).in_(among), col(PulseWeek.week_on).between(wanted[0], wanted[-1]))
        .group_by(col(PulseWeek.week_on), col(PulseWeek.role))
    )
    for week_on, role, *sums in rows:
        sides[week_on, role].add(_side(sums))
    talking = _talking(session, among, wanted)
    return [Week(on, sides[on, Role.YOUTH], sides[on, Role.MENTOR], talking.get(on, 0)) for on in wanted]


def weeks_by_match(
    session: Session, match_ids: Sequence[int], last_on: date, count: int = 12
) -> dict[int, list[Week]]:
    """The same for each of these matches (a page of them), for small multiples side by side."""
    wanted = mondays(last_on, count)
    sides: dict[tuple[int, date, Role], Side] = defaultdict(Side)
    columns = [col(getattr(PulseWeek, name)) for name in ("texts", "segments", *BUCKETS)]
    rows = session.execute(
        select(col(PulseWeek.match_id), col(PulseWeek.week_on), col(PulseWeek.role), *columns).where(
            col(PulseWeek.match_id).in_(match_ids), col(PulseWeek.week_on).between(wanted[0], wanted[-1])
        )
    )
    for match_id, week_on, role, *sums in rows:
        sides[match_id, week_on, role].add(_side(sums))
    return {match_id: [_one_week(sides, match_id, on) for on in wanted] for match_id in match_ids}


def _one_week(sides: Mapping[tuple[int, date, Role], Side], match_id: int, on: date) -> Week:
    youth = sides.get((match_id, on, Role.YOUTH)) or Side()
    mentor = sides.get((match_id, on, Role.MENTOR)) or Side()
    return Week(on, youth, mentor, int(youth.texts + mentor.texts > 0))


_SUMS = [func.sum(col(getattr(PulseWeek, name))) for name in ("texts", "segments", *BUCKETS)]


def _side(sums: Sequence[int]) -> Side:
    texts, segments, *counts = sums
    return Side(texts, segments, {name: count for name, count in zip(BUCKETS, counts, strict=True) if count})


def _talking(session: Session, among: Matches, wanted: Sequence[date]) -> dict[date, int]:
    rows = session.execute(
        select(col(PulseWeek.week_on), func.count(func.distinct(col(PulseWeek.match_id))))
        .where(col(PulseWeek.match_id).in_(among), col(PulseWeek.week_on).between(wanted[0], wanted[-1]))
        .group_by(col(PulseWeek.week_on))
    )
    return {row[0]: row[1] for row in rows}


@dataclass(frozen=True)
class Numbers:
    """How some matches did over some weeks. `balance` is the mentors' share of the texts, 0 to 1; None without texts.

    `texts_per_week` is for one match that is open. `weeks_lasted` is the median of whole weeks, of closed matches too;
    `streak_weeks` the median run of weeks in which both sides wrote, 0 when it has ended.
    """

    matches: int
    open: int
    texts: int
    texts_per_week: float
    segments_per_text: float
    balance: float | None
    youth_reply_seconds: int | None
    mentor_reply_seconds: int | None
    weeks_lasted: int | None
    streak_weeks: int | None


@dataclass(frozen=True)
class Life:
    """One match from its first day, with what it measures."""

    match: Match
    standing: Standing | None
    weeks_lasted: int
    streak_weeks: int


def lives(session: Session, among: Matches, now: datetime, this_week_on: date) -> list[Life]:
    """Every match with its standing; a streak counts while it reaches to last week."""
    rows = session.execute(
        select(Match, Standing)
        .outerjoin(Standing, col(Standing.match_id) == Match.id)
        .where(col(Match.id).in_(among), col(Match.state) != MatchState.PROPOSED)
        .order_by(col(Match.id))
    )
    return [
        Life(match, standing, _weeks_lasted(match, now), _streak(standing, this_week_on))
        for match, standing in rows
    ]


def _weeks_lasted(match: Match, now: datetime) -> int:
    return ((match.closed_at or now) - match.created_at) // WEEK


def _streak(standing: Standing | None, this_week_on: date) -> int:
    goes_on = standing and standing.streak_until_on and standing.streak_until_on >= this_week_on - WEEK
    return standing.streak_weeks if standing and goes_on else 0


def numbers(found: Sequence[Life], counted: Sequence[Week]) -> Numbers:
    """Put together what `lives` and `weeks` found for the same matches."""
    youth, mentor = Side(), Side()
    for week in counted:
        youth.add(week.youth)
        mentor.add(week.mentor)
    texts = youth.texts + mentor.texts
    still_open = [one for one in found if one.match.state is not MatchState.CLOSED]
    return Numbers(
        matches=len(found),
        open=len(still_open),
        texts=texts,
        texts_per_week=round(texts / max(1, len(still_open) * len(counted)), 1),
        segments_per_text=round((youth.segments + mentor.segments) / max(1, texts), 1),
        balance=round(mentor.texts / texts, 2) if texts else None,
        youth_reply_seconds=youth.reply_seconds,
        mentor_reply_seconds=mentor.reply_seconds,
        weeks_lasted=_middle([one.weeks_lasted for one in found]),
        streak_weeks=_middle([one.streak_weeks for one in still_open]),
    )


def _middle(values: Sequence[int]) -> int | None:
    return sorted(values)[len(values) // 2] if values else None


def by_community(session: Session, among: Matches) -> dict[str, Matches]:
    """The communities of these matches, each with the selection of its own among them."""
    rows = session.execute(
        select(col(Community.id), col(Community.slug))
        .where(col(Community.id).in_(select(col(Match.community_id)).where(col(Match.id).in_(among))))
        .order_by(col(Community.slug))
    )
    return {slug: among.where(col(Match.community_id) == row_id) for row_id, slug in rows}


def by_coordinator(session: Session, among: Matches) -> dict[int | None, Matches]:
    """The caseloads of these matches by member of staff; None for the matches of nobody. `among` must select from matches."""
    rows = session.scalars(select(col(Match.coordinator_id)).where(col(Match.id).in_(among)).distinct())
    return {
        staff_id: among.where(
            col(Match.coordinator_id) == staff_id if staff_id else col(Match.coordinator_id).is_(None)
        )
        for staff_id in sorted(rows, key=lambda staff_id: staff_id or 0)
    }
