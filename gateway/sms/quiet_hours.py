"""Answers when a person may next be texted, by the clock on the wall where they live.

It must never open early, whatever the clocks do that night.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

EVERY_DAY = frozenset(range(7))

# A week, and as much again in case a change of clocks swallows the one window of the week.
_DAYS_AHEAD = 15


@dataclass(frozen=True)
class Window:
    """The hours in which a person may be texted, as local wall time.

    It opens on each of `weekdays` (Monday is 0) and closes the next day if `closes` is not later
    than `opens`. So it may cross midnight, and equal times mean always open (on those days: 24
    hours from opening).
    """

    opens: time
    closes: time
    weekdays: frozenset[int] = EVERY_DAY

    def __post_init__(self) -> None:
        """Refuse times with a zone, and days of which none would ever come."""
        if self.opens.tzinfo or self.closes.tzinfo:
            raise ValueError("A window is wall time: give its times without a zone.")
        if not self.weekdays or not self.weekdays <= EVERY_DAY:
            raise ValueError("A window opens on at least one day from 0 (Monday) to 6 (Sunday).")


def is_open(moment: datetime, zone: ZoneInfo, window: Window) -> bool:
    """Say whether `moment` (aware) is in `window` where `zone` is kept."""
    return next_open(moment, zone, window) == moment


def next_open(moment: datetime, zone: ZoneInfo, window: Window) -> datetime:
    """Return `moment` itself if the window is open, else its next opening; aware UTC.

    A wall time that the clocks skip counts as the first real instant after the gap, and one that
    they repeat counts the first time, to open as to close. Raises ValueError for a naive `moment`.
    """
    if moment.utcoffset() is None:
        raise ValueError("A moment needs a time zone.")
    moment = moment.astimezone(UTC)
    for opens_at, closes_at in _openings(moment.astimezone(zone).date(), zone, window):
        if moment < closes_at and opens_at < closes_at:
            return max(moment, opens_at)
    raise ValueError(f"{zone.key} never opens this window.")


def _openings(day: date, zone: ZoneInfo, window: Window) -> Iterator[tuple[datetime, datetime]]:
    """The spans [opens_at, closes_at) in order, from the one of the day before `day`."""
    overnight = timedelta(days=window.closes <= window.opens)
    for offset in range(-1, _DAYS_AHEAD):
        opens_on = day + timedelta(days=offset)
        if opens_on.weekday() in window.weekdays:
            yield (
                _instant(opens_on, window.opens, zone),
                _instant(opens_on + overnight, window.closes, zone),
            )


def _instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """The first instant at which the clocks of `zone` show `wall` on `day`, or more if they skip it."""
    local = datetime.combine(day, wall.replace(fold=0), zone)
    instant = local.astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return instant
    return _end_of_gap(local.replace(fold=1).astimezone(UTC), instant, zone)


def _end_of_gap(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The whole second between the two instants at which the clocks of `zone` jump (PEP 495)."""
    jumped = after.astimezone(zone).utcoffset()
    low, high = int(before.timestamp()), int(after.timestamp())
    while high - low > 1:
        middle = (low + high) // 2
        if datetime.fromtimestamp(middle, zone).utcoffset() == jumped:
            high = middle
        else:
            low = middle
    return datetime.fromtimestamp(high, UTC)
