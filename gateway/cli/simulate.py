"""`gateway simulate`: the whole program on a virtual clock, with simulated people and phones, through the real spines."""

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import reduce
from itertools import pairwise
from multiprocessing import get_context
from multiprocessing.queues import SimpleQueue
from operator import add
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from rich.progress import track

from gateway.authored.costs import PRICE
from gateway.cli.edge import as_json, print_facts, print_json
from gateway.cli.rehearsal import open_rehearsal
from gateway.cli.verdict import Verdict, verdict_of
from gateway.logs import set_up_logs

FEWEST_PAIRS = 25  # below that, another process costs more than it brings
MOST_PROCESSES = 8


@dataclass(frozen=True)
class Share:
    """A part of the pairs: they do not meet those of another part, so that each may be rehearsed by a process of its own."""

    content: Path
    numbers: range
    weeks: int
    with_transcript: bool


Rehearsed = tuple[Verdict, dict[str, list[str]]]


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
@click.option(
    "--processes", type=click.IntRange(1, 64), help="How many at once; by default one for each core."
)
@click.option("--transcript", "with_transcript", is_flag=True, help="Show what each pair would have seen.")
@as_json
def simulate(
    weeks: int,
    pairs: int,
    content: Path,
    price: float,
    processes: int | None,
    with_transcript: bool,
    is_json: bool,
) -> None:
    """Rehearse the program before it is launched; nothing is sent to anybody. Exit code 1 when a promise is broken."""
    started = time.monotonic()
    shares = [Share(content, numbers, weeks, with_transcript) for numbers in shares_of(pairs, processes)]
    days = weeks * 7 * len(shares)
    done = _in_processes(shares, days, is_json) if len(shares) > 1 else _in_this_one(shares[0], days, is_json)
    verdict: Verdict = reduce(add, (part for part, _ in done), Verdict())
    transcripts = {name: lines for _, part in done for name, lines in part.items()}
    seconds = time.monotonic() - started
    facts = _facts(verdict, weeks, pairs, price, seconds)
    if is_json:
        print_json(facts | ({"transcripts": transcripts} if with_transcript else {}))
    else:
        _print(verdict, facts, transcripts)
    if any(asdict(verdict.breaches).values()):
        raise SystemExit(1)


def shares_of(pairs: int, processes: int | None) -> list[range]:
    """The numbers of the pairs, dealt to so many processes."""
    cores = processes or min(len(os.sched_getaffinity(0)), os.cpu_count() or 1, MOST_PROCESSES)
    count = max(1, min(cores, pairs // FEWEST_PAIRS))
    bounds = [pairs * number // count for number in range(count + 1)]
    return [range(first, last) for first, last in pairwise(bounds)]


def rehearse(share: Share, told: Callable[[None], object]) -> Rehearsed:
    """Live through the weeks with one part of the pairs; `told` is called after each day."""
    set_up_logs("CRITICAL")
    with TemporaryDirectory(prefix="passerelle-") as folder:
        rehearsal = open_rehearsal(Path(folder), share.content, share.numbers, share.weeks)
        for day in range(share.weeks * 7):
            rehearsal.live_a_day(day)
            told(None)
        gateway = rehearsal.gateway
        with gateway.db.reading() as session:
            flows = gateway.library.live(session).flows.by_slug
            asking = {slug for slug, flow in flows.items() if flow.asks_for_consent}
            verdict = verdict_of(session, gateway.content.charter, asking)
        transcripts = rehearsal.transcripts() if share.with_transcript else {}
        rehearsal.close()
    return verdict, transcripts


def _in_this_one(share: Share, days: int, is_quiet: bool) -> list[Rehearsed]:
    progress = _progress(days, is_quiet)
    return [rehearse(share, lambda _: next(progress, None))]


def _in_processes(shares: list[Share], days: int, is_quiet: bool) -> list[Rehearsed]:
    """Each share in a process of its own, which starts afresh: nothing is open in two of them."""
    context = get_context("spawn")
    told: SimpleQueue[None] = context.SimpleQueue()
    with ProcessPoolExecutor(len(shares), context, initializer=_hear, initargs=(told,)) as pool:
        work = [pool.submit(_rehearse_and_tell, share) for share in shares]
        for each in work:
            each.add_done_callback(lambda _: told.put(None))  # whoever failed tells no more days: be woken
        for _ in _progress(days, is_quiet):
            told.get()
            if any(each.done() and each.exception() for each in work):
                break
        return [each.result() for each in work]


_told: list["SimpleQueue[None]"] = []


def _hear(told: "SimpleQueue[None]") -> None:
    """In each process, once: where to tell of the days."""
    _told.append(told)


def _rehearse_and_tell(share: Share) -> Rehearsed:
    return rehearse(share, _told[0].put)


def _progress(days: int, is_quiet: bool) -> Iterator[int]:
    return iter(range(days) if is_quiet else track(range(days), "Days", transient=True))


def _facts(verdict: Verdict, weeks: int, pairs: int, price: float, seconds: float) -> dict[str, object]:
    """The report as plain facts. Money in the currency of the price."""
    segments = sum(each.segments for each in verdict.kinds)
    return {
        "weeks": weeks,
        "pairs": pairs,
        "kinds": [asdict(each) | {"cost": round(each.segments * price, 2)} for each in verdict.kinds],
        "texts": sum(each.texts for each in verdict.kinds),
        "segments": segments,
        "cost": round(segments * price, 2),
        "texts_in": verdict.texts_in,
        "waiting": verdict.waiting,
        "breaches": asdict(verdict.breaches),
        "seconds": round(seconds, 1),
        "pair_weeks_a_second": round(weeks * pairs / seconds, 2),
    }


def _print(verdict: Verdict, facts: dict[str, object], transcripts: dict[str, list[str]]) -> None:
    kinds = facts["kinds"]
    assert isinstance(kinds, list)
    print_facts(kinds, f"{facts['pairs']} pairs, {facts['weeks']} weeks", is_json=False)
    for name, lines in transcripts.items():
        click.echo(f"\n{name}")
        for line in lines:
            click.echo(f"  {line}")
    click.echo(f"\n{facts['texts']} texts left in {facts['segments']} segments, for {facts['cost']:.2f}.")
    click.echo(f"People wrote {verdict.texts_in}; {verdict.waiting} of ours wait for another hour.")
    counts = ", ".join(
        f"{name.replace('_', ' ')} {count}" for name, count in asdict(verdict.breaches).items()
    )
    click.echo(f"Promises broken: {counts}.")
    click.echo(f"{facts['seconds']} s, {facts['pair_weeks_a_second']} pair-weeks a second.")
