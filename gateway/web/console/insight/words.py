"""Plain words for figures."""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton
from babel.numbers import format_decimal, format_percent

from gateway.insight.drawing import HALF, bars, width_of
from gateway.insight.engagement import Numbers, Week
from gateway.web.console.program.words import locale
from gateway.web.languages import gettext as _
from gateway.web.languages import ngettext

HOUR, DAY = 3600, 86_400
Facts = list[tuple[str, str]]


@dataclass(frozen=True)
class Drawing:
    """Texts by week, oldest first: mentors' up, youth's down; and the same figures as words."""

    width: int
    height: int
    mentor: str
    youth: str
    words: str


def drawing(weeks: list[Week], top: int) -> Drawing:
    """`top` is the largest figure of all drawings beside each other."""
    mentor, youth = [week.mentor.texts for week in weeks], [week.youth.texts for week in weeks]
    return Drawing(
        width_of(len(weeks)),
        2 * HALF,
        bars(mentor, top),
        bars(youth, top, is_down=True),
        _(
            "By week, oldest first. Mentors: %(mentor)s. Youth: %(youth)s.",
            mentor=" ".join(map(str, mentor)),
            youth=" ".join(map(str, youth)),
        ),
    )


def largest(weeks: list[Week]) -> int:
    """The largest figure of one side in one week; 1 when there is none."""
    return max((max(week.mentor.texts, week.youth.texts) for week in weeks), default=0) or 1


def lasting(seconds: int | None) -> str:
    """About how long an answer took."""
    if seconds is None:
        return _("no answer yet")
    if seconds < HOUR:
        return ngettext("%(num)d minute", "%(num)d minutes", max(1, round(seconds / 60)))
    if seconds < 2 * DAY:
        return ngettext("%(num)d hour", "%(num)d hours", round(seconds / HOUR))
    return ngettext("%(num)d day", "%(num)d days", round(seconds / DAY))


def weeks_long(count: int | None) -> str:
    return "" if count is None else ngettext("%(num)d week", "%(num)d weeks", count)


def number(value: float | None) -> str:
    return "" if value is None else str(format_decimal(value, locale=locale()))


def share(value: float | None) -> str:
    """The mentors' part of the texts."""
    return "" if value is None else str(format_percent(value, locale=locale()))


def day(on: date) -> str:
    return str(format_skeleton("MMMd", on, locale=locale()))


def billed(length: float | None) -> str:
    """French has one up to two, English only at one; neither plural rule knows halves."""
    if length is None:
        return ""
    count = int(length) if length >= 2 or length == 1 else 0
    return ngettext("%(number)s billed text", "%(number)s billed texts", count, number=number(length))


def facts(found: Numbers) -> Facts:
    """What a group of matches did, in rows."""
    rows = [
        (
            _("Matches"),
            _("%(open)s open, %(all)s in all", open=number(found.open), all=number(found.matches)),
        ),
        (_("Texts a week, each match"), number(found.texts_per_week)),
        (_("Mentors answer within"), lasting(found.mentor_reply_seconds)),
        (_("Youth answer within"), lasting(found.youth_reply_seconds)),
        (_("Written by mentors"), share(found.balance)),
        (_("Length of a text"), billed(found.segments_per_text)),
        (_("Lasting so far"), weeks_long(found.weeks_lasted)),
        (_("Weeks in a row, both writing"), weeks_long(found.streak_weeks)),
    ]
    return [(word, fact) for word, fact in rows if fact]
