"""Counts of people that are too small to be shown: in a small town, one of four is a name. Pure.

Hiding one count is not enough when the total is known: what is hidden must not follow from what is shown.
"""

from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K")
LEAST = 5


def hide(counts: Mapping[K, int], least: int = LEAST) -> dict[K, int | None]:
    """These counts, whose total may be known; None for each that must not be shown.

    Every count from 1 to `least` - 1 is hidden. If subtraction would still tell them (one alone, or fewer than `least`
    people in all of them), the smallest that are shown are hidden with them, zeros last.
    """
    hidden = {key for key, count in counts.items() if 0 < count < least}
    if not hidden:
        return dict(counts)
    by_size = sorted(
        (key for key in counts if key not in hidden), key=lambda key: (not counts[key], counts[key])
    )
    for key in by_size:
        if len(hidden) > 1 and sum(counts[each] for each in hidden) >= least:
            break
        hidden.add(key)
    return {key: None if key in hidden else count for key, count in counts.items()}


def shown(count: int, least: int = LEAST) -> int | None:
    """One count by itself."""
    return None if 0 < count < least else count
