"""The queue of review: one text at a time, the oldest first, with what the screen saw, the words around it, and the acts."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from flask import Blueprint, Response, abort, render_template, request
from sqlalchemy import Select, select
from sqlmodel import col

from gateway.db import Session
from gateway.models import Match, Staff
from gateway.people.access import Act, Hidden, Viewer, sees_match
from gateway.people.directory import Refused
from gateway.safety import review as decisions
from gateway.safety import waiting
from gateway.safety.actor import Actor
from gateway.safety.waiting import Waiting
from gateway.web.console.guard import guarded
from gateway.web.console.once import Done, NotDone, once
from gateway.web.console.reasons import span
from gateway.web.console.thread import at_hand
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.languages import link

blueprint = Blueprint("review", __name__)
MOST = 20
REMEMBERED = timedelta(days=2)


class Deed(StrEnum):
    """What can be done with one text."""

    RELEASE = "release"
    NOTE = "note"
    DISCARD = "discard"
    ESCALATE = "escalate"
    LOOKED = "looked"


@blueprint.get("/review")
@guarded(Act.REVIEW)
def index(viewer: Viewer) -> str:
    """The oldest text that waits."""
    return _page(viewer, "")


@blueprint.get("/review/<uid>")
@guarded(Act.REVIEW)
def show(viewer: Viewer, uid: str) -> str:
    """One text that waits; Hidden when it does not wait for this viewer."""
    return _page(viewer, uid)


def _page(viewer: Viewer, uid: str) -> str:
    gateway = current_gateway()
    now = gateway.clock.now()
    with gateway.db.transaction() as session:
        reader = session.get_one(Staff, viewer.staff_id)
        limit = gateway.alarms.review
        queue = waiting.queue(session, now, limit, matches=_mine(viewer), reader=reader, most=MOST)
        here = _at_hand(session, viewer, reader, queue, uid, now)
        opened = at_hand.opened(session, viewer, reader, here, now) if here else None
        others = [at_hand.head(session, one) for one in queue if here is None or one.uid != here.uid]
        total = waiting.how_many(session, matches=_mine(viewer), reader=reader)
    return render_template(
        "console/review.html",
        opened=opened,
        others=others,
        total=total,
        limit=span(gateway.alarms.review.total_seconds()),
        longest=decisions.LONGEST_NOTE,
    )


def _mine(viewer: Viewer) -> Select[Any]:
    """The ids of the matches whose texts are this viewer's to judge."""
    return select(col(Match.id)).where(sees_match(viewer))


def _at_hand(
    session: Session, viewer: Viewer, reader: Staff, queue: Sequence[Waiting], uid: str, now: datetime
) -> Waiting | None:
    if not uid:
        return queue[0] if queue else None
    limit = current_gateway().alarms.review
    found = waiting.find(session, uid, now, limit, matches=_mine(viewer), reader=reader)
    if found is None:
        raise Hidden
    return found


@blueprint.post("/review/<uid>")
@guarded(Act.REVIEW)
def decide(viewer: Viewer, uid: str) -> Response:
    """Do one thing with one text, once; then the next one is shown."""
    gateway = current_gateway()
    deed = request.form.get("act", "")
    if deed not in set(Deed):
        abort(400)

    def act(session: Session, now: datetime) -> Done:
        reader = session.get_one(Staff, viewer.staff_id)
        limit = gateway.alarms.review
        found = waiting.find(session, uid, now, limit, matches=_mine(viewer), reader=reader)
        if found is None:
            raise _gone(session, viewer, reader, uid, now)
        to = _next_page(session, viewer, reader, found, now)
        try:
            said, ringing = _DEEDS[Deed(deed)](session, _actor(viewer), found, now)
        except Refused as refusal:
            raise NotDone(_refused(Deed(deed)), link("review.show", uid=uid, _anchor="text")) from refusal
        return Done(said, to, frozenset(ringing))

    return once(viewer, act)


def _next_page(session: Session, viewer: Viewer, reader: Staff, found: Waiting, now: datetime) -> str:
    limit, mine = current_gateway().alarms.review, _mine(viewer)
    for after in (found.inbound_id, 0):
        ahead = waiting.queue(session, now, limit, matches=mine, reader=reader, after=after, most=2)
        ahead = [one for one in ahead if one.uid != found.uid]
        if ahead:
            return link("review.show", uid=ahead[0].uid, _anchor="text")
    return link("review.index")


def _gone(session: Session, viewer: Viewer, reader: Staff, uid: str, now: datetime) -> Exception:
    if waiting.was_settled(session, uid, now - REMEMBERED, matches=_mine(viewer), reader=reader):
        return NotDone(_("Somebody has decided on this text already."), link("review.index", _anchor="text"))
    return Hidden()


def _refused(deed: Deed) -> str:
    if deed is Deed.NOTE:
        return _("Nothing was done: write a note of 1 to %(num)d characters.", num=decisions.LONGEST_NOTE)
    return _("Nothing was done: this text is not held any more.")


def _release(session: Session, by: Actor, one: Waiting, now: datetime) -> tuple[str, set[int]]:
    return _("Released: it is on its way."), decisions.release(session, by, one.inbound_id, now)


def _with_note(session: Session, by: Actor, one: Waiting, now: datetime) -> tuple[str, set[int]]:
    voice, note = current_gateway().content.voice, request.form.get("note", "")
    ringing = decisions.release_with_note(session, voice, by, one.inbound_id, note, now)
    return _("Released, and its writer gets your note in private."), ringing


def _discard(session: Session, by: Actor, one: Waiting, now: datetime) -> tuple[str, set[int]]:
    decisions.discard(session, by, one.inbound_id, now)
    return _("Discarded: it will never leave, and stays on record."), set()


def _escalate(session: Session, by: Actor, one: Waiting, now: datetime) -> tuple[str, set[int]]:
    gateway = current_gateway()
    ringing = decisions.escalate(session, gateway.content.voice, gateway.alarms, by, one.inbound_id, now)
    return _("Escalated: whoever is on duty is told now. What is held stays held."), ringing


def _looked(session: Session, by: Actor, one: Waiting, now: datetime) -> tuple[str, set[int]]:
    if one.is_held:
        raise Refused("it is held")
    decisions.looked(session, by, one.inbound_id, now)
    return _("Noted: you have looked, and nothing more is needed."), set()


_DEEDS: dict[Deed, Callable[[Session, Actor, Waiting, datetime], tuple[str, set[int]]]] = {
    Deed.RELEASE: _release,
    Deed.NOTE: _with_note,
    Deed.DISCARD: _discard,
    Deed.ESCALATE: _escalate,
    Deed.LOOKED: _looked,
}


def _actor(viewer: Viewer) -> Actor:
    return Actor(viewer.actor, viewer.staff_id)
