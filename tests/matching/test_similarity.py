"""Who is proposed to whom: language first, then what both care about; and always with the reason in words."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from gateway.matching.proposals import assign
from gateway.matching.similarity import Because, Profile, Reason, compare, hours_apart, ranked
from gateway.routing.pool import lines_needed

NOW = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
MAYA = Profile(1, "en", "America/Toronto", 1, ("music", "animals"))
BEN = Profile(2, "en", "America/Toronto", 1, ("music", "cooking"), most_matches=2)


def reasons(youth: Profile, mentor: Profile) -> list[Reason]:
    found = compare(youth, mentor, NOW)
    assert found
    return [because.reason for because in found.because]


def test_a_pair_is_proposed_with_its_reasons() -> None:
    found = compare(MAYA, BEN, NOW)
    assert found
    assert found.because == (
        Because(Reason.SAME_LANGUAGE),
        Because(Reason.SHARED, tags=("music",)),
        Because(Reason.SAME_TIME),
        Because(Reason.HAS_ROOM, room=2),
    )


@pytest.mark.parametrize(
    "mentor",
    [
        pytest.param(replace(BEN, language="fr"), id="another language"),
        pytest.param(replace(BEN, community_id=2), id="another community"),
        pytest.param(replace(BEN, open_matches=2), id="no room"),
        pytest.param(replace(BEN, open_matches=5), id="more matches than room"),
    ],
)
def test_some_pairs_are_never_proposed(mentor: Profile) -> None:
    assert compare(MAYA, mentor, NOW) is None
    assert ranked(MAYA, [mentor], NOW) == []


def test_a_regional_language_is_the_same_language_and_the_same_region_is_better() -> None:
    here, there = replace(BEN, language="en-CA"), replace(BEN, id=3)
    assert [mentor.id for mentor, _ in ranked(replace(MAYA, language="en-CA"), [there, here], NOW)] == [2, 3]


@pytest.mark.parametrize(
    "better",
    [
        pytest.param(replace(BEN, interests=("music", "animals")), id="more in common"),
        pytest.param(replace(BEN, zone="America/Moncton"), id="a nearer clock"),
        pytest.param(replace(BEN, most_matches=3), id="more room"),
    ],
)
def test_what_makes_a_pair_better(better: Profile) -> None:
    worse = Profile(9, "en", "America/Vancouver", 1, ("music",), open_matches=1, most_matches=2)
    assert [mentor.id for mentor, _ in ranked(MAYA, [worse, better], NOW)] == [2, 9]


def test_what_speaks_against_a_pair_is_said_too() -> None:
    far = replace(BEN, zone="America/Whitehorse", interests=())
    assert {Reason.NOTHING_SHARED, Reason.APART} <= set(reasons(MAYA, far))


@pytest.mark.parametrize(
    ("one", "other", "hours"),
    [
        ("America/Toronto", "America/Toronto", 0.0),
        ("America/Toronto", "America/St_Johns", 1.5),
        ("America/Regina", "America/Winnipeg", 0.5),  # half of the year an hour, half of it none
        ("America/Whitehorse", "America/Toronto", 2.5),
    ],
)
def test_clocks_are_compared_over_the_whole_year(one: str, other: str, hours: float) -> None:
    assert hours_apart(one, other, NOW) == pytest.approx(hours)


def test_equals_stand_in_the_order_of_their_ids() -> None:
    mentors = [replace(BEN, id=number) for number in (7, 3, 5)]
    assert [mentor.id for mentor, _ in ranked(MAYA, mentors, NOW)] == [3, 5, 7]


@pytest.mark.parametrize(
    ("weights", "bonus", "pairs"),
    [
        pytest.param([], [], [], id="nobody waits"),
        pytest.param([[]], [0], [], id="no mentor"),
        pytest.param([[None]], [0], [], id="no pair that may be"),
        pytest.param([[9, 1], [8, None]], [0, 0], [(0, 1), (1, 0)], id="as many pairs as can be"),
        pytest.param([[5, 4], [5, 1]], [0, 0], [(0, 1), (1, 0)], id="the best in all, not for the first"),
        pytest.param([[5], [4]], [0, 0], [(0, 0)], id="one mentor for two"),
        pytest.param([[5], [4]], [0, 2], [(1, 0)], id="who waited longer goes before"),
    ],
)
def test_everybody_who_waits_is_placed_together(
    weights: list[list[float | None]], bonus: list[float], pairs: list[tuple[int, int]]
) -> None:
    assert assign(weights, bonus) == pairs


@pytest.mark.parametrize(
    ("matches", "youths", "mentors", "lines"),
    [
        pytest.param(0, [0, 0], [(0, 1)], 0, id="no match, no line"),
        pytest.param(1, [0], [(0, 1)], 1, id="a pair shares one line of a pool"),
        pytest.param(2, [0, 0], [(0, 2)], 2, id="a mentor of two needs two"),
        pytest.param(2, [0, 0], [(0, 1), (0, 1)], 1, id="two mentors need one"),
        pytest.param(1, [3], [(0, 1)], 4, id="a youth for whom three rest"),
        pytest.param(3, [0], [(1, 1)], 2, id="people still to come hold none"),
        pytest.param(3, [0, 0, 0], [(0, 2), (5, 9)], 6, id="the emptiest mentors first"),
    ],
)
def test_how_large_the_pool_must_be(
    matches: int, youths: list[int], mentors: list[tuple[int, int]], lines: int
) -> None:
    assert lines_needed(matches, youths, mentors) == lines
