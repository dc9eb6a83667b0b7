"""Recording what a person, or a guardian, agreed to or took back. Statements are added, never changed."""

from datetime import datetime

from flask import Response, abort, render_template, request

from gateway.db import Session
from gateway.models import ConsentKind, ConsentState, Participant
from gateway.people import guardians
from gateway.people.access import Act, Viewer, person_for
from gateway.people.consent import record_consent
from gateway.people.directory import first_name
from gateway.privacy.audit import audit
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.matching import saying
from gateway.web.console.once import Done, NotDone
from gateway.web.console.people.door import back, blueprint, do
from gateway.web.console.people.person import how_words
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _

WAYS = ("voice", "paper", "told to staff")
SELF = "self"


@blueprint.get("/people/<uid>/consent")
@guarded(Act.CARE)
def consent(viewer: Viewer, uid: str) -> str:
    with current_gateway().db.reading() as session:
        person = person_for(session, viewer, uid)
        givers = [(SELF, words.visible(first_name(session, person)))]
        givers += [
            (one.uid, words.visible(session.open(one, "name_sealed")))
            for one in guardians.guardians_of(session, person.id or 0)
        ]
    return render_template(
        "console/person-consent.html",
        uid=uid,
        kinds=[(kind.value, saying.consent_kind(kind)) for kind in ConsentKind],
        ways=[(way, how_words(way)) for way in WAYS],
        givers=givers,
    )


@blueprint.post("/people/<uid>/consent")
@guarded(Act.CARE)
def record(viewer: Viewer, uid: str) -> Response:
    """One statement. To take it back stops what it allowed: without consent nothing of the program is sent."""
    kind, state, how = (request.form.get(name, "") for name in ("kind", "state", "how"))
    given = {"given": ConsentState.GIVEN, "withdrawn": ConsentState.WITHDRAWN}.get(state)
    if kind not in set(ConsentKind) or given is None or how not in WAYS:
        abort(400)

    def deed(session: Session, person: Participant, now: datetime) -> Done:
        by = _giver(session, viewer, person, uid)
        record_consent(session, person, ConsentKind(kind), given, how, now, given_by=by)
        detail = {"kind": kind, "state": given.value, "by": by.id if by else None}
        audit(session, viewer.actor, "consent.record", f"participant:{person.id}", now, detail)
        return Done(_("It is on record."), back(uid))

    return do(viewer, uid, deed)


def _giver(session: Session, viewer: Viewer, person: Participant, uid: str) -> Participant | None:
    """The guardian who spoke; None for the person."""
    asked = request.form.get("by", SELF)
    if asked == SELF:
        return None
    giver = person_for(session, viewer, asked)
    if giver.id not in [one.id for one in guardians.guardians_of(session, person.id or 0)]:
        raise NotDone(_("Only a guardian of this youth can speak for the youth."), back(uid))
    return giver
