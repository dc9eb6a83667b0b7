"""Plain words for what staff wrote in YAML: when, to whom, under which conditions, at what price."""

from collections.abc import Iterator, Sequence
from datetime import date, time, timedelta

from babel.dates import get_day_names
from babel.numbers import format_currency, format_decimal

from gateway import i18n
from gateway.authored.timing import WEEKDAYS, Conditions, OpenHours, When
from gateway.i18n import clock_time, locale_of, long_date
from gateway.models import ContentKind, Role
from gateway.prompts.plan import Bar
from gateway.prompts.schema import DueOn, PromptKind
from gateway.sms.quiet_hours import Window
from gateway.web import words
from gateway.web.languages import current_language, ngettext
from gateway.web.languages import gettext as _

CURRENCY = "CAD"
LEAST_SHOWN = 0.1  # dollars


def locale() -> str:
    """The reader's language as people here write it."""
    return f"{current_language()}_CA"


def money(amount: float) -> str:
    """Dollars; cents where a dollar is too large a word."""
    if 0 < amount < LEAST_SHOWN:
        return _("%(amount)s cents", amount=format_decimal(100 * amount, "0.0", locale=locale()))
    return str(format_currency(amount, CURRENCY, locale=locale()))


def span(length: timedelta) -> str:
    """A length of time in the largest unit that leaves no rest."""
    minutes = int(length.total_seconds() // 60)
    if minutes % (7 * 1440) == 0:
        return ngettext("%(num)d week", "%(num)d weeks", minutes // (7 * 1440))
    if minutes % 1440 == 0:
        return ngettext("%(num)d day", "%(num)d days", minutes // 1440)
    if minutes % 60 == 0:
        return ngettext("%(num)d hour", "%(num)d hours", minutes // 60)
    return ngettext("%(num)d minute", "%(num)d minutes", minutes)


def clock(at: time) -> str:
    return clock_time(at, current_language())


def day_of_every_year(month: int, day: int) -> str:
    return i18n.day_of_every_year(month, day, current_language())


def hours(window: OpenHours | Window) -> str:
    return _("from %(opens)s to %(closes)s", opens=clock(window.opens), closes=clock(window.closes))


def day(on: date) -> str:
    return long_date(on, current_language())


def weekday(name: str) -> str:
    return str(get_day_names("wide", locale=locale_of(current_language()))[WEEKDAYS.index(name)])


def when(moment: When) -> str:
    """When a text goes, in a few words."""
    if moment.week:
        return _("Week %(week)s, on %(day)s", week=moment.week, day=weekday(moment.weekday or "wed"))
    if moment.date:
        return day(moment.date)
    return _every(moment) if moment.every else _reaction(moment)


def _reaction(moment: When) -> str:
    """When a text goes that answers to something that has happened, or has not."""
    if moment.silence:
        return _("After %(span)s of silence", span=span(moment.silence))
    if moment.late_reply:
        return _("When an answer has been waited for %(span)s", span=span(moment.late_reply))
    if moment.after:
        return _("%(span)s after %(event)s", span=span(moment.after), event=_event(moment))
    return _("Right after %(event)s", event=_event(moment))


def _every(moment: When) -> str:
    weeks = (moment.every or timedelta()) // timedelta(weeks=1)
    rhythm = ngettext("Every week", "Every %(num)d weeks", weeks)
    return _(
        "%(rhythm)s from week %(week)s, on %(day)s",
        rhythm=rhythm,
        week=moment.from_ or 1,
        day=weekday(moment.weekday or "wed"),
    )


def _event(moment: When) -> str:
    if moment.of:
        return _("the task %(task)s is done", task=moment.of)
    names = {
        "matched": _("the match begins"),
        "first_text": _("their first text"),
        "closing": _("the end is announced"),
        "enrolled": _("enrolment"),
        "consented": _("consent"),
        "ended_suddenly": _("a sudden end"),
    }
    return names.get(str(moment.event), str(moment.event))


def due_on(due: DueOn) -> str:
    if due.date:
        return day(due.date)
    return _("Week %(week)s, on %(day)s", week=due.week, day=weekday(due.weekday or "wed"))


def bar(reason: Bar) -> str:
    """Why something that is open is not said."""
    names = {
        Bar.CONSENT: _("it needs a different answer to the question of consent"),
        Bar.TALKING: _("another conversation goes on"),
        Bar.LANGUAGE: _("it is not for readers of this language"),
        Bar.COMMUNITY: _("it is not for this community"),
        Bar.TAG: _("the match lacks the tag"),
        Bar.TRAINING: _("the training is not as it asks"),
        Bar.ENGAGEMENT: _("they write more, or less, than it is meant for"),
        Bar.JUST_TALKED: _("they have just talked; nothing is interrupted"),
    }
    return names[reason]


def late(grace: timedelta | None) -> str:
    if grace is None:
        return _("What missed its hours is let go")
    return _("May still go up to %(span)s later", span=span(grace))


def audience(roles: Sequence[str]) -> str:
    return ", ".join(words.role(Role(one)) for one in roles)


def conditions(wanted: Conditions) -> Iterator[str]:
    """One plain line for each condition."""
    if wanted.languages:
        yield _("only in %(languages)s", languages=", ".join(map(words.language_name, wanted.languages)))
    if wanted.communities:
        yield _("only in the community %(names)s", names=", ".join(wanted.communities))
    if wanted.tags:
        yield _("only for matches tagged %(tags)s", tags=", ".join(wanted.tags))
    if wanted.engagement == "quiet":
        yield _("only when they have written nothing for a week")
    if wanted.engagement == "lively":
        yield _("only when they have written within a week")
    if wanted.skip_if_talked_within:
        yield _("not when they have talked within %(span)s", span=span(wanted.skip_if_talked_within))
    if wanted.consent == "pending":
        yield _("only with whoever has not agreed to texts yet")
    if wanted.trained is not None:
        yield _("only after the training") if wanted.trained else _("only before the training")


def prompt_kind(kind: PromptKind) -> str:
    names = {
        PromptKind.ACTIVITY: _("activity"),
        PromptKind.CHECKIN: _("check-in"),
        PromptKind.REMINDER: _("reminder"),
        PromptKind.TASK: _("task"),
        PromptKind.TIP: _("tip"),
        PromptKind.FLOW: _("conversation"),
    }
    return names[kind]


def stage(name: str) -> str:
    names = {
        "beginning": _("Beginning"),
        "building": _("Building"),
        "deepening": _("Deepening"),
        "closing": _("Closing"),
    }
    return names[name]


def content_kind(kind: ContentKind) -> str:
    names = {
        ContentKind.PROMPTS: _("Texts"),
        ContentKind.FLOWS: _("Conversations"),
        ContentKind.SCREENING: _("Rules of the screen"),
    }
    return names[kind]
