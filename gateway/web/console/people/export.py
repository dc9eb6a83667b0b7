"""Everybody whom the viewer may see, as a file. It holds names and whole numbers, so each one is on record."""

from datetime import datetime

from flask import Response, abort, render_template, request
from sqlmodel import col

from gateway.db import Session
from gateway.models import Community, ConsentKind, Participant
from gateway.people.access import Act, Viewer, people_for
from gateway.people.consent import has_consent
from gateway.people.directory import interests_of
from gateway.people.opt_out import is_opted_out
from gateway.privacy.audit import audit
from gateway.privacy.tables import as_csv, as_json
from gateway.web.console.guard import guarded
from gateway.web.console.people.door import blueprint
from gateway.web.current import current_gateway

COLUMNS = (
    *("key", "role", "name", "phone", "language", "timezone", "community", "consent"),
    *("screened", "trained", "nights", "interests", "matches", "opted_out", "enrolled"),
)
KINDS = {"csv": ("text/csv; charset=utf-8", as_csv), "json": ("application/json", as_json)}


@blueprint.get("/people/export")
@guarded(Act.ENROL)
def export(viewer: Viewer) -> str:
    return render_template("console/people-export.html")


@blueprint.post("/people/export")
@guarded(Act.ENROL)
def download(viewer: Viewer) -> Response:
    """A form and not a link: a page that is opened ahead of time must take nothing out."""
    kind = request.form.get("kind", "")
    if kind not in KINDS:
        abort(400)
    mime, write = KINDS[kind]
    now = current_gateway().clock.now()
    with current_gateway().db.transaction() as session:
        people = session.exec(people_for(viewer).order_by(col(Participant.key)))
        rows = [_facts(session, person) for person in people]
        audit(session, viewer.actor, "people.export", "people", now, {"count": len(rows), "kind": kind})
    response = Response(write(COLUMNS, rows), content_type=mime)
    response.headers["Content-Disposition"] = f'attachment; filename="people-{_day(now)}.{kind}"'
    return response


def _day(now: datetime) -> str:
    return now.strftime("%Y-%m-%d")


def _facts(session: Session, person: Participant) -> dict[str, object]:
    """One row, in the columns that `import` reads, so that a list can go round."""
    consents = [has_consent(session, person.id or 0, kind) for kind in ConsentKind]
    return {
        "key": person.key,
        "role": person.role.value,
        "name": session.open(person, "name_sealed"),
        "phone": session.open(person, "phone_sealed"),
        "language": person.language,
        "timezone": person.timezone,
        "community": session.get_one(Community, person.community_id).slug,
        "consent": "yes" if all(consents) else "no",
        "screened": person.screened_on.isoformat() if person.screened_on else "",
        "trained": person.trained_on.isoformat() if person.trained_on else "",
        "nights": "quiet" if person.nights_quiet else "open",
        "interests": " ".join(interests_of(session, person)),
        "matches": person.most_matches,
        "opted_out": "yes" if is_opted_out(session, person.phone_index) else "no",
        "enrolled": _day(person.created_at),
    }
