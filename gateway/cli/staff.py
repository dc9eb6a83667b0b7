"""`gateway staff`: the people who work for the program."""

import re

import click
from sqlmodel import select

from gateway.cli.edge import ACTOR, as_json, opened, print_json
from gateway.models import Staff, StaffRole
from gateway.people.directory import Refused, house_key
from gateway.privacy.audit import audit


@click.group()
def staff() -> None:
    """Coordinators, admins, auditors and owners."""


@staff.command()
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in StaffRole]), required=True)
@as_json
def add(email: str, role: str, is_json: bool) -> None:
    """Add a member of staff by e-mail address."""
    address = email.strip().lower()
    if not re.fullmatch(r"[^@\s]{1,64}@[^@\s]+\.[^@\s.]{2,}", address):
        raise Refused(f"{email!r} is no e-mail address; write it as ruth@example.org")
    gateway = opened()
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        if session.exec(select(Staff.id).where(Staff.email_index == session.index(address))).first():
            raise Refused("this person is on the staff already")
        row = Staff(
            role=StaffRole(role), email_sealed=b"", email_index=session.index(address), created_at=now
        )
        session.seal(row, "email_sealed", address, house_key(session))
        session.add(row)
        session.flush()
        audit(session, ACTOR, "staff.add", f"staff:{row.id}", now, {"role": role})
    if is_json:
        print_json({"staff": row.id, "role": role})
    else:
        click.echo(f"Added as {role}.")
