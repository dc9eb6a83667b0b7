"""`gateway match`: making, pausing and ending matches."""

import json
from datetime import datetime

import click
from sqlmodel import col, select

from gateway.cli.edge import ACTOR, ROW_ID, as_json, opened, print_facts, print_json
from gateway.cli.propose import propose
from gateway.matching import caseload, matches, presence
from gateway.models import Match, Member, Participant
from gateway.outbox.reach import release_for
from gateway.people.directory import Refused, person_with_key
from gateway.people.staff import accounts
from gateway.privacy.audit import audit
from gateway.routing.routes import partners_of
from gateway.work.jobs import ring

LONGEST_WAIVER = 800  # as JSON, beside which the gates have room in one audit entry
NOBODY = 0  # no participant has this id: everyone is a partner


@click.group()
def match() -> None:
    """Ties between youth and mentors."""


match.add_command(propose)


@match.command()
@click.option(
    "--youth", "youths", multiple=True, required=True, metavar="KEY", help="May be given several times."
)
@click.option(
    "--mentor", "mentors", multiple=True, required=True, metavar="KEY", help="May be given several times."
)
@click.option("--waive", "waiver", metavar="REASON", help="Why a gate that staff may waive is waived.")
@as_json
def create(youths: tuple[str, ...], mentors: tuple[str, ...], waiver: str | None, is_json: bool) -> None:
    """Match a youth and a mentor, or a small group of 2 to 6 people."""
    if waiver and len(json.dumps(waiver)) > LONGEST_WAIVER:
        raise Refused("say the reason for --waive in a sentence or two; it is kept in the audit")
    gateway = opened()
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        made, masks, waived = matches.create(
            session,
            [person_with_key(session, key) for key in youths],
            [person_with_key(session, key) for key in mentors],
            waiver,
            now,
        )
        detail = {"waived": [gate.key for gate in waived], "reason": waiver if waived else None}
        audit(session, ACTOR, "match.create", f"match:{made.id}", now, detail)
    if is_json:
        print_json({"match": made.id, "masks": masks})
        return
    click.echo(f"Match {made.id} is active.")
    for key, number in masks.items():
        click.echo(f"  {key} texts {number}")


@match.command()
@click.argument("match_id", type=ROW_ID, metavar="ID")
@click.option("--reason", required=True, metavar="TEXT", help="For the program's own record.")
@click.option("--quiet", "is_quiet", is_flag=True, help="Do not tell the members by text.")
@as_json
def close(match_id: int, reason: str, is_quiet: bool, is_json: bool) -> None:
    """End a match: what waits is cancelled, the numbers stop passing texts, each member is told kindly."""
    gateway = opened()
    lines: set[int] = set()
    with gateway.db.transaction() as session:
        now, ending = gateway.clock.now(), matches.get(session, match_id)
        members = partners_of(session, match_id, NOBODY)
        matches.close(session, ending, reason, gateway.settings.gateway_cool_down_days, now)
        for member in [] if is_quiet else members:
            lines |= presence.tell(
                session, gateway.content.voice, member, match_id, "match_closed", f"{match_id}", now
            )
        audit(session, ACTOR, "match.close", f"match:{match_id}", now, {"told": not is_quiet})
    ring(gateway, lines)
    if is_json:
        print_json({"match": match_id, "state": "closed"})
    else:
        click.echo(f"Match {match_id} is closed.")


@match.command()
@click.argument("match_id", type=ROW_ID, metavar="ID")
@click.option("--on", "last_day", required=True, type=click.DateTime(["%Y-%m-%d"]), metavar="YYYY-MM-DD")
def end(match_id: int, last_day: datetime) -> None:
    """Plan the end of a match: it is told kindly, texts pass until that day, and the morning after it is closed."""
    gateway = opened()
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        matches.end_on(session, matches.get(session, match_id), last_day.date(), now)
        audit(session, ACTOR, "match.end", f"match:{match_id}", now, {"on": f"{last_day:%Y-%m-%d}"})
    click.echo(f"Match {match_id} ends on {last_day:%Y-%m-%d}.")


@match.command()
@click.argument("match_id", type=ROW_ID, metavar="ID")
@click.option("--reason", default="staff", show_default=True, metavar="TEXT")
def pause(match_id: int, reason: str) -> None:
    """Let nothing pass for a while."""
    gateway = opened()
    with gateway.db.transaction() as session:
        matches.pause(session, matches.get(session, match_id), reason[:64])
        audit(session, ACTOR, "match.pause", f"match:{match_id}", gateway.clock.now())
    click.echo(f"Match {match_id} is paused.")


@match.command()
@click.argument("match_id", type=ROW_ID, metavar="ID")
def resume(match_id: int) -> None:
    """Let texts pass again."""
    gateway = opened()
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        matches.resume(session, matches.get(session, match_id))
        lines = release_for(session, match_id, now)
        audit(session, ACTOR, "match.resume", f"match:{match_id}", now)
    ring(gateway, lines)
    click.echo(f"Match {match_id} is active again.")


@match.command()
@click.argument("match_id", type=ROW_ID, metavar="ID")
@click.argument("email")
def assign(match_id: int, email: str) -> None:
    """Put a match in a coordinator's care."""
    gateway = opened()
    with gateway.db.transaction() as session:
        tie, coordinator = matches.get(session, match_id), accounts.named(session, email)
        caseload.assign(session, tie, coordinator)
        audit(
            session,
            ACTOR,
            "match.assign",
            f"match:{match_id}",
            gateway.clock.now(),
            {"coordinator": coordinator.id},
        )
    click.echo(f"Match {match_id} is in the care of {email.strip().lower()}.")


@match.command("list")
@as_json
def list_(is_json: bool) -> None:
    """Every match, its members by key, its state."""
    gateway = opened()
    with gateway.db.reading() as session:
        facts: list[dict[str, object]] = []
        for found in session.exec(select(Match).order_by(col(Match.id))):
            keys = session.exec(
                select(Participant.key)
                .join(Member, col(Member.participant_id) == Participant.id)
                .where(Member.match_id == found.id, col(Member.left_at).is_(None))
                .order_by(col(Member.id))
            ).all()
            why = found.close_why or found.pause_why
            facts.append(
                {"match": found.id, "members": ", ".join(keys), "state": found.state.value, "why": why}
            )
    print_facts(facts, "Matches", is_json)
