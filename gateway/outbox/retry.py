"""When a text that did not get through is tried again. Pure: the time and the chance are handed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.providers.protocol import Retry

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=15)
SOON_TRIES = 40  # with the growth below, about eight hours: then staff see it
GENTLE_FIRST = timedelta(minutes=30)
ONCE_WAIT = timedelta(minutes=30)


@dataclass(frozen=True)
class Again:
    """Try again, not before this moment."""

    not_before: datetime


@dataclass(frozen=True)
class GiveUp:
    """It will not be tried again; staff see the reason."""


@dataclass(frozen=True)
class LookUp:
    """The outcome is unknown: ask the provider."""


@dataclass(frozen=True)
class Halt:
    """Nothing can leave this line until an operator acts; the text waits."""


Step = Again | GiveUp | LookUp | Halt


def backoff(tries: int, chance: float) -> timedelta:
    """About 2 s after the first try, doubling, at most 15 min, each drawn 25 % either way by `chance` (0 to 1)."""
    wait = min(FIRST_WAIT * (1 << min(max(tries, 1) - 1, 12)), LONGEST_WAIT)
    return wait * (0.75 + 0.5 * chance)


def gentle_wait(tries: int, chance: float) -> timedelta:
    """For a phone out of coverage: about 30 min, 1 h, 2 h, 4 h, then every 8 h."""
    wait = min(GENTLE_FIRST * (1 << min(max(tries, 1) - 1, 4)), timedelta(hours=8))
    return wait * (0.9 + 0.2 * chance)


def next_step(
    retry: Retry,
    *,
    now: datetime,
    tries: int,
    gentle_tries: int,
    keep_trying_until: datetime,
    chance: float,
    wait_seconds: float | None = None,
) -> Step:
    """What follows a trouble. `tries` counts the attempts made, `gentle_tries` those after it was accepted once."""
    match retry:
        case Retry.NEVER:
            return GiveUp()
        case Retry.LOOK_UP:
            return LookUp()
        case Retry.AFTER_REPAIR:
            return Halt()
        case Retry.ONCE:
            return Again(now + ONCE_WAIT) if gentle_tries == 0 else GiveUp()
        case Retry.GENTLY:
            again = now + gentle_wait(gentle_tries + 1, chance)
            return Again(again) if again <= keep_trying_until else GiveUp()
        case Retry.SOON:
            wait = max(backoff(tries, chance), timedelta(seconds=wait_seconds or 0))
            return Again(now + wait) if tries < SOON_TRIES else GiveUp()
