"""Reading a list of people from CSV: every bad cell is named with its row, its column and a remedy.

Nothing is imported unless the whole file is good.
"""

import csv
import io
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from gateway.people import fields
from gateway.people.directory import NewPerson
from gateway.people.fields import FieldRefused, Problem

T = TypeVar("T")
REQUIRED = ("key", "role", "name", "phone")
OPTIONAL = ("language", "timezone", "community", "consent", "screened", "trained", "nights")
KNOWN = (*REQUIRED, *OPTIONAL, "interests", "matches")
DISARMED = ("'+", "'=", "'-", "'@")  # as our own export writes what a sheet would take for a formula
MAX_ROWS = 20_000


@dataclass(frozen=True)
class Defaults:
    """What a row gets when its cell is empty or its column is missing, and what its cells may hold."""

    language: str
    timezone: str
    community: str
    today: date
    countries: frozenset[str]
    interests: Collection[str] = ()


@dataclass(frozen=True)
class RosterRow:
    """One person of the list, and whether consent was given to staff."""

    person: NewPerson
    community: str
    has_consent: bool


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong. `column` is empty when it is wrong with the row; `earlier` is the row meant besides."""

    row: int
    column: str
    problem: Problem
    value: str = ""
    earlier: int = 0

    def __str__(self) -> str:
        place = f"row {self.row}, column {self.column}" if self.column else f"row {self.row}"
        return f"{place}: {self.problem.value % {'value': self.value, 'row': self.earlier}}."


class RosterRefused(ValueError):
    """The list cannot be imported; `faults` names each bad cell."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def read_roster(content: bytes, defaults: Defaults) -> list[RosterRow]:
    """The people in a CSV file (UTF-8, comma or semicolon, header in the first row). Raises RosterRefused."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise RosterRefused([Fault(row, "", Problem.NOT_UTF8)]) from None
    delimiter = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    names: list[str] = []
    rows: list[tuple[int, Mapping[str, str | None]]] = []
    try:
        names = [(name or "").strip().lower() for name in reader.fieldnames or []]
        reader.fieldnames = names
        for cells in reader:
            rows.append((len(rows) + 2, cells))
    except csv.Error as error:
        row = len(rows) + 2 if names else 1
        raise RosterRefused([Fault(row, "", Problem.NOT_CSV, str(error))]) from None
    _check_header(names, len(rows))
    return _read_rows(rows, defaults)


def _check_header(names: list[str], count: int) -> None:
    faults = [Fault(1, "", Problem.COLUMN_MISSING, name) for name in REQUIRED if name not in names]
    twice = dict.fromkeys(name for name in names if name and names.count(name) > 1)
    faults += [Fault(1, "", Problem.COLUMN_TWICE, name) for name in twice]
    if count == 0 and not faults:
        faults.append(Fault(2, "", Problem.NOBODY))
    if count > MAX_ROWS:
        faults.append(Fault(MAX_ROWS + 2, "", Problem.TOO_MANY, str(MAX_ROWS)))
    if faults:
        raise RosterRefused(faults)


def _read_rows(rows: Iterable[tuple[int, Mapping[str, str | None]]], defaults: Defaults) -> list[RosterRow]:
    people: list[RosterRow] = []
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        row = RowReader(number, cells, faults)
        person = _read_person(row, defaults)
        key = row.text("key")
        if key and key in seen:
            faults.append(Fault(number, "key", Problem.KEY_TWICE, key, seen[key]))
        seen.setdefault(key, number)
        if person:
            people.append(person)
    if faults:
        raise RosterRefused(faults)
    return people


class RowReader:
    """Reads the cells of one row and notes what is wrong with them."""

    def __init__(self, number: int, cells: Mapping[str, str | None], faults: list[Fault]) -> None:
        self.number = number
        self.cells = cells
        self.faults = faults
        if None in cells:  # csv puts surplus cells under None
            faults.append(Fault(number, "", Problem.SURPLUS))

    def text(self, column: str, default: str = "") -> str:
        value = self.cells.get(column)
        if not isinstance(value, str) or not value.strip():
            return default
        text = value.strip()
        return text[1:] if text.startswith(DISARMED) else text

    def take(self, column: str, read: Callable[[str], T], default: str = "") -> T | None:
        """The cell as `read` understands it; None, and a fault noted, when it does not."""
        try:
            return read(self.text(column, default))
        except FieldRefused as refusal:
            self.faults.append(Fault(self.number, column, refusal.problem, refusal.value))
            return None


def _read_person(row: RowReader, defaults: Defaults) -> RosterRow | None:
    before = len(row.faults)
    today = defaults.today
    key, name = row.take("key", fields.read_key), row.take("name", fields.read_name)
    role = row.take("role", fields.read_role)
    phone = row.take("phone", lambda text: fields.read_phone(text, defaults.countries))
    language = row.take("language", fields.read_language, defaults.language)
    zone = row.take("timezone", fields.read_zone, defaults.timezone)
    community = row.take("community", fields.read_community, defaults.community)
    # a missing column counts as done; an empty cell as not yet
    consent = row.take("consent", fields.read_yes) if "consent" in row.cells else True
    nights = row.take("nights", fields.read_nights)
    screened, trained = (
        row.take(column, lambda text: fields.read_day(text, today)) if column in row.cells else today
        for column in ("screened", "trained")
    )
    interests = row.take("interests", lambda text: fields.read_interests(text, defaults.interests))
    most = row.take("matches", fields.read_count, "1")
    if len(row.faults) > before:
        return None
    assert key and name and role and phone and language and zone and community and most
    person = NewPerson(
        key, role, name, phone, language, zone, screened, trained, bool(nights), interests or (), most
    )
    return RosterRow(person, community, bool(consent))
