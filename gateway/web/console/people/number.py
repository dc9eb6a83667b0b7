"""A new number, in two steps: a code goes to the new phone; staff call, hear it read out, and type it here."""

from datetime import datetime

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from gateway.db import Session
from gateway.matching import phone_change
from gateway.matching.phone_change import ChangeRefused, Why, WrongCode
from gateway.models import Participant, Tone
from gateway.people import fields
from gateway.people.access import Act, Viewer, person_for
from gateway.privacy.audit import audit
from gateway.sms.numbers import last_digits
from gateway.web.console.guard import guarded
from gateway.web.console.once import Done, NotDone
from gateway.web.console.people.door import back, blueprint, do
from gateway.web.console.typed import Typed
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.languages import link


@blueprint.get("/people/<uid>/number")
@guarded(Act.CARE)
def number(viewer: Viewer, uid: str) -> ResponseReturnValue:
    return _page(viewer, uid, Typed())


@blueprint.post("/people/<uid>/number")
@guarded(Act.CARE)
def ask_number(viewer: Viewer, uid: str) -> ResponseReturnValue:
    """First step."""
    typed = Typed()
    countries = current_gateway().content.charter.countries
    phone = typed.take("phone", lambda text: fields.read_phone(text, countries))
    if phone is None:
        return _page(viewer, uid, typed)

    def deed(session: Session, person: Participant, now: datetime) -> Done:
        try:
            lines = phone_change.ask(session, current_gateway().content.voice, person, phone, now)
        except ChangeRefused as refusal:
            raise NotDone(why_words(refusal.why), _here(uid)) from None
        audit(session, viewer.actor, "number.asked", f"participant:{person.id}", now)
        said = _("A code is on its way to %(number)s.", number=last_digits(phone))
        return Done(said, _here(uid), frozenset(lines))

    return do(viewer, uid, deed)


@blueprint.post("/people/<uid>/number/confirm")
@guarded(Act.CARE)
def confirm_number(viewer: Viewer, uid: str) -> ResponseReturnValue:
    """Second step. A wrong code counts: after five the change is void."""
    code = request.form.get("code", "")

    def deed(session: Session, person: Participant, now: datetime) -> Done:
        phone = phone_change.awaited(session, person, now)
        if phone is None:
            raise NotDone(why_words(Why.TOO_OLD), _here(uid))
        try:
            phone_change.confirm(session, person, phone, code, now)
        except WrongCode:
            phone_change.count_wrong(session, person)
            audit(session, viewer.actor, "number.wrong_code", f"participant:{person.id}", now)
            return Done(why_words(Why.WRONG), _here(uid), tone=Tone.BAD)
        except ChangeRefused as refusal:
            raise NotDone(why_words(refusal.why), _here(uid)) from None
        audit(session, viewer.actor, "number.changed", f"participant:{person.id}", now)
        said = _("The number is now %(number)s; the old one reaches nobody.", number=last_digits(phone))
        return Done(said, back(uid))

    return do(viewer, uid, deed)


def why_words(why: Why) -> str:
    """Why a number stays as it is."""
    said = {
        Why.NO_LINE: _("There is no program line to send the code from. An admin can add one."),
        Why.OWN_LINE: _("This is one of the program’s own lines. Give the person’s own phone."),
        Why.SAME: _("This is the number that the person has already."),
        Why.STOPPED: _(
            "This person asked for no more texts. Resume them first, when the person asks for it."
        ),
        Why.NEW_STOPPED: _("This phone texted STOP. Its owner must text START to one of your lines first."),
        Why.NOT_ASKED: _("No change to this number was asked for. Begin again."),
        Why.TOO_OLD: _("This code is no longer good. Ask for a new one."),
        Why.WRONG: _("This is not the code that was texted. Listen again."),
        Why.TAKEN: _(
            "Somebody with this phone texts one of this person’s lines already. Close that match first."
        ),
    }
    return said[why]


def _page(viewer: Viewer, uid: str, typed: Typed) -> ResponseReturnValue:
    gateway = current_gateway()
    with gateway.db.reading() as session:
        person = person_for(session, viewer, uid)
        awaited = phone_change.awaited(session, person, gateway.clock.now())
        now_digits = last_digits(session.open(person, "phone_sealed"))
    page = render_template(
        "console/person-number.html",
        uid=uid,
        typed=typed,
        now_digits=now_digits,
        awaited=last_digits(awaited) if awaited else "",
    )
    return make_response(page, 422 if typed.faults else 200)


def _here(uid: str) -> str:
    return link("people.number", uid=uid)
