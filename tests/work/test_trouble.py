"""The database or the disk goes away under load: 503, never a false 200, and what was acknowledged is there afterwards."""

import resource
from pathlib import Path

import pytest
from sqlalchemy import make_url

from tests.parts import PostgresDatabases
from tests.work.conftest import Watching, crowd_of
from tests.work.network import Crowd, Network, judge
from tests.work.processes import Service, wait_for
from tests.work.program import Program, Watch, found_program

pytestmark = [pytest.mark.timeout(240), pytest.mark.thorough]
FULL_AT_BYTES = 300_000


def test_a_full_disk_is_answered_with_503_and_nothing_acknowledged_is_lost(
    fresh_sqlite: str, tmp_path: Path, network: Network, watching: Watching
) -> None:
    program = found_program(tmp_path, fresh_sqlite, network.url, matches_wanted=8)
    with Service(program) as service, crowd_of(program, network) as crowd:
        service.start()
        assert service.wait_until_up()
        crowd.write(40)
        serving = service.children()
        for pid in serving:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (FULL_AT_BYTES, resource.RLIM_INFINITY))
        crowd.start(200)
        assert wait_for(lambda: crowd.answers[503] > 20, 60), f"{crowd.answers} {service.log()}"
        for pid in serving:
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        check_that_all_arrived(watching(program), program, network, crowd, service)
        assert service.children() == serving, "it has lived through it"


def test_a_database_that_is_gone_is_answered_with_503_and_nothing_acknowledged_is_lost(
    fresh_postgres: str, postgres: PostgresDatabases, tmp_path: Path, network: Network, watching: Watching
) -> None:
    program = found_program(tmp_path, fresh_postgres, network.url, matches_wanted=8)
    name = make_url(fresh_postgres).database
    with Service(program) as service, crowd_of(program, network) as crowd:
        service.start()
        assert service.wait_until_up()
        crowd.write(40)
        crowd.start(200)
        postgres.run(
            f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false",
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'",
        )
        gone = wait_for(lambda: crowd.answers[503] > 20, 60)
        postgres.run(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true")
        assert gone, f"{crowd.answers} {service.log()}"
        check_that_all_arrived(watching(program), program, network, crowd, service)


def check_that_all_arrived(
    watch: Watch, program: Program, network: Network, crowd: Crowd, service: Service
) -> None:
    crowd.join(90)
    assert set(crowd.answers) == {200, 503}, crowd.answers
    assert wait_for(lambda: watch.waiting() == 0, 90), service.log()
    assert watch.inbound() == {"handled": 240}, "a trouble of the database is no fault of a text"
    verdict = judge(program.writers, network.delivered())
    assert verdict.is_clean and verdict.acknowledged == 240
