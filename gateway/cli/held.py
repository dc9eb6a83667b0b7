"""`gateway held`: texts that wait for a look by staff."""

import click

from gateway.cli.edge import ACTOR, ROW_ID, as_json, opened, print_facts
from gateway.privacy.audit import audit
from gateway.safety import review


@click.group()
def held() -> None:
    """Texts that wait for a look."""


@held.command("list")
@as_json
def list_(is_json: bool) -> None:
    """Every held text with its words; reading them is audited."""
    gateway = opened()
    with gateway.db.transaction() as session:
        facts: list[dict[str, object]] = [
            {
                "text": row.id,
                "match": row.match_id,
                "why": row.reason,
                "since": row.created_at.isoformat(timespec="minutes"),
                "words": session.open(row, "body_sealed"),
            }
            for row in review.held(session)
        ]
        audit(session, ACTOR, "held.read", "held", gateway.clock.now(), {"count": len(facts)})
    print_facts(facts, "Held", is_json)


@held.command()
@click.argument("text_ids", type=ROW_ID, nargs=-1, required=True, metavar="TEXT…")
def release(text_ids: tuple[int, ...]) -> None:
    """Let held texts go, in the order in which they were written."""
    gateway = opened()
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        lines = {review.release(session, text_id, now) for text_id in sorted(text_ids)}
        for text_id in text_ids:
            audit(session, ACTOR, "held.release", f"outbound:{text_id}", now)
    for line_id in lines:
        gateway.bell.line(line_id)
    click.echo(f"{len(text_ids)} released.")


@held.command()
@click.argument("text_ids", type=ROW_ID, nargs=-1, required=True, metavar="TEXT…")
def discard(text_ids: tuple[int, ...]) -> None:
    """Never send these texts; they stay in the record."""
    gateway = opened()
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        for text_id in text_ids:
            review.discard(session, text_id, now)
            audit(session, ACTOR, "held.discard", f"outbound:{text_id}", now)
    click.echo(f"{len(text_ids)} discarded.")
