"""The simulated network under several threads and processes, and sudden death."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from pathlib import Path
from threading import Event, Thread

from gateway.providers.protocol import OutgoingText
from gateway.providers.simulator import SimulatedNetwork
from tests.providers.rigs import LINE, MAYA, NOON, PUBLIC_URL, Door, Watch, bodies, send
from tests.twilio_server import AUTH_TOKEN

TEXT = OutgoingText(MAYA, LINE, "hello", "ref-1")


def other(path: Path) -> SimulatedNetwork:
    return SimulatedNetwork(path, public_url=PUBLIC_URL, auth_token=AUTH_TOKEN, clock=Watch())


def test_two_instances_share_one_truth(network: SimulatedNetwork, tmp_path: Path) -> None:
    second = other(tmp_path / "ledger.db")
    second.weather.coverage(MAYA, on=False)
    network.send(TEXT)
    assert network.tick(NOON) == 0
    network.weather.coverage(MAYA, on=True)
    assert second.tick(NOON) == 1
    assert bodies(network) == ["hello"]
    second.close()


def run_all(*work: Callable[[], object]) -> None:
    threads = [Thread(target=each) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_many_threads_deliver_each_text_once(network: SimulatedNetwork, door: Door) -> None:
    def sender(who: int) -> None:
        send(network, *(f"{who}:{n}" for n in range(100)))

    run_all(*(lambda who=who: sender(who) for who in range(4)), *[lambda: network.tick(NOON)] * 8)
    network.tick(NOON)
    got = bodies(network)
    assert len(got) == len(set(got)) == 400
    for who in range(4):
        mine = [body for body in got if body.startswith(f"{who}:")]
        assert mine == [f"{who}:{n}" for n in range(100)]


def test_a_typed_text_is_posted_once_by_many_ticks(network: SimulatedNetwork) -> None:
    for n in range(50):
        network.text(MAYA, LINE, str(n))
    door = Door(network)
    run_all(*[lambda: network.tick(NOON)] * 8)
    assert sorted(door.bodies(), key=int) == [str(n) for n in range(50)]


def _send_without_end(path: Path) -> None:
    network = other(path)
    n = 0
    while True:
        send(network, str(n))
        os.write(1, b"")
        n += 1


def test_the_ledger_outlives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    network = other(path)
    process = multiprocessing.get_context("spawn").Process(target=_send_without_end, args=(path,))
    process.start()
    wait = Event()
    while network.tick(NOON) == 0:
        wait.wait(0.01)
    wait.wait(0.05)
    os.kill(process.pid or 0, signal.SIGKILL)
    process.join()
    send(network, "after")
    network.tick(NOON)
    got = bodies(network)
    assert got == [*(str(n) for n in range(len(got) - 1)), "after"]
    network.close()


def test_the_runner_ticks_until_it_is_stopped(network: SimulatedNetwork) -> None:
    stop, arrived = Event(), Event()
    network.connect(lambda *_: arrived.set() or 200)  # type: ignore[func-returns-value]
    runner = Thread(target=network.run_forever, args=(stop, 0.01))
    runner.start()
    send(network, "hello")
    assert arrived.wait(5)
    stop.set()
    runner.join(5)
    assert not runner.is_alive()
    assert bodies(network) == ["hello"]


def test_a_temporary_ledger_goes_when_it_is_closed() -> None:
    network = SimulatedNetwork(None, public_url=PUBLIC_URL, auth_token="t", clock=Watch())
    network.send(TEXT)
    assert network.tick(NOON) == 1
    network.close()
