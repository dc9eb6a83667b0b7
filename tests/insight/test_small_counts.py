"""Nobody can be counted out: not one small number, and not by subtraction."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.insight.small_counts import LEAST, hide


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        pytest.param({"rose": 8, "same": 6, "fell": 5}, {"rose": 8, "same": 6, "fell": 5}, id="all large"),
        pytest.param(
            {"rose": 9, "same": 6, "fell": 0}, {"rose": 9, "same": 6, "fell": 0}, id="nobody is no one"
        ),
        pytest.param(
            {"rose": 9, "same": 6, "fell": 3},
            {"rose": 9, "same": None, "fell": None},
            id="one alone takes another",
        ),
        pytest.param(
            {"rose": 9, "same": 1, "fell": 1},
            {"rose": None, "same": None, "fell": None},
            id="two are still too few",
        ),
        pytest.param(
            {"rose": 9, "same": 3, "fell": 4},
            {"rose": 9, "same": None, "fell": None},
            id="two who make seven",
        ),
        pytest.param({"rose": 4, "same": 0}, {"rose": None, "same": None}, id="at last a zero as well"),
    ],
)
def test_what_is_shown(counts: dict[str, int], shown: dict[str, int | None]) -> None:
    assert hide(counts) == shown


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 30), max_size=8))
def test_what_is_hidden_cannot_be_told_by_subtraction(counts: Mapping[int, int]) -> None:
    seen = hide(counts)
    hidden = [key for key, count in seen.items() if count is None]
    assert all(count is None or count == 0 or count >= LEAST for count in seen.values())
    assert all(count is None or count == counts[key] for key, count in seen.items())
    everything_is_hidden = len(hidden) == len(counts)
    assert (
        not hidden
        or everything_is_hidden
        or (len(hidden) > 1 and sum(counts[key] for key in hidden) >= LEAST)
    )
