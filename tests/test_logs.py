"""Log lines are JSON, one a line, and hold no number whatever went wrong in the code that wrote them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from io import StringIO

import pytest
import structlog

from gateway.logs import hide_numbers, set_up_logs

NUMBER = "+17055550111"


@contextmanager
def written(level: str = "DEBUG") -> Iterator[StringIO]:
    """What the block writes to the log, as standard error gets it."""
    before = structlog.get_config()
    with redirect_stderr(StringIO()) as out:
        set_up_logs(level)
        try:
            yield out
        finally:
            structlog.configure(**before)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(NUMBER, id="as it is dialled"),
        pytest.param("call (705) 555-0111 now", id="as people write it"),
        pytest.param("705.555.0111", id="with dots"),
        pytest.param(f"/webhooks?From=%2B{NUMBER[1:]}", id="in an address"),
        pytest.param(17055550111, id="as a whole number"),
        pytest.param([NUMBER], id="in a list"),
        pytest.param({"to": {"number": NUMBER}}, id="deep in a mapping"),
        pytest.param((NUMBER,), id="in a tuple"),
        pytest.param(ValueError(f"no {NUMBER}"), id="in an error"),
    ],
)
def test_a_number_is_struck_out_wherever_it_stands(value: object) -> None:
    hidden = hide_numbers(None, "info", {"event": value, "more": value})
    assert "5550111" not in str(hidden) and "555-0111" not in str(hidden) and "555.0111" not in str(hidden)


@pytest.mark.parametrize("value", [None, True, 3, 2.5, 86_400, "match 12", "30003", "2026-11"])
def test_what_is_no_number_of_a_phone_stays_as_it_is(value: object) -> None:
    assert hide_numbers(None, "info", {"x": value})["x"] == value


def test_a_number_in_a_stack_trace_is_struck_out_and_no_local_value_is_shown() -> None:
    body = "a private word"
    with written() as out:
        try:
            dict[tuple[str, int], int]()[NUMBER, len(body)]
        except KeyError:
            structlog.get_logger().exception("handle_failed", inbound=1)
    assert "5550111" not in out.getvalue() and body not in out.getvalue()
    assert json.loads(out.getvalue())["inbound"] == 1


def test_a_line_cannot_be_forged() -> None:
    with written() as out:
        structlog.get_logger().info('x\n{"event": "forged"}\r\u2028\x1b[31m', reason="a\nb\x00\u202e")
    said = out.getvalue()
    assert said.count("\n") == 1 and said.isascii() and said.rstrip("\n").isprintable()
    assert json.loads(said)["reason"] == "a\nb\x00\u202e"


def test_a_line_says_when_how_grave_and_what() -> None:
    with written() as out:
        structlog.get_logger().warning("tick_failed", job="tick")
    line = json.loads(out.getvalue())
    assert set(line) == {"event", "level", "timestamp", "job"}
    assert line["level"] == "warning" and line["timestamp"].endswith("Z")


def test_what_is_below_the_level_is_not_written() -> None:
    with written("WARNING") as out:
        structlog.get_logger().info("quiet")
    assert out.getvalue() == ""
