"""Replies, weeks and medians, counted as a person would."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.insight.rules import Rules
from gateway.insight.talk import BUCKETS, Word, bucket_of, by_week, median_of, replies_in, streaks
from gateway.models import Role

RULES = Rules(zone=ZoneInfo("America/Toronto"))
MONDAY = datetime(2026, 11, 2, 17, tzinfo=UTC)
ROLES = {1: Role.YOUTH, 2: Role.MENTOR, 3: Role.MENTOR}


def words(*texts: tuple[int, float], since: datetime = MONDAY) -> list[Word]:
    """Texts as (who, hours)."""
    return [
        Word(number, who, ROLES[who], since + timedelta(hours=hours), 2)
        for number, (who, hours) in enumerate(texts, start=1)
    ]


@pytest.mark.parametrize(
    ("texts", "hours"),
    [
        pytest.param([(1, 0), (2, 3)], [(2, 3)], id="an answer"),
        pytest.param([(1, 0), (1, 2), (2, 3)], [(2, 3)], id="it is the first one that has waited"),
        pytest.param([(1, 0), (2, 3), (2, 4), (1, 5)], [(2, 3), (1, 2)], id="the second of two is no reply"),
        pytest.param([(1, 0), (1, 90)], [], id="nobody answers oneself"),
        pytest.param([(1, 0), (2, 1), (3, 5)], [(2, 1), (3, 5)], id="in a group each answers for himself"),
    ],
)
def test_a_reply_is_measured_from_the_first_text_that_waited(
    texts: list[tuple[int, float]], hours: list[tuple[int, float]]
) -> None:
    people = {who for who, _ in texts}
    assert [(one.by, one.seconds / 3600) for one in replies_in(words(*texts), people)] == hours


def test_a_week_begins_on_monday_where_the_program_is() -> None:
    late_sunday = datetime(2026, 11, 9, 3, tzinfo=UTC)  # still 22:00 on Sunday in Toronto
    weeks = by_week(words((1, 0), (1, 6), since=late_sunday), [], RULES)
    assert [(week_on, week.texts, week.segments) for (week_on, _), week in weeks.items()] == [
        (date(2026, 11, 2), 1, 2),
        (date(2026, 11, 9), 1, 2),
    ]


def test_a_streak_is_weeks_in_which_both_wrote() -> None:
    week = 7 * 24
    both = [(who, number * week + who) for number in (0, 1, 2, 4, 5) for who in (1, 2)]
    run = streaks(words(*both, (1, 6 * week)), RULES)
    assert (run.active, run.last, run.until_on, run.longest) == (5, 2, date(2026, 12, 7), 3)


@given(st.lists(st.integers(0, int(timedelta(days=28).total_seconds())), min_size=1, max_size=60))
def test_a_median_from_counts_lies_in_the_bucket_of_the_true_one(seconds: list[int]) -> None:
    counts: dict[str, int] = {}
    for each in seconds:
        counts[bucket_of(each)] = counts.get(bucket_of(each), 0) + 1
    guess = median_of(counts)
    ordered = sorted(seconds)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    names = list(BUCKETS)
    assert guess is not None
    assert names.index(bucket_of(low)) <= names.index(bucket_of(guess)) <= names.index(bucket_of(high))


def test_no_replies_have_no_median() -> None:
    assert median_of({}) is None
