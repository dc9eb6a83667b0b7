"""Answers what a phone number is: its one true form, its country, and whether a text can reach it.

It must never guess a number, and never show one whole to people.
"""

import re
import unicodedata
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType, ValidationResult

CANADA_AND_US = frozenset({"CA", "US"})

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_EXTENSION = re.compile(r"(?:;?\s*ext(?:ension)?\.?|poste|\bx|#|,)\s*[:=]?\s*[0-9]+\s*$", re.IGNORECASE)
_WRITTEN = re.compile(r"\+?[0-9().,/\s\-]+")
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—―−", "-"))
# The North American plan: neither an area nor an exchange starts with 0 or 1 or ends in 11.
_NANP = re.compile(r"(?!.11)[2-9][0-8][0-9](?!.11)[2-9][0-9]{6}")
_TOLL_FREE = re.compile(r"8(?:00|33|44|55|66|77|88)")
# How Twilio spells a withheld sender in digits: ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN, UNAVAILABLE.
_WITHHELD = frozenset({"+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"})
_TEXTABLE_KINDS = frozenset(
    {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
)


class Problem(StrEnum):
    """Why a number is refused; the value is the English sentence that says what to do."""

    EMPTY = "Enter a phone number, with its area code."
    EXTENSION = "Enter a number without an extension: a text cannot reach one."
    LETTERS = "Enter the number in digits only, such as 416 555 0142."
    SHORT = "This number is too short: enter all ten digits, with the area code."
    LONG = "This number is too long: enter one number only, with its area code."
    IMPOSSIBLE = "No such number can exist: check the area code and each digit."
    KIND = "This kind of number takes no texts: enter a mobile number."


class NumberRefused(ValueError):
    """A number that cannot be used. `reason` is a sentence for the person who typed it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.value)
        self.problem = problem
        self.reason = problem.value


def parse_number(raw: str, region: str = "CA") -> str:
    """Return `raw` in E.164, read as dialled from `region`; raise `NumberRefused` if it cannot be.

    +1 numbers are held to the shape of the plan, not to the list of numbers in service, so that
    the fictional 555-0100 to 555-0199 of every area pass. Others must be mobile or fixed and valid.
    """
    written = _tidied(raw)
    if not any(letter.isdigit() for letter in written):
        raise NumberRefused(Problem.LETTERS if written else Problem.EMPTY)
    if _EXTENSION.search(written):
        raise NumberRefused(Problem.EXTENSION)
    if not _WRITTEN.fullmatch(written):
        raise NumberRefused(Problem.LONG if written.count("+") > 1 else Problem.LETTERS)
    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException as refusal:
        raise NumberRefused(_parse_problem(refusal)) from None
    if problem := _problem(number):
        raise NumberRefused(problem)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_textable(number: str) -> bool:
    """Say whether `number` is a full E.164 number that a person could be texted back on.

    A short code, a sender in letters and a withheld number are not, so nothing is ever sent to them
    by itself.
    """
    parsed = _parsed(number)
    return parsed is not None and number not in _WITHHELD and _problem(parsed) is None


def country_of(number: str) -> str | None:
    """Return the ISO region of an E.164 number by its numbering plan, or None if it has none.

    +1 is 25 countries, told apart by area code; a toll-free or premium +1 number belongs to the
    whole plan, so to none of them.
    """
    parsed = _parsed(number)
    if parsed is None:
        return None
    if parsed.country_code != 1:
        return phonenumbers.region_code_for_number(parsed)
    national = str(parsed.national_number)
    return None if _TOLL_FREE.match(national) or national.startswith("900") else _area(national)


def in_allowed_countries(number: str, allowed: frozenset[str] = CANADA_AND_US) -> bool:
    """Say whether a text to `number` stays in `allowed`; what cannot be placed does not (toll fraud).

    North American toll-free numbers cost the caller nothing and pass if Canada or the US does.
    """
    parsed = _parsed(number)
    if parsed is None or not is_textable(number):
        return False
    if parsed.country_code == 1 and _TOLL_FREE.match(str(parsed.national_number)):
        return bool(allowed & CANADA_AND_US)
    return country_of(number) in allowed


def as_written(number: str) -> str:
    """A number in E.164 as people where it belongs write it: "506 555-0101". Anything else comes back as it is."""
    parsed = _parsed(number)
    if parsed is None:
        return number
    national = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return national.replace("(", "").replace(")", "")


def last_digits(number: str) -> str:
    """Return "…0142", enough for staff to recognise a number and too little to dial it."""
    digits = [letter for letter in number if letter.isdigit()]
    return "…" + "".join(digits[-4:] if len(digits) > 7 else digits[-2:])


def _tidied(raw: str) -> str:
    """Plain digits, plain dashes, nothing invisible, no `tel:`; the separators stay."""
    text = unicodedata.normalize("NFKC", raw).translate(_DASHES)
    text = "".join(_digit(letter) for letter in text if unicodedata.category(letter) not in {"Cf", "Cc"})
    return re.sub(r"^\s*tel\s*:\s*", "", text, flags=re.IGNORECASE).strip()


def _digit(letter: str) -> str:
    value = unicodedata.decimal(letter, None)
    return letter if value is None else str(value)


def _parse_problem(refusal: phonenumbers.NumberParseException) -> Problem:
    kind = phonenumbers.NumberParseException
    shapes = {kind.TOO_LONG: Problem.LONG, kind.INVALID_COUNTRY_CODE: Problem.IMPOSSIBLE}
    return shapes.get(refusal.error_type, Problem.SHORT)


def _problem(number: PhoneNumber) -> Problem | None:
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible in {ValidationResult.TOO_SHORT, ValidationResult.IS_POSSIBLE_LOCAL_ONLY}:
        return Problem.SHORT
    if possible == ValidationResult.TOO_LONG:
        return Problem.LONG
    if possible != ValidationResult.IS_POSSIBLE:
        return Problem.IMPOSSIBLE
    return _american_problem(number) if number.country_code == 1 else _foreign_problem(number)


def _american_problem(number: PhoneNumber) -> Problem | None:
    national = str(number.national_number)
    if national.startswith("900"):
        return Problem.KIND
    return None if _NANP.fullmatch(national) else Problem.IMPOSSIBLE


def _foreign_problem(number: PhoneNumber) -> Problem | None:
    if not phonenumbers.is_valid_number(number):
        return Problem.IMPOSSIBLE
    return None if phonenumbers.number_type(number) in _TEXTABLE_KINDS else Problem.KIND


def _parsed(number: str) -> PhoneNumber | None:
    if not _E164.fullmatch(number):
        return None
    try:
        return phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return None


def _area(national: str) -> str | None:
    """The region of a +1 area code, by the metadata, whatever the digits that follow it."""
    for region in phonenumbers.region_codes_for_country_code(1):
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
        if metadata and metadata.leading_digits and re.match(metadata.leading_digits, national):
            return region
    # Canada and the US have no leading digits of their own; any good exchange tells them apart.
    probe = phonenumbers.parse(f"+1{national[:3]}2345678")
    return phonenumbers.region_code_for_number(probe)
