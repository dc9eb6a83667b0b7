"""`gateway duty`: who answers for alerts, when, and on which phone."""

from datetime import datetime
from zoneinfo import ZoneInfo

import click
from sqlmodel import select

from gateway.cli.edge import ACTOR, ROW_ID, as_json, opened, print_facts
from gateway.db import Session
from gateway.models import Community
from gateway.people.directory import Refused
from gateway.privacy.audit import audit
from gateway.routing.lines import is_own_line
from gateway.safety import duty as rota
from gateway.sms.numbers import last_digits, parse_number

MOMENT = click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])


@click.group()
def duty() -> None:
    """Who is told when something is urgent."""


@duty.command()
@click.argument("email")
@click.option(
    "--from", "starts", type=MOMENT, required=True, help="Local time of that person, as in 2026-11-25T09:00."
)
@click.option("--to", "ends", type=MOMENT, required=True, help="The same, when it ends.")
@click.option("--rank", type=click.IntRange(1, 9), default=1, show_default=True, help="Who is told first: 1.")
@click.option("--community", metavar="SLUG", help="Only for this community; otherwise for all.")
def add(email: str, starts: datetime, ends: datetime, rank: int, community: str | None) -> None:
    """Put a member of staff on duty."""
    gateway = opened()
    with gateway.db.transaction() as session:
        staff = rota.by_email(session, email)
        zone = ZoneInfo(staff.timezone)
        span = starts.replace(tzinfo=zone), ends.replace(tzinfo=zone)
        shift = rota.add(session, staff, _community_id(session, community), span, rank)
        audit(session, ACTOR, "duty.add", f"staff:{staff.id}", gateway.clock.now(), {"shift": shift.id})
        has_phone = staff.phone_sealed is not None
    click.echo(f"Shift {shift.id} is noted.")
    if not has_phone:
        click.echo(f"No phone is known yet: gateway duty phone {email} NUMBER", err=True)


@duty.command("list")
@as_json
def list_(is_json: bool) -> None:
    """Every shift that is not over, with the last digits of the phone that rings."""
    gateway = opened()
    with gateway.db.reading() as session:
        facts: list[dict[str, object]] = [
            {
                "shift": shift.id,
                "who": session.open(staff, "email_sealed"),
                "phone": last_digits(session.open(staff, "phone_sealed")) if staff.phone_sealed else None,
                "rank": shift.rank,
                "community": shift.community_id,
                "from": shift.starts_at.astimezone(ZoneInfo(staff.timezone)).isoformat(timespec="minutes"),
                "to": shift.ends_at.astimezone(ZoneInfo(staff.timezone)).isoformat(timespec="minutes"),
            }
            for shift, staff in rota.shifts_from(session, gateway.clock.now())
        ]
    print_facts(facts, "Duty", is_json)


@duty.command()
@click.argument("shift_id", type=ROW_ID, metavar="SHIFT")
def remove(shift_id: int) -> None:
    """Take a shift off the list."""
    gateway = opened()
    with gateway.db.transaction() as session:
        rota.remove(session, shift_id)
        audit(session, ACTOR, "duty.remove", f"shift:{shift_id}", gateway.clock.now())
    click.echo(f"Shift {shift_id} is gone.")


@duty.command()
@click.argument("email")
@click.argument("number")
def phone(email: str, number: str) -> None:
    """Set the phone on which urgent alerts reach a member of staff."""
    gateway = opened()
    parsed = parse_number(number)
    with gateway.db.transaction() as session:
        if is_own_line(session, parsed):
            raise Refused("this is one of the gateway's own lines; give the person's own phone")
        staff = rota.by_email(session, email)
        rota.set_phone(session, staff, parsed)
        audit(session, ACTOR, "staff.phone", f"staff:{staff.id}", gateway.clock.now())
    click.echo("Urgent alerts go to this phone.")


def _community_id(session: Session, slug: str | None) -> int | None:
    if slug is None:
        return None
    found = session.exec(select(Community.id).where(Community.slug == slug)).first()
    if found is None:
        raise Refused(f"there is no community {slug!r}")
    return found
