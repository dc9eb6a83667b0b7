"""`gateway simulate`: the whole program on a virtual clock, with simulated people and phones, through the real spines."""

import time
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.progress import track

from gateway.authored.costs import PRICE
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
        rehearsal = open_rehearsal(Path(folder), content, pairs)
        days = track(range(weeks * 7), "Days", transient=True) if not is_json else range(weeks * 7)
        for day in days:
            rehearsal.live_a_day(day)
        facts = _report(rehearsal, weeks, pairs, price, time.monotonic() - started)
        transcript = rehearsal.transcripts() if with_transcript else {}
        rehearsal.close()
    if is_json:
        print_json(facts | ({"transcripts": transcript} if with_transcript else {}))
    else:
        _print(facts, transcript)
    if any(facts["breaches"].values()):  # type: ignore[attr-defined]
        raise SystemExit(1)


def _report(rehearsal: Rehearsal, weeks: int, pairs: int, price: float, seconds: float) -> dict[str, object]:
    kinds = [asdict(kind) | {"cost": round(kind.segments * price, 2)} for kind in rehearsal.by_kind()]
    return {
        "weeks": weeks,
        "pairs": pairs,
        "kinds": kinds,
        "texts_in": rehearsal.texts_in(),
        "breaches": rehearsal.breaches(),
        "seconds": round(seconds, 1),
        "pair_weeks_a_second": round(weeks * pairs / seconds, 2),
    }


def _print(facts: dict[str, object], transcript: dict[str, list[str]]) -> None:
    kinds = facts["kinds"]
    assert isinstance(kinds, list)
    print_facts(kinds, f"{facts['pairs']} pairs, {facts['weeks']} weeks", is_json=False)
    for name, lines in transcript.items():
        click.echo(f"\n{name}")
        for line in lines:
            click.echo(f"  {line}")
    click.echo(f"\nTexts that people wrote: {facts['texts_in']}. Promises broken: {facts['breaches']}.")
    click.echo(f"{facts['seconds']} s, {facts['pair_weeks_a_second']} pair-weeks a second.")
