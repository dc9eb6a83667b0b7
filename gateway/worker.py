"""The process that RQ runs: `gateway worker`. Its jobs are wake-ups; the work is in the tables."""

from datetime import timedelta
from threading import Event, Thread

import structlog
from redis import Redis
from rq import Queue, SimpleWorker
from rq.timeouts import TimerDeathPenalty

from gateway.runtime import Gateway
from gateway.work import jobs
from gateway.work.rq_bell import QUEUE, mark

log = structlog.get_logger()

LONGEST_STAY = timedelta(
    seconds=20
)  # a job leaves a busy line after this and rings again, so that others are served
SHORT_WAIT = timedelta(seconds=2)
BEAT_SECONDS = 1.5

_here: dict[str, tuple[Gateway, Redis]] = {}


def run(gateway: Gateway, redis_url: str, *, burst: bool = False) -> None:
    """Answer bells until told to stop (SIGTERM finishes the job in hand)."""
    redis = Redis.from_url(redis_url)
    _here["gateway"] = (gateway, redis)
    stopping = Event()
    jobs.beat(gateway)
    pulse = Thread(target=_beat, args=(gateway, stopping), daemon=True)
    pulse.start()
    worker = SimpleWorker([Queue(QUEUE, connection=redis)], connection=redis)
    worker.death_penalty_class = TimerDeathPenalty
    try:
        worker.work(burst=burst, with_scheduler=False, logging_level="WARNING")
    finally:
        stopping.set()
        pulse.join(5)


def _beat(gateway: Gateway, stopping: Event) -> None:
    while not stopping.wait(BEAT_SECONDS):
        jobs.beat(gateway)


def work_inbox() -> None:
    """Handle every text that waits."""
    gateway, redis = _here["gateway"]
    redis.delete(mark("inbox"))
    jobs.drain_inbox(gateway)


def work_line(line_id: int) -> None:
    """Send what may leave one line, at its pace, for a while."""
    gateway, redis = _here["gateway"]
    redis.delete(mark(f"line:{line_id}"))
    until = gateway.clock.now() + LONGEST_STAY
    while (now := gateway.clock.now()) < until:
        again = jobs.deliver_next(gateway, line_id)
        if again > now + SHORT_WAIT:
            return
        gateway.clock.wait((again - gateway.clock.now()).total_seconds())
    gateway.bell.line(line_id)
