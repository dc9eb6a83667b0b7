"""What staff do for somebody: texts stopped or resumed at their word, a number verified, guardians tied."""

from datetime import datetime
from enum import StrEnum

from flask import Response, abort, request
from sqlmodel import col

from gateway import outreach
from gateway.db import Session
from gateway.matching import presence
from gateway.models import Participant
from gateway.people import guardians
from gateway.people.access import Act, Viewer, people_for, person_for
from gateway.people.directory import Refused
from gateway.privacy.audit import audit
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.once import Done, NotDone
from gateway.web.console.people.door import back, blueprint, do
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _


class Wish(StrEnum):
    """What somebody asked staff about texts."""

    STOP = "stop"
    START = "start"
    PAUSE = "pause"
    RESUME = "resume"


@blueprint.post("/people/<uid>/texts")
@guarded(Act.CARE)
def texts(viewer: Viewer, uid: str) -> Response:
    """Stop all texts or only what the program says by itself; or resume them. For the phone, whoever shares it."""
    asked = request.form.get("wish", "")
    if asked not in set(Wish):
        abort(400)
    wish = Wish(asked)

    def deed(session: Session, person: Participant, now: datetime) -> Done:
        lines = _obey(session, person, wish, now)
        audit(session, viewer.actor, f"texts.{wish}", f"participant:{person.id}", now)
        return Done(_wish_words(wish), back(uid), frozenset(lines))

    return do(viewer, uid, deed)


def _obey(session: Session, person: Participant, wish: Wish, now: datetime) -> set[int]:
    voice = current_gateway().content.voice
    match wish:
        case Wish.STOP:
            return presence.leave(session, voice, person.phone_index, "staff", now)
        case Wish.START:
            return presence.come_back(session, voice, person.phone_index, "staff", now)
        case Wish.PAUSE:
            presence.pause_prompts(session, person.phone_index)
        case Wish.RESUME:
            person.prompts_paused = False
            session.add(person)
    return set()


def _wish_words(wish: Wish) -> str:
    said = {
        Wish.STOP: _("No more texts go to this phone. Partners are told, without a reason."),
        Wish.START: _("Texts go to this phone again."),
        Wish.PAUSE: _("No activities or reminders for now; what partners write still passes."),
        Wish.RESUME: _("Activities and reminders come again."),
    }
    return said[wish]


@blueprint.post("/people/<uid>/verify")
@guarded(Act.CARE)
def verify(viewer: Viewer, uid: str) -> Response:
    """Staff have spoken with the person on this number: what was held for it leaves."""

    def deed(session: Session, person: Participant, now: datetime) -> Done:
        lines = outreach.number_verified(session, person, now)
        audit(session, viewer.actor, "number.verify", f"participant:{person.id}", now)
        return Done(_("The number is verified; what was held goes on."), back(uid), frozenset(lines))

    return do(viewer, uid, deed)


@blueprint.post("/people/<uid>/guardians")
@guarded(Act.ENROL)
def add_guardian(viewer: Viewer, uid: str) -> Response:
    """Tie a guardian, by key, to this youth."""

    def deed(session: Session, person: Participant, now: datetime) -> Done:
        key = request.form.get("key", "").strip()
        guardian = session.exec(people_for(viewer).where(col(Participant.key) == key)).first()
        if guardian is None:
            raise NotDone(_("Nobody has the key “%(key)s”.", key=words.visible(key[:64])), back(uid))
        try:
            guardians.tie(session, guardian, person, now)
        except Refused:
            said = _("A guardian of the same community is tied to a youth, and to nobody else.")
            raise NotDone(said, back(uid)) from None
        detail = {"guardian": guardian.id}
        audit(session, viewer.actor, "guardian.tie", f"participant:{person.id}", now, detail)
        return Done(_("The guardian is noted."), back(uid))

    return do(viewer, uid, deed)


@blueprint.post("/people/<uid>/guardians/<guardian_uid>/remove")
@guarded(Act.ENROL)
def remove_guardian(viewer: Viewer, uid: str, guardian_uid: str) -> Response:
    """The guardian answers for this youth no longer. Consents that were given stay on record."""

    def deed(session: Session, person: Participant, now: datetime) -> Done:
        guardian = person_for(session, viewer, guardian_uid)
        guardians.untie(session, guardian, person)
        detail = {"guardian": guardian.id}
        audit(session, viewer.actor, "guardian.untie", f"participant:{person.id}", now, detail)
        return Done(_("The tie is undone."), back(uid))

    return do(viewer, uid, deed)
