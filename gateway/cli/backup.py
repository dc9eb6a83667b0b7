"""`gateway backup` and `gateway restore`: a copy of the database, and putting one back without sending anything twice."""

from pathlib import Path

import click
from sqlalchemy.engine import make_url

from gateway import migrations
from gateway.app import check_keys, open_database
from gateway.cli.edge import ACTOR, settings_and_logs
from gateway.clock import Clock, SystemClock
from gateway.db import Database
from gateway.outbox import lookup
from gateway.people.directory import Refused
from gateway.privacy.backup import copy_sqlite, doubt_all
from gateway.settings import Settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Copy the database to FILE while the gateway runs. The keys are not in it: keep .env elsewhere."""
    copy_sqlite(_sqlite_file(settings_and_logs(), "pg_dump"), file)
    click.echo(f"Copied to {file}. It is worth nothing without the keys in .env; keep those apart.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=False)
@click.option(
    "--already-done", is_flag=True, help="The database was put back by other means, as by pg_restore."
)
def restore(file: Path | None, already_done: bool) -> None:
    """Put FILE back as the database. Stop the gateway first; texts that may have left since are looked up, not resent."""
    settings = settings_and_logs()
    if bool(file) == already_done:
        raise click.UsageError("Give the FILE of a backup, or --already-done.")
    clock = SystemClock()
    refuse_while_it_runs(open_database(settings), clock)
    if file:
        _put_back(file, _sqlite_file(settings, "pg_restore, then gateway restore --already-done"))
    db = open_database(settings)
    migrations.upgrade(db.engine)
    check_keys(db, clock)
    with db.transaction() as session:
        count = doubt_all(session, ACTOR, clock.now())
    click.echo(
        f"Restored. {count} texts that were waiting will be looked up at the provider before they are sent."
    )


def refuse_while_it_runs(db: Database, clock: Clock) -> None:
    """Putting a database back under a running gateway would lose what it acknowledges meanwhile. Raises Refused."""
    with db.reading() as session:
        running = lookup.is_anybody_alive(session, clock.now()) if migrations.is_current(db.engine) else False
    db.engine.dispose()
    if running:
        raise Refused("the gateway is running; stop it, wait ten seconds, then restore")


def _put_back(file: Path, target: Path) -> None:
    """The database that was there is kept beside, under another name."""
    fresh = target.with_name(f"{target.name}.restoring")
    fresh.unlink(missing_ok=True)
    copy_sqlite(file, fresh)
    if target.exists():
        copy_sqlite(target, _free_name(target))
    for companion in ("-wal", "-shm"):
        target.with_name(target.name + companion).unlink(missing_ok=True)
    fresh.replace(target)


def _free_name(target: Path) -> Path:
    names = (target.with_name(f"{target.name}.before-restore-{number}") for number in range(1, 1000))
    return next(name for name in names if not name.exists())


def _sqlite_file(settings: Settings, instead: str) -> Path:
    url = make_url(settings.gateway_database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        raise Refused(f"this database is PostgreSQL; use {instead}")
    return Path(url.database)
