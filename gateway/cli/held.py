"""`gateway held`: texts that wait for a look by staff."""

import click

from gateway.cli.edge import ACTOR, ROW_ID, as_json, opened, print_facts
from gateway.privacy.audit import audit
from gateway.safety import review
from gateway.safety.actor import CLI
from gateway.work.jobs import ring


@click.group()
def held() -> None:
    """Texts that wait for a look."""


@held.command("list")
@as_json
def list_(is_json: bool) -> None:
    """Every held text with its words, once for each who would receive it; reading them is audited."""
    gateway = opened()
    with gateway.db.transaction() as session:
        facts: list[dict[str, object]] = [
            {
                "text": row.inbound_id,
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
@click.option("--note", metavar="WORDS", help="Said to the writer in private, from the program line.")
def release(text_ids: tuple[int, ...], note: str | None) -> None:
    """Let held texts go, in the order in which they were written."""
    gateway = opened()
    lines: set[int] = set()
    with gateway.db.transaction() as session:
        now, voices = gateway.clock.now(), gateway.content
        for text_id in sorted(set(text_ids)):
            if note:
                lines |= review.release_with_note(session, voices, CLI, text_id, note, now)
            else:
                lines |= review.release(session, CLI, text_id, now)
    ring(gateway, lines)
    click.echo(f"{len(set(text_ids))} released.")


@held.command()
@click.argument("text_ids", type=ROW_ID, nargs=-1, required=True, metavar="TEXT…")
def discard(text_ids: tuple[int, ...]) -> None:
    """Never send these texts; they stay in the record."""
    gateway = opened()
    with gateway.db.transaction() as session:
        for text_id in sorted(set(text_ids)):
            review.discard(session, CLI, text_id, gateway.clock.now())
    click.echo(f"{len(set(text_ids))} discarded.")


@held.command()
@click.argument("text_id", type=ROW_ID, metavar="TEXT")
def escalate(text_id: int) -> None:
    """Ask for more eyes at once; what is held stays held."""
    gateway = opened()
    with gateway.db.transaction() as session:
        voice, alarms, now = gateway.content.voice, gateway.alarms, gateway.clock.now()
        lines = review.escalate(session, voice, alarms, CLI, text_id, now)
    ring(gateway, lines)
    click.echo("Whoever is on duty is told now.")
