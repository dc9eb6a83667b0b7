"""How people write to each other: replies and their times, weeks, runs of weeks. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from statistics import median

from gateway.insight.rules import Rules
from gateway.models import Role

RECENT = 5  # replies
MONTH = timedelta(weeks=4)
BUCKETS: Mapping[str, timedelta] = {
    "in_5_minutes": timedelta(minutes=5),
    "in_30_minutes": timedelta(minutes=30),
    "in_2_hours": timedelta(hours=2),
    "in_8_hours": timedelta(hours=8),
    "in_1_day": timedelta(days=1),
    "in_2_days": timedelta(days=2),
    "in_7_days": timedelta(days=7),
    "later": timedelta(days=28),  # counts all that took longer; read as four weeks
}


@dataclass(frozen=True)
class Word:
    """One text of a member: never what it says. `at` is when it reached us, aware UTC."""

    id: int
    by: int
    role: Role
    at: datetime
    segments: int = 1


@dataclass(frozen=True)
class Reply:
    """How long a member let the first text wait that the others wrote since this member's last."""

    by: int
    role: Role
    at: datetime
    seconds: int


@dataclass
class Week:
    """What one member wrote in one week; `replies` counts by bucket."""

    texts: int = 0
    segments: int = 0
    replies: dict[str, int] = field(default_factory=dict)


def replies_in(words: Iterable[Word], members: Collection[int]) -> list[Reply]:
    """Every reply, oldest first. `words` are in the order in which they came."""
    waits: dict[int, datetime] = {}
    found: list[Reply] = []
    for word in words:
        since = waits.pop(word.by, None)
        if since is not None:
            found.append(Reply(word.by, word.role, word.at, int((word.at - since).total_seconds())))
        for other in members:
            if other != word.by:
                waits.setdefault(other, word.at)
    return found


def by_week(words: Iterable[Word], replies: Iterable[Reply], rules: Rules) -> dict[tuple[date, int], Week]:
    """What each member wrote in each week, by (Monday, member)."""
    weeks: dict[tuple[date, int], Week] = {}
    for word in words:
        week = weeks.setdefault((rules.week_on(word.at), word.by), Week())
        week.texts += 1
        week.segments += word.segments
    for reply in replies:
        counts = weeks[rules.week_on(reply.at), reply.by].replies
        bucket = bucket_of(reply.seconds)
        counts[bucket] = counts.get(bucket, 0) + 1
    return weeks


def bucket_of(seconds: float) -> str:
    return next((name for name, most in BUCKETS.items() if seconds <= most.total_seconds()), "later")


def median_of(counts: Mapping[str, int]) -> int | None:
    """The median in seconds of replies that were counted by bucket, to within its bucket; None when there are none."""
    total = sum(counts.values())
    before, least = 0, 0.0
    for name, most in BUCKETS.items():
        count = counts.get(name, 0)
        if count and 2 * (before + count) >= total:
            share = (total / 2 - before) / count
            return round(least + share * (most.total_seconds() - least))
        before, least = before + count, most.total_seconds()
    return None


def median_seconds(replies: Sequence[Reply]) -> int | None:
    return round(median(reply.seconds for reply in replies)) if replies else None


@dataclass(frozen=True)
class Streaks:
    """Weeks in which both sides wrote: how many, the last run without a gap and its last Monday, the longest run."""

    active: int = 0
    last: int = 0
    until_on: date | None = None
    longest: int = 0


def streaks(words: Iterable[Word], rules: Rules) -> Streaks:
    sides: dict[date, set[Role]] = {}
    for word in words:
        sides.setdefault(rules.week_on(word.at), set()).add(word.role)
    both = sorted(week for week, roles in sides.items() if {Role.YOUTH, Role.MENTOR} <= roles)
    run = longest = 0
    for number, week in enumerate(both):
        goes_on = number > 0 and both[number - 1] + timedelta(days=7) == week
        run = run + 1 if goes_on else 1
        longest = max(longest, run)
    return Streaks(len(both), run, both[-1] if both else None, longest)


def lately_and_before(words: Sequence[Word]) -> tuple[int, int | None]:
    """Texts in the four weeks that end with the last one, and in four weeks on average in all the time before.

    None when there were fewer than four weeks before: too short a past to be measured against.
    """
    if not words:
        return 0, None
    turn = words[-1].at - MONTH
    lately = sum(word.at > turn for word in words)
    past = turn - words[0].at
    if past < MONTH:
        return lately, None
    return lately, round((len(words) - lately) * (MONTH / past))
