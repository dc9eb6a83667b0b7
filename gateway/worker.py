"""The process that RQ runs: `gateway worker`. Its jobs are wake-ups; the work is in the tables.

A bell that RQ hands over is rung inside: the same threads work as in the embedded gateway, so that a worker serves many
lines at once, each at its own pace.
"""

from threading import Event, Thread

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker
from rq.timeouts import TimerDeathPenalty
from rq.worker.base import StopRequested

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


def _listen(redis: Redis) -> None:
    """Answer bells until told to stop. Redis going away ends RQ's worker, but not ours: another one takes over."""
    while True:
        worker = SimpleWorker([Queue(QUEUE, connection=redis)], connection=redis)
        worker.death_penalty_class = TimerDeathPenalty
        try:
            worker.work(with_scheduler=False, logging_level="WARNING")
        except RedisError as error:
            log.warning("redis_away", why=type(error).__name__)
        except StopRequested:
            return
        else:
            return
        try:
            Event().wait(1)
        except StopRequested:  # RQ's own handler of SIGTERM is still in place
            return


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
