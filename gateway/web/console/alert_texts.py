"""What was written where no thread shows it, behind an alert: by a stranger, from a shared phone, to the program."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from sqlmodel import select

from gateway.db import Session
from gateway.models import InboundMessage, Participant, Staff
from gateway.people.access import Act, Hidden, Viewer, sees_person
from gateway.people.directory import first_name
from gateway.privacy.audit import audit
from gateway.safety import duty, unplaced, waiting
from gateway.sms.numbers import as_written, last_digits
from gateway.web import words
from gateway.web.console import alarms
from gateway.web.console.alerts import blueprint
from gateway.web.console.guard import guarded
from gateway.web.console.thread import at_hand
from gateway.web.console.thread.view import Piece, pieces
from gateway.web.current import current_gateway


@dataclass(frozen=True)
class Written:
    """One text."""

    at: str
    to_line: str
    pieces: Sequence[Piece]


@blueprint.get("/alerts/<uid>")
@guarded(Act.CARE)
def show(viewer: Viewer, uid: str) -> str:
    return _page(viewer, uid)


@blueprint.post("/alerts/<uid>/reveal")
@guarded(Act.CARE)
def reveal(viewer: Viewer, uid: str) -> str:
    """The whole number, on this one answer: whoever is in danger must be called back. It is on record."""
    return _page(viewer, uid, is_revealed=True)


def _page(viewer: Viewer, uid: str, *, is_revealed: bool = False) -> str:
    gateway = current_gateway()
    now = gateway.clock.now()
    with gateway.db.transaction() as session:
        alert = duty.alert_for(session, session.get_one(Staff, viewer.staff_id), uid)
        one = alarms.shown(session, viewer, [alert])[0] if alert else None
        if alert is None or one is None or not one.has_words:
            raise Hidden
        texts = unplaced.behind(session, alert)
        if is_revealed:
            audit(session, viewer.actor, "number.reveal", f"alert:{alert.id}", now)
        phone = session.open(texts[-1], "from_sealed")
        found = waiting.findings_of(session, [text.id or 0 for text in texts])
        return render_template(
            "console/alert.html",
            one=one,
            texts=[
                Written(
                    at=words.moment(text.received_at, viewer.zone),
                    to_line=as_written(text.to_number),
                    pieces=pieces(
                        at_hand.body(session, viewer, text.id or 0, now), found.get(text.id or 0, ())
                    ),
                )
                for text in texts
            ],
            phone=as_written(phone) if is_revealed else last_digits(phone),
            is_revealed=is_revealed,
            people=_people(session, viewer, texts[-1]),
        )


def _people(session: Session, viewer: Viewer, text: InboundMessage) -> list[tuple[str, str]]:
    """Who of the viewer's people has this phone: uid, name and role. More than one when it is shared."""
    theirs = select(Participant).where(Participant.phone_index == text.from_index, sees_person(viewer))
    return [
        (one.uid, f"{words.visible(first_name(session, one))} ({words.role(one.role)})")
        for one in session.exec(theirs.order_by(Participant.key))
    ]
