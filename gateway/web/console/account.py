"""One's own account: the language of the pages, and the browsers that are signed in."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, render_template, request

from gateway.db import Session
from gateway.models import Staff, StaffSession
from gateway.people.access import Act, Hidden, Viewer
from gateway.people.staff import sessions
from gateway.privacy.audit import audit
from gateway.web import words
from gateway.web.console.guard import go, guarded, local_path, signed_in
from gateway.web.console.once import Done, once
from gateway.web.current import current_gateway
from gateway.web.languages import LANGUAGES, link
from gateway.web.languages import gettext as _

blueprint = Blueprint("account", __name__)


@dataclass(frozen=True)
class Browser:
    """One session, as its owner sees it."""

    uid: str
    device: str
    since: str
    seen: str
    is_this: bool


@blueprint.get("/account")
@guarded(Act.SIGN_IN)
def show(viewer: Viewer) -> str:
    gateway, who = current_gateway(), signed_in()
    with gateway.db.reading() as session:
        rows = sessions.open_ones(session, viewer.staff_id, _idle(), gateway.clock.now())
        browsers = [
            Browser(
                row.uid,
                row.device,
                words.moment(row.made_at, viewer.zone),
                words.moment(row.seen_at, viewer.zone),
                who is not None and row.uid == who.row.uid,
            )
            for row in rows
        ]
    return render_template("console/account.html", role=words.staff_role(viewer.role), browsers=browsers)


@blueprint.post("/account/language")
@guarded(Act.SIGN_IN, before_second_factor=True)
def language(viewer: Viewer) -> Response:
    """Choose the language of one's pages. To choose it twice is to choose it once."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    with current_gateway().db.transaction() as session:
        staff = session.get_one(Staff, viewer.staff_id)
        staff.language = chosen
        session.add(staff)
    return go(local_path(request.form.get("back", "")) or link("home.home"))


@blueprint.post("/account/sessions/<uid>/end")
@guarded(Act.SIGN_IN)
def end_session(viewer: Viewer, uid: str) -> Response:
    """Sign out another browser of one's own."""

    def act(session: Session, now: datetime) -> Done:
        row = _own(session, viewer, uid, now)
        sessions.end(session, row, now)
        audit(session, viewer.actor, "session.end", f"staff:{viewer.staff_id}", now, {"session": uid})
        return Done(_("That browser is signed out."), link("account.show"))

    return once(viewer, act)


def _own(session: Session, viewer: Viewer, uid: str, now: datetime) -> StaffSession:
    own = sessions.open_ones(session, viewer.staff_id, _idle(), now)
    found = next((row for row in own if row.uid == uid), None)
    if found is None:
        raise Hidden
    return found


def _idle() -> timedelta:
    return timedelta(minutes=current_gateway().settings.gateway_idle_minutes)
