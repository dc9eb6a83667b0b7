"""`gateway staff`: the people who work for the program."""

import click
from sqlmodel import col, select

from gateway.cli.edge import ACTOR, as_json, opened, print_facts, print_json
from gateway.cli.people import FIRST_COMMUNITY
from gateway.db import Session
from gateway.models import Community, Staff, StaffRole, TokenKind
from gateway.people.directory import Refused, community_named
from gateway.people.staff import accounts, links, tries
from gateway.people.staff.accounts import NewStaff
from gateway.privacy.audit import audit
from gateway.runtime import Gateway
from gateway.sms.numbers import last_digits, parse_number


@click.group()
def staff() -> None:
    """Coordinators, admins, auditors and owners."""


@staff.command()
@click.argument("email")
@click.option("--role", type=click.Choice([role.value for role in StaffRole]), required=True)
@click.option(
    "--community", metavar="SLUG", help="Whose people this person serves; needed when there are several."
)
@click.option("--name", metavar="NAME", help="As colleagues see it.")
@click.option("--language", type=click.Choice(["en", "fr"]), help="Of pages and alerts.")
@click.option("--phone", metavar="NUMBER", help="Urgent alerts are texted to it.")
@click.option("--timezone", metavar="ZONE", help="Times are shown in it, as in America/Toronto.")
@as_json
def add(
    email: str,
    role: str,
    community: str | None,
    name: str | None,
    language: str | None,
    phone: str | None,
    timezone: str | None,
    is_json: bool,
) -> None:
    """Add a member of staff, and print the link by which this person sets a password. It works once, for 72 hours."""
    gateway = opened()
    charter = gateway.content.charter
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        person = NewStaff(
            email=email,
            role=StaffRole(role),
            community_id=_community(session, gateway, StaffRole(role), community),
            name=name,
            phone=parse_number(phone) if phone else None,
            language=language or charter.language,
            timezone=timezone or charter.timezone,
        )
        row = accounts.add(session, person, now)
        token = links.make(session, row, TokenKind.INVITATION, now)
        audit(session, ACTOR, "staff.add", f"staff:{row.id}", now, {"role": role})
        staff_id = row.id
    link = address_of(gateway, token)
    if is_json:
        print_json({"staff": staff_id, "role": role, "link": link})
    else:
        click.echo(f"Added as {role}. To set a password, within 72 hours, once:\n  {link}")


@staff.command("list")
@as_json
def list_(is_json: bool) -> None:
    """Everyone on the staff; reading it is audited."""
    gateway = opened()
    with gateway.db.transaction() as session:
        found = session.exec(
            select(Staff, Community.slug)
            .outerjoin(Community, col(Community.id) == Staff.community_id)
            .order_by(col(Staff.id))
        ).all()
        facts = [_facts(session, row, slug) for row, slug in found]
        audit(session, ACTOR, "staff.list", "staff", gateway.clock.now(), {"count": len(facts)})
    print_facts(facts, "Staff", is_json)


@staff.command()
@click.argument("email")
def disable(email: str) -> None:
    """Close an account: whoever is signed in with it is signed out at once. What the person did stays on record."""
    gateway = opened()
    with gateway.db.transaction() as session:
        row, now = accounts.named(session, email), gateway.clock.now()
        accounts.disable(session, row, now)
        audit(session, ACTOR, "staff.disable", f"staff:{row.id}", now)
    click.echo("The account is closed.")


@staff.command()
@click.argument("email")
@click.option(
    "--second-factor", "is_second_factor", is_flag=True, help="The phone and the recovery codes are lost too."
)
@as_json
def reset(email: str, is_second_factor: bool, is_json: bool) -> None:
    """Print a link by which this person sets a new password; it works once, for an hour (an invitation: 72 hours).

    Make sure first who is asking. The second factor stays, unless you say that it is lost. Too many tries are forgotten.
    """
    gateway = opened()
    with gateway.db.transaction() as session:
        row, now = accounts.named(session, email), gateway.clock.now()
        has_password = accounts.credential_of(session, row).password_sealed is not None
        token = links.make(session, row, TokenKind.RESET if has_password else TokenKind.INVITATION, now)
        tries.forgive(session, email)
        if is_second_factor:
            accounts.forget_second_factor(session, row)
        audit(session, ACTOR, "staff.reset", f"staff:{row.id}", now, {"second_factor": is_second_factor})
    link = address_of(gateway, token)
    if is_json:
        print_json({"link": link})
    else:
        click.echo(f"To set a new password, once:\n  {link}")


def address_of(gateway: Gateway, token: str) -> str:
    """The whole address of an invitation or a reset."""
    return f"{gateway.settings.gateway_public_url}/welcome/{token}"


def _community(session: Session, gateway: Gateway, role: StaffRole, slug: str | None) -> int | None:
    """Whose people this role serves: the community that was named, or the only one there is. An owner has none."""
    if role is StaffRole.OWNER:
        if slug:
            raise Refused("an owner serves every community; leave --community out")
        return None
    slugs = session.exec(select(Community.slug).order_by(col(Community.slug))).all()
    if slug is None and len(slugs) > 1:
        raise Refused(f"say whose people this person serves, with --community: {', '.join(slugs)}")
    if slug and slug not in slugs:
        known = f" There are: {', '.join(slugs)}." if slugs else ""
        raise Refused(f"there is no community {slug!r}; `gateway people import` makes them.{known}")
    name = slug or (slugs[0] if slugs else FIRST_COMMUNITY)
    return community_named(session, name, gateway.clock.now()).id


def _facts(session: Session, row: Staff, slug: str | None) -> dict[str, object]:
    credential = accounts.credential_of(session, row)
    return {
        "email": session.open(row, "email_sealed"),
        "name": session.open(row, "name_sealed") if row.name_sealed else None,
        "role": row.role.value,
        "community": slug,
        "phone": last_digits(session.open(row, "phone_sealed")) if row.phone_sealed else None,
        "second factor": "yes" if credential.totp_sealed else "no",
        "state": "disabled" if row.disabled_at else "invited" if not credential.password_sealed else "well",
    }
