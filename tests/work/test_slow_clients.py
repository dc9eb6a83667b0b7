"""Slow clients, and those who are slow on purpose, take nothing from the others."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path
from threading import Event
from time import monotonic
from urllib.request import urlopen

import pytest

from tests.work.network import Network
from tests.work.processes import Service
from tests.work.program import found_program

MANY = 60  # far more than the gateway has threads
SOON = 2.0  # seconds
FORM = b"Body=hello&From=%2B17055550111&To=%2B17055550101&MessageSid=SM1"
HEAD = b"POST /webhooks/twilio/sms HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture
def address(fresh_sqlite: str, tmp_path: Path, network: Network) -> Iterator[tuple[str, int]]:
    """Where a gateway serves, in a process of its own."""
    program = found_program(tmp_path, fresh_sqlite, network.url, matches_wanted=1)
    with Service(program) as service:
        service.start()
        assert service.wait_until_up(), service.log()
        yield "127.0.0.1", int(program.environment["GATEWAY_PUBLIC_URL"].rpartition(":")[2])


def answer_to(connection: socket.socket) -> bytes:
    connection.settimeout(SOON)
    return connection.recv(4096).split(b"\r\n")[0]


def test_many_who_never_finish_hold_up_nobody(address: tuple[str, int]) -> None:
    begun = [HEAD, HEAD + b"Content-Length: 40000\r\n\r\nBody=", b"G", b""]
    with ExitStack() as stack:
        slow = [stack.enter_context(socket.create_connection(address)) for _ in range(MANY)]
        for _ in range(3):
            for number, connection in enumerate(slow):
                connection.sendall(begun[number % 4] or b"")
            begun = [b"X-Crumb: a\r\n", b"aaaa", b"E", b""]
            before = monotonic()
            with urlopen(f"http://{address[0]}:{address[1]}/healthz", timeout=SOON) as health:
                assert health.status == 200
            assert monotonic() - before < SOON


def test_a_form_that_comes_in_crumbs_is_read_whole(address: tuple[str, int]) -> None:
    request = HEAD + b"Content-Length: %d\r\n\r\n" % len(FORM) + FORM
    with socket.create_connection(address) as phone:
        for place in range(0, len(request), 40):
            phone.sendall(request[place : place + 40])
            Event().wait(0.02)
        assert answer_to(phone).endswith(b"403 FORBIDDEN")  # it was read, and bears no signature


def test_one_connection_takes_one_request_after_another(address: tuple[str, int]) -> None:
    with closing(HTTPConnection(*address, timeout=SOON)) as phone:
        for pause in (0.0, 0.2, 0.0):
            phone.request("GET", "/healthz")
            assert phone.getresponse().read()
            Event().wait(pause)


@pytest.mark.parametrize(
    ("request_", "answer"),
    [
        pytest.param(b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000, b"431", id="a head without end"),
        pytest.param(HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"411", id="a form without a length"),
        pytest.param(HEAD + b"Content-Length: 5000000\r\n\r\n", b"413", id="five megabytes, announced"),
    ],
)
def test_what_could_only_be_read_for_ever_is_refused_unread(
    address: tuple[str, int], request_: bytes, answer: bytes
) -> None:
    with socket.create_connection(address) as phone:
        phone.sendall(request_)
        assert answer_to(phone).split()[1] == answer
