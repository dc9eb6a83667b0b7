"""`gateway keys`: making keys, and moving to a new one."""

from secrets import token_urlsafe

import click

from gateway.cli.edge import ACTOR, settings_and_logs
from gateway.clock import SystemClock

ENV = """\
# Made by `gateway keys env`. Keep this file private: whoever has it can read the database. Keep a copy in a safe place:
# without GATEWAY_DATA_KEYS nobody can. Every setting is explained in .env.example.
GATEWAY_PROVIDER=simulated
GATEWAY_SECRET_KEY={secret}
GATEWAY_DATA_KEYS=k1:{data}
GATEWAY_INDEX_KEY={index}
"""


@click.group()
def keys() -> None:
    """Make and rotate keys."""


@keys.command()
def new() -> None:
    """Print a fresh key: 32 random bytes as urlsafe base64."""
    click.echo(token_urlsafe(32))


@keys.command()
def env() -> None:
    """Print a complete .env with fresh secrets."""
    click.echo(
        ENV.format(secret=token_urlsafe(48), data=token_urlsafe(32), index=token_urlsafe(32)), nl=False
    )


@keys.command()
def rotate() -> None:
    """Wrap every data key under the first key of GATEWAY_DATA_KEYS.

    Put the new key first in GATEWAY_DATA_KEYS, restart, then run this. The old key can then be removed, but older
    backups still need it.
    """
    from gateway.app import check_keys, open_database  # noqa: PLC0415 - `keys new` needs neither settings nor database
    from gateway.migrations import is_current  # noqa: PLC0415
    from gateway.people.directory import Refused  # noqa: PLC0415
    from gateway.privacy.keys import rewrap  # noqa: PLC0415

    settings, clock = settings_and_logs(), SystemClock()
    db = open_database(settings)
    if not is_current(db.engine):
        raise Refused("the database is not up to date; run: gateway migrate")
    check_keys(db, clock)
    with db.transaction() as session:
        count = rewrap(session, ACTOR, clock.now())
    click.echo(f"{count} data keys are now wrapped by {settings.ring.first_id!r}.")
