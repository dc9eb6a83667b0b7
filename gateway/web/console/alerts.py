"""Open alerts: who was told when, who is on it; taking one on, and closing it with a word on how it ended."""

from datetime import datetime
from enum import StrEnum

from flask import Blueprint, Response, render_template, request
from sqlmodel import col, select

from gateway.db import Session
from gateway.models import Alert, Concern, Staff
from gateway.people.access import Act, Hidden, Viewer
from gateway.people.alerts import Reason
from gateway.privacy.audit import audit
from gateway.safety import concerns, duty, escalation
from gateway.web.console import alarms
from gateway.web.console.guard import guarded
from gateway.web.console.members import staff_name
from gateway.web.console.once import Done, NotDone, once
from gateway.web.console.pages import Page
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.languages import link

blueprint = Blueprint("alerts", __name__)
MOST = 25
FURTHEST = 10**12


class Ending(StrEnum):
    """How an alert ended. The value goes into the audit."""

    SPOKEN = "spoken"
    SAFE = "safe"
    PASSED_ON = "passed_on"
    MENDED = "mended"
    NOTHING = "nothing"


@blueprint.get("/alerts")
@guarded(Act.CARE)
def index(viewer: Viewer) -> str:
    """Whatever is open and not kept from the viewer; names only of her own people."""
    gateway = current_gateway()
    now = gateway.clock.now()
    with gateway.db.transaction() as session:
        reader = session.get_one(Staff, viewer.staff_id)
        rows = duty.open_alerts(session, reader, after=_after(), most=MOST + 1)
        more = link("alerts.index", after=rows[MOST - 1].id) if len(rows) > MOST else None
        first = link("alerts.index") if _after() else None
        shown = alarms.shown(session, viewer, rows[:MOST])
        on_duty = [staff_name(session, one) for one in duty.on_duty(session, reader.community_id, now)]
        audit(session, viewer.actor, "alerts.read", "alerts", now, {"count": len(shown)})
    page = Page(rows=shown, before=first, after=more)
    return render_template("console/alerts.html", page=page, on_duty=on_duty, endings=endings())


def endings() -> list[tuple[str, str]]:
    """How an alert may have ended, to choose from."""
    said = {
        Ending.SPOKEN: _("I spoke with the person"),
        Ending.SAFE: _("Everybody is safe; nothing more is needed"),
        Ending.PASSED_ON: _("Others look after it now (family, clinic, police)"),
        Ending.MENDED: _("What was broken works again"),
        Ending.NOTHING: _("It was a false alarm"),
    }
    return [(one.value, said[one]) for one in Ending]


def _after() -> int:
    asked = request.args.get("after", "0")
    return min(int(asked), FURTHEST) if asked.isascii() and asked.isdigit() and len(asked) < 13 else 0


@blueprint.post("/alerts/<uid>/take")
@guarded(Act.CARE)
def take(viewer: Viewer, uid: str) -> Response:
    """Somebody is on it: nobody else is told."""

    def act(session: Session, now: datetime) -> Done:
        alert = _alert(session, viewer, uid)
        if alert.acknowledged_at or alert.closed_at:
            raise NotDone(_("Somebody is on it already."), link("alerts.index"))
        escalation.acknowledge(session, alert, viewer.staff_id, now)
        audit(session, viewer.actor, "alert.acknowledge", f"alert:{alert.id}", now)
        return Done(
            _(
                "You are on it: nobody else is told. An urgent one rings again in four hours unless it is closed."
            ),
            link("alerts.index", _anchor=f"a{uid}"),
        )

    return once(viewer, act)


@blueprint.post("/alerts/<uid>/close")
@guarded(Act.CARE)
def close(viewer: Viewer, uid: str) -> Response:
    """Nothing remains to be done; the word on how it ended goes into the audit."""

    def act(session: Session, now: datetime) -> Done:
        alert, ending = _alert(session, viewer, uid), request.form.get("ending", "")
        if ending not in set(Ending):
            raise NotDone(_("Say first how it ended."), link("alerts.index", _anchor=f"a{uid}"))
        if alert.closed_at:
            raise NotDone(_("It was closed already."), link("alerts.index"))
        escalation.close(session, alert, viewer.staff_id, now)
        _settle_concern(session, alert, viewer, now)
        audit(session, viewer.actor, "alert.close", f"alert:{alert.id}", now, {"ending": ending})
        return Done(_("The alert is closed."), link("alerts.index"))

    return once(viewer, act)


def _alert(session: Session, viewer: Viewer, uid: str) -> Alert:
    found = duty.alert_for(session, session.get_one(Staff, viewer.staff_id), uid)
    if found is None:
        raise Hidden
    return found


def _settle_concern(session: Session, alert: Alert, viewer: Viewer, now: datetime) -> None:
    """Signs that added up were looked at: the same thread is not raised again at once."""
    if alert.reason != Reason.CONCERN:
        return
    seen = select(Concern).where(Concern.match_id == alert.match_id, col(Concern.looked_at).is_(None))
    for concern in session.exec(seen):
        concerns.looked_at(session, concern, viewer.staff_id, now)
