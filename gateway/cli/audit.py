"""`gateway audit`: who did what, and whether the chain of entries still holds."""

import sys
from datetime import UTC, datetime

import click
from sqlmodel import select

from gateway.cli.edge import as_json, opened, print_facts, print_json
from gateway.models import AuditEntry
from gateway.privacy.trail import Wanted, as_facts, newest, walk

DAY = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"])


@click.group()
def audit() -> None:
    """Who read, changed or released what, and when."""


@audit.command()
@click.option(
    "--holds", metavar="HASH", help="Also: is this hash, which was noted earlier, still in the chain?"
)
@as_json
def verify(holds: str | None, is_json: bool) -> None:
    """Walk the whole chain. Exits 1 at the first entry that does not follow from the one before it."""
    gateway = opened()
    with gateway.db.reading() as session:
        found = walk(session, holds)
    if is_json:
        print_json(
            {
                "whole": found.is_whole,
                "entries": found.entries,
                "since": found.since.isoformat() if found.since else None,
                "last_hash": found.last_hash,
                "broken": found.broken_id,
                "holds": found.holds,
            }
        )
    elif found.broken_id is not None:
        click.echo(f"Broken at entry {found.broken_id}; the {found.entries} before it hold.", err=True)
    elif found.holds is False:
        click.echo("The chain holds, but the hash is not in it: entries at its end are gone.", err=True)
    else:
        since = f"since {found.since:%Y-%m-%d %H:%M} UTC" if found.since else "so far"
        click.echo(f"Whole {since}: {found.entries} entries. Note this hash elsewhere: {found.last_hash}")
    sys.exit(0 if found.is_whole else 1)


@audit.command("list")
@click.option("--actor", default="", help="Whole, as in staff:<uid> or cli.")
@click.option(
    "--action", default="", help="Whole, as in match.read; with a dot at its end, all that begin so."
)
@click.option("--subject", default="", help="Whole, as in match:12.")
@click.option("--since", type=DAY, help="From this day or moment on (UTC).")
@click.option("--until", type=DAY, help="Before this day or moment (UTC).")
@click.option("--last", "most", type=click.IntRange(1, 100_000), default=100, show_default=True)
@as_json
def list_entries(
    actor: str,
    action: str,
    subject: str,
    since: datetime | None,
    until: datetime | None,
    most: int,
    is_json: bool,
) -> None:
    """The newest entries, newest first."""
    gateway = opened()
    wanted = Wanted(actor, action, subject, _utc(since), _utc(until))
    with gateway.db.reading() as session:
        found = newest(session, wanted.among(select(AuditEntry)), most)
    print_facts([as_facts(entry, with_words=True) for entry in found], "Audit", is_json)


def _utc(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=UTC) if moment else None
