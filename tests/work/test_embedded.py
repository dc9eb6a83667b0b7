"""Threads beside the web process: what they carry, what they survive, and how they end."""

from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from time import monotonic

from sqlmodel import col, select, update

from gateway.models import InboundMessage, InboundState
from tests.work.conftest import Watching, crowd_of, embedded, front_door
from tests.work.network import Mailbox, Network, judge
from tests.work.processes import wait_for
from tests.work.program import Program, found_program


def test_a_conversation_of_forty_texts_crosses_each_once_and_in_order(
    fresh_database: str, tmp_path: Path, network: Network
) -> None:
    program = found_program(tmp_path, fresh_database, network.url, matches_wanted=1)
    with embedded(program), crowd_of(program, network, 2) as crowd:
        crowd.write(40)
        assert wait_for(lambda: len(network.delivered()) >= 40, 30)
    verdict = judge(program.writers, network.delivered())
    assert verdict.is_clean and (verdict.acknowledged, verdict.other) == (40, 0)


def test_a_graceful_stop_leaves_nothing_half_sent_and_the_next_start_sends_the_rest(
    fresh_database: str, tmp_path: Path, network: Network, watching: Watching
) -> None:
    program = found_program(tmp_path, fresh_database, network.url, matches_wanted=4)
    watch = watching(program)
    with embedded(program), crowd_of(program, network) as crowd:
        crowd.write(60)
        assert wait_for(lambda: network.accepted > 5, 20)
    assert not {"sending", "uncertain"} & set(watch.outbound())
    with embedded(program):
        assert wait_for(lambda: watch.waiting() == 0, 60)
    verdict = judge(program.writers, network.delivered())
    assert verdict.is_clean and verdict.acknowledged == 60


def test_a_text_that_cannot_be_handled_is_parked_and_the_others_pass(
    fresh_database: str, tmp_path: Path, network: Network, watching: Watching
) -> None:
    program = found_program(tmp_path, fresh_database, network.url, matches_wanted=3)
    watch = watching(program)
    unlucky = program.writers[0]
    _keep_one_that_was_tampered_with(program, network)
    with embedded(program), crowd_of(program, network) as crowd:
        crowd.write(30)
        assert wait_for(lambda: watch.waiting() == 0, 60), (watch.inbound(), watch.outbound())
    assert watch.inbound() == {"handled": 30, "parked": 1}
    assert judge(program.writers, network.delivered()).is_clean
    assert unlucky.posted, "who wrote it is not shut out"
    with watch.db.reading() as session:
        parked = session.exec(select(InboundMessage).where(InboundMessage.state == InboundState.PARKED)).one()
    assert (parked.reason, parked.failures) == ("failed_repeatedly", 5)


def _keep_one_that_was_tampered_with(program: Program, network: Network) -> None:
    gateway = program.open()
    with front_door(program, gateway):
        writer = program.writers[0]
        text = network.take_in(writer.phone, writer.mask, "hello", at=datetime.now(UTC))
        assert Mailbox(program.environment["GATEWAY_PUBLIC_URL"]).post(text) == 200
    with gateway.db.transaction() as session:
        row = session.exec(select(InboundMessage)).one()
        changed = row.body_sealed[:-1] + bytes([row.body_sealed[-1] ^ 1])
        session.execute(
            update(InboundMessage).where(col(InboundMessage.id) == row.id).values(body_sealed=changed)
        )
    gateway.db.engine.dispose()


def test_under_load_no_writer_waits_long_for_its_turn(
    fresh_database: str, tmp_path: Path, network: Network
) -> None:
    program = found_program(tmp_path, fresh_database, network.url, matches_wanted=6)
    waits: list[float] = []
    done = Event()

    def write_now_and_then() -> None:
        while not done.wait(0.05):
            began = monotonic()
            with gateway.db.transaction() as session:
                session.exec(select(InboundMessage.id).limit(1)).first()
            waits.append(monotonic() - began)

    with embedded(program) as gateway, crowd_of(program, network, 12) as crowd:
        other = Thread(target=write_now_and_then)
        other.start()
        crowd.write(150)
        assert wait_for(lambda: len(network.delivered()) >= 150, 60)
        done.set()
        other.join()
    assert len(waits) > 10 and max(waits) < 5
    assert judge(program.writers, network.delivered()).is_clean
