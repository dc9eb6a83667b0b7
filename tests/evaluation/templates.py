"""The templates: texts with slots, written by hand, and the rows that are drawn from them.

A file has a line `rows: N` (positives a language; of near misses there are three times as many) and sections:

    [yes youth en + secrecy ~ meeting]   must show the file's category and secrecy, may show meeting
    [no either fr]                       nothing to show, though it looks a little like it

Each line below is a template. ` // ` parts the earlier texts of the same writer from the last one, which is the row.
"""

import hashlib
import random
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from tests.evaluation.rows import HERE, ORDINARY, Label, Row
from tests.evaluation.slots import Filling, Words

SECTION = re.compile(r"\[(yes|no) (youth|mentor|either) (en|fr)((?: [+~] [a-z]+)*)\]")
ELISION = re.compile(r"\b(d|qu)e (?=[aeiouéèêAEIOUÉ]|histoire)(?!onz|oui\b|un )")
EARLIER = " // "
TRIES = 30  # draws of one template before it counts as used up


@dataclass(frozen=True)
class Template:
    subtype: str
    is_positive: bool
    writer: str
    language: str
    words: str
    expect: frozenset[Label]
    also: frozenset[Label]

    @property
    def id(self) -> str:
        """Stays the same wherever the line moves; changes with its words."""
        shown = "yes" if self.is_positive else "no"
        mark = hashlib.sha256(f"{self.writer} {self.words}".encode()).hexdigest()[:8]
        return f"{self.subtype}.{shown}.{self.language}.{mark}"


@dataclass(frozen=True)
class Sheet:
    """One file: a subtype, how many positives it wants in each language, its templates."""

    subtype: str
    rows: int
    templates: tuple[Template, ...]


def read_sheets(folder: Path = HERE / "templates") -> list[Sheet]:
    return [_read_sheet(path) for path in sorted(folder.glob("*.txt"))]


def _read_sheet(path: Path) -> Sheet:
    rows, section, templates = 0, None, []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("rows: "):
            rows = int(line.removeprefix("rows: "))
        elif line.startswith("["):
            section = SECTION.fullmatch(line)
            if section is None:
                raise ValueError(f"{path.name}:{number}: no section: {line}")
        elif line and not line.startswith("# "):
            if section is None:
                raise ValueError(f"{path.name}:{number}: a template before the first section")
            templates.append(_template(path.stem, section, line))
    return Sheet(path.stem, rows, tuple(templates))


def _template(subtype: str, section: re.Match[str], words: str) -> Template:
    shown, writer, language, more = section.groups()
    marked = re.findall(r"([+~]) ([a-z]+)", more)
    own = {Label(subtype.partition("-")[0])} if shown == "yes" and subtype != ORDINARY else set()
    expect = own | {Label(name) for mark, name in marked if mark == "+"}
    also = {Label(name) for mark, name in marked if mark == "~"}
    return Template(subtype, shown == "yes", writer, language, words, frozenset(expect), frozenset(also))


def draw(
    templates: list[Template], count: int, dice: random.Random, pools: Words, used: set[str]
) -> list[Row]:
    """`count` rows, each template in turn, none like one in `used` (which grows). ValueError if they run out."""
    rows: list[Row] = []
    fresh = list(templates)
    dice.shuffle(fresh)
    while len(rows) < count and fresh:
        for template in list(fresh):
            row = _new_row(template, dice, pools, used)
            if row is None:
                fresh.remove(template)
            elif len(rows) < count:
                rows.append(row)
    if len(rows) < count:
        first = templates[0] if templates else None
        raise ValueError(f"{len(templates)} templates like {first} make {len(rows)} rows of {count}")
    return rows


def _new_row(template: Template, dice: random.Random, pools: Words, used: set[str]) -> Row | None:
    for _ in range(TRIES):
        writer = dice.choice(["youth", "mentor"]) if template.writer == "either" else template.writer
        filled = Filling(dice, template.language, pools).fill(template.words)
        written = as_typed(elided(filled) if template.language == "fr" else filled, writer, dice)
        if (key := likeness(written)) in used:
            continue
        used.add(key)
        *recent, text = (each.strip() for each in written.split(EARLIER))
        return Row(
            "", text, template.language, writer, template.subtype, template.id,
            template.expect, template.also, tuple(recent),
        )  # fmt: skip
    return None


def likeness(text: str) -> str:
    """What two texts share that differ only in capitals, accents, apostrophes or spaces."""
    return " ".join(without_accents(text).casefold().replace("’", "'").split())


def elided(text: str) -> str:
    """French where a slot has left `de anglais`, `que Olivier` or `de les Sims`, as it is said."""
    return ELISION.sub(r"\1'", text.replace(" de les ", " des "))


def as_typed(text: str, writer: str, dice: random.Random) -> str:
    """The words as a phone leaves them: mostly as written; without accents, small, curly or shouted at times."""
    at = dice.random() if writer == "youth" else dice.random() * 0.5 + 0.5
    if at < 0.2:
        return without_accents(text)
    if at < 0.32:
        return text.lower()
    if at < 0.35:
        return text.upper()
    return text.replace("'", "’") if at > 0.9 else text


def without_accents(text: str) -> str:
    """Only Latin letters lose their marks: a keycap or another alphabet stays whole."""
    return "".join(
        unicodedata.normalize("NFD", letter)[0] if "À" <= letter <= "ſ" and letter not in "×÷" else letter
        for letter in text
    ).replace("œ", "oe")
