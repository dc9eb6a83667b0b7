"""`gateway match propose`: who might be matched with whom, and why."""

import click
from sqlalchemy import true

from gateway.cli.edge import ACTOR, as_json, opened, print_facts
from gateway.matching import proposals
from gateway.matching.proposals import Proposal
from gateway.matching.similarity import Because, Reason
from gateway.models import Participant, Role
from gateway.people.directory import Refused, person_with_key
from gateway.privacy.audit import audit


@click.command()
@click.option(
    "--youth", "key", metavar="KEY", help="For this youth only, best first; otherwise for all who wait."
)
@as_json
def propose(key: str | None, is_json: bool) -> None:
    """Propose matches: as many as can be, the best taken together, each with its reasons. Nothing is made."""
    gateway = opened()
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        if key:
            youth = person_with_key(session, key)
            if youth.role is not Role.YOUTH:
                raise Refused(f"{key} is enrolled as {youth.role}; a proposal is for a youth")
            found = proposals.for_youth(session, youth, true(), now)
            left: list[Participant] = []
        else:
            found, left = proposals.for_everybody(session, true(), now)
        facts = [_facts(one) for one in found]
        audit(session, ACTOR, "matches.propose", "people", now, {"count": len(facts)})
    print_facts(facts, "Proposals", is_json)
    if left and not is_json:
        click.echo(f"Nobody yet for: {', '.join(person.key for person in left)}.")


def _facts(one: Proposal) -> dict[str, object]:
    unmet = [gate.sentence for gate in one.gates]
    if one.lines_missing:
        unmet.append(f"{one.lines_missing} more lines are needed")
    return {
        "youth": one.youth.key,
        "mentor": one.mentor.key,
        "why": "; ".join(_because(reason) for reason in one.likeness.because),
        "not met": "; ".join(unmet),
    }


def _because(of: Because) -> str:
    sentences = {
        Reason.SAME_LANGUAGE: "same language",
        Reason.SHARED: f"both chose {', '.join(of.tags)}",
        Reason.NOTHING_SHARED: "no interest in common that we know of",
        Reason.SAME_TIME: "clocks agree",
        Reason.APART: f"clocks {of.hours:g} h apart",
        Reason.BOTH_QUIET: "both keep nights quiet",
        Reason.HAS_ROOM: f"room for {of.room}",
    }
    return sentences[of.reason]
