"""`gateway hold`: what the law keeps from deletion."""

import click

from gateway.cli.edge import ACTOR, ROW_ID, as_json, opened, print_facts
from gateway.people import legal_hold
from gateway.people.directory import person_with_key
from gateway.privacy.audit import audit


@click.group()
def hold() -> None:
    """What must be kept, here and at the provider, until it is lifted."""


@hold.command()
@click.option("--person", metavar="KEY", help="Everything about one person, and the threads he or she is in.")
@click.option("--match", "match_id", type=ROW_ID, metavar="ID", help="Everything about one match.")
@click.option("--why", required=True, metavar="TEXT", help="One sentence; it must name nobody.")
def place(person: str | None, match_id: int | None, why: str) -> None:
    """Keep it: nothing of this is deleted until the hold is lifted."""
    gateway = opened()
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        participant_id = person_with_key(session, person).id if person else None
        made = legal_hold.place(session, why, now, None, participant_id=participant_id, match_id=match_id)
        audit(session, ACTOR, "hold.place", f"hold:{made.id}", now)
    click.echo(f"Legal hold {made.id} stands.")


@hold.command()
@click.argument("hold_id", type=ROW_ID, metavar="HOLD")
def lift(hold_id: int) -> None:
    """The usual rules of deletion count again."""
    gateway = opened()
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        legal_hold.lift(session, hold_id, now, None)
        audit(session, ACTOR, "hold.lift", f"hold:{hold_id}", now)
    click.echo(f"Legal hold {hold_id} is lifted.")


@hold.command("list")
@as_json
def list_(is_json: bool) -> None:
    """Every hold that stands."""
    gateway = opened()
    with gateway.db.reading() as session:
        facts: list[dict[str, object]] = [
            {
                "hold": one.id,
                "person": one.participant_id,
                "match": one.match_id,
                "why": one.why,
                "since": one.placed_at.isoformat(timespec="minutes"),
            }
            for one in legal_hold.in_force(session)
        ]
    print_facts(facts, "Legal holds", is_json)
