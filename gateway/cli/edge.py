"""What the commands share: opening the gateway, printing facts as JSON or as a table, the actor for the audit."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import click

from gateway.app import open_gateway
from gateway.cli.json_lines import json_line
from gateway.logs import set_up_logs
from gateway.runtime import Bell, Gateway
from gateway.settings import Settings, read_settings

if TYPE_CHECKING:
    from rich.text import Text

ACTOR = "cli"
HIDDEN = frozenset({"Cc", "Cf", "Cs"})
HARMLESS = "\n\u200c\u200d"  # joiners hold emoji and some scripts together
ROW_ID = click.IntRange(1, 2**31 - 1)
as_json = click.option("--json", "is_json", is_flag=True, help="Print facts as JSON.")


def settings_and_logs() -> Settings:
    settings = read_settings()
    set_up_logs(settings.gateway_log_level)
    return settings


def opened(bell: Bell | None = None) -> Gateway:
    """The gateway of this folder's settings. Raises what `refusals` says in sentences."""
    return open_gateway(settings_and_logs(), bell=bell)


def print_json(facts: object) -> None:
    click.echo(json_line(facts))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    from rich.console import Console  # noqa: PLC0415 - `serve` can do without, and without its memory
    from rich.table import Table  # noqa: PLC0415

    table = Table(title=title, title_justify="left")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*("" if cell is None else as_written(str(cell)) for cell in row))
    Console().print(table)


def as_written(words: str) -> "Text":
    """For a terminal: brackets are no markup, and what could move the cursor or the order of reading is shown as ·."""
    seen = (mark if mark in HARMLESS or unicodedata.category(mark) not in HIDDEN else "·" for mark in words)
    from rich.text import Text  # noqa: PLC0415

    return Text("".join(seen))


def print_facts(facts: Sequence[Mapping[str, object]], title: str, is_json: bool) -> None:
    """The same facts for people or for programs; an empty list says so."""
    if is_json:
        print_json(facts)
    elif facts:
        print_table(title, list(facts[0]), [list(fact.values()) for fact in facts])
    else:
        click.echo(f"{title}: none.")
