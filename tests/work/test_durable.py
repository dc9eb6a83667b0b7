"""R1, shown by the order of system calls: before each 200, the log of the database was synced to disk.

A process that is killed cannot show what a power cut would lose. strace can.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.work.conftest import crowd_of
from tests.work.network import Network
from tests.work.processes import Service
from tests.work.program import found_program

CALLS = "trace=fsync,fdatasync,recvfrom,read,sendto,sendmsg,write,writev"
NO_REDIS = "unix:///nonexistent/valkey.sock"  # bells are lost: nobody but the webhooks writes
ASKED = re.compile(r'(?:recvfrom|read)\((\d+)<[^"]*"POST /webhooks/twilio/sms')
ASKED_LATE = re.compile(r'<\.\.\. (?:recvfrom|read) resumed>"POST /webhooks/twilio/sms')
ANSWERED = re.compile(r'(?:sendto|sendmsg|write|writev)\((\d+)<[^"]*"HTTP/1.1 200')
SYNC = re.compile(r"(?:fsync|fdatasync)\(\d+<[^>]*-wal>")

pytestmark = [
    pytest.mark.skipif(not shutil.which("strace"), reason="strace is not installed: apt-get install strace"),
    pytest.mark.timeout(240),
]


@dataclass
class Trace:
    """What one thread after another did, in the order in which it was done."""

    asked: int = 0
    answered: int = 0
    too_early: int = 0
    syncs: int = 0


@pytest.mark.parametrize("connections", [1, 6], ids=["one after another", "six at once"])
def test_the_log_is_synced_between_each_text_and_its_200(
    connections: int, fresh_sqlite: str, tmp_path: Path, network: Network
) -> None:
    program = found_program(tmp_path, fresh_sqlite, network.url, matches_wanted=4, redis_url=NO_REDIS)
    file = tmp_path / "calls"
    with (
        Service(program, workers=0, schedulers=0) as service,
        crowd_of(program, network, connections) as crowd,
    ):
        service.start(prefix=("strace", "-f", "-y", "-s", "48", "-e", CALLS, "-o", str(file)))
        assert service.wait_until_up(), service.log()
        crowd.write(40)
        service.kill()
    trace = read_trace(file.read_text(encoding="utf-8", errors="replace").splitlines())
    assert (trace.asked, trace.answered, trace.too_early) == (40, 40, 0), trace
    assert trace.syncs >= 40 / connections


def read_trace(lines: list[str]) -> Trace:
    """Follow each request from its arrival to its answer; a sync counts if it began after the one and ended before the other."""
    trace = Trace()
    syncs_begun: dict[str, int] = {}
    last_whole_sync_began = -1
    asked_at: dict[str, int] = {}
    for moment, (thread, call) in enumerate(calls(lines)):
        if SYNC.search(call):
            syncs_begun[thread] = moment
        if thread in syncs_begun and re.search(r"(?:fsync|fdatasync).*= 0$", call):
            last_whole_sync_began = max(last_whole_sync_began, syncs_begun.pop(thread))
            trace.syncs += bool(asked_at)
        if ASKED.search(call) or ASKED_LATE.search(call):
            asked_at[thread] = moment
            trace.asked += 1
        if ANSWERED.search(call) and thread in asked_at:
            trace.answered += 1
            trace.too_early += last_whole_sync_began < asked_at.pop(thread)
    return trace


def calls(lines: list[str]) -> Iterator[tuple[str, str]]:
    """(thread, call). A look at what has arrived (MSG_PEEK) reads nothing."""
    for line in lines:
        if "MSG_PEEK" in line:
            continue
        thread, _, call = line.strip().partition(" ")
        yield thread, call.strip()
