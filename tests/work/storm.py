"""SIGKILL, again and again, while people write: at labelled points and at random moments."""

import os
import random
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event
from time import monotonic

from redis import Redis

from tests.work.network import Crowd, Network
from tests.work.points import AT_PROVIDER, POINTS
from tests.work.processes import Service, wait_for
from tests.work.program import Watch

AT_RANDOM = "at random"
ONE_AT_RANDOM = "one process at random"
ALL_POINTS = (*POINTS, AT_PROVIDER)
LOOKED_UP = "looked up, not recorded"
# Seconds until a point counts as not reached: a look-up only begins when old beats have gone cold.
PATIENCE = 30.0


def labelled(times: int, luck: random.Random) -> Iterator[str]:
    """Every point so many times, in a new order each time; look-ups come when there is something to look up."""
    for _ in range(times):
        order = [point for point in ALL_POINTS if point != LOOKED_UP]
        luck.shuffle(order)
        order.insert(order.index(AT_PROVIDER) + 1, LOOKED_UP)
        yield from order


@dataclass
class Storm:
    """Kills the service in one way after another. `struck` counts by way; `missed` those not reached in time."""

    service: Service
    network: Network
    crowd: Crowd
    luck: random.Random
    redis: Redis | None = None
    longest_life_seconds: float = 4.0
    struck: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)

    @property
    def kills(self) -> int:
        return self.struck.total() + self.missed.total()

    def strike(self, way: str) -> None:
        """Bring the service up if it is down, let it live until it is to be killed, and kill it."""
        if way in POINTS:
            self.service.kill()
            self.service.start(way, 1 if way == LOOKED_UP else self.luck.randint(1, 12))
            self._wait_for_the_end(way)
        elif way == AT_PROVIDER:
            self._be_up()
            Event().wait(self.luck.uniform(0, 1))
            self.network.when_accepted = self._kill_group
            self._wait_for_the_end(way)
            self.network.when_accepted = None
        else:
            self._be_up()
            Event().wait(self.luck.uniform(0.05, self.longest_life_seconds))
            self._kill_group() if way == AT_RANDOM else self._kill_one()
            self.struck[way] += 1
        if self.redis and self.luck.random() < 0.3:
            self.redis.flushall()
        if way != ONE_AT_RANDOM:
            self.service.kill()

    def _be_up(self) -> None:
        if not self.service.is_whole():
            self.service.kill()
            self.service.start()
        assert self.service.wait_until_up(), self.service.log()[-3000:]

    def _wait_for_the_end(self, way: str) -> None:
        reached = wait_for(lambda: not self.service.is_whole(), PATIENCE, 0.02)
        (self.struck if reached else self.missed)[way] += 1

    def _kill_group(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.service.processes[0].pid, signal.SIGKILL)

    def _kill_one(self) -> None:
        """One process of several; embedded there is but the server, whose gunicorn parent lives on."""
        others = self.service.processes[1:]
        if others:
            one = self.luck.choice(others)
            one.kill()
            one.wait(10)  # until then it would still count as there
        elif children := self.service.children():
            with suppress(ProcessLookupError):
                os.kill(self.luck.choice(children), signal.SIGKILL)


def calm_down(service: Service, watch: Watch, seconds: float = 90) -> float:
    """Let the service finish what is left; the seconds that it took. Fails when it does not come to rest."""
    began = monotonic()
    if not service.is_whole():
        service.kill()
        service.start()
    assert service.wait_until_up(), service.log()[-3000:]
    at_rest = wait_for(lambda: watch.waiting() == 0, seconds, 0.2)
    assert at_rest, f"{watch.inbound()} {watch.outbound()} {service.log()[-3000:]}"
    return monotonic() - began
