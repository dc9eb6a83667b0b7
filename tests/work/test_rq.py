"""Several processes and Redis between them: what may be taken away, and who may be doubled."""

from collections import defaultdict
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from redis import Redis

from tests.work.conftest import Valkey, Watching, crowd_of
from tests.work.network import Network, judge
from tests.work.processes import Service, wait_for
from tests.work.program import LINES, found_program

pytestmark = pytest.mark.timeout(240)


def test_a_conversation_of_forty_texts_crosses_each_once_and_in_order(
    fresh_database: str, tmp_path: Path, network: Network, valkey: Valkey
) -> None:
    program = found_program(tmp_path, fresh_database, network.url, matches_wanted=1, redis_url=valkey.url)
    with Service(program) as service, crowd_of(program, network, 2) as crowd:
        service.start()
        assert service.wait_until_up()
        crowd.write(40)
        assert wait_for(lambda: len(network.delivered()) >= 40, 60), service.log()
        assert service.stop(), "it ends by itself when it is told to"
    verdict = judge(program.writers, network.delivered())
    assert verdict.is_clean and (verdict.acknowledged, verdict.other) == (40, 0)


@pytest.mark.thorough
def test_redis_emptied_in_the_middle_of_work_loses_nothing(
    fresh_postgres: str, tmp_path: Path, network: Network, valkey: Valkey, watching: Watching
) -> None:
    program = found_program(tmp_path, fresh_postgres, network.url, matches_wanted=4, redis_url=valkey.url)
    watch = watching(program)
    with Service(program) as service, crowd_of(program, network) as crowd:
        service.start()
        assert service.wait_until_up()
        crowd.start(120)
        with Redis.from_url(valkey.url) as redis:
            while crowd.is_writing():
                redis.flushall()
                Event().wait(0.3)
            redis.flushall()
        assert wait_for(lambda: watch.waiting() == 0, 60), service.log()
    verdict = judge(program.writers, network.delivered())
    assert verdict.is_clean and verdict.acknowledged == 120


@pytest.mark.thorough
def test_without_redis_texts_are_kept_and_leave_when_it_is_back(
    fresh_postgres: str, tmp_path: Path, network: Network, valkey: Valkey, watching: Watching
) -> None:
    program = found_program(tmp_path, fresh_postgres, network.url, matches_wanted=3, redis_url=valkey.url)
    watch = watching(program)
    with Service(program) as service, crowd_of(program, network, 4) as crowd:
        service.start()
        assert service.wait_until_up()
        crowd.write(15)
        valkey.stop()
        crowd.write(30)
        Event().wait(5)  # time enough for a worker to notice
        assert set(crowd.answers) == {200}, "the webhook needs no Redis"
        valkey.start()
        assert wait_for(lambda: watch.waiting() == 0, 90), service.log()
        assert service.is_whole(), "no worker gave up"
    verdict = judge(program.writers, network.delivered())
    assert verdict.is_clean and verdict.acknowledged == 45


@pytest.mark.thorough
def test_two_schedulers_and_four_workers_send_each_text_once_at_the_pace_of_its_line(
    fresh_postgres: str, tmp_path: Path, network: Network, valkey: Valkey, watching: Watching
) -> None:
    per_second = 2.0
    program = found_program(
        tmp_path, fresh_postgres, network.url, matches_wanted=6, redis_url=valkey.url, per_second=per_second
    )
    watch = watching(program)
    with Service(program, workers=4, schedulers=2) as service, crowd_of(program, network) as crowd:
        service.start()
        assert service.wait_until_up()
        crowd.write(150)
        assert wait_for(lambda: watch.waiting() == 0, 120), service.log()
    verdict = judge(program.writers, network.delivered())
    assert verdict.is_clean and verdict.acknowledged == 150
    left: dict[str, list[float]] = defaultdict(list)
    for text in network.delivered():
        left[text.from_number].append(text.created_at.timestamp())
    assert 1 < len(left) <= LINES
    for moments in left.values():
        took = moments[-1] - moments[0]
        assert len(moments) - 1 <= per_second * (took + 1), "a line never sends faster than it may"


@pytest.mark.thorough
@pytest.mark.parametrize("dispatcher", ["embedded", "rq"])
def test_what_a_dead_worker_had_claimed_is_resolved_within_ten_seconds_of_the_next_start(
    dispatcher: str, fresh_sqlite: str, tmp_path: Path, network: Network, valkey: Valkey, watching: Watching
) -> None:
    redis_url = valkey.url if dispatcher == "rq" else None
    program = found_program(tmp_path, fresh_sqlite, network.url, redis_url=redis_url)
    watch = watching(program)
    with Service(program) as service, crowd_of(program, network, 2) as crowd:
        service.start("claimed, not sent", 2)
        crowd.start(6)
        assert wait_for(lambda: not service.is_whole(), 40, 0.01), service.log()
        service.kill()
        left = watch.outbound()["sending"]
        assert left >= 1, f"{watch.inbound()} {watch.outbound()} {service.log()}"
        service.start()
        assert service.wait_until_up()
        began = monotonic()
        crowd.join(60)
        assert wait_for(lambda: watch.waiting() == 0, 40), service.log()
        assert monotonic() - began < 10
    verdict = judge(program.writers, network.delivered())
    assert verdict.is_clean and verdict.acknowledged == 6
