"""`gateway people`: importing a list, seeing who is there, verifying and changing a number."""

from datetime import datetime
from pathlib import Path

import click
from sqlmodel import col, select

from gateway import outreach
from gateway.cli.edge import ACTOR, as_json, opened, print_facts, print_json
from gateway.db import Session
from gateway.matching import phone_change, presence
from gateway.models import Community, Participant
from gateway.people.directory import Refused, person_with_key
from gateway.people.enrolment import enrol_all
from gateway.people.opt_out import is_opted_out
from gateway.people.roster import Defaults, RosterRow, read_roster
from gateway.privacy.audit import audit
from gateway.runtime import Gateway
from gateway.sms.numbers import last_digits, parse_number
from gateway.work.jobs import ring

FIRST_COMMUNITY = "home"


@click.group()
def people() -> None:
    """Youth, mentors and guardians."""


@people.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_json
def import_(file: Path, is_json: bool) -> None:
    """Add everyone in a CSV file, or nobody when a cell is wrong.

    Columns: key, role, name, phone; and if you like language, timezone, community, consent, screened, trained, nights,
    interests (tags of flows/program.yaml) and matches (how many a mentor can carry).
    """
    gateway = opened()
    rows = read_roster(file.read_bytes(), roster_defaults(gateway))
    add_people(gateway, rows)
    to_ask = sum(not row.has_consent for row in rows)
    if is_json:
        print_json({"imported": len(rows), "to_ask": to_ask})
        return
    click.echo(f"{len(rows)} people imported.")
    if to_ask:
        hours = gateway.content.charter.program_hours
        click.echo(
            f"{to_ask} of them have not agreed to texts. The welcome asks them, and nothing else is sent to them, "
            f"between {hours.opens:%H:%M} and {hours.closes:%H:%M}, once it is loaded: gateway flows load flows"
        )


def roster_defaults(gateway: Gateway) -> Defaults:
    charter = gateway.content.charter
    return Defaults(
        language=charter.language,
        timezone=charter.timezone,
        community=FIRST_COMMUNITY,
        today=gateway.clock.now().date(),
        countries=charter.countries,
        interests=charter.interests,
    )


def add_people(gateway: Gateway, rows: list[RosterRow]) -> None:
    """Enrol every row in one transaction. Raises RosterRefused for those that are there already."""
    now = gateway.clock.now()
    with gateway.db.transaction() as session:
        enrol_all(session, rows, now)
        audit(session, ACTOR, "people.import", "people", now, {"count": len(rows)})


@people.command("list")
@as_json
def list_(is_json: bool) -> None:
    """Everyone by key; of the number only the last digits."""
    gateway = opened()
    with gateway.db.reading() as session:
        found = session.exec(
            select(Participant, Community.slug)
            .join(Community, col(Community.id) == Participant.community_id)
            .order_by(col(Participant.key))
        ).all()
        facts = [_facts(session, person, slug) for person, slug in found]
    print_facts(facts, "People", is_json)


def _facts(session: Session, person: Participant, community: str) -> dict[str, object]:
    return {
        "key": person.key,
        "role": person.role.value,
        "phone": last_digits(session.open(person, "phone_sealed")),
        "language": person.language,
        "timezone": person.timezone,
        "community": community,
        "state": _state(session, person),
    }


def _state(session: Session, person: Participant) -> str:
    if is_opted_out(session, person.phone_index):
        return "opted out"
    if person.number_doubted_at:
        return "number to verify"
    if person.unreachable_since:
        return "out of reach"
    return "activities paused" if person.prompts_paused else "well"


@people.command()
@click.argument("key")
def verify(key: str) -> None:
    """Say that the number is this person's (you have spoken with them); what was held for it leaves."""
    gateway = opened()
    with gateway.db.transaction() as session:
        person, now = person_with_key(session, key), gateway.clock.now()
        lines = outreach.number_verified(session, person, now)
        audit(session, ACTOR, "number.verify", f"participant:{person.id}", now)
    ring(gateway, lines)
    click.echo(f"The number of {key} is verified.")


@people.command()
@click.argument("key")
@click.option(
    "--out/--in", "is_out", required=True, help="Stop, or resume, all texts at the person's request."
)
def opt(key: str, is_out: bool) -> None:
    """Opt somebody out of all texts, or back in, when they asked staff for it."""
    gateway = opened()
    with gateway.db.transaction() as session:
        person, now = person_with_key(session, key), gateway.clock.now()
        if is_out:
            lines = presence.leave(session, gateway.content.voice, person.phone_index, "staff", now)
        else:
            lines = presence.come_back(session, gateway.content.voice, person.phone_index, "staff", now)
        audit(session, ACTOR, "opt_out" if is_out else "opt_in", f"participant:{person.id}", now)
    ring(gateway, lines)
    click.echo(f"{key} gets {'no more texts' if is_out else 'texts again'}.")


@people.command("new-number")
@click.argument("key")
@click.argument("number")
@click.option("--confirm", "code", help="The code that the person read out from the new phone.")
def new_number(key: str, number: str, code: str | None) -> None:
    """Change somebody's number in two steps: without --confirm a code is texted to the new phone; with it, it is done."""
    phone = parse_number(number)
    gateway = opened()
    with gateway.db.transaction() as session:
        person, now = person_with_key(session, key), gateway.clock.now()
        lines: set[int] = set()
        wrong: Refused | None = None
        if code is None:
            lines = phone_change.ask(session, gateway.content.voice, person, phone, now)
        else:
            wrong = _confirm(session, person, phone, code, now)
        step = "wrong_code" if wrong else "changed" if code else "asked"
        audit(session, ACTOR, f"number.{step}", f"participant:{person.id}", now)
    if wrong:
        raise wrong
    ring(gateway, lines)
    click.echo(
        f"The number of {key} is now {last_digits(phone)}; the old one reaches nobody."
        if code
        else f"A code is on its way to {last_digits(phone)}. Call {key}, ask for it, repeat with --confirm CODE."
    )


def _confirm(
    session: Session, person: Participant, phone: str, code: str, now: datetime
) -> phone_change.WrongCode | None:
    """The refusal, when the code is wrong: it is raised after the try was counted and committed."""
    try:
        phone_change.confirm(session, person, phone, code, now)
    except phone_change.WrongCode as wrong:
        phone_change.count_wrong(session, person)
        return wrong
    return None
