"""`gateway alerts`: what needs a human, who was told, who is on it."""

import click
from sqlmodel import col, select

from gateway.cli.edge import ACTOR, ROW_ID, as_json, opened, print_facts
from gateway.db import Session
from gateway.models import Alert, AlertStep, Participant, Run
from gateway.people.directory import Refused
from gateway.privacy.audit import audit
from gateway.safety import escalation

alert_id_argument = click.argument("alert_id", type=ROW_ID, metavar="ALERT")


@click.group()
def alerts() -> None:
    """What needs a human."""


@alerts.command("list")
@as_json
def list_(is_json: bool) -> None:
    """Every alert that is not closed, oldest first; reading them is audited."""
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
                "match": row.match_id,
                "text": row.inbound_id,
                "why": row.reason,
                "how_soon": row.urgency.value,
                "conversation": flow,
                "since": row.at.isoformat(),
                "taken_on": row.acknowledged_at.isoformat() if row.acknowledged_at else None,
                "told": row.step,
            }
            for row, key, flow in found
        ]
        audit(session, ACTOR, "alerts.read", "alerts", gateway.clock.now(), {"count": len(facts)})
    print_facts(facts, "Alerts", is_json)


@alerts.command()
@alert_id_argument
@as_json
def show(alert_id: int, is_json: bool) -> None:
    """Who was told, saw or did what, and when."""
    gateway = opened()
    with gateway.db.transaction() as session:
        _alert(session, alert_id)
        steps = session.exec(
            select(AlertStep).where(AlertStep.alert_id == alert_id).order_by(col(AlertStep.id))
        ).all()
        facts: list[dict[str, object]] = [
            {
                "at": step.at.isoformat(),
                "act": step.act.value,
                "staff": step.staff_id,
                "text": step.inbound_id,
            }
            for step in steps
        ]
        audit(session, ACTOR, "alert.read", f"alert:{alert_id}", gateway.clock.now())
    print_facts(facts, f"Alert {alert_id}", is_json)


@alerts.command()
@alert_id_argument
def ack(alert_id: int) -> None:
    """Say that somebody is on it: nobody else is told. An urgent one must then be closed within four hours."""
    gateway = opened()
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        escalation.acknowledge(session, _alert(session, alert_id), None, now)
        audit(session, ACTOR, "alert.acknowledge", f"alert:{alert_id}", now)
    click.echo(f"Alert {alert_id} is taken on.")


@alerts.command()
@alert_id_argument
def close(alert_id: int) -> None:
    """Say that nothing remains to be done."""
    gateway = opened()
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        escalation.close(session, _alert(session, alert_id), None, now)
        audit(session, ACTOR, "alert.close", f"alert:{alert_id}", now)
    click.echo(f"Alert {alert_id} is closed.")


def _alert(session: Session, alert_id: int) -> Alert:
    row = session.get(Alert, alert_id)
    if row is None:
        raise Refused(f"there is no alert {alert_id}; `gateway alerts list` shows them")
    return row
