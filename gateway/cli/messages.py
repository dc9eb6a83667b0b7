"""`gateway messages`: the log of texts, in plain words."""

import click

from gateway.cli.edge import ACTOR, ROW_ID, as_json, opened, print_json, print_table
from gateway.insight import log
from gateway.matching import matches
from gateway.privacy.audit import audit


@click.command()
@click.option("--match", "match_id", type=ROW_ID, metavar="ID", help="Only this match.")
@click.option("--last", "most", type=click.IntRange(1, 100_000), default=200, show_default=True)
@as_json
def messages(match_id: int | None, most: int, is_json: bool) -> None:
    """Show the newest texts, in and out, with where each one is. Reading them is audited."""
    gateway = opened()
    with gateway.db.transaction() as session:
        if match_id is not None:
            matches.get(session, match_id)
        entries = log.texts(session, match_id, most)
        subject = f"match:{match_id}" if match_id is not None else "messages"
        audit(session, ACTOR, "thread.read", subject, gateway.clock.now(), {"count": len(entries)})
    if is_json:
        print_json([entry.facts() for entry in entries])
        return
    if not entries:
        click.echo("Texts: none.")
        return
    print_table(
        "Texts",
        ("id", "at (UTC)", "match", "who", "kind", "where it is", "words"),
        [
            (
                f"{'→' if entry.direction == 'out' else '←'}{entry.id}",
                entry.at.strftime("%m-%d %H:%M:%S"),
                entry.match,
                entry.who or "a stranger",
                entry.kind,
                entry.words_for_state,
                entry.body,
            )
            for entry in entries
        ],
    )
