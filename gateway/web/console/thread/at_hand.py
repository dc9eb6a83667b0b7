"""One text that waits for staff, ready to be shown: who wrote it, what the screen saw and why, the words around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from gateway.db import Erased, Session
from gateway.insight import thread
from gateway.models import Match, Participant, Role, Staff
from gateway.people.access import Viewer
from gateway.people.directory import first_name
from gateway.safety import duty, review
from gateway.safety.actor import Actor
from gateway.safety.waiting import Waiting
from gateway.web import words
from gateway.web.console.reasons import span
from gateway.web.console.thread.fates import category, why_not
from gateway.web.console.thread.view import Line, Piece, Scene, lines, pieces
from gateway.web.current import current_gateway
from gateway.web.languages import current_language
from gateway.web.languages import gettext as _


@dataclass(frozen=True)
class Head:
    """One text in the list: who, since when, and why it waits; never its words."""

    uid: str
    who: str
    age: str
    is_overdue: bool
    is_held: bool
    why: str


@dataclass(frozen=True)
class Evidence:
    """What one rule saw. `sentence` is that of the rule, in the language of its file."""

    category: str
    sentence: str


@dataclass(frozen=True)
class Opened:
    """The text at hand."""

    head: Head
    at: str
    side: str  # "youth" or "mentor"
    lang: str  # empty when it is that of the page
    words: Sequence[Piece]
    before: Sequence[Line]
    after: Sequence[Line]
    evidence: Sequence[Evidence]
    match_uid: str


def head(session: Session, one: Waiting) -> Head:
    """The text as a list shows it."""
    person = session.get(Participant, one.participant_id) if one.participant_id else None
    who = (
        f"{words.visible(first_name(session, person))} ({words.role(person.role)})"
        if person
        else _("a stranger")
    )
    seen = [category(found.category) for found in one.findings]
    reason = why_not(one.reason) if one.reason else ""
    return Head(
        uid=one.uid,
        who=who,
        age=span(one.age.total_seconds()),
        is_overdue=one.is_overdue,
        is_held=one.is_held,
        why=", ".join(dict.fromkeys(filter(None, [reason, *seen]))),
    )


def opened(session: Session, viewer: Viewer, reader: Staff, one: Waiting, now: datetime) -> Opened:
    """The text with its words. Reading them is on record."""
    match = session.get(Match, one.match_id) if one.match_id else None
    person = session.get(Participant, one.participant_id) if one.participant_id else None
    before, after = _around(session, viewer, reader, match, one, now)
    rules = current_gateway().library.rules(session)
    seen = {(found.category, found.rule): None for found in one.findings}
    return Opened(
        head=head(session, one),
        at=words.moment(one.at, viewer.zone),
        side="mentor" if person and person.role is Role.MENTOR else "youth",
        lang=person.language if person and person.language != current_language() else "",
        words=pieces(body(session, viewer, one.inbound_id, now), one.findings),
        before=before,
        after=after,
        evidence=[
            Evidence(category(kind) or kind, rules.why(rule, current_language())) for kind, rule in seen
        ],
        match_uid=match.uid if match else "",
    )


def body(session: Session, viewer: Viewer, inbound_id: int, now: datetime) -> str | None:
    """The words of one text, which is on record; None when they are erased."""
    try:
        return review.read(session, Actor(viewer.actor, viewer.staff_id), inbound_id, now)
    except Erased:
        return None


def _around(
    session: Session, viewer: Viewer, reader: Staff, match: Match | None, one: Waiting, now: datetime
) -> tuple[list[Line], list[Line]]:
    if match is None:
        return [], []
    with_reports = duty.reads_staff_reports(reader, match)
    found = thread.around(session, match.id or 0, one.at, one.inbound_id, with_staff_reports=with_reports)
    scene = Scene(thread.people_of(session, match.id or 0), {}, {}, now, viewer.zone)
    before = [
        entry for entry in found if entry.at < one.at or (entry.at == one.at and entry.id < one.inbound_id)
    ]
    after = [entry for entry in found if entry not in before]
    return lines(before[::-1], scene), lines(after[::-1], scene)
