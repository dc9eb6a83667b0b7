"""Plain words, in the page's language, for what the tables hold. A word comes with a tone: good, wait or bad."""

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError

from gateway.i18n import clock_time, day_and_time, fallbacks
from gateway.models import (
    LIVE,
    InboundMessage,
    InboundState,
    MatchState,
    OutboundMessage,
    OutboundState,
    Outcome,
    Role,
    StaffRole,
)
from gateway.web.languages import current_language, ngettext
from gateway.web.languages import gettext as _

# Marks that change the order of reading; shown, since they can make a text seem to say something else.
_ORDER_MARKS = {
    code: f"⟨U+{code:04X}⟩"
    for code in (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
}

LONGEST_EXCERPT = 90
NO_BREAK = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Said:
    """A few words and their tone: "good", "wait", "bad" or none."""

    words: str
    tone: str = ""


def visible(text: str) -> str:
    """`text` with each mark that overrides the order of reading written out."""
    return text.translate(_ORDER_MARKS)


def cost(segments: int, encoding: str) -> str:
    """What a text is billed as: "1 text · GSM-7"."""
    billed = ngettext("%(num)d text", "%(num)d texts", segments)  # not inside an f-string: pybabel reads none
    return f"{billed} · {encoding}"


def moment(at: datetime, zone: ZoneInfo) -> str:
    """A moment of these days as one says it: "Mon 21:40"; the hour is never torn from its minutes at the end of a line."""
    return _unbroken(day_and_time(at, zone, current_language()))


def time_of_day(at: datetime, zone: ZoneInfo) -> str:
    return _unbroken(clock_time(at.astimezone(zone).time(), current_language()))


def _unbroken(time: str) -> str:
    return re.sub(r" h\b ?", lambda found: found[0].replace(" ", NO_BREAK), time)


def excerpt(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(visible(text).split())
    return line if len(line) <= LONGEST_EXCERPT else line[: LONGEST_EXCERPT - 1].rstrip() + "…"


def language_name(code: str) -> str:
    """The language's name, in the page's language; the code itself when no table knows it."""
    if len(read := [one for one in fallbacks(code, "") if one and one != code]) > 1:
        return _("%(first)s, then %(second)s", first=language_name(read[0]), second=language_name(read[1]))
    try:
        name = Locale.parse(code, sep="-").get_display_name(current_language())
    except (UnknownLocaleError, ValueError):
        name = Locale.parse(current_language()).languages.get(code)
    return name or code


def role(of: Role) -> str:
    names = {Role.YOUTH: _("youth"), Role.MENTOR: _("mentor"), Role.GUARDIAN: _("guardian")}
    return names[of]


def staff_role(of: StaffRole) -> str:
    names = {
        StaffRole.COORDINATOR: _("coordinator"),
        StaffRole.ADMIN: _("admin"),
        StaffRole.AUDITOR: _("auditor"),
        StaffRole.OWNER: _("owner"),
    }
    return names[of]


def match_state(state: MatchState) -> str:
    words = {
        MatchState.PROPOSED: _("match proposed"),
        MatchState.ACTIVE: _("match active"),
        MatchState.PAUSED: _("match on pause"),
        MatchState.CLOSING: _("match coming to its end"),
        MatchState.CLOSED: _("match closed"),
    }
    return words[state]


def leaving(row: OutboundMessage, now: datetime, zone: ZoneInfo) -> Said:
    """How far a text to a phone has come."""
    is_parked = row.parked_at is not None and row.state is OutboundState.QUEUED
    return state_of_leg(row.state, is_parked, row.not_before, row.attempts, now, zone)


def state_of_leg(
    state: OutboundState, is_parked: bool, not_before: datetime, attempts: int, now: datetime, zone: ZoneInfo
) -> Said:
    """How far a text has come, from what is known of it."""
    if is_parked and state in LIVE:
        return Said(_("Set aside for staff"), "bad")
    if state is OutboundState.QUEUED:
        return _queued(not_before, attempts, now, zone)
    words = {
        OutboundState.HELD: Said(_("Held for a look"), "wait"),
        OutboundState.SENDING: Said(_("Being sent"), "wait"),
        OutboundState.SENT: Said(_("Sent; the phone has not confirmed yet"), "wait"),
        OutboundState.DELIVERED: Said(_("Delivered"), "good"),
        OutboundState.UNDELIVERED: Said(_("Not delivered"), "bad"),
        OutboundState.FAILED: Said(_("Not delivered"), "bad"),
        OutboundState.UNCERTAIN: Said(_("No answer from the network; being looked up"), "wait"),
        OutboundState.CANCELLED: Said(_("Not sent"), "bad"),
        OutboundState.DISCARDED: Said(_("Set aside by staff"), "bad"),
    }
    return words[state]


def _queued(not_before: datetime, attempts: int, now: datetime, zone: ZoneInfo) -> Said:
    when = moment(not_before, zone) if not_before > now else ""
    if attempts:
        again = (
            _("Not delivered yet; next try %(when)s", when=when)
            if when
            else _("Not delivered yet; trying again")
        )
        return Said(again, "wait")
    return Said(_("Waits until %(when)s", when=when) if when else _("About to leave"), "wait")


def arrived(row: InboundMessage) -> Said:
    """What became of a text from a phone."""
    if row.state is InboundState.PARKED:
        return Said(_("Set aside for staff"), "bad")
    return outcome(row.outcome) if row.outcome else Said(_("Just arrived"), "wait")


def outcome(of: Outcome) -> Said:
    """What became of a text that was handled."""
    words = {
        Outcome.RELAYED: Said(_("Passed on"), "good"),
        Outcome.HELD: Said(_("Held for a look"), "wait"),
        Outcome.FLOW: Said(_("An answer to the program"), "good"),
        Outcome.KEYWORD: Said(_("A keyword; answered at once"), "good"),
        Outcome.PROGRAM: Said(_("To the program; reaches no partner"), "good"),
        Outcome.UNKNOWN_SENDER: Said(_("Unknown here; went to nobody"), "bad"),
        Outcome.CLOSED_MATCH: Said(_("The match is closed; went to nobody"), "bad"),
        Outcome.REFUSED: Said(_("Not passed on"), "bad"),
    }
    return words[of]


def typed(was_lost: bool) -> Said:
    """What became of a text that the gateway does not have."""
    if was_lost:
        return Said(_("The gateway did not answer"), "bad")
    return Said(_("Has not left the phone yet"), "wait")
