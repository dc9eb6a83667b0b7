"""Figures become lines that can be compared."""

from gateway.insight.drawing import HALF, bars, width_of


def test_a_bar_stands_for_each_week_and_none_for_silence() -> None:
    assert bars([1, 0, 2], top=2) == f"M5 {HALF - 1}v-14M25 {HALF - 1}v-28"


def test_the_other_side_hangs_down() -> None:
    assert bars([2], top=2, is_down=True) == f"M5 {HALF + 1}v28"


def test_the_smallest_figure_is_still_seen_and_the_largest_stays_inside() -> None:
    assert bars([1, 5000], top=1000) == f"M5 {HALF - 1}v-1M15 {HALF - 1}v-28"
    assert bars([0, 0], top=0) == ""
    assert width_of(12) == 120
