"""One match: who is in it and how it stands."""

from flask import Blueprint, render_template

from gateway.people.access import Act, Viewer, match_for
from gateway.people.directory import first_names_in
from gateway.privacy.audit import audit
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.current import current_gateway

blueprint = Blueprint("matches", __name__)


@blueprint.get("/matches/<uid>")
@guarded(Act.LOOK)
def show(viewer: Viewer, uid: str) -> str:
    """Opening it is on record. A match that is not the viewer's is answered as one that is not there."""
    gateway = current_gateway()
    with gateway.db.transaction() as session:
        match = match_for(session, viewer, uid)
        match_id = match.id or 0
        names = [words.visible(name) for name in first_names_in(session, [match_id])[match_id]]
        audit(session, viewer.actor, "match.read", f"match:{match_id}", gateway.clock.now())
    return render_template("console/match.html", names=names, state=words.match_state(match.state))
