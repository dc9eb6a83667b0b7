"""Today: the viewer's open matches, and the way to each."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from sqlmodel import col

from gateway.db import Session
from gateway.models import Match, MatchState
from gateway.people.access import Act, Viewer, matches_for
from gateway.people.directory import first_names_in
from gateway.privacy.audit import audit
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.pages import page_of
from gateway.web.current import current_gateway

blueprint = Blueprint("today", __name__)
MOST = 25


@dataclass(frozen=True)
class Tie:
    """One match in the list."""

    uid: str
    names: str
    state: str


@blueprint.get("/today")
@guarded(Act.LOOK)
def show(viewer: Viewer) -> str:
    """First names stand on this page, so opening it is on record."""
    gateway = current_gateway()
    newest_first = matches_for(viewer).where(Match.state != MatchState.CLOSED).order_by(col(Match.id).desc())
    with gateway.db.transaction() as session:
        page = page_of(session, newest_first, MOST)
        ties = _ties(session, page.rows)
        audit(session, viewer.actor, "matches.list", "matches", gateway.clock.now(), {"count": len(ties)})
    return render_template("console/today.html", ties=ties, page=page)


def _ties(session: Session, rows: list[Match]) -> list[Tie]:
    names = first_names_in(session, [row.id or 0 for row in rows])
    return [
        Tie(row.uid, words.visible(" + ".join(names[row.id or 0])), words.match_state(row.state))
        for row in rows
    ]
