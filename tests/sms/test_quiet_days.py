"""Days on which the program keeps silent: single ones, spans, and spans that come back every year."""

from datetime import date

import pytest

from gateway.sms.quiet_days import NONE, QuietDays

LONG = QuietDays(spans=((date(2026, 10, 5), date(2026, 10, 25)),))
YEAR_END = QuietDays(yearly=(((12, 24), (1, 2)),))
FALL = QuietDays(yearly=(((10, 1), (10, 25)),))


@pytest.mark.parametrize(
    ("quiet", "day", "holds"),
    [
        pytest.param(NONE, date(2026, 12, 25), False, id="nothing is quiet by itself"),
        pytest.param(
            QuietDays(days=frozenset({date(2026, 7, 1)})), date(2026, 7, 1), True, id="a single day"
        ),
        pytest.param(LONG, date(2026, 10, 5), True, id="the first day of a span"),
        pytest.param(LONG, date(2026, 10, 25), True, id="its last day"),
        pytest.param(LONG, date(2026, 10, 26), False, id="the day after it"),
        pytest.param(LONG, date(2027, 10, 10), False, id="a span with a year does not come back"),
        pytest.param(FALL, date(2031, 10, 25), True, id="one without a year does"),
        pytest.param(FALL, date(2031, 9, 30), False, id="the day before it"),
        pytest.param(YEAR_END, date(2026, 12, 31), True, id="over the new year: before"),
        pytest.param(YEAR_END, date(2027, 1, 2), True, id="over the new year: after"),
        pytest.param(YEAR_END, date(2027, 1, 3), False, id="over the new year: past it"),
    ],
)
def test_a_day_is_quiet(quiet: QuietDays, day: date, holds: bool) -> None:
    assert quiet.holds(day) is holds
