"""`gateway alerts`: what conversations have asked a human to look at."""

import click
from sqlmodel import col, select

from gateway.cli.edge import ACTOR, ROW_ID, as_json, opened, print_facts
from gateway.models import Alert, Participant, Run
from gateway.people.directory import Refused
from gateway.privacy.audit import audit


@click.group()
def alerts() -> None:
    """What needs a human."""


@alerts.command("list")
@as_json
def list_(is_json: bool) -> None:
    """Every alert that nobody has looked at yet, oldest first; reading them is audited."""
    gateway = opened()
    with gateway.db.transaction() as session:
        found = session.exec(
            select(Alert, Participant.key, Run.flow)
            .outerjoin(Participant, col(Participant.id) == Alert.participant_id)
            .outerjoin(Run, col(Run.id) == Alert.run_id)
            .where(col(Alert.closed_at).is_(None))
            .order_by(col(Alert.id))
        ).all()
        facts: list[dict[str, object]] = [
            {
                "alert": row.id,
                "who": key,
                "why": row.reason,
                "conversation": flow,
                "since": row.at.isoformat(),
            }
            for row, key, flow in found
        ]
        audit(session, ACTOR, "alerts.read", "alerts", gateway.clock.now(), {"count": len(facts)})
    print_facts(facts, "Alerts", is_json)


@alerts.command()
@click.argument("alert_id", type=ROW_ID, metavar="ALERT")
def seen(alert_id: int) -> None:
    """Say that a human has looked."""
    gateway = opened()
    with gateway.db.transaction() as session:
        row = session.get(Alert, alert_id)
        if row is None:
            raise Refused(f"there is no alert {alert_id}; `gateway alerts list` shows them")
        row.closed_at = row.closed_at or gateway.clock.now()
        session.add(row)
        audit(session, ACTOR, "alerts.seen", f"alert:{alert_id}", gateway.clock.now())
    click.echo(f"Alert {alert_id} is marked as seen.")
