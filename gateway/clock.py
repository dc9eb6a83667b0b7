"""What time it is, and how to wait. Only edges hold a clock; everything else takes `now`, an aware UTC datetime."""

from datetime import UTC, datetime
from threading import Event
from typing import Protocol


class Clock(Protocol):
    """A source of aware UTC times."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""

    def wait(self, seconds: float) -> None:
        """Return after about `seconds`."""


class SystemClock:
    """The machine's own clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait(self, seconds: float) -> None:
        Event().wait(max(0.0, seconds))
