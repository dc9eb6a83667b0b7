"""Fixtures for every test: the real parts, and a world on each database."""

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from gateway.models import Role
from tests.unmasking import assert_nobody_is_unmasked
from tests.world import Phone, World, open_world

pytest_plugins = ["tests.parts"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of whole processes wait much and come first: beside others that compute, never beside each other at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/work/"))


def pytest_collection_finish() -> None:
    """What thousands of tests are made of stays: looking through it for garbage takes longer than many a test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def fresh_logs() -> Iterator[None]:
    """A command run by one test must not set the log level of the next; tracebacks are plain, without all locals."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ]
    )
    yield
    structlog.reset_defaults()


@pytest.fixture
def world(fresh_database: str, tmp_path: Path) -> Iterator[World]:
    """A gateway, once on SQLite and once on PostgreSQL; whatever the story, it must not have unmasked anybody."""
    opened = open_world(fresh_database, tmp_path)
    yield opened
    assert_nobody_is_unmasked(opened)
    opened.gateway.db.engine.dispose()
    opened.network.close()


@pytest.fixture
def maya(world: World) -> Phone:
    """A youth, fourteen, who writes English."""
    return world.person("maya", Role.YOUTH, "+17055550111")


@pytest.fixture
def ben(world: World) -> Phone:
    """Her mentor."""
    return world.person("ben", Role.MENTOR, "+14165550112")


@pytest.fixture
def pair(world: World, maya: Phone, ben: Phone) -> int:
    """Maya and Ben, matched."""
    return world.match(maya, ben)
