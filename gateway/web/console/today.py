"""Today: who needs a human, why, and the act, in one step. What is urgent comes first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, render_template
from sqlalchemy import select
from sqlmodel import col

from gateway.db import Session
from gateway.insight import attention, coming
from gateway.insight.attention import InNeed
from gateway.models import ContactHow, Match, MatchState, Staff
from gateway.people.access import Act, Viewer, may, sees_match
from gateway.privacy.audit import audit
from gateway.safety import duty, waiting
from gateway.safety.samples import waiting as samples_waiting
from gateway.web import words
from gateway.web.console import alarms, reasons
from gateway.web.console.guard import guarded
from gateway.web.console.members import Known, colleagues, kin_in, known_in
from gateway.web.console.pages import number, page_at
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _

blueprint = Blueprint("today", __name__)
MOST = 25
MOST_ALERTS = 8


@dataclass(frozen=True)
class Card:
    """One match in need."""

    uid: str
    names: str
    state: str  # empty while it is active
    unread: int
    is_urgent: bool
    whys: Sequence[reasons.Why]
    people: Sequence[tuple[str, str]]  # uid, first name
    kin: Sequence[tuple[str, str]]  # the same of the youths' guardians, with whom staff talk too
    coordinator: str  # uid, empty for nobody


@dataclass(frozen=True)
class Ahead:
    """One match in which something will begin."""

    uid: str
    names: str
    day: str
    words: str


@blueprint.get("/today")
@guarded(Act.LOOK)
def show(viewer: Viewer) -> str:
    """First names stand on this page, so opening it is on record."""
    gateway = current_gateway()
    now = gateway.clock.now()
    among = select(col(Match.id)).where(sees_match(viewer))
    with gateway.db.transaction() as session:
        reader = session.get_one(Staff, viewer.staff_id)
        first = (number() - 1) * MOST
        found = attention.today(session, among, gateway.watch, now, most=MOST, after=first)
        cards = _cards(session, viewer, found.matches)
        page = {
            "page": page_at(cards, MOST, found.total),
            "total": found.total,
            "as_of": words.moment(found.as_of, viewer.zone) if found.as_of else "",
            "ahead": _ahead(session, viewer, now) if not first else [],
            "samples": _samples(session, viewer) if not first else [],
            "alerts": alarms.without_match(session, viewer, reader, MOST_ALERTS) if not first else [],
            "open_alerts": duty.how_many_open(session, reader),
            "held": waiting.how_many(session, matches=among, reader=reader) if may(viewer, Act.REVIEW) else 0,
            "staff": colleagues(session, viewer),
        }
        audit(session, viewer.actor, "matches.list", "matches", now, {"count": len(cards)})
    today = now.astimezone(viewer.zone).date()
    return render_template(
        "console/today.html",
        tomorrow=today + timedelta(days=1),
        in_a_week=today + timedelta(days=7),
        today=today,
        hows=hows(),
        can_assign=may(viewer, Act.ENROL),
        **page,
    )


def hows() -> list[tuple[str, str]]:
    """The ways in which staff talk to people."""
    said = {
        ContactHow.CALL: _("by phone"),
        ContactHow.TEXT: _("by text"),
        ContactHow.VISIT: _("in person"),
        ContactHow.VIDEO: _("by video"),
        ContactHow.EMAIL: _("by e-mail"),
    }
    return [(how.value, said[how]) for how in ContactHow]


def _cards(session: Session, viewer: Viewer, found: Sequence[InNeed]) -> list[Card]:
    ids = [one.match.id or 0 for one in found]
    known, kin, unread = known_in(session, ids), kin_in(session, ids), coming.unread_in(session, ids)
    wanted = {one.match.coordinator_id for one in found}
    rows = session.scalars(select(Staff).where(col(Staff.id).in_(wanted - {None})))
    keepers = {row.id: row.uid for row in rows}
    return [
        _card(
            viewer,
            one,
            known[one.match.id or 0],
            kin[one.match.id or 0],
            unread.get(one.match.id or 0, 0),
            keepers.get(one.match.coordinator_id, ""),
        )
        for one in found
    ]


def _card(
    viewer: Viewer, one: InNeed, known: Known, kin: Sequence[tuple[str, str]], unread: int, keeper: str
) -> Card:
    return Card(
        uid=one.match.uid,
        names=known.names,
        state="" if one.match.state is MatchState.ACTIVE else words.match_state(one.match.state),
        unread=unread,
        is_urgent=one.evidence[0].reason in reasons.URGENT,
        whys=[reasons.why(evidence, known.by_id, viewer.zone) for evidence in one.evidence],
        people=known.choices,
        kin=kin,
        coordinator=keeper,
    )


def _ahead(session: Session, viewer: Viewer, now: datetime) -> list[Ahead]:
    found = coming.coming(session, select(col(Match.id)).where(sees_match(viewer)), now)
    known = known_in(session, [one.match.id or 0 for one in found])
    return [
        Ahead(
            one.match.uid,
            known[one.match.id or 0].names,
            reasons.on(one.at, viewer.zone),
            reasons.soon(one.reason),
        )
        for one in found
    ]


def _samples(session: Session, viewer: Viewer) -> list[tuple[str, str]]:
    """Threads that chance picked and that nobody has read since: (uid, names)."""
    picked = [one.match_id for one in samples_waiting(session)]
    mine = session.scalars(select(Match).where(col(Match.id).in_(picked), sees_match(viewer)).limit(10)).all()
    known = known_in(session, [one.id or 0 for one in mine])
    return [(one.uid, known[one.id or 0].names) for one in mine]
