"""The arithmetic of the evaluation, on rows that are counted by hand."""

import pytest

from scripts.bench.tally import (
    Judged,
    Share,
    aimed,
    alarms,
    any_alarm,
    by_category,
    by_subtype,
    difference,
    gap,
    judge,
    unmet,
)
from tests.evaluation.rows import Label, Row

CONTACT, CRISIS = Label.CONTACT, Label.CRISIS


def row(
    text: str, *expect: Label, language: str = "en", subtype: str = "contact-plain", also: str = ""
) -> Row:
    """A row whose template is the first letter of its text."""
    allowed = frozenset({Label(also)}) if also else frozenset()
    return Row(text, text, language, "youth", subtype, text[0], frozenset(expect), allowed)


def sees_digits(seen: Row) -> frozenset[Label]:
    """A screen of one rule: whatever holds a digit is contact."""
    return frozenset({CONTACT}) if any(letter.isdigit() for letter in seen.text) else frozenset()


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
        (20, 20, 0.8389, 1.0),
        (0, 0, 0.0, 1.0),
    ],
)
def test_an_interval_is_the_one_in_newcombes_table(hits: int, total: int, low: float, high: float) -> None:
    assert Share(hits, total).interval == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_a_difference_is_the_one_in_newcombes_table(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    assert difference(Share(*one), Share(*other))[1:] == pytest.approx((low, high), abs=5e-5)


def test_a_share_of_nothing_has_no_difference() -> None:
    with pytest.raises(ValueError, match="of nothing"):
        difference(Share(0, 0), Share(1, 2))


ROWS = [
    row("a 1", CONTACT),
    row("a 2", CONTACT),
    row("b", CONTACT),
    row("c 1", CONTACT, language="fr"),
    row("d 7"),
    row("e"),
    row("f", language="fr"),
]


def test_a_subtype_is_counted_over_its_positives_and_its_own_near_misses() -> None:
    both, english, french = by_subtype(judge(ROWS, sees_digits))
    assert (both.recall, both.precision, both.near_misses) == (Share(3, 4), Share(3, 4), 3)
    assert (english.recall, english.precision, english.near_misses) == (Share(2, 3), Share(2, 3), 2)
    assert (french.recall, french.precision, french.near_misses) == (Share(1, 1), Share(1, 1), 1)


def test_a_template_is_whole_only_when_each_of_its_rows_is_found() -> None:
    both = by_subtype(judge([*ROWS, row("a", CONTACT)], sees_digits))[0]
    assert both.whole == Share(1, 3)


def test_a_category_is_counted_over_all_rows_and_what_is_allowed_counts_nowhere() -> None:
    others = [
        row("g 1", CRISIS, subtype="crisis-explicit"),
        row("h 1", CRISIS, subtype="crisis-explicit", also="contact"),
    ]
    counted = by_category(judge([*ROWS, *others], sees_digits))
    assert counted[CONTACT] == (Share(3, 4), Share(3, 5))
    assert counted[CRISIS] == (Share(0, 2), Share(0, 0))


def test_the_gap_is_english_less_french() -> None:
    assert gap(judge(ROWS, sees_digits))[0] == pytest.approx(2 / 3 - 1)


def test_rows_are_grouped_by_what_they_aim_at_and_all_together() -> None:
    other = row("g", CRISIS, subtype="crisis-oblique")
    groups = aimed(judge([*ROWS, other], sees_digits))
    assert {name: len(own) for name, own in groups.items()} == {"all": 8, "contact": 7, "crisis": 1}


def test_an_ordinary_text_that_is_shown_twice_is_one_alarm_of_any_kind() -> None:
    ordinary = [
        Judged(row("x", subtype="ordinary"), frozenset({CONTACT, CRISIS})),
        Judged(row("y", subtype="ordinary"), frozenset()),
    ]
    assert alarms(ordinary)[CONTACT] == alarms(ordinary)[CRISIS] == any_alarm(ordinary) == Share(1, 2)


def test_what_is_missed_and_what_is_false_are_told_apart() -> None:
    judged = Judged(row("h", CRISIS, subtype="crisis-explicit", also="contact"), frozenset({CONTACT}))
    assert judged.missed == {CRISIS}
    assert judged.false == set()


def test_goals_that_are_not_reached_are_named_and_no_others() -> None:
    few = [row("a 1", CONTACT), row("b 1", CONTACT, language="fr"), row("c 1")]
    said = unmet(judge(few, sees_digits), [Judged(row("x", subtype="ordinary"), frozenset({CRISIS}))])
    assert "contact-plain: precision 0.667 (at least 0.98)" in said
    assert "crisis: 1000.0 false alarms per 1,000 ordinary texts (at most 2)" in said
    assert "meeting: no rows" in said
    assert not any("contact-plain: recall" in sentence or "apart" in sentence for sentence in said)
