"""The charter in plain words: what the program has decided for itself."""

from babel.numbers import format_decimal
from flask import render_template

from gateway.flows.schema import Charter
from gateway.i18n import pick
from gateway.people.access import Act, Viewer, may
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.program import words as said
from gateway.web.console.program.blueprint import blueprint
from gateway.web.current import current_gateway
from gateway.web.languages import current_language, ngettext
from gateway.web.languages import gettext as _

Facts = list[tuple[str, str]]


@blueprint.get("/program/charter")
@guarded(Act.LOOK)
def charter(viewer: Viewer) -> str:
    """It is read from disk at each start, so it is shown here and changed there."""
    one = current_gateway().content.charter
    cards = [
        (_("Who we are"), "name", _names(one)),
        (_("When the program speaks"), "hours", _hours(one)),
        (_("How much it may send"), "limits", _limits(one)),
        (_("Numbers"), "numbers", _numbers(one)),
    ]
    return render_template("console/program/charter.html", cards=cards, may_author=may(viewer, Act.AUTHOR))


def _names(one: Charter) -> Facts:
    facts = [(words.language_name(code), name) for code, name in one.name.items()]
    return [
        *facts,
        (_("A person answers"), f"{one.contact.phone}, {pick(one.contact.hours, current_language())}"),
        (_("Language, when a list does not say"), words.language_name(one.language)),
        (_("Time zone, when a list does not say"), one.timezone),
    ]


def _hours(one: Charter) -> Facts:
    return [
        (_("The program itself"), said.hours(one.program_window)),
        (_("For those who asked for quiet nights"), said.hours(one.day_window)),
        (_("Whose time"), _("Each person’s own, where that person lives")),
    ]


def _limits(one: Charter) -> Facts:
    return [
        (_("To one person in a day"), ngettext("%(num)d text", "%(num)d texts", one.allowance.day)),
        (_("To one person in a week"), ngettext("%(num)d text", "%(num)d texts", one.allowance.week)),
        (_("To one phone in a day"), _segments(one.budget.person_day)),
        (_("In all in a day"), _segments(one.budget.program_day)),
        (_("In all in a month"), _segments(one.budget.program_month)),
        (_("When a limit is reached"), _("The program waits; what people write to each other always passes")),
    ]


def _segments(count: int) -> str:
    return _("%(count)s billed texts", count=format_decimal(count, locale=said.locale()))


def _numbers(one: Charter) -> Facts:
    days = ngettext("%(num)d day", "%(num)d days", one.verify_number_after_days)
    trying = ngettext("%(num)d hour", "%(num)d hours", one.keep_trying_hours)
    kept = ngettext("%(num)d day", "%(num)d days", one.provider_copies_days)
    return [
        (_("Countries"), ", ".join(sorted(one.countries))),
        (_("A number that was silent for"), _("%(span)s is checked before its next text passes", span=days)),
        (_("A phone that is out of reach"), _("is tried again for %(span)s", span=trying)),
        (_("Copies that the provider keeps"), _("are removed there after %(span)s", span=kept)),
    ]
