"""`gateway segments` and `gateway keyword`: what a text costs, and whether it is a command. One JSON object a line."""

import json
import sys
from collections.abc import Callable

import click

from gateway.cli.json_lines import json_line
from gateway.sms.keywords import read_keyword
from gateway.sms.segments import measure

Facts = dict[str, object]


@click.command()
def segments() -> None:
    """Read {"text": …} lines and print encoding, segments, units and offending characters of each."""
    _each_line(_cost)


@click.command()
def keyword() -> None:
    """Read {"text": …} lines and print the command that each one is, or null."""
    _each_line(_command)


def _cost(text: str) -> Facts:
    size = measure(text)
    return {
        "encoding": size.encoding.value,
        "segments": size.segments,
        "units": size.units,
        "offenders": list(size.offenders),
    }


def _command(text: str) -> Facts:
    command = read_keyword(text)
    return {"keyword": command.keyword.value if command else None}


def _each_line(facts_of: Callable[[str], Facts]) -> None:
    for number, line in enumerate(sys.stdin.buffer, start=1):
        if line.strip():
            click.echo(json_line(facts_of(_text_of(line, number))))


def _text_of(line: bytes, number: int) -> str:
    try:
        text = json.loads(line)["text"]
    except (ValueError, TypeError, KeyError, RecursionError):
        text = None
    if not isinstance(text, str):
        click.echo(f'Line {number} is not {{"text": "…"}}; write one JSON object a line, in UTF-8.', err=True)
        sys.exit(1)
    return text
