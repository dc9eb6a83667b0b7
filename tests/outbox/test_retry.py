"""When a text is tried again: pure tables."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.outbox.retry import (
    LONGEST_WAIT,
    SOON_TRIES,
    Again,
    GiveUp,
    Halt,
    LookUp,
    Step,
    backoff,
    gentle_wait,
    next_step,
)
from gateway.providers.protocol import Retry

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
TWO_DAYS = NOON + timedelta(hours=48)
CHANCES = st.floats(0, 1)
TRIES = st.integers(1, 10_000)


def step(retry: Retry, *, tries: int = 1, gentle: int = 0, chance: float = 0.5, **options: float) -> Step:
    return next_step(
        retry,
        now=NOON,
        tries=tries,
        gentle_tries=gentle,
        keep_trying_until=TWO_DAYS,
        chance=chance,
        wait_seconds=options.get("wait_seconds"),
    )


@pytest.mark.parametrize(
    ("seconds", "tries"),
    [
        pytest.param(2, 1, id="about two seconds after the first try"),
        pytest.param(4, 2, id="twice that after the second"),
        pytest.param(64, 6, id="a minute after the sixth"),
        pytest.param(900, 20, id="never more than a quarter of an hour"),
    ],
)
def test_a_refused_text_is_tried_again_soon_and_then_less_often(seconds: float, tries: int) -> None:
    assert step(Retry.SOON, tries=tries) == Again(NOON + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("hours", "gentle"),
    [(0.5, 0), (1, 1), (2, 2), (4, 3), (8, 4), (8, 5)],
    ids=["half an hour first", "then one", "then two", "then four", "then eight", "and eight again"],
)
def test_a_phone_without_coverage_is_tried_again_gently(hours: float, gentle: int) -> None:
    assert step(Retry.GENTLY, gentle=gentle) == Again(NOON + timedelta(hours=hours))


@pytest.mark.parametrize(
    ("retry", "options", "expected"),
    [
        pytest.param(Retry.NEVER, {}, GiveUp(), id="what must never be repeated is given up"),
        pytest.param(Retry.LOOK_UP, {}, LookUp(), id="a lost answer is looked up"),
        pytest.param(Retry.AFTER_REPAIR, {}, Halt(), id="a broken account waits for an operator"),
        pytest.param(
            Retry.ONCE,
            {},
            Again(NOON + timedelta(minutes=30)),
            id="no reason given: once, half an hour later",
        ),
        pytest.param(Retry.ONCE, {"gentle": 1}, GiveUp(), id="and not a second time"),
        pytest.param(Retry.SOON, {"tries": SOON_TRIES}, GiveUp(), id="forty refusals are enough"),
    ],
)
def test_each_kind_of_trouble_has_its_step(retry: Retry, options: dict[str, int], expected: Step) -> None:
    assert step(retry, **options) == expected


def test_the_provider_may_ask_for_a_longer_wait_but_not_for_a_shorter_one() -> None:
    assert step(Retry.SOON, wait_seconds=90) == Again(NOON + timedelta(seconds=90))
    assert step(Retry.SOON, tries=8, wait_seconds=1) == step(Retry.SOON, tries=8)


@given(TRIES)
def test_waits_grow(tries: int) -> None:
    assert backoff(tries, 0.5) <= backoff(tries + 1, 0.5)
    assert gentle_wait(tries, 0.5) <= gentle_wait(tries + 1, 0.5)


@given(TRIES, CHANCES)
def test_chance_moves_a_wait_by_a_quarter_at_most(tries: int, chance: float) -> None:
    middle = backoff(tries, 0.5)
    assert 0.749 * middle <= backoff(tries, chance) <= 1.251 * middle
    assert timedelta(seconds=1.5) <= backoff(tries, chance) <= 1.25 * LONGEST_WAIT


@given(st.sampled_from([Retry.SOON, Retry.GENTLY, Retry.ONCE]), st.lists(CHANCES, min_size=60, max_size=60))
def test_every_text_comes_to_an_end(retry: Retry, chances: list[float]) -> None:
    now, gentle = NOON, 0
    for tries, chance in enumerate(chances, start=1):
        following = next_step(
            retry, now=now, tries=tries, gentle_tries=gentle, keep_trying_until=TWO_DAYS, chance=chance
        )
        if isinstance(following, GiveUp):
            return
        assert isinstance(following, Again)
        assert following.not_before > now
        now = following.not_before
        gentle += retry is not Retry.SOON
    raise AssertionError("it would be tried for ever")


@given(CHANCES, st.integers(0, 20))
def test_nobody_is_tried_after_the_day_that_the_sender_was_told(chance: float, gentle: int) -> None:
    following = step(Retry.GENTLY, gentle=gentle, chance=chance)
    assert isinstance(following, GiveUp) or following.not_before <= TWO_DAYS  # type: ignore[union-attr]
