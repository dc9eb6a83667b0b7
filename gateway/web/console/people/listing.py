"""The list of people, narrowed by what tells nothing; a search by name, key or number is sent as a form, so that neither
stands in an address."""

from dataclasses import dataclass

from flask import render_template, request
from sqlmodel import col, select

from gateway.db import Session
from gateway.matching.gates import SCREENING_HOLDS_DAYS, person_gates
from gateway.models import Community, Participant, Role
from gateway.people.access import Act, Viewer, may, people_for
from gateway.people.opt_out import is_opted_out
from gateway.people.search import Need, Wanted, find, narrowed, screened_since
from gateway.privacy.audit import audit
from gateway.sms.numbers import last_digits
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.pages import page_of
from gateway.web.console.people.door import blueprint
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.words import Said

MOST = 25
LONGEST_SEARCH = 120


@dataclass(frozen=True)
class Row:
    """One person in the list. Of the number only the last digits."""

    uid: str
    name: str
    key: str
    role: str
    language: str
    phone: str
    needs: list[Said]


@blueprint.get("/people")
@guarded(Act.LOOK)
def index(viewer: Viewer) -> str:
    wanted = _wanted(viewer)
    with current_gateway().db.transaction() as session:
        now = current_gateway().clock.now()
        oldest = screened_since(now.date(), SCREENING_HOLDS_DAYS)
        people = narrowed(people_for(viewer), wanted, oldest).order_by(col(Participant.key))
        page = page_of(session, people, MOST)
        rows = [_row(session, person) for person in page.rows]
        audit(session, viewer.actor, "people.list", "people", now, {"count": len(rows)})
        choices = _choices(session, viewer)
    return _page(viewer, rows, choices, wanted=wanted, pages=page)


@blueprint.post("/people/search")
@guarded(Act.LOOK)
def search(viewer: Viewer) -> str:
    """By an exact key or number, or by a part of the name. The words are kept nowhere."""
    asked = request.form.get("words", "")[:LONGEST_SEARCH]
    with current_gateway().db.transaction() as session:
        found, has_more = find(session, people_for(viewer), asked)
        rows = [_row(session, person) for person in found]
        now = current_gateway().clock.now()
        audit(session, viewer.actor, "people.search", "people", now, {"count": len(rows)})
        choices = _choices(session, viewer)
    return _page(viewer, rows, choices, asked=asked, has_more=has_more, wanted=Wanted())


def _page(viewer: Viewer, rows: list[Row], choices: dict[str, list[tuple[str, str]]], **more: object) -> str:
    return render_template(
        "console/people.html", rows=rows, choices=choices, may_enrol=may(viewer, Act.ENROL), **more
    )


def _wanted(viewer: Viewer) -> Wanted:
    role, need = request.args.get("role", ""), request.args.get("need", "")
    community = request.args.get("community", "")
    return Wanted(
        role=Role(role) if role in set(Role) else None,
        language=request.args.get("language", "")[:16],
        community_id=_community(viewer, community),
        need=Need(need) if need in set(Need) else None,
    )


def _community(viewer: Viewer, uid: str) -> int | None:
    """Only an owner has more than one to choose from."""
    if viewer.community_id is not None or not uid:
        return None
    with current_gateway().db.reading() as session:
        return session.exec(select(Community.id).where(Community.uid == uid)).first()


def _choices(session: Session, viewer: Viewer) -> dict[str, list[tuple[str, str]]]:
    """What each filter offers: (value, words)."""
    languages = session.exec(
        select(Participant.language)
        .where(col(Participant.id).in_(people_for(viewer).with_only_columns(col(Participant.id))))
        .distinct()
        .order_by(col(Participant.language))
    )
    communities = session.exec(select(Community.uid, Community.name).order_by(col(Community.name)))
    everyone = ("", _("all"))
    return {
        "role": [everyone, *((role.value, words.role(role)) for role in Role)],
        "language": [everyone, *((code, words.language_name(code)) for code in languages)],
        "need": [everyone, *((need.value, need_words(need)) for need in Need)],
        "community": [everyone, *((uid, words.visible(name)) for uid, name in communities)]
        if viewer.community_id is None
        else [],
    }


def need_words(need: Need) -> str:
    """What somebody may need from staff, in a few words."""
    names = {
        Need.CONSENT: _("no consent"),
        Need.SCREENING: _("screening lapsed"),
        Need.TRAINING: _("not trained"),
        Need.NUMBER: _("number in doubt"),
        Need.UNREACHABLE: _("out of reach"),
        Need.OPTED_OUT: _("gets no texts"),
    }
    return names[need]


def needs_of(session: Session, person: Participant) -> list[Said]:
    """Everything that this person needs from staff now."""
    gates = {gate.key for gate in person_gates(session, person, current_gateway().clock.now().date())}
    needs = [need for need in Need if need.value in gates]
    if person.unreachable_since:
        needs.append(Need.UNREACHABLE)
    calm = {Need.UNREACHABLE, Need.OPTED_OUT}
    said = [Said(need_words(need), "wait" if need in calm else "bad") for need in needs]
    if person.prompts_paused and not is_opted_out(session, person.phone_index):
        said.append(Said(_("no activities"), "wait"))
    return said


def _row(session: Session, person: Participant) -> Row:
    return Row(
        person.uid,
        words.visible(session.open(person, "name_sealed")),
        person.key,
        words.role(person.role),
        words.language_name(person.language),
        last_digits(session.open(person, "phone_sealed")),
        needs_of(session, person),
    )
