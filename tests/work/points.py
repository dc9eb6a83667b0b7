"""Runs the real `gateway` command and kills its whole process group at a labelled point.

`python -m tests.work.points POINT COUNT -- serve --port 8000`: SIGKILL at the COUNTth time that POINT is reached. The
program itself knows nothing of it: the points are seen through SQLAlchemy's own events, by who asked for a commit and
what the transaction had written.
"""

import ctypes
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from threading import Lock, local
from types import FrameType
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class Point:
    """A commit of one function of ours, just before or just after it, when it has run what `writes` matches."""

    function: str
    writes: str
    is_after: bool


KEPT, HANDLED, MOVED = "INSERT INTO inbound", "UPDATE inbound", "UPDATE outbound"
CLAIMED = "UPDATE outbound_messages SET .*claimed_by="  # and no other change of a text
POINTS = {
    "webhook, not committed": Point("sms", KEPT, False),
    "webhook committed, not answered": Point("sms", KEPT, True),
    "text handled, not committed": Point("_handle_one", HANDLED, False),
    "text handled, bell not rung": Point("_handle_one", HANDLED, True),
    "claimed, not committed": Point("deliver_next", CLAIMED, False),
    "claimed, not sent": Point("deliver_next", CLAIMED, True),
    "sent, not recorded": Point("_send", MOVED, False),
    "sent and recorded": Point("_send", MOVED, True),
    "looked up, not recorded": Point("_look_up", MOVED, False),
    "receipt, not recorded": Point("status", "INSERT INTO receipts", False),
}
AT_PROVIDER = "accepted, not answered"  # this one strikes in the network: see `tests.work.network`


@dataclass
class Executioner:
    """Counts how often a point is reached, and kills at the right time."""

    point: Point
    count: int

    def __post_init__(self) -> None:
        self._lock = Lock()
        self._here = local()

    def watch(self) -> None:
        """From now on every engine and session of this process is watched, and of those forked from it."""
        event.listen(Engine, "begin", self._begin)
        event.listen(Engine, "before_cursor_execute", self._statement)
        event.listen(Engine, "commit", self._before)
        event.listen(Session, "after_commit", self._after)

    def _begin(self, _connection: Connection) -> None:
        self._here.wrote = self._here.passed = False

    def _statement(self, *arguments: Any) -> None:
        if re.match(self.point.writes, str(arguments[2])):
            self._here.wrote = True

    def _before(self, _connection: Connection) -> None:
        self._here.passed = getattr(self._here, "wrote", False) and self.point.function in _callers()
        if self._here.passed and not self.point.is_after:
            self._reached()

    def _after(self, _session: Session) -> None:
        if self.point.is_after and getattr(self._here, "passed", False):
            self._here.passed = False
            self._reached()

    def _reached(self) -> None:
        with self._lock:
            self.count -= 1
            if self.count == 0:
                os.killpg(os.getpgid(0), signal.SIGKILL)


def _callers() -> Iterator[str]:
    """The names of our own functions that led here, innermost first."""
    frame: FrameType | None = sys._getframe()
    while frame:
        if str(frame.f_globals.get("__name__", "")).startswith("gateway."):
            yield frame.f_code.co_name
        frame = frame.f_back


def main() -> None:
    from gateway.cli import cli  # noqa: PLC0415 - watched from the first import

    with suppress(
        OSError, AttributeError
    ):  # Linux: nothing outlives the test that started it, however that ends
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    name, count, _, *arguments = sys.argv[1:]
    if name in POINTS:
        Executioner(POINTS[name], int(count)).watch()
    cli(args=arguments, prog_name="gateway")


if __name__ == "__main__":
    main()
