"""How well the safety screen finds what it should, on the evaluation set of tests/evaluation. See docs/screening.md.

Prints Markdown tables. Run: .venv/bin/python -m scripts.bench.screen --set held-out --list confusions.jsonl
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import quantiles

from gateway.safety.screen import Verdict, Writer, screen
from gateway.safety.screen.reading import read_rules
from scripts.bench import tally
from scripts.bench.tally import Judged, Score, Share
from tests.evaluation.rows import Label, Part, Row, path_of, read_rows

SETS = {"dev": (Part.DEV, Part.ORDINARY_DEV), "held-out": (Part.HELD_OUT, Part.ORDINARY)}


def main() -> None:
    asked = _arguments()
    look, seconds = _looker(asked.rules)
    judged, ordinary = (tally.judge(read_rows(path_of(part)), look) for part in SETS[asked.set])
    for line in _report(asked.set, judged, ordinary, seconds):
        print(line)
    if asked.list:
        asked.list.write_text("".join(_confusions([*judged, *ordinary])), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=SETS, default="dev")
    parser.add_argument("--rules", type=Path, default=Path("screening"), help="folder of the rules")
    parser.add_argument("--list", type=Path, metavar="FILE", help="write every miss and false alarm there")
    return parser.parse_args()


def _looker(folder: Path) -> tuple[Callable[[Row], frozenset[Label]], list[float]]:
    """The screen as the tally wants it, and the seconds that each text took."""
    files = {
        str(path.relative_to(folder)): path.read_text("utf-8") for path in sorted(folder.rglob("*.yaml"))
    }
    rules = read_rules(files)
    seconds: list[float] = []

    def look(row: Row) -> frozenset[Label]:
        started = time.perf_counter()
        seen = screen(rules, row.text, row.language, Writer(row.writer), recent=row.recent)
        seconds.append(time.perf_counter() - started)
        if seen.verdict is Verdict.ALLOW:
            return frozenset()
        return frozenset(Label(finding.category.value) for finding in seen.findings)

    return look, seconds


def _report(
    name: str, judged: Sequence[Judged], ordinary: Sequence[Judged], seconds: Sequence[float]
) -> Iterator[str]:
    yield f"Set `{name}`: {len(judged)} labelled rows, {len(ordinary)} ordinary texts.\n"
    yield "| subtype | language | positives | recall (95 %) | near misses | precision (95 %) | templates whole |"
    yield "|---|---|---|---|---|---|---|"
    yield from map(_subtype_line, tally.by_subtype(judged))
    yield "\n| aimed at | recall en less fr, points (95 %) |\n|---|---|"
    for group, own in tally.aimed(judged).items():
        apart, low, high = (points * 100 for points in tally.gap(own))
        yield f"| {group} | {apart:+.1f} ({low:+.1f} to {high:+.1f}) |"
    yield "\n| category, all rows | recall (95 %) | precision (95 %) | false alarms per 1,000 ordinary (95 %) |"
    yield "|---|---|---|---|"
    false = tally.alarms(ordinary)
    for label, (recall, precision) in tally.by_category(judged).items():
        yield f"| {label} | {_share(recall)} | {_share(precision)} | {_per_thousand(false[label])} |"
    yield f"| any | | | {_per_thousand(tally.any_alarm(ordinary))} |"
    cuts = quantiles(seconds, n=100)
    yield f"\nA text takes {cuts[49] * 1000:.2f} ms (median), {cuts[98] * 1000:.2f} ms (99th of 100)."
    missed = tally.unmet(judged, ordinary)
    yield "\nGoals not met:\n" if missed else "\nEvery goal is met."
    yield from (f"- {sentence}" for sentence in missed)


def _subtype_line(score: Score) -> str:
    return (
        f"| {score.subtype} | {score.language} | {score.recall.total} | {_share(score.recall)} "
        f"| {score.near_misses} | {_share(score.precision)} | {score.whole.hits} of {score.whole.total} |"
    )


def _share(share: Share) -> str:
    if share.value is None:
        return "none"
    low, high = share.interval
    return f"{share.value:.3f} ({low:.3f} to {high:.3f})"


def _per_thousand(share: Share) -> str:
    low, high = share.interval
    return f"{(share.value or 0) * 1000:.1f} ({low * 1000:.1f} to {high * 1000:.1f})"


def _confusions(judged: Sequence[Judged]) -> Iterator[str]:
    """One JSON a line for each category that was missed, or shown without reason."""
    for each in judged:
        row = each.row
        wrong = [("missed", label) for label in sorted(each.missed)]
        wrong += [("false", label) for label in sorted(each.false)]
        for kind, label in wrong:
            told = {"kind": kind, "category": label, "subtype": row.subtype, "language": row.language}
            told |= {"from": row.writer, "text": row.text, "recent": list(row.recent)}
            yield json.dumps(told | {"id": row.id, "template": row.template}, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    main()
