"""Several webhooks, one sync to disk: and still each stands for itself."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text

from gateway.db import Session
from tests.work.conftest import Watching, front_door
from tests.work.network import Mailbox, Network
from tests.work.program import found_program


def test_one_bad_piece_does_not_fail_its_neighbours(
    fresh_database: str, tmp_path: Path, network: Network
) -> None:
    gateway = found_program(tmp_path, fresh_database, network.url).open()

    def piece(number: int) -> Callable[[Session], int]:
        def write(session: Session) -> int:
            session.execute(
                text("INSERT INTO tallies (scope, segments) VALUES (:scope, 1)"), {"scope": f"{number}"}
            )
            if number % 5 == 0:
                raise ValueError(f"piece {number}")
            return number

        return write

    gathered = Barrier(20)

    def ask(number: int) -> int:
        gathered.wait(20)
        return gateway.db.together(piece(number))

    with ThreadPoolExecutor(20) as pool:
        answers = [pool.submit(ask, number) for number in range(20)]
    for number, answer in enumerate(answers):
        if number % 5 == 0:
            with pytest.raises(ValueError, match=f"piece {number}"):
                answer.result()
        else:
            assert answer.result() == number
    with gateway.db.reading() as session:
        kept = set(session.execute(text("SELECT scope FROM tallies")).scalars())
    assert kept == {f"{number}" for number in range(20) if number % 5}
    gateway.db.engine.dispose()


def test_fifty_copies_of_one_webhook_at_once_make_one_row(
    fresh_database: str, tmp_path: Path, network: Network, watching: Watching
) -> None:
    program = found_program(tmp_path, fresh_database, network.url, matches_wanted=1)
    gateway, writer = program.open(), program.writers[0]
    copy = network.take_in(writer.phone, writer.mask, "hello", at=datetime.now(UTC))

    def post(_: int) -> int:
        mailbox = Mailbox(program.environment["GATEWAY_PUBLIC_URL"])
        status = mailbox.post(copy)
        mailbox.close()
        return status

    with front_door(program, gateway), ThreadPoolExecutor(50) as pool:
        assert Counter(pool.map(post, range(50))) == {200: 50}
    watch = watching(program)
    assert watch.inbound() == {"received": 1}
    gateway.db.engine.dispose()
