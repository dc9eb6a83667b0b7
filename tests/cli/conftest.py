"""A folder with a gateway's settings in it, and the command `gateway` run there as a person would."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import click
import pytest
from click.testing import CliRunner

from gateway.app import open_gateway
from gateway.cli import main
from gateway.clock import Clock
from gateway.runtime import Gateway
from gateway.settings import Settings
from tests.world import POOL, PROGRAM, REPOSITORY

DATA_KEY, INDEX_KEY = "A" * 43, "B" * 43
PEOPLE = """\
key,role,name,phone,language,community
maya,youth,Maya Tremblay,705 555 0111,en,north
ben,mentor,Ben Okafor,416 555 0112,en,north
lea,youth,Léa Awashish,819 555 0113,fr,north
paul,mentor,Paul Gagnon,514 555 0114,fr,north
"""


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Shell:
    """Runs `gateway WORDS…` in this process, with the settings of `folder` and nothing else."""

    folder: Path
    settings: dict[str, str]

    def run(self, *words: str, typed: str | bytes = "", **settings: str) -> Ran:
        """Exit code and output. Raises whatever the command raises: a stack trace fails the test."""
        runner, command = CliRunner(env={**self.settings, **settings}), cast(click.Command, _Main())
        result = runner.invoke(command, list(words), input=typed, catch_exceptions=False)
        return Ran(result.exit_code, result.stdout, result.stderr)

    def done(self, *words: str, **more: Any) -> Ran:
        """The same, for a command that must succeed."""
        ran = self.run(*words, **more)
        assert ran.code == 0, ran.err or ran.out
        return ran

    def refused(self, *words: str, **more: Any) -> str:
        """The sentence of a command that must be refused."""
        ran = self.run(*words, **more)
        assert ran.code == 1, (ran.code, ran.out, ran.err)
        assert "Traceback" not in ran.err + ran.out
        return ran.err

    def write(self, name: str, content: str | bytes) -> str:
        file = self.folder / name
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(file)


class _Main:
    """`gateway.cli.main`, which reads sys.argv and exits, in the shape that click's runner calls."""

    name = "gateway"

    def main(self, args: list[str], prog_name: str, **_: Any) -> None:
        before, sys.argv = sys.argv, [prog_name, *args]
        try:
            main()
        finally:
            sys.argv = before


def opened_with(shell: Shell, clock: Clock | None = None) -> Gateway:
    """The gateway of this folder, to look into."""
    values = {name.lower(): value for name, value in shell.settings.items()}
    return open_gateway(Settings(_env_file=None, **values), clock=clock)  # type: ignore[arg-type]


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Shell]:
    """A folder with settings, and no database yet."""
    kept, here = dict(os.environ), Path.cwd()
    for name in [name for name in os.environ if name.startswith(("GATEWAY_", "TWILIO_"))]:
        del os.environ[name]
    os.chdir(tmp_path)
    yield Shell(
        tmp_path,
        {
            "GATEWAY_DATABASE_URL": f"sqlite:///{tmp_path / 'gateway.db'}",
            "GATEWAY_SECRET_KEY": "s" * 40,
            "GATEWAY_DATA_KEYS": f"k1:{DATA_KEY}",
            "GATEWAY_INDEX_KEY": INDEX_KEY,
            "GATEWAY_CONTENT": str(REPOSITORY),
            "GATEWAY_SIMULATED_LEDGER": str(tmp_path / "phones.db"),
        },
    )
    os.chdir(here)
    os.environ.clear()
    os.environ.update(kept)


@pytest.fixture
def shell(bare: Shell, fresh_sqlite: str) -> Shell:
    """The same with a migrated, empty database."""
    return bare


@pytest.fixture
def town(shell: Shell) -> Shell:
    """The same with a program line, a small pool and four people."""
    shell.done("lines", "add", PROGRAM, "--program")
    for number in POOL:
        shell.done("lines", "add", number)
    shell.done("people", "import", shell.write("people.csv", PEOPLE))
    return shell
