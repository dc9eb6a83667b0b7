"""Reading what somebody typed about a person, in a list or on a page: each field, and why it cannot be taken."""

import re
from collections.abc import Collection
from datetime import date
from enum import StrEnum
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gateway.i18n import is_language
from gateway.models import Role
from gateway.sms import numbers
from gateway.sms.numbers import NumberRefused, in_allowed_countries, parse_number

YES = frozenset({"yes", "y", "true", "1", "oui", "o", "given"})
NO = frozenset({"no", "n", "false", "0", "non", ""})
MOST_MATCHES = 20


class Problem(StrEnum):
    """Why a cell or a file is refused; the value is the English sentence, with places for what was found."""

    KEY = "%(value)r must be 1 to 64 letters, digits, dots or dashes"
    KEY_TWICE = "%(value)r stands in row %(row)s already; each person needs a key of their own"
    KEY_TAKEN = "%(value)r is enrolled already; leave this row out"
    NAME = "needs a name of 1 to 120 characters"
    ROLE = "%(value)r must be youth, mentor or guardian"
    COUNTRY = "is outside %(value)s, the countries in flows/program.yaml"
    OWN_LINE = "this is one of the gateway's own lines; give the person's own phone"
    LANGUAGE = "%(value)r is no language code; write en, fr or another such as cr"
    ZONE = "%(value)r is no time zone; write it as America/Toronto or America/Regina"
    COMMUNITY = "must be 1 to 64 letters, digits, spaces or dashes"
    OTHER_COMMUNITY = "%(value)r is not the community that you serve; leave the column out"
    YES_NO = "%(value)r is neither yes nor no"
    NIGHTS = "%(value)r must be quiet, open or empty"
    DAY = "%(value)r is no date; write it as 2026-11-24, or yes, or leave it empty"
    INTEREST = "%(value)r is not one of the interests in flows/program.yaml"
    COUNT = "%(value)r must be a number from 1 to 20"
    NUMBER_EMPTY = numbers.Problem.EMPTY.value.rstrip(".")
    NUMBER_EXTENSION = numbers.Problem.EXTENSION.value.rstrip(".")
    NUMBER_LETTERS = numbers.Problem.LETTERS.value.rstrip(".")
    NUMBER_SHORT = numbers.Problem.SHORT.value.rstrip(".")
    NUMBER_LONG = numbers.Problem.LONG.value.rstrip(".")
    NUMBER_IMPOSSIBLE = numbers.Problem.IMPOSSIBLE.value.rstrip(".")
    NUMBER_KIND = numbers.Problem.KIND.value.rstrip(".")
    COLUMN_MISSING = "the column %(value)r is missing; the first row must name it"
    COLUMN_TWICE = "the column %(value)r stands twice; keep one"
    NOBODY = "there is nobody in the list"
    TOO_MANY = "more than %(value)s people; split the list"
    SURPLUS = "more cells than columns; quote a cell that holds a comma"
    NOT_UTF8 = "not UTF-8. Save the sheet as “CSV UTF-8”"
    NOT_CSV = "%(value)s. Check its quotes"


class FieldRefused(ValueError):
    """One field cannot be read."""

    def __init__(self, problem: Problem, value: str = "") -> None:
        super().__init__(problem.value % {"value": value, "row": ""})
        self.problem = problem
        self.value = value


def read_key(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}", text):
        raise FieldRefused(Problem.KEY, text)
    return text


def read_name(text: str) -> str:
    name = " ".join(text.split())
    if not 1 <= len(name) <= 120 or not name.isprintable():
        raise FieldRefused(Problem.NAME)
    return name


def read_role(text: str) -> Role:
    word = text.casefold()
    if word not in set(Role):
        raise FieldRefused(Problem.ROLE, word)
    return Role(word)


def read_phone(text: str, countries: frozenset[str]) -> str:
    """The number in E.164, within the countries that may be texted."""
    try:
        phone = parse_number(text)
    except NumberRefused as refusal:
        raise FieldRefused(Problem[f"NUMBER_{refusal.problem.name}"]) from None
    if not in_allowed_countries(phone, countries):
        raise FieldRefused(Problem.COUNTRY, ", ".join(sorted(countries)))
    return phone


def read_language(text: str) -> str:
    if not is_language(text) or len(text) > 16:
        raise FieldRefused(Problem.LANGUAGE, text)
    return text


def read_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise FieldRefused(Problem.ZONE, text) from None
    return text


def read_community(text: str) -> str:
    if not re.fullmatch(r"[\w][\w .'’-]{0,63}", text):
        raise FieldRefused(Problem.COMMUNITY)
    return text


def read_yes(text: str) -> bool:
    word = text.casefold()
    if word not in YES | NO:
        raise FieldRefused(Problem.YES_NO, word)
    return word in YES


def read_nights(text: str) -> bool:
    """Whether nights are kept quiet."""
    if text not in {"", "quiet", "open"}:
        raise FieldRefused(Problem.NIGHTS, text)
    return text == "quiet"


def read_day(text: str, today: date) -> date | None:
    """A date; `yes` is today, nothing is not yet."""
    if text.casefold() in YES:
        return today
    if text.casefold() in NO:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise FieldRefused(Problem.DAY, text) from None


def read_interests(text: str, known: Collection[str]) -> tuple[str, ...]:
    """Tags, parted by blanks, bars or punctuation. The list of tags is the program's own."""
    tags = tuple(filter(None, re.split(r"[\s,;|/]+", text.casefold())))
    for tag in tags:
        if tag not in known:
            raise FieldRefused(Problem.INTEREST, tag)
    return tuple(dict.fromkeys(tags))


def read_count(text: str) -> int:
    """How many matches a mentor can carry."""
    if not (text.isascii() and text.isdigit()) or not 1 <= int(text[:3]) <= MOST_MATCHES:
        raise FieldRefused(Problem.COUNT, text)
    return int(text)
