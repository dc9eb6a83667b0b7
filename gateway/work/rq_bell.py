"""The dispatcher for several machines: bells go through Redis, and `gateway worker` answers them.

A job is a wake-up ("drain this line"), never one text: when Redis is emptied, only bells are lost.
"""

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue

log = structlog.get_logger()

QUEUE = "passerelle"
INBOX_JOB = "gateway.worker.work_inbox"
LINE_JOB = "gateway.worker.work_line"
KEEP_SECONDS = 60
MARK_SECONDS = 5  # a worker that dies with a bell in its hand must not silence that door for longer


def answers(url: str) -> bool:
    """Whether Redis is there."""
    try:
        return bool(Redis.from_url(url).ping())
    except RedisError:
        return False


class RqBell:
    """Rings by putting a job on the queue. Redis being away costs time, not texts: the sweeper rings again."""

    def __init__(self, url: str) -> None:
        redis = Redis.from_url(url)
        self._queue = Queue(QUEUE, connection=redis)
        self._redis = redis

    def inbox(self) -> None:
        self._ring(INBOX_JOB, "inbox")

    def line(self, line_id: int) -> None:
        self._ring(LINE_JOB, f"line:{line_id}", line_id)

    def _ring(self, job: str, name: str, *arguments: int) -> None:
        """One waiting bell for each door is enough: whoever answers takes the mark away before it looks."""
        try:
            if self._redis.set(mark(name), 1, nx=True, ex=MARK_SECONDS):
                self._queue.enqueue(job, *arguments, result_ttl=0, failure_ttl=KEEP_SECONDS, ttl=KEEP_SECONDS)
        except RedisError as error:
            log.warning("bell_not_rung", why=type(error).__name__)


def mark(name: str) -> str:
    """The key that says a bell is waiting to be answered."""
    return f"{QUEUE}:ringing:{name}"
