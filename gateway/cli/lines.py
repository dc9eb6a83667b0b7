"""`gateway lines`: the numbers that the program owns."""

from math import isnan

import click
from sqlmodel import col, select

from gateway.cli.edge import ACTOR, as_json, opened, print_facts, print_json
from gateway.models import Line, LineKind
from gateway.people.directory import Refused
from gateway.privacy.audit import audit
from gateway.routing import lines as lines_owned
from gateway.routing.lines import add_line, line_with_number
from gateway.sms.numbers import parse_number


@click.group()
def lines() -> None:
    """The phone numbers that you own."""


@lines.command()
@click.argument("number")
@click.option(
    "--kind", type=click.Choice([kind.value for kind in LineKind]), default="long", show_default=True
)
@click.option("--program", "is_program", is_flag=True, help="The line from which the program itself speaks.")
@as_json
def add(number: str, kind: str, is_program: bool, is_json: bool) -> None:
    """Add a number of yours to the pool, or as the program line."""
    line_kind = LineKind(kind)
    is_short = line_kind is LineKind.SHORT and number.isdigit() and 5 <= len(number) <= 6
    parsed = number if is_short else parse_number(number)
    gateway = opened()
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        line = add_line(session, parsed, line_kind, is_program, now)
        audit(session, ACTOR, "line.add", f"line:{line.id}", now, {"kind": kind, "program": is_program})
    if is_json:
        print_json({"line": line.id, "number": line.number, "kind": kind, "program": is_program})
    else:
        click.echo(f"{line.number} added as {'the program line' if is_program else 'a line of the pool'}.")


@lines.command("list")
@as_json
def list_(is_json: bool) -> None:
    """Every line, its pace and its state."""
    gateway = opened()
    with gateway.db.reading() as session:
        facts: list[dict[str, object]] = [
            {
                "line": line.id,
                "number": line.number,
                "kind": line.kind.value,
                "use": "program" if line.is_program else "pool",
                "segments a second": line.segments_per_second,
                "state": f"stopped: {line.stopped_why}" if line.stopped_at else "works",
            }
            for line in session.exec(select(Line).order_by(col(Line.id)))
        ]
    print_facts(facts, "Lines", is_json)


@lines.command()
@click.argument("number")
@click.option("--per-second", type=click.FloatRange(0.01, 1000), required=True, help="Segments a second.")
def pace(number: str, per_second: float) -> None:
    """Set the pace that the network allows a line."""
    if isnan(per_second):
        raise Refused("give the pace as a number of segments a second, such as 1")
    gateway = opened()
    with gateway.db.transaction() as session:
        line = line_with_number(session, number)
        line.segments_per_second = per_second
        session.add(line)
        audit(session, ACTOR, "line.pace", f"line:{line.id}", gateway.clock.now(), {"per_second": per_second})
    click.echo(f"{line.number} sends at most {per_second:g} segments a second.")


@lines.command()
@click.argument("number")
def start(number: str) -> None:
    """Let a line send again after its trouble was mended."""
    gateway = opened()
    with gateway.db.transaction() as session:
        line = line_with_number(session, number)
        lines_owned.start(session, line)
        audit(session, ACTOR, "line.start", f"line:{line.id}", gateway.clock.now())
    gateway.bell.line(line.id or 0)
    click.echo(f"{line.number} sends again.")
