"""The clock: stateless ticks. Two schedulers, a restart or a clock that jumps change nothing but how soon."""

from collections.abc import Callable
from typing import TypeVar

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.base import BaseScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from sqlalchemy.exc import SQLAlchemyError

from gateway.runtime import Gateway
from gateway.work import copies, jobs, rounds, watch

log = structlog.get_logger()

S = TypeVar("S", bound=BaseScheduler)
TICK_SECONDS = 1
WATCH_SECONDS = 5
SPEAK_SECONDS = 60
SLOW_TICK_SECONDS = 180
INSIGHT_SECONDS = 60
COPIES_SECONDS = 300


def background(gateway: Gateway) -> BackgroundScheduler:
    """Ticks in a thread of this process, for the embedded gateway."""
    return _with_ticks(BackgroundScheduler(timezone="UTC"), gateway)


def blocking(gateway: Gateway) -> BlockingScheduler:
    """Ticks that are the process, for `gateway scheduler`."""
    return _with_ticks(BlockingScheduler(timezone="UTC"), gateway)


def _with_ticks(scheduler: S, gateway: Gateway) -> S:
    every = (
        (jobs.tick, TICK_SECONDS),
        (watch.watch, WATCH_SECONDS),
        (watch.post_letters, WATCH_SECONDS),
        (rounds.speak, SPEAK_SECONDS),
        (watch.take_stock, SPEAK_SECONDS),
        (jobs.slow_tick, SLOW_TICK_SECONDS),
        (jobs.keep_insight, INSIGHT_SECONDS),
        (copies.remove_provider_copies, COPIES_SECONDS),
    )
    for job, seconds in every:
        scheduler.add_job(
            guarded,
            "interval",
            (job, gateway),
            seconds=seconds,
            max_instances=1,
            coalesce=True,
            id=job.__name__,
        )
    scheduler.add_job(guarded, args=(jobs.slow_tick, gateway), id="at_start")
    return scheduler


def guarded(job: Callable[[Gateway], object], gateway: Gateway) -> None:
    """A database that is away for a while must not end the ticks."""
    try:
        job(gateway)
    except SQLAlchemyError as error:
        log.warning("tick_failed", job=getattr(job, "__name__", ""), why=type(error).__name__)
