"""Reading a list of people from CSV: every bad cell is named with its row, its column and a remedy.

Nothing is imported unless the whole file is good.
"""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gateway.i18n import is_language
from gateway.models import Role
from gateway.people.directory import NewPerson
from gateway.sms.numbers import NumberRefused, in_allowed_countries, parse_number

REQUIRED = ("key", "role", "name", "phone")
KNOWN = (*REQUIRED, "language", "timezone", "community", "consent", "screened", "trained", "nights")
YES = frozenset({"yes", "y", "true", "1", "oui", "o", "given"})
NO = frozenset({"no", "n", "false", "0", "non", ""})
MAX_ROWS = 20_000


@dataclass(frozen=True)
class Defaults:
    """What a row gets when its cell is empty or its column is missing."""

    language: str
    timezone: str
    community: str
    today: date
    countries: frozenset[str]


@dataclass(frozen=True)
class RosterRow:
    """One person of the list, and whether consent was given to staff."""

    person: NewPerson
    community: str
    has_consent: bool


class RosterRefused(ValueError):
    """The list cannot be imported; `faults` holds a sentence for each bad cell."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class CellRefused(ValueError):
    """One cell cannot be read."""


def read_roster(content: bytes, defaults: Defaults) -> list[RosterRow]:
    """The people in a CSV file (UTF-8, comma or semicolon, header in the first row). Raises RosterRefused."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
        raise RosterRefused([f"row {row}: not UTF-8. Save the sheet as “CSV UTF-8”."]) from None
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
        raise RosterRefused([f"row {row}: {error}. Check its quotes."]) from None
    _check_header(names, len(rows))
    return _read_rows(rows, defaults)


def _check_header(names: list[str], count: int) -> None:
    faults = [
        f"row 1: the column {name!r} is missing; the first row must name it."
        for name in REQUIRED
        if name not in names
    ]
    faults += [
        f"row 1: the column {name!r} stands twice; keep one."
        for name in {n for n in names if n and names.count(n) > 1}
    ]
    if count == 0 and not faults:
        faults.append("row 2: there is nobody in the list.")
    if count > MAX_ROWS:
        faults.append(f"row {MAX_ROWS + 2}: more than {MAX_ROWS} people; split the list.")
    if faults:
        raise RosterRefused(faults)


def _read_rows(rows: Iterable[tuple[int, Mapping[str, str | None]]], defaults: Defaults) -> list[RosterRow]:
    people: list[RosterRow] = []
    faults: list[str] = []
    seen: dict[str, int] = {}
    for number, cells in rows:
        row = RowReader(number, cells, faults)
        person = _read_person(row, defaults)
        key = row.text("key")
        if key and key in seen:
            row.refuse(
                "key", f"{key!r} stands in row {seen[key]} already; each person needs a key of their own"
            )
        seen.setdefault(key, number)
        if person:
            people.append(person)
    if faults:
        raise RosterRefused(faults)
    return people


class RowReader:
    """Reads the cells of one row and notes what is wrong with them."""

    def __init__(self, number: int, cells: Mapping[str, str | None], faults: list[str]) -> None:
        self.number = number
        self.cells = cells
        self.faults = faults
        if None in cells:  # csv puts surplus cells under None
            faults.append(f"row {number}: more cells than columns; quote a cell that holds a comma.")

    def text(self, column: str, default: str = "") -> str:
        value = self.cells.get(column)
        return value.strip() if isinstance(value, str) and value.strip() else default

    def refuse(self, column: str, why: str) -> None:
        self.faults.append(f"row {self.number}, column {column}: {why}.")

    def flag(self, column: str, default: bool) -> bool:
        if column not in self.cells:
            return default
        word = self.text(column).casefold()
        if word not in YES | NO:
            self.refuse(column, f"{word!r} is neither yes nor no")
        return word in YES

    def day(self, column: str, default: date) -> date | None:
        """A date, `yes` for today, empty for not yet; a missing column counts as done."""
        if column not in self.cells:
            return default
        word = self.text(column)
        if word.casefold() in YES:
            return default
        if word.casefold() in NO:
            return None
        try:
            return date.fromisoformat(word)
        except ValueError:
            self.refuse(column, f"{word!r} is no date; write it as 2026-11-24, or yes, or leave it empty")
            return None


def _read_person(row: RowReader, defaults: Defaults) -> RosterRow | None:
    before = len(row.faults)
    key = row.text("key")
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", key):
        row.refuse("key", f"{key!r} must be 1 to 64 letters, digits, dots or dashes")
    name = " ".join(row.text("name").split())
    if not 1 <= len(name) <= 120 or not name.isprintable():
        row.refuse("name", "needs a name of 1 to 120 characters")
    role = _one_role(row)
    phone = _phone(row, defaults)
    language = row.text("language", defaults.language)
    if not is_language(language):
        row.refuse("language", f"{language!r} is no language code; write en, fr or another such as cr")
    timezone = _zone(row, defaults)
    community = row.text("community", defaults.community)
    if not re.fullmatch(r"[\w][\w .'’-]{0,63}", community):
        row.refuse("community", "must be 1 to 64 letters, digits, spaces or dashes")
    has_consent = row.flag("consent", True)
    nights = row.text("nights")
    if nights not in {"", "quiet", "open"}:
        row.refuse("nights", f"{nights!r} must be quiet, open or empty")
    screened, trained = row.day("screened", defaults.today), row.day("trained", defaults.today)
    if len(row.faults) > before or role is None:
        return None
    person = NewPerson(key, role, name, phone, language, timezone, screened, trained, nights == "quiet")
    return RosterRow(person, community, has_consent)


def _one_role(row: RowReader) -> Role | None:
    word = row.text("role").casefold()
    if word in set(Role):
        return Role(word)
    row.refuse("role", f"{word!r} must be youth, mentor or guardian")
    return None


def _phone(row: RowReader, defaults: Defaults) -> str:
    try:
        phone = parse_number(row.text("phone"))
    except NumberRefused as refusal:
        row.refuse("phone", refusal.reason.rstrip("."))
        return ""
    if not in_allowed_countries(phone, defaults.countries):
        row.refuse(
            "phone",
            f"is outside {', '.join(sorted(defaults.countries))}, the countries in flows/program.yaml",
        )
    return phone


def _zone(row: RowReader, defaults: Defaults) -> str:
    zone = row.text("timezone", defaults.timezone)
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        row.refuse("timezone", f"{zone!r} is no time zone; write it as America/Toronto or America/Regina")
    return zone
