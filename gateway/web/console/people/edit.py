"""Changing what we hold of a person: on one page how to reach them, on another what must be true of them."""

from datetime import datetime

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from gateway.db import Session
from gateway.i18n import WRITTEN
from gateway.models import Participant, Role
from gateway.people import fields
from gateway.people.access import Act, Viewer, person_for
from gateway.people.directory import data_key_of, interests_of, set_interests
from gateway.privacy.audit import audit
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.once import Done
from gateway.web.console.people.door import back, blueprint, do, interest_words
from gateway.web.console.typed import Typed
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _


@blueprint.get("/people/<uid>/settings")
@guarded(Act.CARE)
def settings(viewer: Viewer, uid: str) -> ResponseReturnValue:
    with current_gateway().db.reading() as session:
        person = person_for(session, viewer, uid)
        nights = "quiet" if person.nights_quiet else "open"
        typed = Typed({"language": person.language, "timezone": person.timezone, "nights": nights})
        chosen = interests_of(session, person)
    return _settings_page(person, typed, chosen)


@blueprint.post("/people/<uid>/settings")
@guarded(Act.CARE)
def save_settings(viewer: Viewer, uid: str) -> ResponseReturnValue:
    typed = Typed()
    language, zone = typed.take("language", fields.read_language), typed.take("timezone", fields.read_zone)
    nights = typed.take("nights", fields.read_nights)
    known = interest_words()
    chosen = tuple(tag for tag in request.form.getlist("interests") if tag in known)
    if typed.faults:
        with current_gateway().db.reading() as session:
            person = person_for(session, viewer, uid)
        return _settings_page(person, typed, chosen)

    def deed(session: Session, person: Participant, now: datetime) -> Done:
        person.language, person.timezone = language or person.language, zone or person.timezone
        person.nights_quiet = bool(nights)
        kept = [tag for tag in interests_of(session, person) if tag not in known]  # of an older list
        set_interests(session, person, [*chosen, *kept])
        session.add(person)
        audit(session, viewer.actor, "person.change", f"participant:{person.id}", now, {"what": "settings"})
        return Done(_("Saved."), back(uid))

    return do(viewer, uid, deed)


def _settings_page(person: Participant, typed: Typed, chosen: tuple[str, ...]) -> ResponseReturnValue:
    page = render_template(
        "console/person-settings.html",
        uid=person.uid,
        typed=typed,
        languages=language_choices(typed.value("language")),
        interests=[(tag, said, tag in chosen) for tag, said in interest_words().items()],
        is_guardian=person.role is Role.GUARDIAN,
    )
    return make_response(page, 422 if typed.faults else 200)


@blueprint.get("/people/<uid>/enrolment")
@guarded(Act.ENROL)
def enrolment(viewer: Viewer, uid: str) -> ResponseReturnValue:
    with current_gateway().db.transaction() as session:
        person = person_for(session, viewer, uid)
        typed = Typed(
            {
                "name": session.open(person, "name_sealed"),
                "screened": person.screened_on.isoformat() if person.screened_on else "",
                "trained": person.trained_on.isoformat() if person.trained_on else "",
                "most": str(person.most_matches),
            }
        )
        now = current_gateway().clock.now()
        audit(session, viewer.actor, "person.read", f"participant:{person.id}", now)
    return _enrolment_page(person, typed)


@blueprint.post("/people/<uid>/enrolment")
@guarded(Act.ENROL)
def save_enrolment(viewer: Viewer, uid: str) -> ResponseReturnValue:
    typed, today = Typed(), current_gateway().clock.now().date()
    with current_gateway().db.reading() as session:
        person = person_for(session, viewer, uid)
    name = typed.take("name", fields.read_name)
    is_mentor = person.role is Role.MENTOR
    screened = typed.take("screened", lambda text: fields.read_day(text, today)) if is_mentor else None
    trained = typed.take("trained", lambda text: fields.read_day(text, today)) if is_mentor else None
    most = typed.take("most", fields.read_count) if is_mentor else 1
    if typed.faults:
        return _enrolment_page(person, typed)

    def deed(session: Session, person: Participant, now: datetime) -> Done:
        session.seal(person, "name_sealed", name or "", data_key_of(session, person.community_id))
        if is_mentor:
            person.screened_on, person.trained_on, person.most_matches = screened, trained, most or 1
        session.add(person)
        audit(session, viewer.actor, "person.change", f"participant:{person.id}", now, {"what": "enrolment"})
        return Done(_("Saved."), back(uid))

    return do(viewer, uid, deed)


def _enrolment_page(person: Participant, typed: Typed) -> ResponseReturnValue:
    page = render_template(
        "console/person-enrolment.html",
        uid=person.uid,
        key=person.key,
        role=words.role(person.role),
        typed=typed,
        is_mentor=person.role is Role.MENTOR,
    )
    return make_response(page, 422 if typed.faults else 200)


def language_choices(value: str) -> list[tuple[str, str]]:
    """English, French, each other language of the program's texts with either besides it, and what the person has already."""
    spoken = {
        language for texts in current_gateway().content.voice.texts.by_key.values() for language in texts
    }
    others = [f"{own}-{besides}" for own in sorted(spoken.difference(WRITTEN)) for besides in WRITTEN]
    codes = dict.fromkeys((*WRITTEN, *others, *filter(None, [value])))
    return [(code, words.language_name(code)) for code in codes]
