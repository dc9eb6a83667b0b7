"""The dispatcher that needs nothing: threads beside the web process, the default; and the hands of each RQ worker."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Condition, Event, Lock, Thread

import structlog

from gateway.models import Priority
from gateway.runtime import Gateway
from gateway.work import jobs

log = structlog.get_logger()

SENDERS = 8
LOOKS_PER_LINE = 4  # so many threads may work one line at once
PEOPLE_WRITE_FOR = timedelta(seconds=2)  # after a text has come in
TEXTS_IN_A_TURN = 8  # of one line, before another line gets this thread
LONGEST_REST = timedelta(seconds=30)


class EmbeddedDispatcher:
    """One thread handles the inbox; a few send, each line at its own pace. `start` once, `stop` at the end.

    A line may be worked by several threads at once: the claim itself keeps order and pace.
    """

    def __init__(self, senders: int = SENDERS) -> None:
        self._changed = Condition()
        self._due: defaultdict[int, list[datetime]] = defaultdict(list)  # line -> when to look, soonest first
        self._inbox_rang = Event()
        self._rang_at = datetime.min.replace(tzinfo=UTC)
        self._broadcast = Lock()  # held by the one thread that says what the program says while people write
        self._stopping = Event()
        self._senders = senders
        self._threads: list[Thread] = []
        self._gateway: Gateway | None = None

    def inbox(self) -> None:
        if self._gateway:
            self._rang_at = self._gateway.clock.now()
        self._inbox_rang.set()

    def line(self, line_id: int) -> None:
        if self._gateway:
            self._put(self._gateway.clock.now(), line_id)

    def start(self, gateway: Gateway) -> None:
        """Begin to work for this gateway."""
        self._gateway = gateway
        loops: list[Callable[[Gateway], None]] = [self._work_inbox, *[self._work_lines] * self._senders]
        self._threads = [Thread(target=self._guarded, args=(loop, gateway), daemon=True) for loop in loops]
        for thread in self._threads:
            thread.start()

    def stop(self, seconds: float = 30) -> None:
        """Finish what is in hand and return; what is not yet begun stays in the tables."""
        self._stopping.set()
        self._inbox_rang.set()
        with self._changed:
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(seconds)

    def _put(self, when: datetime, line_id: int) -> None:
        with self._changed:
            self._due[line_id] = sorted([*self._due[line_id], when])[:LOOKS_PER_LINE]
            self._changed.notify()

    def _guarded(self, loop: Callable[[Gateway], None], gateway: Gateway) -> None:
        """The one loop of the worker that outlives a bug: it is logged, and the rows are still in the tables."""
        while not self._stopping.is_set():
            try:
                loop(gateway)
            except Exception:
                log.exception("worker_loop_failed", loop=loop.__name__)
                self._stopping.wait(1)

    def _work_inbox(self, gateway: Gateway) -> None:
        while not self._stopping.is_set():
            self._inbox_rang.wait(LONGEST_REST.total_seconds())
            self._inbox_rang.clear()
            if not self._stopping.is_set():
                jobs.drain_inbox(gateway)

    def _work_lines(self, gateway: Gateway) -> None:
        while not self._stopping.is_set():
            line_id = self._next_line(gateway)
            if line_id is None:
                continue
            again = self._deliver(gateway, line_id)
            if again < gateway.clock.now() + LONGEST_REST:
                self._put(again, line_id)

    def _deliver(self, gateway: Gateway, line_id: int) -> datetime:
        """While people write to each other one thread alone says what the program says, so that a relay finds room."""
        if gateway.clock.now() > self._rang_at + PEOPLE_WRITE_FOR:
            return jobs.deliver_next(gateway, line_id, TEXTS_IN_A_TURN)
        if not self._broadcast.acquire(blocking=False):
            return jobs.deliver_next(gateway, line_id, TEXTS_IN_A_TURN, Priority.FLOW)
        try:
            return jobs.deliver_next(gateway, line_id)
        finally:
            self._broadcast.release()

    def _next_line(self, gateway: Gateway) -> int | None:
        """Wait for the next line that is due; None when stopping or after a rest."""
        with self._changed:
            soonest, line_id = min(
                ((looks[0], line) for line, looks in self._due.items() if looks), default=(None, 0)
            )
            rest = (
                (soonest - gateway.clock.now()).total_seconds() if soonest else LONGEST_REST.total_seconds()
            )
            if rest <= 0 and not self._stopping.is_set():
                del self._due[line_id][0]
                return line_id
            self._changed.wait(min(max(rest, 0), LONGEST_REST.total_seconds()))
        return None
