"""One match, the facts: who is in it, over which lines, what is not met, what was waived, and what can be done."""

from dataclasses import dataclass

from flask import render_template
from sqlmodel import col, select

from gateway import endings
from gateway.db import Session
from gateway.matching import waivers
from gateway.models import Ending, Line, Match, MatchState, Member, Participant, Role, Staff
from gateway.people.access import Act, Viewer, carers_for, match_for, may
from gateway.people.directory import first_name
from gateway.privacy.audit import audit
from gateway.sms.numbers import as_written
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.matches import blueprint
from gateway.web.console.matching import saying
from gateway.web.console.matching.listing import staff_name
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _

LARGEST_GROUP = 6


@dataclass(frozen=True)
class Person:
    """One member and the number that this member texts (a line of ours, nobody's phone)."""

    uid: str
    name: str
    role: str
    line: str
    is_youth: bool
    has_left: bool
    can_leave: bool


@dataclass(frozen=True)
class Facts:
    """What the page shows."""

    match: Match
    people: list[Person]
    names: str
    gates: list[str]
    can_waive: bool
    waived: list[str]
    care: str
    carers: list[tuple[str, str]]

    @property
    def youth(self) -> list[Person]:
        """Those who may be matched again once this has ended."""
        return [one for one in self.people if one.is_youth]


@blueprint.get("/matches/<uid>/about")
@guarded(Act.LOOK)
def about(viewer: Viewer, uid: str) -> str:
    gateway = current_gateway()
    now = gateway.clock.now()
    with gateway.db.transaction() as session:
        match = match_for(session, viewer, uid)
        facts = _facts(session, viewer, match)
        audit(session, viewer.actor, "match.read", f"match:{match.id}", now)
    is_going = match.state in endings.GOING
    return render_template(
        "console/match-about.html",
        facts=facts,
        uid=uid,
        state=saying.state(match),
        since=saying.day(match.created_at.astimezone(viewer.zone).date()),
        ends=_ends(match, viewer),
        pauses=[(why, saying.pause(why)) for why in saying.PAUSES],
        may_care=may(viewer, Act.CARE),
        may_enrol=may(viewer, Act.ENROL),
        is_going=is_going,
        is_active=match.state is MatchState.ACTIVE,
        is_paused=match.state is MatchState.PAUSED,
        is_closed=match.state is MatchState.CLOSED,
        can_take_out=is_going and may(viewer, Act.CARE) and any(one.can_leave for one in facts.people),
        can_call_off=is_going and match.closes_on is not None,
        has_room=is_going and sum(not one.has_left for one in facts.people) < LARGEST_GROUP,
    )


def _facts(session: Session, viewer: Viewer, match: Match) -> Facts:
    today = current_gateway().clock.now().date()
    gates = waivers.open_gates(session, match, today) if match.state is not MatchState.CLOSED else []
    people = _people(session, match)
    carer = session.get(Staff, match.coordinator_id) if match.coordinator_id else None
    return Facts(
        match=match,
        people=people,
        names=" + ".join(one.name for one in people if not one.has_left),
        gates=[saying.gate(one, first_name(session, one.person) if one.person else "") for one in gates],
        can_waive=any(one.can_be_waived for one in gates),
        waived=[_waived(session, one) for one in waivers.waivers_of(session, match)],
        care=staff_name(session, carer) if carer else _("nobody yet"),
        carers=[
            (staff.uid, staff_name(session, staff))
            for staff in session.exec(carers_for(viewer, match).order_by(col(Staff.id)))
            if staff.id != match.coordinator_id
        ],
    )


def _people(session: Session, match: Match) -> list[Person]:
    rows = session.exec(
        select(Participant, Member, Line)
        .join(Member, col(Member.participant_id) == Participant.id)
        .join(Line, col(Line.id) == Member.line_id)
        .where(Member.match_id == match.id)
        .order_by(col(Member.id))
    ).all()
    staying = [person.role for person, member, _line in rows if member.left_at is None]
    return [
        Person(
            person.uid,
            words.visible(first_name(session, person)),
            words.role(person.role),
            as_written(line.number),
            person.role is Role.YOUTH,
            member.left_at is not None,
            member.left_at is None and staying.count(person.role) > 1 and person.role is not Role.GUARDIAN,
        )
        for person, member, line in rows
    ]


def _waived(session: Session, one: waivers.Waived) -> str:
    what = {"screening": _("screening"), "training": _("training")}.get(one.gate, one.gate)
    name, reason = words.visible(first_name(session, one.person)), words.visible(one.reason)
    return _("%(name)s, %(what)s: %(reason)s", name=name, what=what, reason=reason)


def _ends(match: Match, viewer: Viewer) -> list[tuple[str, str]]:
    """(word, fact) about how and when it ends or ended."""
    facts = []
    if match.closed_at:
        facts.append((_("Closed"), saying.day(match.closed_at.astimezone(viewer.zone).date())))
    elif match.closes_on:
        facts.append((_("Last day"), saying.day(match.closes_on)))
        if match.ending is Ending.PLANNED and match.state is MatchState.ACTIVE:
            facts.append((_("They are told on"), saying.day(match.closes_on - endings.NOTICE)))
    if match.ending:
        facts.append((_("Ending"), saying.ending(match.ending)))
    if match.close_why:
        facts.append((_("Why"), words.visible(match.close_why)))
    return facts
