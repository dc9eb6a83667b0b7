"""From when on a match needs a human: a table of talks, each with what it asks for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from gateway.insight.needs import Facts, Found, contact_due_at, needs_of
from gateway.insight.rules import Rules
from gateway.insight.talk import Word, replies_in
from gateway.models import Reason, Role

MADE = datetime(2026, 9, 7, 14, tzinfo=UTC)  # a Monday
MAYA, BEN = 1, 2
MEMBERS: Mapping[int, Role] = {MAYA: Role.YOUTH, BEN: Role.MENTOR}
RULES = Rules(zone=ZoneInfo("America/Toronto"))


def talk(*texts: tuple[int, float]) -> list[Word]:
    """Texts as (who, days since the match was made)."""
    return [
        Word(number, who, MEMBERS[who], MADE + timedelta(days=day))
        for number, (who, day) in enumerate(texts, start=1)
    ]


def facts(words: Sequence[Word] = (), **more: object) -> Facts:
    plain = Facts(
        made_at=MADE,
        members=MEMBERS,
        words=words,
        replies=replies_in(words, MEMBERS),
        unread=(),
        was_reviewed=True,
        contacts={},
        open_tasks={},
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def found(facts_: Facts, reason: Reason, rules: Rules = RULES) -> Found | None:
    return next((one for one in needs_of(facts_, rules) if one.reason is reason), None)


def day_of(one: Found | None) -> float | None:
    return (one.since_at - MADE) / timedelta(days=1) if one else None


def chat(days: int, each: float = 1.0, reply: float = 0.1, start: float = 0) -> list[tuple[int, float]]:
    """She writes every `each` days, and he answers after `reply` days."""
    times = [start + number * each for number in range(int(days / each))]
    return [text for day in times for text in ((MAYA, day), (BEN, day + reply))]


SLOW = [text for day in range(20, 40, 4) for text in ((MAYA, day), (BEN, day + 2))]


@pytest.mark.parametrize(
    ("texts", "reason", "day"),
    [
        pytest.param([], Reason.NEVER_BEGAN, 7, id="nobody wrote in the first week"),
        pytest.param([(MAYA, 1)], Reason.NEVER_BEGAN, None, id="somebody wrote: it began"),
        pytest.param([(MAYA, 1)], Reason.MENTOR_QUIET, 8, id="she wrote, and he never did: since her first"),
        pytest.param([(MAYA, 1), (BEN, 3)], Reason.MENTOR_QUIET, 10, id="a week after his last"),
        pytest.param([(BEN, 1), (MAYA, 6)], Reason.MENTOR_QUIET, 8, id="her texts do not break his silence"),
        pytest.param([(BEN, 1), (MAYA, 6)], Reason.NO_EXCHANGE, 20, id="two weeks after anybody's last"),
        pytest.param([], Reason.NO_EXCHANGE, None, id="what never began has not ended"),
        pytest.param([(MAYA, n) for n in range(10)], Reason.ONE_SIDED, 0, id="ten texts and no word back"),
        pytest.param([(MAYA, n) for n in range(9)], Reason.ONE_SIDED, None, id="nine are too few to say"),
        pytest.param(
            [(BEN, 0), *[(MAYA, n) for n in range(1, 9)], (BEN, 9)],
            Reason.ONE_SIDED,
            None,
            id="a fifth is enough",
        ),
        pytest.param([*chat(20), *SLOW], Reason.SLOWER, 22, id="from two hours to two days"),
        pytest.param(chat(20), Reason.SLOWER, None, id="as quick as ever"),
        pytest.param([*chat(4), *SLOW], Reason.SLOWER, None, id="too few replies to be measured against"),
        pytest.param(
            [*chat(20, reply=0.01), *chat(5, reply=0.3, start=20)],
            Reason.SLOWER,
            None,
            id="thirty times slower, and still the same day",
        ),
        pytest.param(
            [*chat(56, each=1), *chat(28, each=7, start=56)],
            Reason.LESS_OFTEN,
            77.1,
            id="from daily to weekly",
        ),
        pytest.param(chat(84), Reason.LESS_OFTEN, None, id="as often as ever"),
        pytest.param(chat(40, each=4), Reason.LESS_OFTEN, None, id="a past too short to be measured against"),
        pytest.param(
            [], Reason.CONTACT_DUE, 15, id="the first talk with staff is due in the middle of the month"
        ),
        pytest.param([], Reason.ENDING, 26 * 7 - 14, id="two weeks before half a year is over"),
    ],
)
def test_a_talk_asks_for_a_human_from_this_day_on(
    texts: list[tuple[int, float]], reason: Reason, day: float | None
) -> None:
    since = day_of(found(facts(talk(*texts)), reason))
    assert since == (pytest.approx(day) if day is not None else None)


def test_no_reason_stands_twice() -> None:
    everything = facts(
        talk(*chat(20), *SLOW, *[(MAYA, 40 + n) for n in range(10)]), open_tasks={"letter": MADE}
    )
    reasons = [one.reason for one in needs_of(everything, RULES)]
    assert len(reasons) == len(set(reasons))


def test_slower_says_who_and_how_much() -> None:
    slow = found(facts(talk(*chat(20), *SLOW)), Reason.SLOWER)
    assert slow is not None
    assert (slow.about_id, slow.amount, slow.before) == (BEN, 2 * 86400, 8640)
    assert slow.level == 4  # twenty times as long: four doublings


def test_silence_on_one_side_is_worse_than_little() -> None:
    little = found(facts(talk((BEN, 0), *[(MAYA, n) for n in range(1, 10)])), Reason.ONE_SIDED)
    nothing = found(facts(talk(*[(MAYA, n) for n in range(10)])), Reason.ONE_SIDED)
    assert little and nothing
    assert (little.about_id, little.amount, little.before, little.level) == (BEN, 1, 10, 1)
    assert (nothing.amount, nothing.level) == (0, 2)


def test_the_oldest_open_task_is_named() -> None:
    asked = {"letter": MADE + timedelta(days=9), "form": MADE + timedelta(days=5)}
    task = found(facts(open_tasks=asked), Reason.TASK_PAST_DUE)
    assert task and (task.subject, day_of(task)) == ("form", 8)


@pytest.mark.parametrize(
    ("was_reviewed", "reason", "day"),
    [
        pytest.param(False, Reason.NEVER_REVIEWED, 5, id="three days after the first text, the first time"),
        pytest.param(True, Reason.REVIEW_DUE, 16, id="two weeks after the oldest unread one later"),
    ],
)
def test_what_staff_have_not_read_is_due(was_reviewed: bool, reason: Reason, day: int) -> None:
    words = talk((MAYA, 2), (BEN, 3))
    review = found(facts(words, unread=words, was_reviewed=was_reviewed), reason)
    assert review and (day_of(review), review.amount) == (day, 2)
    assert not found(facts(words, unread=(), was_reviewed=was_reviewed), reason)


def test_a_match_that_is_closing_is_ending_since_then() -> None:
    closing = found(facts(closing_at=MADE + timedelta(days=40)), Reason.ENDING)
    assert day_of(closing) == 40


def test_a_program_without_an_end_has_no_ending() -> None:
    assert found(facts(), Reason.ENDING, replace(RULES, match_weeks=None)) is None


@pytest.mark.parametrize(
    ("contacts", "due"),
    [
        pytest.param([], 15, id="none yet"),
        pytest.param([3], 30, id="one in the first half"),
        pytest.param([3, 20], 50, id="both in the first month: monthly from the second"),
        pytest.param([20], 30, id="the first one was late, the second is not"),
        pytest.param([80], 110, id="nobody in the first month, then one: not due again at once"),
        pytest.param([3, 20, 45], 75, id="monthly after"),
    ],
)
def test_staff_speak_to_each_twice_in_the_first_month_and_monthly_after(
    contacts: list[int], due: int
) -> None:
    times = [MADE + timedelta(days=day) for day in contacts]
    assert contact_due_at(MADE, times, RULES) == MADE + timedelta(days=due)


def test_the_one_who_waits_longest_for_staff_is_named() -> None:
    contact = found(facts(contacts={MAYA: [MADE + timedelta(days=3)]}), Reason.CONTACT_DUE)
    assert contact and (contact.about_id, contact.amount) == (BEN, 0)
