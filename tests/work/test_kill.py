"""The storm of `scripts/bench/kill.py` in its short form: a few kills of each sort, and no text lost or doubled."""

import random
from pathlib import Path

import pytest
from redis import Redis

from tests.work.conftest import Valkey, Watching, crowd_of
from tests.work.network import Network, judge
from tests.work.points import AT_PROVIDER
from tests.work.processes import Service
from tests.work.program import Program, found_program
from tests.work.storm import AT_RANDOM, ONE_AT_RANDOM, Storm, calm_down

pytestmark = [pytest.mark.timeout(300), pytest.mark.thorough]
WAYS = (
    "webhook committed, not answered",
    "text handled, bell not rung",
    "claimed, not sent",
    AT_PROVIDER,
    "looked up, not recorded",
    "sent, not recorded",
    AT_RANDOM,
    ONE_AT_RANDOM,
)


def test_whatever_kills_the_embedded_gateway_each_text_arrives_once(
    fresh_sqlite: str, tmp_path: Path, network: Network, watching: Watching
) -> None:
    program = found_program(tmp_path, fresh_sqlite, network.url, matches_wanted=24)
    weather(program, network, WAYS, 0, watching)


def test_whatever_kills_the_gateway_its_workers_or_redis_each_text_arrives_once(
    fresh_postgres: str, tmp_path: Path, network: Network, valkey: Valkey, watching: Watching
) -> None:
    program = found_program(tmp_path, fresh_postgres, network.url, matches_wanted=24, redis_url=valkey.url)
    with Redis.from_url(valkey.url) as redis:
        weather(program, network, WAYS[2:6] + WAYS[7:], 2, watching, redis)


def weather(
    program: Program,
    network: Network,
    ways: tuple[str, ...],
    workers: int,
    watching: Watching,
    redis: Redis | None = None,
) -> None:
    watch = watching(program)
    with Service(program, workers=workers) as service, crowd_of(program, network) as crowd:
        crowd.most_ahead = 60
        storm = Storm(service, network, crowd, random.Random(4), redis, longest_life_seconds=1.5)
        crowd.start(2000)
        for way in ways:
            storm.strike(way)
        crowd.enough()
        assert storm.struck.total() >= len(ways) - 1, storm.missed
        service.kill()
        service.start()
        crowd.join(90)
        calm_down(service, watch)
    verdict = judge(program.writers, network.delivered())
    assert verdict.is_clean, verdict
    assert verdict.acknowledged > 0 and verdict.other == 0
