"""When a person may next be texted, across the zones of Canada and the nights when clocks change."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gateway.sms.quiet_hours import EVERY_DAY, Window, is_open, next_open

DAY = Window(time(9), time(20))
NIGHT = Window(time(20), time(2))
ALWAYS = Window(time(9), time(9))
GAP = Window(time(2, 30), time(5))
SWALLOWED = Window(time(2, 10), time(2, 50))
TWICE = Window(time(1, 30), time(5))
MONDAYS = Window(time(9), time(20), frozenset({0}))
FRIDAY_NIGHTS = Window(time(20), time(2), frozenset({4}))


def zone(name: str) -> ZoneInfo:
    return ZoneInfo(f"America/{name}")


# zone, window, moment in UTC, and the opening in UTC
OPENINGS = {
    "Toronto by day is open": ("Toronto", DAY, "2026-07-02T15:00", "2026-07-02T15:00"),
    "the opening minute is open": ("Toronto", DAY, "2026-07-02T13:00", "2026-07-02T13:00"),
    "the closing minute is closed": ("Toronto", DAY, "2026-07-03T00:00", "2026-07-03T13:00"),
    "before dawn waits for the same day": ("Toronto", DAY, "2026-07-02T08:00", "2026-07-02T13:00"),
    "Newfoundland is half an hour off": ("St_Johns", DAY, "2026-07-02T11:29", "2026-07-02T11:30"),
    "Newfoundland in winter": ("St_Johns", DAY, "2026-12-02T11:00", "2026-12-02T12:30"),
    "Saskatchewan keeps its clocks in summer": ("Regina", DAY, "2026-07-02T14:00", "2026-07-02T15:00"),
    "Saskatchewan keeps its clocks in winter": ("Regina", DAY, "2026-12-02T14:00", "2026-12-02T15:00"),
    "Iqaluit is on eastern time": ("Iqaluit", DAY, "2026-07-02T12:00", "2026-07-02T13:00"),
    "Rankin Inlet is on central time": ("Rankin_Inlet", DAY, "2026-07-02T12:00", "2026-07-02T14:00"),
    "Yukon in summer": ("Whitehorse", DAY, "2026-07-02T12:00", "2026-07-02T16:00"),
    "Yukon in winter is the same": ("Whitehorse", DAY, "2026-12-02T12:00", "2026-12-02T16:00"),
    "Vancouver in summer": ("Vancouver", DAY, "2026-07-02T12:00", "2026-07-02T16:00"),
    "the evening before spring forward": ("Toronto", DAY, "2026-03-08T02:00", "2026-03-08T13:00"),
    "the evening before the next spring forward": ("Toronto", DAY, "2027-03-14T02:00", "2027-03-14T13:00"),
    "the evening before fall back": ("Toronto", DAY, "2026-11-01T01:00", "2026-11-01T14:00"),
    "the evening before the next fall back": ("Toronto", DAY, "2027-11-07T01:00", "2027-11-07T14:00"),
    "Newfoundland before spring forward": ("St_Johns", DAY, "2026-03-08T02:00", "2026-03-08T11:30"),
    "an opening that spring skips is the end of the gap": (
        "Toronto",
        GAP,
        "2026-03-08T06:59",
        "2026-03-08T07:00",
    ),
    "the same in Newfoundland": ("St_Johns", GAP, "2027-03-14T05:00", "2027-03-14T05:30"),
    "Saskatchewan has no gap": ("Regina", GAP, "2026-03-08T08:00", "2026-03-08T08:30"),
    "a window that spring skips whole waits a day": (
        "Toronto",
        SWALLOWED,
        "2026-03-08T06:59",
        "2026-03-09T06:10",
    ),
    "an opening that comes twice counts the first time": (
        "Toronto",
        TWICE,
        "2026-11-01T05:00",
        "2026-11-01T05:30",
    ),
    "between the two it is open": ("Toronto", TWICE, "2026-11-01T06:10", "2026-11-01T06:10"),
    "a closing that comes twice counts the first time": (
        "Toronto",
        Window(time(20), time(1, 30)),
        "2026-11-01T05:30",
        "2026-11-02T01:00",
    ),
    "a window past midnight is open after midnight": (
        "Toronto",
        NIGHT,
        "2026-07-02T05:00",
        "2026-07-02T05:00",
    ),
    "and closes in the small hours": ("Toronto", NIGHT, "2026-07-02T06:00", "2026-07-03T00:00"),
    "a closing that spring skips is the end of the gap": (
        "Toronto",
        Window(time(20), time(2, 30)),
        "2026-03-08T06:59",
        "2026-03-08T06:59",
    ),
    "equal times are always open": ("Toronto", ALWAYS, "2026-03-08T07:00", "2026-03-08T07:00"),
    "a window of Mondays waits for one": ("Toronto", MONDAYS, "2026-07-02T15:00", "2026-07-06T13:00"),
    "Monday evening waits a week": ("Toronto", MONDAYS, "2026-07-07T00:00", "2026-07-13T13:00"),
    "a Friday night lasts into Saturday": ("Toronto", FRIDAY_NIGHTS, "2026-07-04T05:00", "2026-07-04T05:00"),
    "a Sunday window that spring skips waits a week": (
        "Toronto",
        Window(time(2, 10), time(2, 50), frozenset({6})),
        "2026-03-02T12:00",
        "2026-03-15T06:10",
    ),
}


@pytest.mark.parametrize(("place", "window", "moment", "wanted"), OPENINGS.values(), ids=OPENINGS.keys())
def test_next_open(place: str, window: Window, moment: str, wanted: str) -> None:
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    found = next_open(at, zone(place), window)
    assert found.isoformat(timespec="minutes") == f"{wanted}+00:00"
    assert is_open(at, zone(place), window) is (moment == wanted)


def test_a_naive_moment_is_refused() -> None:
    naive = datetime(2026, 7, 2, 15)  # noqa: DTZ001 - the mistake under test
    with pytest.raises(ValueError, match="time zone"):
        next_open(naive, zone("Toronto"), DAY)


def test_a_moment_of_another_zone_comes_back_in_utc() -> None:
    found = next_open(datetime(2026, 7, 2, 9, tzinfo=zone("Vancouver")), zone("Toronto"), DAY)
    assert (found, found.tzinfo) == (datetime(2026, 7, 2, 16, tzinfo=UTC), UTC)


@pytest.mark.parametrize("weekdays", [frozenset[int](), frozenset({7}), frozenset({-1, 2})])
def test_a_window_that_never_opens_is_refused(weekdays: frozenset[int]) -> None:
    with pytest.raises(ValueError, match="at least one day"):
        Window(time(9), time(20), weekdays)


def test_a_window_with_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a zone"):
        Window(time(9, tzinfo=UTC), time(20))


ZONES = st.sampled_from(
    [
        "St_Johns",
        "Halifax",
        "Toronto",
        "Iqaluit",
        "Rankin_Inlet",
        "Regina",
        "Edmonton",
        "Whitehorse",
        "Vancouver",
    ]
).map(zone)
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 1, 15, 30, 45, 59]))
WINDOWS = st.builds(
    Window, TIMES, TIMES, st.one_of(st.just(EVERY_DAY), st.frozensets(st.integers(0, 6), min_size=1))
)
CHANGES = [datetime(2026, 3, 8), datetime(2026, 11, 1), datetime(2027, 3, 14), datetime(2027, 11, 7)]  # noqa: DTZ001
MOMENTS = st.one_of(
    st.datetimes(datetime(2025, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.builds(
        lambda day, minutes: day.replace(tzinfo=UTC) + timedelta(minutes=minutes),
        st.sampled_from(CHANGES),
        st.integers(-1440, 2880),
    ),
)


@given(MOMENTS, ZONES, WINDOWS)
def test_the_answer_is_open_is_not_past_and_nothing_before_it_is_open(
    moment: datetime, place: ZoneInfo, window: Window
) -> None:
    found = next_open(moment, place, window)
    assert found >= moment
    assert is_open(found, place, window)
    waits = [moment + (found - moment) * step / 40 for step in range(40)] if found > moment else []
    assert not any(is_open(wait, place, window) for wait in waits)
    assert found == moment or not is_open(found - timedelta(microseconds=1), place, window)


@given(MOMENTS, ZONES, WINDOWS)
def test_away_from_a_change_of_clocks_it_is_what_the_wall_clock_says(
    moment: datetime, place: ZoneInfo, window: Window
) -> None:
    offsets = {(moment + timedelta(hours=hours)).astimezone(place).utcoffset() for hours in (-48, 0, 48)}
    assume(len(offsets) == 1)
    wall = moment.astimezone(place).replace(tzinfo=None)
    spans = [
        (
            datetime.combine(wall.date() - timedelta(days=back), window.opens),
            timedelta(days=window.closes <= window.opens),
        )
        for back in (0, 1)
    ]
    wanted = any(
        opens.weekday() in window.weekdays
        and opens <= wall < datetime.combine(opens.date() + more, window.closes)
        for opens, more in spans
    )
    assert is_open(moment, place, window) is wanted
