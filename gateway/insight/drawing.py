"""Figures as lines: what is said by week becomes the path of a drawing. Pure; a page puts the same figures beside it."""

from collections.abc import Sequence

STEP = 10  # from the middle of one week to the middle of the next, in the drawing's own units
HALF = 30  # the height above the middle, and below it


def width_of(weeks: int) -> int:
    """How wide a drawing of so many weeks is."""
    return STEP * weeks


def bars(values: Sequence[int], top: int, *, is_down: bool = False) -> str:
    """The path (SVG 2, section 9.3) of a bar for each value, up from the middle or down from it.

    `top` is the value of a whole bar, the same for all drawings that are compared. A value above none is seen, however
    small it is; nothing is drawn for 0.
    """
    sign = 1 if is_down else -1
    return "".join(
        f"M{STEP * week + STEP // 2} {HALF + sign}v{sign * _length(value, top)}"
        for week, value in enumerate(values)
        if value > 0
    )


def _length(value: int, top: int) -> int:
    return max(1, round((HALF - 2) * min(value, top) / max(1, top)))
