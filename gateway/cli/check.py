"""`gateway check`: reads everything that staff wrote, names each fault with its line, and says what each text costs."""

import sys
from collections.abc import Mapping
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import click

from gateway.authored.costs import PRICE, Cost, month_of
from gateway.authored.reading import AuthoringRefused, Fault, read_page, yaml_files
from gateway.authored.texts import texts_cost
from gateway.cli.care import stale_helplines
from gateway.cli.edge import as_json, print_json
from gateway.clock import SystemClock
from gateway.flows import conversations
from gateway.flows.catalogue import PROGRAM, TEXTS, read_content
from gateway.library import decoded
from gateway.prompts import catalogue
from gateway.safety.screen.reading import read_rules

ROW = "{line:>4}  {text:<22} {language:<4} {encoding:<5} {units:>5} {segments:>3} {level:<9} {per_send:>7} {per_month:>7}"
HEAD = ROW.format(
    line="line",
    text="text",
    language="",
    encoding="code",
    units="units",
    segments="seg",
    level="reading",
    per_send="a send",
    per_month="a month",
)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH…]")
@click.option(
    "--pairs", type=click.IntRange(1), default=100, show_default=True, help="Pairs to reckon a month for."
)
@click.option(
    "--price", type=click.FloatRange(0), default=PRICE, show_default=True, help="Price of one segment."
)
@as_json
def check(paths: tuple[Path, ...], pairs: int, price: float, is_json: bool) -> None:
    """Check prompts, flows and the rules of the screen: the content folder here, or the files and folders that are named."""
    faults: list[Fault] = []
    found: list[Cost] = []
    for path in paths or (Path(),):
        _check_path(path, faults, found)
    month = month_of(found, pairs, price)
    reminders = [sentence for path in paths or (Path(),) for sentence in _reminders(path)]
    if is_json:
        texts = [cost.facts(pairs, price) for cost in found]
        facts = {
            "faults": [fault.facts() for fault in faults],
            "texts": texts,
            "month": round(month, 2),
            "reminders": reminders,
        }
        print_json(facts)
    else:
        _print(faults, found, pairs, price, month)
        for sentence in reminders:
            click.echo(f"Reminder: {sentence}.")
    sys.exit(1 if faults else 0)


def _print(faults: list[Fault], found: list[Cost], pairs: int, price: float, month: float) -> None:
    for fault in faults:
        click.echo(str(fault))
    if found:
        facts = [cost.facts(pairs, price) for cost in found]
        for file, texts in groupby(facts, key=itemgetter("file")):
            click.echo(f"{file}\n{HEAD}")
            for one in texts:
                click.echo(_row(one))
        click.echo(
            f"About {month:.2f} a month for {pairs} pairs at {price} a segment, half in each language."
        )
    click.echo(f"{len(faults)} fault{'s' if len(faults) > 1 else ''}." if faults else "No fault.")


def _row(one: Mapping[str, object]) -> str:
    """A text under its file's name, without that name; characters that make it dearer stand at the end of the line."""
    name = str(one["text"]).partition(" ")[2] or str(one["text"])
    row = ROW.format(**{**one, "text": name, "level": one["level"] or ""})
    return f"{row}  {one['offenders']}".rstrip()


def _check_path(path: Path, faults: list[Fault], found: list[Cost]) -> None:
    """A content folder, a folder of prompts, of flows or of rules, or one file of the first two."""
    if path.is_file():
        _check_files({path.name: path.read_bytes()}, str(path.parent), faults, found)
    elif not path.is_dir():
        faults.append(Fault(str(path), 1, "no such file or folder", "name one that is there"))
    elif (path / "flows").is_dir() or (path / "prompts").is_dir():
        _check_charter(path, faults, found)
        for name in ("prompts", "flows"):
            if (path / name).is_dir():
                _check_folder(path / name, faults, found)
        if (path / "screening").is_dir():
            _check_rules(path / "screening", faults)
    elif (path / "policy.yaml").is_file():
        _check_rules(path, faults)
    else:
        _check_folder(path, faults, found)
    if path.is_dir() and not any(path.rglob("*.yaml")):
        faults.append(
            Fault(str(path), 1, "no .yaml file in it", "name the folder that holds flows/ and prompts/")
        )


def _check_charter(folder: Path, faults: list[Fault], found: list[Cost]) -> None:
    if not (folder / "flows" / "program.yaml").is_file():
        return
    try:
        content = read_content(folder)
        flows = conversations.read_flows(yaml_files(folder / "flows"))
    except AuthoringRefused as refused:  # faults of conversations are told with the others
        faults += [fault for fault in refused.faults if fault.file.startswith(str(folder))]
        return
    charter, texts = content.charter, folder / "flows" / TEXTS
    found += texts_cost(read_page(texts.read_bytes(), str(texts)), content.texts)
    file = folder / "flows" / PROGRAM
    page, asked = read_page(file.read_bytes(), str(file)), conversations.questions_of(flows)
    for number, outcome in enumerate(charter.outcomes):
        for question in outcome.questions:
            if question not in asked:
                what = f"{outcome.id}: no conversation asks {question!r}"
                faults.append(page.fault(("outcomes", number), what, "name what a step saves"))


def _reminders(path: Path) -> list[str]:
    """What is no fault, and grows old."""
    if not (path / "flows" / "program.yaml").is_file():
        return []
    try:
        return list(stale_helplines(read_content(path).charter, SystemClock().now().date()))
    except AuthoringRefused:
        return []  # named among the faults


def _check_rules(folder: Path, faults: list[Fault]) -> None:
    """Rules are read together, with every example in them."""
    try:
        read_rules(decoded(yaml_files(folder)))
    except AuthoringRefused as refused:
        faults += _placed(refused, str(folder))


def _check_folder(folder: Path, faults: list[Fault], found: list[Cost]) -> None:
    try:
        files = yaml_files(folder)
    except AuthoringRefused as refused:
        faults += _placed(refused, str(folder))
        return
    _check_files(files, str(folder), faults, found)


def _check_files(files: Mapping[str, bytes], folder: str, faults: list[Fault], found: list[Cost]) -> None:
    """Conversations have steps; whatever else there is are prompts, but for the program's own two files."""
    flows = {name: source for name, source in files.items() if b"\nsteps:" in b"\n" + source}
    prompts = {
        name: src
        for name, src in files.items()
        if name not in flows and not name.startswith(conversations.CHARTERS)
    }
    try:
        found += [_in_folder(cost, folder) for cost in catalogue.cost_of(catalogue.read_prompts(prompts))]
    except AuthoringRefused as refused:
        faults += _placed(refused, folder)
    try:
        found += [_in_folder(cost, folder) for cost in conversations.cost_of(conversations.read_flows(flows))]
    except AuthoringRefused as refused:
        faults += _placed(refused, folder)


def _in_folder(cost: Cost, folder: str) -> Cost:
    return Cost(**{**vars(cost), "file": str(Path(folder, cost.file))})


def _placed(refused: AuthoringRefused, folder: str) -> list[Fault]:
    return [
        Fault(str(Path(folder, fault.file)), fault.line, fault.what, fault.remedy) for fault in refused.faults
    ]
