"""Adding one person by a form."""

from datetime import datetime

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import col, select

from gateway.db import Session
from gateway.models import Community, ConsentKind, ConsentState, Role
from gateway.people import fields
from gateway.people.access import Act, Hidden, Viewer
from gateway.people.consent import record_consent
from gateway.people.directory import KeyTaken, NewPerson, OwnLine, enrol
from gateway.people.enrolment import TOLD_TO_STAFF
from gateway.people.fields import Problem
from gateway.privacy.audit import audit
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.once import Done, NotDone, once
from gateway.web.console.people.door import back, blueprint
from gateway.web.console.people.edit import language_choices
from gateway.web.console.typed import Typed, problem
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.languages import link


@blueprint.get("/people/new")
@guarded(Act.ENROL)
def new(viewer: Viewer) -> ResponseReturnValue:
    charter = current_gateway().content.charter
    return _new_page(viewer, Typed({"language": charter.language, "timezone": charter.timezone}))


@blueprint.post("/people/new")
@guarded(Act.ENROL)
def add(viewer: Viewer) -> ResponseReturnValue:
    """Enrol one person. Consent is noted as told to staff only when the box says so."""
    typed, countries = Typed(), current_gateway().content.charter.countries
    key, name = typed.take("key", fields.read_key), typed.take("name", fields.read_name)
    role, phone = (
        typed.take("role", fields.read_role),
        typed.take("phone", lambda text: fields.read_phone(text, countries)),
    )
    language, zone = typed.take("language", fields.read_language), typed.take("timezone", fields.read_zone)
    typed.values["consent"] = request.form.get("consent", "")
    typed.values["community"] = request.form.get("community", "")
    if not (key and name and role and phone and language and zone):
        return _new_page(viewer, typed)
    person = NewPerson(key, role, name, phone, language, zone)

    def act(session: Session, now: datetime) -> Done:
        community = _community(session, viewer, typed.values["community"])
        try:
            row = enrol(session, community, person, now)
        except KeyTaken:
            raise NotDone(problem(Problem.KEY_TAKEN, person.key), link("people.new")) from None
        except OwnLine:
            raise NotDone(problem(Problem.OWN_LINE), link("people.new")) from None
        state = ConsentState.GIVEN if typed.values["consent"] else ConsentState.PENDING
        for kind in ConsentKind:
            record_consent(session, row, kind, state, TOLD_TO_STAFF, now)
        audit(session, viewer.actor, "person.add", f"participant:{row.id}", now, {"consent": state.value})
        return Done(_("The person is enrolled."), back(row.uid))

    return once(viewer, act)


def _new_page(viewer: Viewer, typed: Typed) -> ResponseReturnValue:
    page = render_template(
        "console/person-new.html",
        typed=typed,
        roles=[(role.value, words.role(role)) for role in Role],
        languages=language_choices(typed.value("language")),
        communities=_communities(viewer),
    )
    return make_response(page, 422 if typed.faults else 200)


def _communities(viewer: Viewer) -> list[tuple[str, str]]:
    """What an owner chooses from; nobody else has a choice."""
    if viewer.community_id is not None:
        return []
    with current_gateway().db.reading() as session:
        found = session.exec(select(Community.uid, Community.name).order_by(col(Community.name)))
        return [(uid, words.visible(name)) for uid, name in found]


def _community(session: Session, viewer: Viewer, uid: str) -> Community:
    if viewer.community_id is not None:
        return session.get_one(Community, viewer.community_id)
    found = session.exec(select(Community).where(Community.uid == uid)).first()
    if found is None:
        raise Hidden
    return found
