"""Adding many people by a list, which is shown before it is taken, whole or not at all."""

from datetime import datetime, timedelta

from flask import Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import col, delete, select

from gateway.db import Session
from gateway.models import Community, Role, Upload
from gateway.people.access import Act, Hidden, Viewer
from gateway.people.directory import house_key
from gateway.people.enrolment import enrol_all, faults_ahead
from gateway.people.roster import Defaults, Fault, RosterRefused, RosterRow, read_roster
from gateway.privacy.audit import audit
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.once import Done, NotDone, once
from gateway.web.console.people.door import blueprint
from gateway.web.console.typed import problem
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.languages import link, ngettext

WAITS = timedelta(hours=2)
MOST_FAULTS = 40
MOST_SHOWN = 30


@blueprint.get("/people/import")
@guarded(Act.ENROL)
def import_(viewer: Viewer) -> ResponseReturnValue:
    return _import_page([])


@blueprint.post("/people/import")
@guarded(Act.ENROL)
def upload(viewer: Viewer) -> ResponseReturnValue:
    """Read the list and show what it would do; nobody is enrolled yet."""
    sent = request.files.get("list")
    content = sent.read() if sent else b""
    gateway, now = current_gateway(), current_gateway().clock.now()
    with gateway.db.transaction() as session:
        try:
            rows = _rows(session, viewer, content)
        except RosterRefused as refusal:
            return _import_page(refusal.faults)
        session.execute(delete(Upload).where(col(Upload.at) < now - WAITS))
        row = Upload(staff_id=viewer.staff_id, content_sealed=b"", at=now)
        session.seal(row, "content_sealed", content.decode("utf-8-sig"), house_key(session))
        session.add(row)
    return _preview(row.uid, rows)


@blueprint.post("/people/import/<uid>")
@guarded(Act.ENROL)
def take(viewer: Viewer, uid: str) -> Response:
    """Enrol everybody of a list that was shown, or nobody."""

    def act(session: Session, now: datetime) -> Done:
        row = session.exec(
            select(Upload).where(
                Upload.uid == uid, Upload.staff_id == viewer.staff_id, col(Upload.at) >= now - WAITS
            )
        ).first()
        if row is None:
            raise Hidden
        try:
            people = enrol_all(
                session, _rows(session, viewer, session.open(row, "content_sealed").encode()), now
            )
        except RosterRefused as refusal:
            raise NotDone(fault_words(refusal.faults[0]), link("people.import_")) from None
        session.delete(row)
        audit(session, viewer.actor, "people.import", "people", now, {"count": len(people)})
        said = ngettext("%(num)d person is enrolled.", "%(num)d people are enrolled.", len(people))
        return Done(said, link("people.index"))

    return once(viewer, act)


def fault_words(fault: Fault) -> str:
    """One fault with its row, its column and a remedy."""
    said = problem(fault.problem, words.visible(fault.value), fault.earlier)
    if fault.column:
        return _("Row %(row)d, column %(column)s: %(said)s", row=fault.row, column=fault.column, said=said)
    return _("Row %(row)d: %(said)s", row=fault.row, said=said)


def _rows(session: Session, viewer: Viewer, content: bytes) -> list[RosterRow]:
    """What the list holds, if all of it could be enrolled now. Raises RosterRefused."""
    defaults, slug = _defaults(session, viewer)
    rows = read_roster(content, defaults)
    if faults := faults_ahead(session, rows, slug):
        raise RosterRefused(faults)
    return rows


def _defaults(session: Session, viewer: Viewer) -> tuple[Defaults, str | None]:
    """What empty cells mean, and the only community that the list may name (an owner may name any)."""
    charter = current_gateway().content.charter
    own = session.get_one(Community, viewer.community_id).slug if viewer.community_id else None
    first = session.exec(select(Community.slug).order_by(col(Community.id)).limit(1)).first()
    today = current_gateway().clock.now().date()
    slug = own or first or "home"
    return (
        Defaults(charter.language, charter.timezone, slug, today, charter.countries, charter.interests),
        own,
    )


def _import_page(faults: list[Fault]) -> ResponseReturnValue:
    said = [fault_words(fault) for fault in faults[:MOST_FAULTS]]
    page = render_template("console/people-import.html", faults=said, more=max(0, len(faults) - MOST_FAULTS))
    return make_response(page, 422 if faults else 200)


def _preview(uid: str, rows: list[RosterRow]) -> str:
    counts = [(words.role(role), sum(row.person.role is role for row in rows)) for role in Role]
    return render_template(
        "console/people-preview.html",
        uid=uid,
        count=len(rows),
        counts=[(said, str(count)) for said, count in counts if count],
        unconsented=sum(not row.has_consent for row in rows),
        rows=[(words.visible(row.person.key), words.role(row.person.role)) for row in rows[:MOST_SHOWN]],
        more=max(0, len(rows) - MOST_SHOWN),
    )
