"""`gateway insight`: who needs a human today, and the numbers of the program."""

import click
from sqlalchemy import select
from sqlmodel import col

from gateway.cli.edge import ACTOR, as_json, opened, print_facts, print_json
from gateway.insight import attention, pulse, sheets
from gateway.insight.attention import InNeed
from gateway.insight.sheets import Name
from gateway.models import Match, Reason
from gateway.privacy.audit import audit
from gateway.work import jobs

EVERY_MATCH = select(col(Match.id))
REASONS = {
    Reason.ALERT: "an alert that nobody has seen",
    Reason.HELD: "texts wait for a look",
    Reason.FLAGGED: "a text was flagged",
    Reason.NUMBER_DOUBTED: "a number must be verified",
    Reason.STOPPED: "somebody texted STOP, or is blocked",
    Reason.UNREACHABLE: "a phone is out of reach",
    Reason.UNDELIVERED: "texts did not arrive",
    Reason.NO_EXCHANGE: "nobody writes any more",
    Reason.MENTOR_QUIET: "the mentor does not write",
    Reason.NEVER_BEGAN: "nobody has written yet",
    Reason.TASK_PAST_DUE: "a task is past its day",
    Reason.NEVER_REVIEWED: "staff have never read the thread",
    Reason.CONTACT_DUE: "a talk with staff is due",
    Reason.ONE_SIDED: "one side writes nearly all",
    Reason.SLOWER: "replies take longer than before",
    Reason.LESS_OFTEN: "fewer texts than before",
    Reason.REVIEW_DUE: "texts that staff have not read",
    Reason.ENDING: "the match is about to end",
}


@click.group()
def insight() -> None:
    """Who needs a human, and how the program does."""


@insight.command()
@click.option("--last", "most", type=click.IntRange(1, 1000), default=50, show_default=True)
@as_json
def today(most: int, is_json: bool) -> None:
    """The matches that need a human, the most urgent first, each with its reasons. Reading it is audited."""
    gateway = opened()
    jobs.keep_insight(gateway)
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        page = attention.today(session, EVERY_MATCH, gateway.watch, now, most=most)
        audit(session, ACTOR, "today.read", "matches", now, {"count": len(page.matches)})
    if is_json:
        print_json({"total": page.total, "matches": [_facts(one) for one in page.matches]})
        return
    rows = [
        {"match": one.match.id, "why": REASONS[seen.reason], "for days": seen.days, "amount": seen.amount}
        for one in page.matches
        for seen in one.evidence
    ]
    print_facts(rows, f"Today ({page.total} in need)", False)


def _facts(one: InNeed) -> dict[str, object]:
    return {
        "match": one.match.id,
        "state": one.match.state.value,
        "reasons": [seen.facts() for seen in one.evidence],
    }


@insight.command()
def rebuild() -> None:
    """Make all numbers anew from the log, for instance after thresholds were changed. Nothing else is touched."""
    gateway = opened()
    with gateway.db.reading() as session:
        match_ids = pulse.all_matches(session)
    jobs.measure_all(gateway, match_ids)
    with gateway.db.transaction() as session:
        audit(session, ACTOR, "insight.rebuild", "matches", gateway.clock.now(), {"count": len(match_ids)})
    click.echo(f"{len(match_ids)} matches measured.")


@insight.command()
@click.option("--weeks", "weeks_back", type=click.IntRange(1, 260), default=12, show_default=True)
@click.option(
    "--csv", "csv_sheet", type=click.Choice([name.value for name in Name]), help="One sheet as CSV."
)
@click.option("--json", "is_json", is_flag=True, help="Every sheet as JSON (what it does by itself).")
def export(weeks_back: int, csv_sheet: str | None, is_json: bool) -> None:
    """The numbers by match, week and community, and the outcomes, without a name or a word. It is audited."""
    if csv_sheet and is_json:
        raise click.UsageError("choose --csv SHEET or --json")
    gateway = opened()
    jobs.keep_insight(gateway)
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        found = sheets.sheets(session, EVERY_MATCH, gateway.watch, now, weeks_back=weeks_back)
        audit(session, ACTOR, "insight.export", "matches", now, {"sheet": csv_sheet or "all"})
    if csv_sheet:
        name = Name(csv_sheet)
        click.echo(sheets.as_csv(name, found[name]), nl=False)
    else:
        print_json({name.value: sheets.as_facts(sheet) for name, sheet in found.items()})
