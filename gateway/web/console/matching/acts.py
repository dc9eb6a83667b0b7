"""What staff do with a match that goes on: pause, resume, hand over, let a gate pass, people who join and leave."""

from collections.abc import Callable
from datetime import datetime

from flask import Response, request
from sqlmodel import col

from gateway.db import Session
from gateway.matching import caseload, groups, matches, waivers
from gateway.matching.matches import GatesNotMet
from gateway.models import Match, Participant, Staff
from gateway.outbox.reach import release_for
from gateway.people.access import Act, Viewer, carers_for, match_for, people_for, person_for
from gateway.people.directory import Refused, first_name
from gateway.privacy.audit import audit
from gateway.routing.masks import PoolTooSmall
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.matches import blueprint
from gateway.web.console.matching import saying
from gateway.web.console.once import Done, NotDone, once
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.languages import link

LONGEST_REASON = 400
Deed = Callable[[Session, Match, datetime], Done]


@blueprint.post("/matches/<uid>/pause")
@guarded(Act.CARE)
def pause(viewer: Viewer, uid: str) -> Response:
    """Let nothing pass for a while."""
    asked = request.form.get("why", "")
    why = asked if asked in saying.PAUSES else "staff"

    def deed(session: Session, match: Match, now: datetime) -> Done:
        matches.pause(session, match, why)
        audit(session, viewer.actor, "match.pause", f"match:{match.id}", now, {"why": why})
        return Done(_("Nothing passes now. Whoever writes is told that it waits."), _back(uid))

    return do(viewer, uid, deed)


@blueprint.post("/matches/<uid>/resume")
@guarded(Act.CARE)
def resume(viewer: Viewer, uid: str) -> Response:
    """Let texts pass again, but not past a number in doubt: that is verified first."""

    def deed(session: Session, match: Match, now: datetime) -> Done:
        doubted = [one for one in groups.members_of(session, match.id or 0) if one.number_doubted_at]
        if doubted:
            name = words.visible(first_name(session, doubted[0]))
            raise NotDone(_("Verify %(name)s’s number first; the match then goes on.", name=name), _back(uid))
        matches.resume(session, match)
        lines = release_for(session, match.id or 0, now)
        audit(session, viewer.actor, "match.resume", f"match:{match.id}", now)
        return Done(_("Texts pass again."), _back(uid), frozenset(lines))

    return do(viewer, uid, deed)


@blueprint.post("/matches/<uid>/transfer")
@guarded(Act.CARE)
def transfer(viewer: Viewer, uid: str) -> Response:
    """Put the match in a colleague's care. Whoever hands it over may not see it any more."""

    def deed(session: Session, match: Match, now: datetime) -> Done:
        asked = request.form.get("to", "")
        carer = session.exec(carers_for(viewer, match).where(Staff.uid == asked)).first()
        if carer is None:
            raise NotDone(_("Choose a coordinator of this community whose account is open."), _back(uid))
        caseload.assign(session, match, carer)
        audit(session, viewer.actor, "match.assign", f"match:{match.id}", now, {"coordinator": carer.id})
        return Done(_("The match is in other hands now."), link("matches.index"))

    return do(viewer, uid, deed)


@blueprint.post("/matches/<uid>/waive")
@guarded(Act.ENROL)
def waive(viewer: Viewer, uid: str) -> Response:
    """Let what is not met pass, with a reason."""

    def deed(session: Session, match: Match, now: datetime) -> Done:
        gates = [one for one in waivers.open_gates(session, match, now.date()) if one.can_be_waived]
        reason = reason_or_not_done(_back(uid))
        waivers.waive(session, match, gates, reason, viewer.actor, now)
        keys = [gate.key for gate in gates]
        audit(session, viewer.actor, "match.waive", f"match:{match.id}", now, {"waived": keys})
        return Done(_("It is on record, with your reason."), _back(uid))

    return do(viewer, uid, deed)


@blueprint.post("/matches/<uid>/members")
@guarded(Act.ENROL)
def add_member(viewer: Viewer, uid: str) -> Response:
    """Somebody joins: all the others read what this person writes from now on, and nothing from before."""

    def deed(session: Session, match: Match, now: datetime) -> Done:
        person = person_with_key_for(session, viewer, request.form.get("key", ""), _back(uid))
        waiver = request.form.get("reason", "").strip()[:LONGEST_REASON] or None
        try:
            number, gates = groups.join(session, match, person, waiver, viewer.actor, now)
        except GatesNotMet as refusal:
            raise NotDone(gates_in_words(session, refusal), _back(uid)) from None
        except PoolTooSmall as refusal:
            raise NotDone(saying.count_of_lines(refusal.missing), _back(uid)) from None
        detail = {"person": person.id, "waived": [gate.key for gate in gates]}
        audit(session, viewer.actor, "match.join", f"match:{match.id}", now, detail)
        name = words.visible(first_name(session, person))
        said = _("%(name)s has joined, and texts %(number)s.", name=name, number=words.shown(number))
        return Done(said, _back(uid))

    return do(viewer, uid, deed)


@blueprint.post("/matches/<uid>/members/<person_uid>/remove")
@guarded(Act.CARE)
def remove_member(viewer: Viewer, uid: str, person_uid: str) -> Response:
    """Somebody leaves; the others go on."""

    def deed(session: Session, match: Match, now: datetime) -> Done:
        person = person_for(session, viewer, person_uid)
        days = current_gateway().settings.gateway_cool_down_days
        groups.leave(session, match, person, days, now)
        audit(session, viewer.actor, "match.leave", f"match:{match.id}", now, {"person": person.id})
        name = words.visible(first_name(session, person))
        return Done(_("%(name)s has left; the others go on.", name=name), _back(uid))

    return do(viewer, uid, deed)


def do(viewer: Viewer, uid: str, deed: Deed) -> Response:
    """One act on one match, once. What the state no longer allows is said in a sentence."""

    def act(session: Session, now: datetime) -> Done:
        match = match_for(session, viewer, uid)
        try:
            return deed(session, match, now)
        except Refused:
            said = _("That cannot be done as the match stands now. Look at it again.")
            raise NotDone(said, _back(uid)) from None

    return once(viewer, act)


def person_with_key_for(session: Session, viewer: Viewer, key: str, back: str) -> Participant:
    """The person with this key, among those whom the viewer may see. Raises NotDone."""
    found = session.exec(people_for(viewer).where(col(Participant.key) == key.strip())).first()
    if found is None:
        raise NotDone(_("Nobody has the key “%(key)s”.", key=words.visible(key.strip()[:64])), back)
    return found


def reason_or_not_done(back: str) -> str:
    """The reason that was typed. Raises NotDone without one."""
    reason = request.form.get("reason", "").strip()[:LONGEST_REASON]
    if not reason:
        raise NotDone(_("Say why, in a sentence."), back)
    return reason


def gates_in_words(session: Session, refusal: GatesNotMet) -> str:
    said = [
        saying.gate(gate, first_name(session, gate.person) if gate.person else "") for gate in refusal.gates
    ]
    if all(gate.can_be_waived for gate in refusal.gates):
        said.append(_("With a reason, this can be let pass."))
    return " ".join(said)


def _back(uid: str) -> str:
    return link("matches.about", uid=uid)
