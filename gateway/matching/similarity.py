"""How well two people may suit each other, with the reasons in words. Pure: it reads no database and no clock.

Language comes first: without one in common a match is not proposed at all. Then what both care about, hours in which
both are awake, and how much room the mentor has. Source of the order: MENTOR, Elements of Effective Practice, 4th
edition (matching on interests and on what youth and family ask for); NMRC review of e-mentoring (perceived similarity).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MOST_SHARED = 4  # a fifth thing in common says no more than four
FAR_HOURS = 3.0
WEIGHTS = {"dialect": 1.0, "shared": 2.0, "zone": 1.5, "nights": 0.5, "room": 1.0, "new": 0.5}


@dataclass(frozen=True)
class Profile:
    """What is known of one person. `open_matches` are those that are not closed; `most_matches` counts for mentors."""

    id: int
    language: str
    zone: str
    community_id: int
    interests: tuple[str, ...] = ()
    nights_quiet: bool = False
    open_matches: int = 0
    most_matches: int = 1

    @property
    def room(self) -> int:
        """How many more matches this person can carry."""
        return max(0, self.most_matches - self.open_matches)


class Reason(StrEnum):
    """Why a pair is proposed, or what speaks against it."""

    SAME_LANGUAGE = "same_language"
    SHARED = "shared"
    NOTHING_SHARED = "nothing_shared"
    SAME_TIME = "same_time"
    APART = "apart"
    BOTH_QUIET = "both_quiet"
    HAS_ROOM = "has_room"


AGAINST = frozenset({Reason.NOTHING_SHARED, Reason.APART})


@dataclass(frozen=True)
class Because:
    """One reason. `tags` are the interests in common, `hours` how far apart the clocks are, `room` the places left."""

    reason: Reason
    tags: tuple[str, ...] = ()
    hours: float = 0.0
    room: int = 0


@dataclass(frozen=True)
class Likeness:
    """How well a pair may do: the weight only ranks and is shown to nobody; the reasons are what staff read."""

    weight: float
    because: tuple[Because, ...]


def compare(youth: Profile, mentor: Profile, now: datetime) -> Likeness | None:
    """None when they must not be proposed: no language in common, another community, or no room."""
    if _base(youth.language) != _base(mentor.language) or youth.community_id != mentor.community_id:
        return None
    if not mentor.room:
        return None
    shared = tuple(tag for tag in youth.interests if tag in mentor.interests)
    apart = hours_apart(youth.zone, mentor.zone, now)
    both_quiet = youth.nights_quiet and mentor.nights_quiet
    weight = (
        WEIGHTS["dialect"] * (youth.language == mentor.language)
        + WEIGHTS["shared"] * min(len(shared), MOST_SHARED)
        + WEIGHTS["zone"] * max(0.0, 1 - apart / FAR_HOURS)
        + WEIGHTS["nights"] * both_quiet
        + WEIGHTS["room"] * mentor.room / mentor.most_matches
        + WEIGHTS["new"] * (mentor.open_matches == 0)
    )
    because = [Because(Reason.SAME_LANGUAGE), _interests(shared), _clocks(apart)]
    if both_quiet:
        because.append(Because(Reason.BOTH_QUIET))
    because.append(Because(Reason.HAS_ROOM, room=mentor.room))
    return Likeness(weight, tuple(because))


def hours_apart(one: str, other: str, now: datetime) -> float:
    """How far apart two zones are: the mean of this half of the year and the other (Saskatchewan keeps no summer time)."""
    spans = [
        abs((_offset(one, moment) - _offset(other, moment)).total_seconds())
        for moment in (now, now + timedelta(days=182))
    ]
    return sum(spans) / len(spans) / 3600


def ranked(youth: Profile, mentors: Sequence[Profile], now: datetime) -> list[tuple[Profile, Likeness]]:
    """The mentors who may be proposed to this youth, best first; equals in the order of their ids."""
    found = [(mentor, likeness) for mentor in mentors if (likeness := compare(youth, mentor, now))]
    return sorted(found, key=lambda pair: (-pair[1].weight, pair[0].id))


def _offset(zone: str, moment: datetime) -> timedelta:
    return moment.astimezone(UTC).astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)


def _base(language: str) -> str:
    return language.partition("-")[0]


def _interests(shared: tuple[str, ...]) -> Because:
    return Because(Reason.SHARED, tags=shared) if shared else Because(Reason.NOTHING_SHARED)


def _clocks(apart: float) -> Because:
    return Because(Reason.SAME_TIME) if apart < 1 else Because(Reason.APART, hours=apart)
