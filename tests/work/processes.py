"""The gateway as operators run it: real processes in one process group, which can be killed at any moment."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from time import monotonic
from typing import IO, Self
from urllib.error import HTTPError
from urllib.request import urlopen

from tests.work.program import REPOSITORY, Program


@dataclass
class Service:
    """`gateway serve`, and with Redis also workers and schedulers. Use it in a `with`: nothing outlives the block."""

    program: Program
    workers: int = 1
    schedulers: int = 1
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()

    @property
    def commands(self) -> list[list[str]]:
        port = self.program.environment["GATEWAY_PUBLIC_URL"].rpartition(":")[2]
        serve = [["serve", "--port", port]]
        if "GATEWAY_REDIS_URL" not in self.program.environment:
            return serve
        return serve + [["worker"]] * self.workers + [["scheduler"]] * self.schedulers

    def start(self, point: str = "-", count: int = 1, *, prefix: tuple[str, ...] = ()) -> None:
        """Start every process, in one new process group. `point` is where it will be killed, if anywhere."""
        assert not self.processes
        for command in self.commands:
            group = self.processes[0].pid if self.processes else 0
            arguments = [
                *prefix,
                sys.executable,
                "-m",
                "tests.work.points",
                point,
                str(count),
                "--",
                *command,
            ]
            with suppress(PermissionError, ProcessLookupError), self._log() as log:
                # the group is gone already when a point was reached at once
                self.processes.append(
                    subprocess.Popen(
                        arguments,
                        env={
                            "PATH": os.environ["PATH"],
                            "PYTHONPATH": str(REPOSITORY),
                            **self.program.environment,
                        },
                        cwd=self.program.folder,
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=log,
                        process_group=group,
                    )
                )

    def wait_until_up(self, seconds: float = 90) -> bool:
        """Whether it answers; False when a process ended first, as one that is to be killed may."""
        return wait_for(lambda: self._answers() or not self.is_whole(), seconds) and self.is_whole()

    def is_whole(self) -> bool:
        return bool(self.processes) and all(process.poll() is None for process in self.processes)

    def kill(self) -> None:
        """SIGKILL to all of it at once."""
        if self.processes:
            with suppress(ProcessLookupError):
                os.killpg(self.processes[0].pid, signal.SIGKILL)
        for process in self.processes:
            process.kill()
            process.wait(10)
        self.processes = []

    def stop(self, seconds: float = 30) -> bool:
        """SIGTERM, as a supervisor does; whether every process ended by itself."""
        for process in self.processes:
            process.terminate()
        ended = wait_for(lambda: all(process.poll() is not None for process in self.processes), seconds)
        self.kill()
        return ended

    def children(self) -> list[int]:
        """The process ids of the server's own children: gunicorn's parent serves nothing itself."""
        parent = self.processes[0].pid
        with suppress(OSError):
            return [int(pid) for pid in Path(f"/proc/{parent}/task/{parent}/children").read_text().split()]
        return []

    def log(self) -> str:
        file = self._log_file
        return file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""

    @property
    def _log_file(self) -> Path:
        return self.program.folder / "service.log"

    def _log(self) -> IO[bytes]:
        return self._log_file.open("ab")

    def _answers(self) -> bool:
        try:
            with urlopen(self.program.environment["GATEWAY_PUBLIC_URL"] + "/healthz", timeout=2) as answer:
                return bool(answer.status)
        except HTTPError:
            return True  # it says that it is not well, but it is there
        except OSError:
            return False


def wait_for(what: Callable[[], bool], seconds: float, look_every: float = 0.05) -> bool:
    """Whether it came true within so many seconds."""
    until, pause = monotonic() + seconds, Event()
    while not what():
        if monotonic() > until:
            return False
        pause.wait(look_every)
    return True
