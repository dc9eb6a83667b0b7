"""What became of one text, in plain words of the page's language."""

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from gateway.insight.places import Entry, Leg, What
from gateway.models import OutboundState, Outcome
from gateway.web import words
from gateway.web.languages import gettext as _
from gateway.web.words import Said


def fates(entry: Entry, names: Mapping[int, str], now: datetime, zone: ZoneInfo) -> list[Said]:
    """One for all copies of a text that fared alike, else one for each member, with the name."""
    if entry.what is What.NOTE:
        return []
    if not entry.legs:
        return [_without_legs(entry)]
    each = [(names.get(leg.to_id or 0, ""), fate(leg, now, zone)) for leg in entry.legs]
    if len({said for _, said in each}) == 1:
        return [each[0][1]]
    told = dict.fromkeys(
        Said(f"{name}{_(':')} {said.words}" if name else said.words, said.tone) for name, said in each
    )
    return list(told)


def fate(leg: Leg, now: datetime, zone: ZoneInfo) -> Said:
    """How far one copy has come, and why no further."""
    said = words.state_of_leg(leg.state, leg.is_parked, leg.not_before, leg.attempts, now, zone)
    is_told = leg.state not in (OutboundState.DELIVERED, OutboundState.SENT, OutboundState.SENDING)
    because = why_not(leg.reason) if leg.reason and is_told else ""
    return Said(f"{said.words}{_(':')} {because}", said.tone) if because else said


def _without_legs(entry: Entry) -> Said:
    if entry.is_parked:
        return Said(_("Set aside for staff"), "bad")
    if entry.outcome is None:
        return Said(_("Just arrived"), "wait")
    said = words.outcome(entry.outcome)
    if entry.outcome is Outcome.KEYWORD or not entry.reason:
        return said
    because = why_not(entry.reason)
    return Said(f"{said.words}{_(':')} {because}", said.tone) if because else said


def why_not(reason: str) -> str:
    """Why a text is held or went no further; empty for a reason that needs no words. The keys are those of `insight.log`."""
    known = {
        "paused": _("the match is on pause"),
        "partner_away": _("the other side gets no texts"),
        "only_media": _("a picture or file without words"),
        "empty": _("no words in it"),
        "reaction": _("a reaction, not words"),
        "loop": _("the same words too often"),
        "flood": _("too many texts at once"),
        "number_doubted": _("the number must be checked"),
        "opted_out": _("STOP, or the network blocks texts"),
        "match_closed": _("the match was closed"),
        "expired": _("its time had passed"),
        "coalesced": _("a newer one took its place while the phone was away"),
        "no_consent": _("no consent to texts"),
        "prompts_paused": _("activities are paused"),
        "number_changed": _("the number has changed"),
        "restored": _("it was waiting when the backup was made"),
        "bad_number": _("the number cannot get texts"),
        "unreachable": _("the phone is out of reach"),
        "blocked": _("the phone or its network blocks it"),
        "unknown_number": _("the number is out of service"),
        "filtered": _("the phone company took it for spam"),
        "failed": _("the network gave no reason"),
        "busy": _("the provider is busy"),
        "down": _("the provider cannot be reached"),
        "lost_answer": _("the provider’s answer was lost"),
        "never_known": _("nobody can tell any more whether it left"),
        "screen_failed": _("it could not be screened"),
        "after_report": _("written after a request for help in private"),
        "after_report_staff": _("written after a report about staff"),
    }
    return known.get(reason, "") or category(reason)


def category(of: str) -> str:
    """What the screen's categories mean, in a few words; empty for anything else."""
    known = {
        "contact": _("a way to meet outside the program"),
        "meeting": _("a place and a time to meet"),
        "secrecy": _("asks to keep something secret"),
        "sexual": _("sexual words"),
        "crisis": _("words that may mean a crisis"),
        "disclosure": _("tells of harm"),
        "violence": _("words of violence"),
        "harassment": _("hurtful words"),
        "hold": _("to be read first"),
    }
    return known.get(of, "")
