"""What somebody typed into a form: each field read once, each fault kept beside what was typed, in the page's language."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from flask import request

from gateway.people.fields import FieldRefused, Problem
from gateway.web.languages import gettext as _

T = TypeVar("T")


@dataclass
class Typed:
    """A form as it came. `values` are shown again, `faults` beside them."""

    values: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)

    def take(self, name: str, read: Callable[[str], T]) -> T | None:
        """The field as `read` understands it; None, and a fault noted, when it does not."""
        self.values[name] = text = request.form.get(name, "").strip()
        try:
            return read(text)
        except FieldRefused as refusal:
            self.faults[name] = problem(refusal.problem, refusal.value)
            return None

    def fault(self, name: str) -> str:
        return self.faults.get(name, "")

    def value(self, name: str, default: str = "") -> str:
        return self.values.get(name, default)


def problem(of: Problem, value: str = "", row: int = 0) -> str:
    """Why a field, a cell or a file is refused, as a sentence."""
    found = {"value": value, "row": row}
    words = {
        Problem.KEY: _("Use 1 to 64 letters, digits, dots or dashes."),
        Problem.KEY_TWICE: _(
            "“%(value)s” stands in row %(row)s already. Each person needs a key of their own.", **found
        ),
        Problem.KEY_TAKEN: _("“%(value)s” is taken: somebody is enrolled with this key.", **found),
        Problem.NAME: _("Write a name of 1 to 120 characters."),
        Problem.ROLE: _("The role is youth, mentor or guardian."),
        Problem.COUNTRY: _(
            "This number is outside the countries that the program texts (%(value)s).", **found
        ),
        Problem.OWN_LINE: _("This is one of the program’s own lines. Give the person’s own phone."),
        Problem.LANGUAGE: _("“%(value)s” is no language code. Write en, fr or another such as cr.", **found),
        Problem.ZONE: _(
            "“%(value)s” is no time zone. Write it as America/Toronto or America/Regina.", **found
        ),
        Problem.COMMUNITY: _("Use 1 to 64 letters, digits, spaces or dashes."),
        Problem.OTHER_COMMUNITY: _(
            "“%(value)s” is not the community that you serve. Leave the column out.", **found
        ),
        Problem.YES_NO: _("“%(value)s” is neither yes nor no.", **found),
        Problem.NIGHTS: _("Write quiet or open, or leave it empty."),
        Problem.DAY: _("“%(value)s” is no date. Write it as 2026-11-24, or leave it empty.", **found),
        Problem.INTEREST: _("“%(value)s” is not one of the program’s interests.", **found),
        Problem.COUNT: _("Write a number from 1 to 20."),
        Problem.COLUMN_MISSING: _("The column “%(value)s” is missing. The first row must name it.", **found),
        Problem.COLUMN_TWICE: _("The column “%(value)s” stands twice. Keep one.", **found),
        Problem.NOBODY: _("There is nobody in the list."),
        Problem.TOO_MANY: _("There are more than %(value)s people. Split the list.", **found),
        Problem.SURPLUS: _("There are more cells than columns. Put quotes around a cell that holds a comma."),
        Problem.NOT_UTF8: _("This is not UTF-8. Save the sheet as “CSV UTF-8”."),
        Problem.NOT_CSV: _("This is not CSV (%(value)s). Check its quotes.", **found),
    }
    return words.get(of) or _number_problem(of)


def _number_problem(of: Problem) -> str:
    words = {
        Problem.NUMBER_EMPTY: _("Write a phone number, with its area code."),
        Problem.NUMBER_EXTENSION: _("Write a number without an extension: a text cannot reach one."),
        Problem.NUMBER_LETTERS: _("Write the number in digits, such as 416 555 0142."),
        Problem.NUMBER_SHORT: _("This number is too short. Write all ten digits, with the area code."),
        Problem.NUMBER_LONG: _("This number is too long. Write one number, with its area code."),
        Problem.NUMBER_IMPOSSIBLE: _("No such number can exist. Check the area code and each digit."),
        Problem.NUMBER_KIND: _("This kind of number takes no texts. Write a mobile number."),
    }
    return words[of]
