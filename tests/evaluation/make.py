"""Make the evaluation set anew from its templates. Run: .venv/bin/python -m tests.evaluation.make

The seed is fixed: the same templates give the same files, byte for byte. A fifth of each sheet's templates goes to `dev`,
the others to `held-out`; no template is in both. English and French come in equal numbers.
"""

import random
import sys
from dataclasses import replace
from pathlib import Path

from ruamel.yaml import YAML

from tests.evaluation.rows import HERE, ORDINARY, Part, Row, hash_of, path_of, read_rows, write_rows
from tests.evaluation.slots import Words
from tests.evaluation.templates import Sheet, Template, draw, read_sheets

SEED = "passerelle 2026-11"
NEGATIVES = 3  # near misses for each positive
DEV = 0.2


def make() -> dict[Part, list[Row]]:
    """Every row of every file, in order, with its id."""
    parts: dict[Part, list[Row]] = {part: [] for part in Part}
    pools = _pools()
    used: set[str] = set()
    for sheet in read_sheets():
        for part, rows in _rows_of(sheet, pools, used).items():
            parts[part] += rows
    return {part: _numbered(part, rows) for part, rows in parts.items()}


def _rows_of(sheet: Sheet, pools: Words, used: set[str]) -> dict[Part, list[Row]]:
    dice = random.Random(f"{SEED} {sheet.subtype}")
    is_ordinary = sheet.subtype == ORDINARY
    dev, held_out = (Part.ORDINARY_DEV, Part.ORDINARY) if is_ordinary else (Part.DEV, Part.HELD_OUT)
    made: dict[Part, list[Row]] = {dev: [], held_out: []}
    for language in ("en", "fr"):
        for is_positive in (False,) if is_ordinary else (True, False):
            alike = [
                each
                for each in sheet.templates
                if each.language == language and each.is_positive is is_positive
            ]
            seen, unseen = split(alike)
            times = 1 if is_positive or is_ordinary else NEGATIVES
            few, count = round(sheet.rows * DEV) * times, sheet.rows * times
            made[dev] += draw(seen, few, dice, pools, used)
            made[held_out] += draw(unseen, count if is_ordinary else count - few, dice, pools, used)
    if is_ordinary:
        return {part: with_history(rows, dice) for part, rows in made.items()}
    return made


def with_history(rows: list[Row], dice: random.Random) -> list[Row]:
    """Up to four earlier texts beside each, of the same language and kind of writer: in use, a text rarely comes first."""
    said = [(row.language, row.writer, row.text) for row in rows]
    return [replace(row, recent=_earlier(row, said, dice)) for row in rows]


def _earlier(row: Row, said: list[tuple[str, str, str]], dice: random.Random) -> tuple[str, ...]:
    others = [
        text
        for language, writer, text in said
        if (language, writer) == (row.language, row.writer) and text != row.text
    ]
    return tuple(dice.sample(others, dice.randint(0, 4)))


def split(templates: list[Template]) -> tuple[list[Template], list[Template]]:
    """(for dev, held out), by the hash of each template's words: nobody chose which is which."""
    ordered = sorted(templates, key=lambda template: template.id)
    few = max(1, round(len(ordered) * DEV))
    return ordered[:few], ordered[few:]


def _numbered(part: Part, rows: list[Row]) -> list[Row]:
    return [replace(row, id=f"{part}-{number:04}") for number, row in enumerate(rows, start=1)]


def _pools() -> Words:
    with (HERE / "pools.yaml").open(encoding="utf-8") as file:
        pools: Words = YAML(typ="safe").load(file)
    return pools


def write(folder: Path = HERE) -> None:
    for part, rows in make().items():
        write_rows(path_of(part, folder), rows)


if __name__ == "__main__":
    write()
    for part in Part:
        path = path_of(part)
        sys.stdout.write(f"| `{path.name}` | {len(read_rows(path)):,} | `{hash_of(path)}` |\n")
