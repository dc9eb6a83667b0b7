"""One person: how to reach them, what they agreed to, what must be true of them, and with whom they are tied."""

from dataclasses import dataclass
from datetime import date, timedelta

from flask import render_template
from sqlmodel import col, select

from gateway.db import Session
from gateway.matching.gates import SCREENING_HOLDS_DAYS, is_screening_old
from gateway.models import (
    Community,
    Consent,
    ConsentState,
    Match,
    Member,
    OptOut,
    Participant,
    Role,
)
from gateway.people import consent, guardians
from gateway.people.access import Act, Viewer, matches_for, may, people_for, person_for
from gateway.people.directory import first_names_in, interests_of
from gateway.privacy.audit import audit
from gateway.sms.numbers import last_digits
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.matching import saying
from gateway.web.console.people.door import blueprint, interest_words
from gateway.web.console.people.listing import needs_of
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.words import Said

MOST_STATEMENTS = 12


@dataclass(frozen=True)
class Statement:
    """One statement of consent, in words."""

    what: str
    state: Said
    how: str
    when: str


@dataclass(frozen=True)
class Tie:
    """A match of this person, or a guardian or youth."""

    uid: str
    names: str
    state: Said | None = None


@blueprint.get("/people/<uid>")
@guarded(Act.LOOK)
def show(viewer: Viewer, uid: str) -> str:
    return page(viewer, uid)


@blueprint.post("/people/<uid>/reveal")
@guarded(Act.CARE)
def reveal(viewer: Viewer, uid: str) -> str:
    """The whole number, on this one answer. It is on record."""
    return page(viewer, uid, is_revealed=True)


def page(viewer: Viewer, uid: str, *, is_revealed: bool = False) -> str:
    gateway = current_gateway()
    now = gateway.clock.now()
    with gateway.db.transaction() as session:
        person = person_for(session, viewer, uid)
        act = "number.reveal" if is_revealed else "person.read"
        audit(session, viewer.actor, act, f"participant:{person.id}", now)
        phone = session.open(person, "phone_sealed")
        opt_out = session.get(OptOut, person.phone_index)
        return render_template(
            "console/person.html",
            uid=uid,
            person=person,
            name=words.visible(session.open(person, "name_sealed")),
            role=words.role(person.role),
            needs=needs_of(session, person),
            phone=words.shown(phone) if is_revealed else last_digits(phone),
            is_revealed=is_revealed,
            since=saying.day(person.created_at.astimezone(viewer.zone).date()),
            reach=_reach(session, viewer, person),
            gates=_gates(person, now.date()),
            consents=_consents(session, viewer, person),
            ties=_ties(session, viewer, person),
            kin=_kin(session, viewer, person),
            is_out=bool(opt_out and opt_out.active),
            is_out_by_word=bool(opt_out and opt_out.how != "staff"),
            is_youth=person.role is Role.YOUTH,
            is_guardian=person.role is Role.GUARDIAN,
            may_care=may(viewer, Act.CARE),
            may_enrol=may(viewer, Act.ENROL),
        )


def _reach(session: Session, viewer: Viewer, person: Participant) -> list[tuple[str, str]]:
    labels = interest_words()
    nights = _("quiet: texts wait till morning") if person.nights_quiet else _("open: texts come at any hour")
    facts = [
        (_("Language"), words.language_name(person.language)),
        (_("Time zone"), person.timezone),
        (_("Nights"), nights),
    ]
    if person.role is not Role.GUARDIAN:
        chosen = ", ".join(labels.get(tag, tag) for tag in interests_of(session, person))
        facts.append((_("Interests"), chosen or _("none noted")))
    if viewer.community_id is None:
        community = session.get_one(Community, person.community_id)
        facts.append((_("Community"), words.visible(community.name)))
    return facts


def _gates(person: Participant, today: date) -> list[tuple[str, Said]]:
    """Screening with its expiry, and training: of mentors only."""
    if person.role is not Role.MENTOR:
        return []
    if person.screened_on is None:
        screened = Said(_("not yet"), "bad")
    else:
        until = saying.day(person.screened_on + timedelta(days=SCREENING_HOLDS_DAYS))
        on, is_old = saying.day(person.screened_on), is_screening_old(person.screened_on, today)
        said = _("%(on)s; lapsed on %(until)s", on=on, until=until) if is_old else ""
        screened = Said(
            said or _("%(on)s; good until %(until)s", on=on, until=until), "bad" if is_old else "good"
        )
    trained = Said(saying.day(person.trained_on), "good") if person.trained_on else Said(_("not yet"), "bad")
    return [(_("Screened"), screened), (_("Trained"), trained)]


def _consents(session: Session, viewer: Viewer, person: Participant) -> list[Statement]:
    """Newest first."""
    found = consent.history(session, person.id or 0)[:MOST_STATEMENTS]
    return [_statement(session, viewer, one) for one in found]


def _statement(session: Session, viewer: Viewer, one: Consent) -> Statement:
    states = {
        ConsentState.GIVEN: Said(_("given"), "good"),
        ConsentState.WITHDRAWN: Said(_("withdrawn"), "bad"),
        ConsentState.PENDING: Said(_("awaited"), "wait"),
    }
    how = how_words(one.how)
    if one.given_by_id:
        rows = people_for(viewer).where(Participant.id == one.given_by_id)
        giver = session.exec(rows).first()
        name = words.visible(session.open(giver, "name_sealed")) if giver else _("a guardian")
        how = _("%(how)s, by %(name)s", how=how, name=name)
    when = saying.day(one.at.astimezone(viewer.zone).date())
    return Statement(saying.consent_kind(one.kind), states[one.state], how, when)


def how_words(how: str) -> str:
    """How a consent was given."""
    known = {
        "told to staff": _("told to staff"),
        "text": _("by text"),
        "paper": _("on paper"),
        "voice": _("by voice"),
    }
    return known.get(how) or words.visible(how)


def _ties(session: Session, viewer: Viewer, person: Participant) -> list[Tie]:
    mine = select(Member.match_id).where(Member.participant_id == person.id, col(Member.left_at).is_(None))
    rows = session.exec(
        matches_for(viewer)
        .where(col(Match.id).in_(mine))
        .order_by(col(Match.id).desc())
        .limit(MOST_STATEMENTS)
    ).all()
    names = first_names_in(session, [row.id or 0 for row in rows])
    return [Tie(row.uid, words.visible(" + ".join(names[row.id or 0])), saying.state(row)) for row in rows]


def _kin(session: Session, viewer: Viewer, person: Participant) -> list[Tie]:
    """A youth's guardians, or a guardian's youths, as far as the viewer may see them."""
    found = (
        guardians.guardians_of(session, person.id or 0)
        if person.role is Role.YOUTH
        else guardians.youths_of(session, person.id or 0)
    )
    seen = session.exec(people_for(viewer).where(col(Participant.id).in_([one.id for one in found])))
    uids = {one.uid for one in seen}
    return [Tie(one.uid, words.visible(session.open(one, "name_sealed"))) for one in found if one.uid in uids]
