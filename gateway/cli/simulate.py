"""`gateway simulate`: the whole program on a virtual clock, with simulated people and phones, through the real spines."""

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.progress import track

from gateway.authored.costs import PRICE
from gateway.cli import verdict
from gateway.cli.edge import as_json, print_facts, print_json
from gateway.cli.rehearsal import Rehearsal, open_rehearsal
from gateway.logs import set_up_logs


@click.command()
@click.option("--weeks", type=click.IntRange(1, 104), default=4, show_default=True)
@click.option("--pairs", type=click.IntRange(1, 2000), default=10, show_default=True)
@click.option(
    "--content",
    type=click.Path(exists=True, path_type=Path),
    default=Path(),
    help="Folder of flows/ and prompts/.",
)
@click.option("--price", type=click.FloatRange(0), default=PRICE, show_default=True)
@click.option("--transcript", "with_transcript", is_flag=True, help="Show what each pair would have seen.")
@as_json
def simulate(
    weeks: int, pairs: int, content: Path, price: float, with_transcript: bool, is_json: bool
) -> None:
    """Rehearse the program before it is launched; nothing is sent to anybody. Exit code 1 when a promise is broken."""
    set_up_logs("CRITICAL")
    started = time.monotonic()
    with TemporaryDirectory(prefix="passerelle-") as folder:
        rehearsal = open_rehearsal(Path(folder), content, pairs, weeks)
        days = track(range(weeks * 7), "Days", transient=True) if not is_json else range(weeks * 7)
        for day in days:
            rehearsal.live_a_day(day)
        report = _report(rehearsal, pairs, price, time.monotonic() - started)
        transcript = rehearsal.transcripts() if with_transcript else {}
        rehearsal.close()
    if is_json:
        print_json(asdict(report) | ({"transcripts": transcript} if with_transcript else {}))
    else:
        _print(report, transcript)
    if any(asdict(report.breaches).values()):
        raise SystemExit(1)


@dataclass(frozen=True)
class Report:
    """What came of it. Money in the currency of the price; `waiting` counts texts that have not left yet."""

    weeks: int
    pairs: int
    kinds: list[dict[str, object]]
    texts: int
    segments: int
    cost: float
    texts_in: int
    waiting: int
    breaches: verdict.Breaches
    seconds: float
    pair_weeks_a_second: float


def _report(rehearsal: Rehearsal, pairs: int, price: float, seconds: float) -> Report:
    gateway = rehearsal.gateway
    with gateway.db.reading() as session:
        flows = gateway.library.live(session).flows.by_slug
        asking = {slug for slug, flow in flows.items() if flow.asks_for_consent}
        kinds = verdict.by_kind(session)
        segments = sum(kind.segments for kind in kinds)
        return Report(
            weeks=rehearsal.weeks,
            pairs=pairs,
            kinds=[asdict(kind) | {"cost": round(kind.segments * price, 2)} for kind in kinds],
            texts=sum(kind.texts for kind in kinds),
            segments=segments,
            cost=round(segments * price, 2),
            texts_in=verdict.texts_in(session),
            waiting=verdict.still_waiting(session),
            breaches=verdict.breaches(session, gateway.content.charter, asking),
            seconds=round(seconds, 1),
            pair_weeks_a_second=round(rehearsal.weeks * pairs / seconds, 2),
        )


def _print(report: Report, transcript: dict[str, list[str]]) -> None:
    print_facts(report.kinds, f"{report.pairs} pairs, {report.weeks} weeks", is_json=False)
    for name, lines in transcript.items():
        click.echo(f"\n{name}")
        for line in lines:
            click.echo(f"  {line}")
    click.echo(f"\n{report.texts} texts left in {report.segments} segments, for {report.cost:.2f}.")
    click.echo(f"People wrote {report.texts_in}; {report.waiting} of ours wait for another hour.")
    broken = {name: count for name, count in asdict(report.breaches).items() if count}
    click.echo(f"Promises broken: {broken or 'none'}.")
    click.echo(f"{report.seconds} s, {report.pair_weeks_a_second} pair-weeks a second.")
