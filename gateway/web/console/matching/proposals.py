"""Who might be matched with whom, and why. Staff decide; a match is made in one step."""

from dataclasses import dataclass
from datetime import datetime

from flask import Response, render_template, request
from sqlmodel import col

from gateway.db import Session
from gateway.matching import caseload, matches, proposals
from gateway.matching.gates import Gate
from gateway.matching.matches import GatesNotMet
from gateway.models import Participant, Role, Staff
from gateway.people.access import Act, Hidden, Viewer, carers_for, people_for, person_for, sees_person
from gateway.people.directory import first_name
from gateway.privacy.audit import audit
from gateway.routing.masks import PoolTooSmall
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.matches import blueprint
from gateway.web.console.matching import saying
from gateway.web.console.matching.acts import LONGEST_REASON, gates_in_words, person_with_key_for
from gateway.web.console.matching.listing import staff_name
from gateway.web.console.once import Done, NotDone, once
from gateway.web.current import current_gateway
from gateway.web.languages import current_language, link
from gateway.web.languages import gettext as _
from gateway.web.words import Said

MOST_PAIRS = 25


@dataclass(frozen=True)
class Shown:
    """One proposal as staff read it."""

    youth_uid: str
    youth: str
    mentor_uid: str
    mentor: str
    why: list[Said]
    unmet: list[str]
    can_be_made: bool
    needs_reason: bool


@blueprint.get("/matches/propose")
@guarded(Act.ENROL)
def propose(viewer: Viewer) -> str:
    """For everybody who waits at once: as many pairs as can be, and the best taken together."""
    gateway, now = current_gateway(), current_gateway().clock.now()
    with gateway.db.transaction() as session:
        pairs, left = proposals.for_everybody(session, sees_person(viewer), now)
        placed = {one.youth.id for one in pairs} | {youth.id for youth in left}
        aside = [
            youth
            for youth in proposals.waiting_youths(session, sees_person(viewer))
            if youth.id not in placed
        ]
        shown = [_shown(session, one) for one in pairs[:MOST_PAIRS]]
        others = [
            (youth.uid, words.visible(first_name(session, youth))) for youth in (left + aside)[:MOST_PAIRS]
        ]
        audit(session, viewer.actor, "matches.propose", "people", now, {"count": len(pairs)})
    return render_template(
        "console/propose.html", pairs=shown, others=others, more=len(pairs) + len(left) + len(aside)
    )


@blueprint.get("/matches/propose/<uid>")
@guarded(Act.ENROL)
def propose_for(viewer: Viewer, uid: str) -> str:
    """The mentors who may suit one youth, best first."""
    gateway, now = current_gateway(), current_gateway().clock.now()
    with gateway.db.transaction() as session:
        youth = _youth(session, viewer, uid)
        found = proposals.for_youth(session, youth, sees_person(viewer), now)
        shown = [_shown(session, one) for one in found]
        carers = _carers(session, viewer, youth)
        audit(session, viewer.actor, "match.propose", f"participant:{youth.id}", now, {"count": len(found)})
        name = words.visible(first_name(session, youth))
    return render_template("console/propose-for.html", uid=uid, name=name, pairs=shown, carers=carers)


@blueprint.post("/matches/propose/<uid>")
@guarded(Act.ENROL)
def make(viewer: Viewer, uid: str) -> Response:
    """Make the match: from a proposal, or with a mentor whose key was typed."""
    here = link("matches.propose_for", uid=uid)

    def act(session: Session, now: datetime) -> Done:
        youth, mentor = _youth(session, viewer, uid), _mentor(session, viewer, here)
        waiver = request.form.get("reason", "").strip()[:LONGEST_REASON] or None
        try:
            match, masks, waived = matches.create(session, [youth], [mentor], waiver, now, viewer.actor)
        except GatesNotMet as refusal:
            raise NotDone(gates_in_words(session, refusal), here) from None
        except PoolTooSmall as refusal:
            raise NotDone(saying.count_of_lines(refusal.missing), here) from None
        if carer := _carer(session, viewer, youth):
            caseload.assign(session, match, carer)
        detail = {"waived": [gate.key for gate in waived], "coordinator": match.coordinator_id}
        audit(session, viewer.actor, "match.create", f"match:{match.id}", now, detail)
        said = _(
            "They are matched. %(one)s texts %(first)s; %(two)s texts %(second)s.",
            one=words.visible(first_name(session, youth)),
            first=words.shown(masks[youth.key]),
            two=words.visible(first_name(session, mentor)),
            second=words.shown(masks[mentor.key]),
        )
        return Done(said, link("matches.about", uid=match.uid))

    return once(viewer, act)


def _youth(session: Session, viewer: Viewer, uid: str) -> Participant:
    person = person_for(session, viewer, uid)
    if person.role is not Role.YOUTH:
        raise Hidden
    return person


def _mentor(session: Session, viewer: Viewer, here: str) -> Participant:
    asked = request.form.get("mentor", "")
    if not asked:
        return person_with_key_for(session, viewer, request.form.get("key", ""), here)
    found = session.exec(people_for(viewer).where(Participant.uid == asked)).first()
    if found is None:
        raise Hidden
    return found


def _shown(session: Session, one: proposals.Proposal) -> Shown:
    labels = current_gateway().content.charter.interests
    language = current_language()
    interests = {tag: said.get(language) or said["en"] for tag, said in labels.items()}
    unmet = [_gate(session, gate) for gate in one.gates]
    if one.lines_missing:
        unmet.append(saying.count_of_lines(one.lines_missing))
    return Shown(
        youth_uid=one.youth.uid,
        youth=words.visible(first_name(session, one.youth)),
        mentor_uid=one.mentor.uid,
        mentor=words.visible(first_name(session, one.mentor)),
        why=[saying.because(reason, interests) for reason in one.likeness.because],
        unmet=unmet,
        can_be_made=one.can_be_made,
        needs_reason=bool(one.gates),
    )


def _gate(session: Session, gate: Gate) -> str:
    return saying.gate(gate, first_name(session, gate.person) if gate.person else "")


def _carers(session: Session, viewer: Viewer, youth: Participant) -> list[tuple[str, str]]:
    found = session.exec(carers_for(viewer, youth).order_by(col(Staff.id)))
    return [("", _("nobody yet")), *((staff.uid, staff_name(session, staff)) for staff in found)]


def _carer(session: Session, viewer: Viewer, youth: Participant) -> Staff | None:
    return session.exec(carers_for(viewer, youth).where(Staff.uid == request.form.get("care", ""))).first()
