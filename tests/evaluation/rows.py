"""The evaluation set as rows: what a line of its files holds, and how it is read and written.

A row is one text as the screen would see it, with the answer that a careful coordinator would give. `expect` names what
must be shown; `also` names what may be shown beside it without being wrong. Both empty: nothing should be shown.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

HERE = Path(__file__).parent
ORDINARY = "ordinary"


class Label(StrEnum):
    """The categories of the screen, spelled here once more: the set does not depend on what it measures."""

    CONTACT = "contact"
    MEETING = "meeting"
    SECRECY = "secrecy"
    SEXUAL = "sexual"
    CRISIS = "crisis"
    DISCLOSURE = "disclosure"
    VIOLENCE = "violence"
    HARASSMENT = "harassment"


class Part(StrEnum):
    """The files of the set. Rules may be written while looking at the first two only."""

    DEV = "dev"
    ORDINARY_DEV = "ordinary-dev"
    HELD_OUT = "held-out"
    ORDINARY = "ordinary"


@dataclass(frozen=True)
class Row:
    id: str
    text: str
    language: str
    writer: str  # "youth" or "mentor", as in `gateway screen`
    subtype: str
    template: str
    expect: frozenset[Label] = frozenset()
    also: frozenset[Label] = frozenset()
    recent: tuple[str, ...] = ()  # earlier texts of the same writer, oldest first

    @property
    def aim(self) -> Label | None:
        """The category that the row tries: what must be found in it, or what a near miss looks like."""
        return None if self.subtype == ORDINARY else Label(self.subtype.partition("-")[0])


def path_of(part: Part, folder: Path = HERE) -> Path:
    return folder / f"{part}.jsonl"


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_rows(path: Path) -> list[Row]:
    """In the file's order. Raises ValueError or KeyError for a line that is no row."""
    return [_from_json(json.loads(line)) for line in path.read_bytes().decode().splitlines()]


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    lines = (json.dumps(_to_json(row), ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes("".join(lines).encode())


def _from_json(fields: dict[str, object]) -> Row:
    recent = fields.get("recent", [])
    assert isinstance(recent, list)
    return Row(
        id=str(fields["id"]),
        text=str(fields["text"]),
        language=str(fields["language"]),
        writer=str(fields["from"]),
        subtype=str(fields["subtype"]),
        template=str(fields["template"]),
        expect=_labels(fields["expect"]),
        also=_labels(fields.get("also", [])),
        recent=tuple(map(str, recent)),
    )


def _labels(names: object) -> frozenset[Label]:
    assert isinstance(names, list)
    return frozenset(map(Label, names))


def _to_json(row: Row) -> dict[str, object]:
    fields: dict[str, object] = {"id": row.id, "text": row.text}
    if row.recent:
        fields["recent"] = list(row.recent)
    fields |= {"language": row.language, "from": row.writer, "expect": sorted(row.expect)}
    if row.also:
        fields["also"] = sorted(row.also)
    return fields | {"subtype": row.subtype, "template": row.template}
