"""What the commands share: opening the gateway, printing facts as JSON or as a table, the actor for the audit."""

import re
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
AT = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)[\d:.]*\+00:00$")
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
    """Rows to be read on a terminal of 80: times to the minute, and no column that is empty throughout."""
    from rich.box import SIMPLE_HEAD  # noqa: PLC0415 - `serve` can do without, and without its memory
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    cells = [["" if cell is None else AT.sub(r"\1 \2 UTC", str(cell)) for cell in row] for row in rows]
    used = [number for number in range(len(columns)) if any(row[number] for row in cells)]
    table = Table(title=title, title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)
    for number in used:
        table.add_column(columns[number].replace("_", " "), overflow="fold")
    for row in cells:
        table.add_row(*(as_written(row[number]) for number in used))
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
