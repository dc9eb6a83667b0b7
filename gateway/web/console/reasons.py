"""Why a match needs a human, and why an alert rings, each in one plain sentence of the page's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta

from gateway.i18n import date_of
from gateway.insight.attention import NEVER_SET_ASIDE, Evidence
from gateway.models import Reason
from gateway.people.alerts import Reason as Alarm
from gateway.web import words
from gateway.web.languages import current_language, ngettext
from gateway.web.languages import gettext as _

URGENT = frozenset({Reason.ALERT, Reason.HELD})
TROUBLE = URGENT | {Reason.FLAGGED, Reason.NUMBER_DOUBTED, Reason.STOPPED, Reason.UNREACHABLE}


@dataclass(frozen=True)
class Why:
    """One reason as it is shown. `can_wait`: it may be acknowledged or put off."""

    reason: Reason
    sentence: str
    tone: str
    can_wait: bool


@dataclass(frozen=True)
class _Told:
    """The evidence, whom it is about, and the clock of whoever reads."""

    evidence: Evidence
    who: str
    zone: ZoneInfo

    @property
    def amount(self) -> int:
        return self.evidence.amount or 0

    @property
    def before(self) -> int:
        return self.evidence.before or 0

    @property
    def days(self) -> int:
        """Days since the event itself, where the reason begins `amount` days after it."""
        return self.amount + self.evidence.days

    @property
    def since(self) -> str:
        return on(self.evidence.since_at, self.zone)


def why(evidence: Evidence, names: Mapping[int, str], zone: ZoneInfo) -> Why:
    """The sentence for this evidence. `names` gives first names by participant."""
    who = words.visible(names.get(evidence.about_id or 0, "")) or _("somebody")
    tone = "bad" if evidence.reason in URGENT else "wait" if evidence.reason in TROUBLE else ""
    sentence = _SENTENCES[evidence.reason](_Told(evidence, who, zone))
    return Why(
        evidence.reason, sentence[:1].upper() + sentence[1:], tone, evidence.reason not in NEVER_SET_ASIDE
    )


def on(at: datetime, zone: ZoneInfo) -> str:
    """A day as one says it: "Tue November 24"."""
    return date_of(at.astimezone(zone).date(), current_language())


def span(seconds: float) -> str:
    """A length of time in its largest unit: "3 hours"."""
    return format_timedelta(timedelta(seconds=seconds), locale=current_language(), threshold=1)


def _alert(told: _Told) -> str:
    return _(
        "%(what)s. Open since %(when)s.",
        what=alarm(told.evidence.subject or ""),
        when=words.moment(told.evidence.since_at, told.zone),
    )


def _held(told: _Told) -> str:
    count = ngettext("%(num)d text is held", "%(num)d texts are held", told.amount)
    when = words.moment(told.evidence.since_at, told.zone)
    return _("%(count)s until you decide, since %(when)s.", count=count, when=when)


def _flagged(told: _Told) -> str:
    when = words.moment(told.evidence.since_at, told.zone)
    return _("A text was passed on and flagged on %(when)s: read it.", when=when)


def _doubted(told: _Told) -> str:
    return _(
        "%(who)s may have another number now. Texts wait until somebody has called to check.", who=told.who
    )


def _stopped(told: _Told) -> str:
    return _(
        "%(who)s stopped all texts on %(when)s: nothing reaches that phone.", who=told.who, when=told.since
    )


def _unreachable(told: _Told) -> str:
    return _("%(who)s’s phone has been out of reach since %(when)s.", who=told.who, when=told.since)


def _undelivered(told: _Told) -> str:
    count = ngettext("%(num)d text", "%(num)d texts", told.amount)
    return _("%(count)s did not reach %(who)s since %(when)s.", count=count, who=told.who, when=told.since)


def _no_exchange(told: _Told) -> str:
    return ngettext("Nobody has written for %(num)d day.", "Nobody has written for %(num)d days.", told.days)


def _mentor_quiet(told: _Told) -> str:
    days = ngettext("%(num)d day", "%(num)d days", told.days)
    return _("Not a word from %(who)s for %(days)s.", who=told.who, days=days)


def _never_began(told: _Told) -> str:
    days = ngettext("%(num)d day", "%(num)d days", told.days)
    return _("Matched for %(days)s, and nobody has written yet.", days=days)


def _task(told: _Told) -> str:
    days = ngettext("%(num)d day", "%(num)d days", told.days)
    task = (told.evidence.subject or "").replace("-", " ")
    return _(
        "The task “%(task)s” was asked about %(days)s ago, and nobody has said it is done.",
        task=task,
        days=days,
    )


def _never_reviewed(told: _Told) -> str:
    count = ngettext("%(num)d text", "%(num)d texts", told.amount)
    return _("%(count)s so far, and nobody on the staff has read this thread.", count=count)


def _review_due(told: _Told) -> str:
    count = ngettext("%(num)d text", "%(num)d texts", told.amount)
    return _(
        "%(count)s that nobody on the staff has read; a look was due %(when)s.", count=count, when=told.since
    )


def _contact_due(told: _Told) -> str:
    return _(
        "A talk with %(who)s was due %(when)s (talks so far: %(num)d).",
        who=told.who,
        when=told.since,
        num=told.amount,
    )


def _one_sided(told: _Told) -> str:
    if told.evidence.about_id is None:
        return _("Of the last %(all)d texts, one side wrote only %(num)d.", all=told.before, num=told.amount)
    return _(
        "Of the last %(all)d texts, %(who)s wrote only %(num)d.",
        all=told.before,
        who=told.who,
        num=told.amount,
    )


def _slower(told: _Told) -> str:
    return _(
        "%(who)s now answers after about %(now)s; it used to be %(before)s.",
        who=told.who,
        now=span(told.amount),
        before=span(told.before),
    )


def _less_often(told: _Told) -> str:
    count = ngettext("%(num)d text", "%(num)d texts", told.amount)
    return _("%(count)s in four weeks; it used to be %(before)d.", count=count, before=told.before)


def _ending(told: _Told) -> str:
    ends_at = told.evidence.since_at + timedelta(days=told.amount)
    return _("The match comes to its end on %(when)s.", when=on(ends_at, told.zone))


_SENTENCES: Mapping[Reason, Callable[[_Told], str]] = {
    Reason.ALERT: _alert,
    Reason.HELD: _held,
    Reason.FLAGGED: _flagged,
    Reason.NUMBER_DOUBTED: _doubted,
    Reason.STOPPED: _stopped,
    Reason.UNREACHABLE: _unreachable,
    Reason.UNDELIVERED: _undelivered,
    Reason.NO_EXCHANGE: _no_exchange,
    Reason.MENTOR_QUIET: _mentor_quiet,
    Reason.NEVER_BEGAN: _never_began,
    Reason.TASK_PAST_DUE: _task,
    Reason.NEVER_REVIEWED: _never_reviewed,
    Reason.CONTACT_DUE: _contact_due,
    Reason.ONE_SIDED: _one_sided,
    Reason.SLOWER: _slower,
    Reason.LESS_OFTEN: _less_often,
    Reason.REVIEW_DUE: _review_due,
    Reason.ENDING: _ending,
}


def soon(reason: Reason) -> str:
    """What time will bring, in a few words, for the list of what is coming."""
    known = {
        Reason.NO_EXCHANGE: _("silent for long, unless somebody writes"),
        Reason.MENTOR_QUIET: _("no word from the mentor, unless one comes"),
        Reason.NEVER_BEGAN: _("matched, and not begun"),
        Reason.TASK_PAST_DUE: _("a task past its day"),
        Reason.NEVER_REVIEWED: _("the thread to be read for the first time"),
        Reason.REVIEW_DUE: _("the thread to be read again"),
        Reason.CONTACT_DUE: _("a talk with staff is due"),
        Reason.ENDING: _("the match comes to its end soon"),
    }
    return known.get(reason, _("a look is due"))


def alarm(reason: str) -> str:
    """What an alert is about. Conversations raise alerts in words of their authors; an unknown one is shown as written."""
    known: dict[str, str] = {
        Alarm.CRISIS: _("Words that may mean a crisis"),
        Alarm.DISCLOSURE: _("Somebody told of harm done to them"),
        Alarm.SEXUAL: _("Sexual words from an adult"),
        Alarm.ESCALATED: _("A text that needs more eyes at once"),
        Alarm.REPORT: _("A member asked for help in private (REPORT)"),
        Alarm.REPORT_STAFF: _("A member reported somebody on the staff"),
        Alarm.SCREEN_FAILED: _("A text could not be screened"),
        Alarm.HELD: _("A text is held"),
        Alarm.FLAGGED: _("A text was flagged"),
        Alarm.REVIEW_OVERDUE: _("A held text has waited too long"),
        Alarm.CONCERN: _("Signs that add up in one thread"),
        Alarm.CALLED: _("Somebody called a line"),
        Alarm.LINE_STOPPED: _("A line has stopped"),
        Alarm.QUEUE_AGE: _("Texts are leaving late"),
        Alarm.PARKED: _("A text was set aside; nobody knows whether it went"),
        Alarm.BUDGET: _("The budget for texts is nearly used up"),
        Alarm.OPTED_OUT: _("Somebody texted STOP"),
        Alarm.ASKED_TO_STOP: _("Somebody asked in a sentence for no more texts"),
        Alarm.ASKED_FOR_HELP: _("Somebody asked for help"),
        Alarm.NUMBER_DOUBTED: _("A number must be checked by a call"),
        "low_checkin": _("A low answer in a check-in"),
        "not_safe": _("Somebody answered that they do not feel safe"),
        "asked_for_a_person": _("Somebody asked for a person"),
        "wants_new_match": _("Somebody would like another match"),
        "wants_to_go_on": _("Somebody would like to go on"),
        "wants_break": _("Somebody would like a break"),
        "wants_to_close": _("Somebody would like to close the match"),
        "unreachable": _("Somebody cannot be reached"),
        "another_language": _("Somebody would like texts in another language"),
        "declined_texts": _("Somebody would rather get no texts"),
        "little_hope": _("Somebody answered that they have little hope for the future"),
        "number_unconfirmed": _("A new number that nobody has confirmed"),
        "old_phone_elsewhere": _("An old phone that may be in other hands"),
        "training_gaps": _("A training with lessons left open"),
        "welcome_unanswered": _("A welcome that nobody has answered"),
        "task_help": _("Somebody asked for help with a task"),
        "could_not_read_an_answer": _("An answer that the program could not read"),
        "conversation_set_aside": _("A conversation stopped because of a fault"),
        "match_set_aside": _("What the program says in a match stopped because of a fault"),
        "person_set_aside": _("What the program says to somebody stopped because of a fault"),
        "wrong_number": _("A text from us reached the wrong person"),
    }
    return known.get(reason, reason.replace("_", " ").capitalize())


def alarm_within(reason: str) -> str:
    """The same in the middle of a sentence."""
    words = alarm(reason)
    return words[:1].lower() + words[1:]
