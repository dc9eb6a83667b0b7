"""The house rules that a machine can hold us to. A rule is here because breaking it once hurt somebody's code."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from sqlmodel import SQLModel

from gateway.db import open_engine
from gateway.migrations import config_for, is_current, newest, upgrade
from gateway.models.inbound import INBOUND_MOVES, InboundState
from gateway.models.match import MATCH_MOVES, MatchState
from gateway.models.outbound import OUTBOUND_MOVES, OutboundState
from gateway.models.speaking import RUN_MOVES, RunState
from gateway.settings import Settings

ROOT = Path(__file__).parent.parent
EMPTY_NAMES = {"utils", "util", "helpers", "manager", "service", "common", "data", "info"}
LONGEST_FILE = 300
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def python_files(*folders: str) -> list[Path]:
    return sorted(file for folder in folders for file in (ROOT / folder).rglob("*.py"))


def project_files() -> Iterator[Path]:
    """Every text file that is tracked, or would be."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listing, cwd=ROOT, check=True, capture_output=True, text=True).stdout.split("\0")
    for file in (ROOT / name for name in names if name):
        if file.is_file() and b"\0" not in file.read_bytes()[:8000]:
            yield file


def lines_with(pattern: str, files: Iterator[Path] | list[Path]) -> list[str]:
    """`file:line: text` for each line that matches, as a person would want to read a failure."""
    sought = re.compile(pattern)
    return [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for file in files
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if sought.search(line)
    ]


# Settings


def test_every_setting_is_in_the_example_and_the_reverse() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    documented = re.findall(r"^([A-Z][A-Z0-9_]*)=", example, re.MULTILINE)
    assert sorted(documented) == sorted(name.upper() for name in Settings.model_fields)


def test_every_setting_in_the_example_has_a_sentence_above_it() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    bare = [
        line
        for above, line in pairwise(lines)
        if "=" in line and line[0] != "#" and not above.startswith("# ")
    ]
    assert bare == []


def test_the_example_shows_the_defaults() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    shown = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    wrong = {
        name: shown[name.upper()]
        for name, field in Settings.model_fields.items()
        if shown[name.upper()] != ("" if field.is_required() or field.default is None else str(field.default))
    }
    assert wrong == {}


# Tables


def test_the_newest_migration_is_the_one_with_the_highest_number(empty_database: str) -> None:
    engine = open_engine(empty_database)
    assert not is_current(engine)
    assert ScriptDirectory.from_config(config_for(engine)).get_heads() == [newest()]
    engine.dispose()


def test_migrations_make_what_the_models_say(empty_database: str) -> None:
    engine = open_engine(empty_database)
    assert not is_current(engine)
    upgrade(engine)
    assert is_current(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, SQLModel.metadata)
    engine.dispose()
    assert differences == []


def test_migrating_twice_changes_nothing(fresh_database: str) -> None:
    engine = open_engine(fresh_database)
    upgrade(engine)
    assert is_current(engine)
    engine.dispose()


@pytest.mark.parametrize(
    ("moves", "states"),
    [
        (INBOUND_MOVES, InboundState),
        (OUTBOUND_MOVES, OutboundState),
        (MATCH_MOVES, MatchState),
        (RUN_MOVES, RunState),
    ],
    ids=["inbound", "outbound", "match", "run"],
)
class TestMoves:
    def test_every_state_says_where_it_may_go(
        self, moves: dict[StrEnum, frozenset[StrEnum]], states: type[StrEnum]
    ) -> None:
        assert set(moves) == set(states)

    def test_no_state_moves_to_itself(
        self, moves: dict[StrEnum, frozenset[StrEnum]], states: type[StrEnum]
    ) -> None:
        assert [state for state in states if state in moves[state]] == []

    def test_every_state_but_the_first_can_be_reached(
        self, moves: dict[StrEnum, frozenset[StrEnum]], states: type[StrEnum]
    ) -> None:
        reached = frozenset().union(*moves.values())
        assert set(states) - reached <= {next(iter(states))}

    def test_some_state_is_final(
        self, moves: dict[StrEnum, frozenset[StrEnum]], states: type[StrEnum]
    ) -> None:
        assert any(not moves[state] for state in states)


# Code


def test_no_file_is_longer_than_one_sitting() -> None:
    lengths = {
        str(file.relative_to(ROOT)): len(file.read_text(encoding="utf-8").splitlines())
        for file in python_files("gateway")
    }
    too_long = {
        name: length
        for name, length in lengths.items()
        if length > LONGEST_FILE and not name.startswith("gateway/migrations/versions/")
    }
    assert too_long == {}


def test_no_file_or_folder_has_an_empty_name() -> None:
    named = [file.relative_to(ROOT) for file in python_files("gateway", "tests")]
    assert [str(name) for name in named if EMPTY_NAMES & {*name.parts, name.stem}] == []


def test_tests_patch_nothing() -> None:
    mocks = r"\bunittest\.mock\b|from unittest import mock\b|\bmonkeypatch\.set" + r"attr\b|\bmocker\b"
    others = [file for file in python_files("tests") if file != Path(__file__)]
    assert lines_with(mocks, others) == []


def test_no_file_names_a_place_on_one_machine() -> None:
    places = "|".join(["/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/[a-z]", "/Us" + "ers/[A-Za-z]"])
    assert lines_with(rf"(?<![\w.])({places})", project_files()) == []


# Pins


@pytest.mark.parametrize(
    ("pins", "wanted"),
    [
        ("run.txt", PROJECT["project"]["dependencies"] + PROJECT["build-system"]["requires"]),
        ("dev.txt", PROJECT["project"]["dependencies"] + PROJECT["dependency-groups"]["dev"]),
    ],
    ids=["run", "dev"],
)
def test_every_dependency_is_pinned_as_the_project_asks(pins: str, wanted: list[str]) -> None:
    lines = (ROOT / "requirements" / pins).read_text(encoding="utf-8").splitlines()
    pinned = {match[1]: match[2] for line in lines if (match := re.match(r"([\w.-]+)==([^\s;]+)", line))}
    stale = [
        text
        for text, need in ((text, Requirement(text)) for text in wanted)
        if (name := canonicalize_name(need.name)) not in pinned or not need.specifier.contains(pinned[name])
    ]
    assert stale == [], "run: scripts/fix requirements"


def test_both_lists_pin_the_same_versions() -> None:
    run, dev = (
        set(
            re.findall(
                r"^[\w.-]+==\S+", (ROOT / "requirements" / name).read_text(encoding="utf-8"), re.MULTILINE
            )
        )
        for name in ("run.txt", "dev.txt")
    )
    assert run - dev == set()
