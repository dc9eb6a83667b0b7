"""The list of matches: who, how it stands, since when, in whose care."""

from dataclasses import dataclass

from flask import render_template, request
from sqlmodel import col, select

from gateway.db import Session
from gateway.models import Match, MatchState, Staff
from gateway.people.access import Act, Viewer, matches_for, may
from gateway.people.directory import first_names_in
from gateway.privacy.audit import audit
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.matches import blueprint
from gateway.web.console.matching import saying
from gateway.web.console.pages import page_of
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.words import Said

MOST = 25
OPEN = "open"


@dataclass(frozen=True)
class Row:
    """One match in the list."""

    uid: str
    names: str
    state: Said
    since: str
    care: str


@blueprint.get("/matches")
@guarded(Act.LOOK)
def index(viewer: Viewer) -> str:
    """First names stand on this page, so opening it is on record."""
    asked = request.args.get("state", OPEN)
    newest_first = matches_for(viewer).order_by(col(Match.id).desc())
    if asked in set(MatchState):
        newest_first = newest_first.where(Match.state == MatchState(asked))
    elif asked == OPEN:
        newest_first = newest_first.where(Match.state != MatchState.CLOSED)
    with current_gateway().db.transaction() as session:
        page = page_of(session, newest_first, MOST)
        rows = _rows(session, viewer, page.rows)
        now = current_gateway().clock.now()
        audit(session, viewer.actor, "matches.list", "matches", now, {"count": len(rows)})
    return render_template(
        "console/matches.html",
        rows=rows,
        page=page,
        states=_states(),
        asked=asked,
        may_enrol=may(viewer, Act.ENROL),
    )


def _states() -> list[tuple[str, str]]:
    return [
        (OPEN, _("open")),
        (MatchState.ACTIVE.value, _("active")),
        (MatchState.PAUSED.value, _("on pause")),
        (MatchState.CLOSING.value, _("coming to an end")),
        (MatchState.CLOSED.value, _("closed")),
        ("all", _("all")),
    ]


def _rows(session: Session, viewer: Viewer, found: list[Match]) -> list[Row]:
    names = first_names_in(session, [match.id or 0 for match in found])
    carers = select(Staff).where(col(Staff.id).in_({match.coordinator_id for match in found}))
    care = {staff.id: staff_name(session, staff) for staff in session.exec(carers)}
    return [
        Row(
            match.uid,
            words.visible(" + ".join(names[match.id or 0])),
            saying.state(match),
            saying.day(match.created_at.astimezone(viewer.zone).date()),
            care.get(match.coordinator_id, ""),
        )
        for match in found
    ]


def staff_name(session: Session, staff: Staff) -> str:
    """A colleague as others see them; without a name, the e-mail address stands for it."""
    return words.visible(session.open(staff, "name_sealed" if staff.name_sealed else "email_sealed"))
