"""Plain words, in the page's language, for matches: gates, endings, reasons to propose."""

from datetime import date

from gateway.i18n import long_date
from gateway.matching.gates import Gate
from gateway.matching.similarity import AGAINST, Because, Reason
from gateway.models import ConsentKind, Ending, Match, MatchState
from gateway.web import words
from gateway.web.languages import current_language, ngettext
from gateway.web.languages import gettext as _
from gateway.web.words import Said

PAUSES = ("asked", "holiday", "check", "staff")  # what staff choose from; the gateway adds its own


def state(match: Match) -> Said:
    """How the match stands, and why."""
    tones = {MatchState.ACTIVE: "good", MatchState.PAUSED: "wait", MatchState.CLOSING: "wait"}
    said = words.match_state(match.state)
    if match.state is MatchState.PAUSED and match.pause_why:
        said = f"{said} ({pause(match.pause_why)})"
    return Said(said, tones.get(match.state, ""))


def pause(why: str) -> str:
    """A reason for a pause; one that was typed on the command line as it stands."""
    known = {
        "asked": _("one of them asked"),
        "holiday": _("a holiday"),
        "check": _("something must be looked into"),
        "staff": _("staff decided"),
        "number_doubted": _("a number must be verified"),
    }
    return known.get(why) or words.visible(why)


def ending(of: Ending) -> str:
    names = {
        Ending.PLANNED: _("planned"),
        Ending.SUDDEN: _("sudden"),
        Ending.UNREACHABLE: _("one of them could not be reached"),
    }
    return names[of]


def day(of: date) -> str:
    """A date in full: "November 24, 2026"."""
    return long_date(of, current_language())


def consent_kind(of: ConsentKind) -> str:
    names = {ConsentKind.PROGRAM: _("taking part"), ConsentKind.TEXTING: _("receiving texts")}
    return names[of]


def gate(of: Gate, name: str) -> str:
    """What is not met, with the first name of whom it concerns."""
    who = words.visible(name)
    sentences = {
        "opted_out": _("%(name)s has asked for no more texts.", name=who),
        "number": _("%(name)s’s number must be verified first.", name=who),
        "screening": _("%(name)s has no screening of the last three years.", name=who),
        "training": _("%(name)s has not been trained.", name=who),
        "role": _("%(name)s is enrolled in another role.", name=who),
        "size": _("A match has 2 to 6 people, at least one youth and one mentor."),
        "twice": _("Somebody is named twice."),
        "same_phone": _("Two of them share one phone, so they would text themselves."),
        "community": _("They belong to different communities."),
        "matched": _("These people share a match already."),
    }
    if of.consent:
        return _("%(name)s has not given consent to %(what)s.", name=who, what=consent_kind(of.consent))
    return sentences[of.key]


def because(of: Because, interests: dict[str, str]) -> Said:
    """One reason for or against a pair."""
    shared = ", ".join(interests.get(tag, tag) for tag in of.tags)
    hours = f"{of.hours:.1f}".removesuffix(".0").replace(".", "," if current_language() == "fr" else ".")
    sentences = {
        Reason.SAME_LANGUAGE: _("They speak the same language."),
        Reason.SHARED: _("Both chose %(what)s.", what=shared),
        Reason.NOTHING_SHARED: _("No interest in common that we know of."),
        Reason.SAME_TIME: _("Their clocks agree."),
        Reason.APART: _("Their clocks are %(hours)s h apart.", hours=hours),
        Reason.BOTH_QUIET: _("Both keep their nights quiet."),
        Reason.HAS_ROOM: ngettext("Room for %(num)d match.", "Room for %(num)d matches.", of.room),
    }
    return Said(sentences[of.reason], "wait" if of.reason in AGAINST else "good")


def count_of_lines(missing: int) -> str:
    return ngettext("%(num)d more line is needed.", "%(num)d more lines are needed.", missing)
