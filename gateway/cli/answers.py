"""`gateway answers`: what people answered to check-ins and questionnaires."""

import click

from gateway.cli.edge import ACTOR, ROW_ID, as_json, opened, print_facts
from gateway.insight import answers as reading
from gateway.matching import matches
from gateway.people.directory import person_with_key
from gateway.privacy.audit import audit


@click.command()
@click.option("--match", "match_id", type=ROW_ID, metavar="ID", help="Only of this match.")
@click.option("--person", "key", metavar="KEY", help="Only of this person.")
@click.option("--question", metavar="NAME", help="Only to this question.")
@click.option("--last", "most", type=click.IntRange(1, 100_000), default=200, show_default=True)
@as_json
def answers(match_id: int | None, key: str | None, question: str | None, most: int, is_json: bool) -> None:
    """Show what people answered, the newest first. Reading answers is audited."""
    gateway = opened()
    with gateway.db.transaction() as session:
        if match_id is not None:
            matches.get(session, match_id)
        person = person_with_key(session, key) if key else None
        found = reading.answers(
            session,
            match_id=match_id,
            participant_id=person.id if person else None,
            question=question,
            most=most,
        )
        subject = f"match:{match_id}" if match_id else f"participant:{person.id}" if person else "answers"
        audit(session, ACTOR, "answers.read", subject, gateway.clock.now(), {"count": len(found)})
    print_facts([one.facts() for one in found], "Answers", is_json)
