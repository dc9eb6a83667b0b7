"""The process that RQ runs: `gateway worker`. Its jobs are wake-ups; the work is in the tables.

A bell that RQ hands over is rung inside: the same threads work as in the embedded gateway, so that a worker serves many
lines at once, each at its own pace.
"""

from contextlib import suppress
from threading import Event, Thread
from types import FrameType

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.exceptions import StopRequested
from rq.timeouts import TimerDeathPenalty

from gateway.runtime import Gateway
from gateway.work import jobs, ticks
from gateway.work.embedded import EmbeddedDispatcher
from gateway.work.rq_bell import QUEUE, mark

log = structlog.get_logger()

BEAT_SECONDS = 1.5

_here: dict[str, tuple[EmbeddedDispatcher, Redis]] = {}


def run(gateway: Gateway, redis_url: str) -> None:
    """Answer bells until told to stop (SIGTERM finishes what is in hand)."""
    redis, hands, stopping = Redis.from_url(redis_url), EmbeddedDispatcher(), Event()
    _here["worker"] = (hands, redis)
    jobs.beat(gateway)
    pulse = Thread(target=_beat, args=(gateway, stopping), daemon=True)
    pulse.start()
    hands.start(gateway)
    try:
        _listen(redis)
    finally:
        hands.stop()
        stopping.set()
        pulse.join(5)


class Listener(SimpleWorker):
    """RQ's worker ends when Redis goes away. Ours begins again, and ends by a signal only."""

    death_penalty_class = TimerDeathPenalty
    told_to_stop = Event()

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        self.told_to_stop.set()
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]


def _listen(redis: Redis) -> None:
    while not Listener.told_to_stop.is_set():
        with suppress(RedisError, StopRequested):
            Listener([Queue(QUEUE, connection=redis)], connection=redis).work(logging_level="CRITICAL")
        with suppress(RedisError, StopRequested):  # a signal may come in this second, too
            if not Listener.told_to_stop.wait(1):
                log.warning("redis_away")


def _beat(gateway: Gateway, stopping: Event) -> None:
    """A worker that lives but does not beat would have its texts doubted, and perhaps sent twice."""
    while not stopping.wait(BEAT_SECONDS):
        ticks.guarded(jobs.beat, gateway)


def work_inbox() -> None:
    """Handle every text that waits."""
    hands, redis = _here["worker"]
    redis.delete(mark("inbox"))
    hands.inbox()


def work_line(line_id: int) -> None:
    """Send what may leave one line, at its pace."""
    hands, redis = _here["worker"]
    redis.delete(mark(f"line:{line_id}"))
    hands.line(line_id)
