"""The charter in plain words: what the program has decided for itself."""

from datetime import date

from babel.numbers import format_decimal
from flask import render_template

from gateway.flows.schema import Charter, Helplines, Thresholds
from gateway.i18n import pick
from gateway.models import Community
from gateway.people.access import Act, Viewer, may
from gateway.sms.quiet_days import MonthDay
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
    """What holds in the viewer's community. It is read from disk at each start, so it is shown here and changed there."""
    community = _community(viewer)
    one = current_gateway().content.charter_of(community)
    cards = [
        (_("Who we are"), "name", _names(one)),
        (_("What it is for"), "purpose", _purpose(one)),
        (_("What is asked of people"), "asked", _asked(one)),
        (_("When the program speaks"), "hours", _hours(one)),
        (_("How much it may send"), "limits", _limits(one)),
        (_("When a match is shown as needing a human"), "thresholds", _thresholds(one.thresholds)),
        (_("Said in a crisis"), "crisis", _crisis(one.crisis.communities.get(community, one.crisis.default))),
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


def _community(viewer: Viewer) -> str:
    """The short name of the viewer's community; empty for an owner, to whom the program's own charter is shown."""
    with current_gateway().db.reading() as session:
        own = session.get(Community, viewer.community_id) if viewer.community_id else None
        return own.slug if own else ""


def _purpose(one: Charter) -> Facts:
    """Each goal with the changes that lead to it."""
    language = current_language()
    facts: Facts = []
    for goal in one.goals:
        facts.append((_("Goal"), pick(goal.words, language)))
        facts += [
            (_("It shows when somebody"), pick(sign.words, language))
            for sign in one.outcomes
            if sign.goal == goal.id
        ]
    return facts


def _asked(one: Charter) -> Facts:
    asked = one.expectations
    texts = ngettext("%(num)d text", "%(num)d texts", asked.messages_a_week)
    days = ngettext("%(num)d day", "%(num)d days", asked.reply_within_days)
    return [
        (_("From each, every week"), _("at least %(texts)s", texts=texts)),
        (_("An answer within"), days),
        *((_("Rule"), pick(rule.words, current_language())) for rule in one.policies.values()),
    ]


def _hours(one: Charter) -> Facts:
    return [
        *_quiet_days(one),
        (_("The program itself"), said.hours(one.program_window)),
        (_("For those who asked for quiet nights"), said.hours(one.day_window)),
        (_("Whose time"), _("Each person’s own, where that person lives")),
    ]


def _quiet_days(one: Charter) -> Facts:
    facts: Facts = []
    if one.holidays:
        place = "-".join(filter(None, (one.holidays.country, one.holidays.region)))
        own = [said.day(day) for day in sorted(one.holidays.days)]
        facts.append((_("Silent on"), ", ".join([_("public holidays (%(place)s)", place=place), *own])))
    for each in one.silences:
        why = pick(each.why, current_language()) if each.why else ""
        span = _("%(first)s to %(last)s", first=_day(each.first), last=_day(each.last))
        facts.append((_("Silent from"), f"{span}. {why}".strip()))
    return facts


def _day(of: date | MonthDay) -> str:
    """A day of one year, or of every year."""
    if isinstance(of, date):
        return said.day(of)
    return said.day_of_every_year(*of)


def _thresholds(one: Thresholds) -> Facts:
    counts = [
        (_("No text from the mentor for"), one.mentor_quiet_days),
        (_("No text from anybody for"), one.no_exchange_days),
        (_("Matched, and nobody has written for"), one.begin_days),
        (_("Nobody of the staff has read on for"), one.review_days),
        (_("No talk with staff for"), one.contact_days),
        (_("A task not done after"), one.task_days),
    ]
    return [(word, ngettext("%(num)d day", "%(num)d days", count)) for word, count in counts]


def _crisis(lines: Helplines) -> Facts:
    facts = [(_("In danger"), lines.danger), (_("A line to call, besides 988"), lines.voice_line)]
    if lines.near:
        facts.append((_("Near"), pick(lines.near, current_language())))
    checked = (
        said.day(lines.verified_on)
        if lines.verified_on
        else _("never: call each number, then say so in the file")
    )
    return [*facts, (_("Last called to check"), checked)]


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
