"""Forms that may be sent twice and are done once; and what their sender is told on the page that follows.

Each form carries an id of its own. The row that remembers it and the act itself are one commit, so a double click, or a
form sent again after the answer got lost on a poor link, changes nothing and is told the same.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import flask
from flask import Response, abort, request
from sqlmodel import col, delete, select, update

from gateway.db import Session
from gateway.models import Submission, Tone
from gateway.models.types import new_uid
from gateway.people.access import Viewer
from gateway.people.directory import house_key
from gateway.web.console.guard import go
from gateway.web.current import current_gateway, current_viewer
from gateway.web.words import Said

FIELD = "form_id"
TOLD = "told"  # in Flask's cookie: the id of the form whose outcome the next page shows
KEPT_FOR = timedelta(days=2)
UID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True)
class Done:
    """What was done, in the viewer's language, the page to show next, and the lines on which something is now due."""

    words: str
    to: str
    lines: frozenset[int] = field(default_factory=frozenset)
    tone: Tone = Tone.GOOD


class NotDone(Exception):
    """The act cannot be; everything it wrote is undone. `words` says why and what to do, in the viewer's language."""

    def __init__(self, words: str, to: str) -> None:
        super().__init__(words)
        self.outcome = Done(words, to, tone=Tone.BAD)


def form_id() -> str:
    """A fresh id for a form that is about to be shown."""
    return new_uid()


def once(viewer: Viewer, act: Callable[[Session, datetime], Done]) -> Response:
    """Do `act` in a transaction unless this very form was sent before; then show the page that it names.

    `act` gets the session and the time, audits what it does, and may raise NotDone.
    """
    gateway = current_gateway()
    now, uid = gateway.clock.now(), request.form.get(FIELD, "")
    if not UID.fullmatch(uid):
        abort(400)
    try:
        with gateway.db.transaction() as session:
            done = _the_first_time(session, viewer, uid, act, now)
    except NotDone as refusal:
        refused = refusal.outcome
        with gateway.db.transaction() as session:
            done = _the_first_time(session, viewer, uid, lambda _session, _now: refused, now)
    for line_id in done.lines:
        gateway.bell.line(line_id)
    flask.session[TOLD] = uid
    return go(done.to)


def _the_first_time(
    session: Session, viewer: Viewer, uid: str, act: Callable[[Session, datetime], Done], now: datetime
) -> Done:
    row_id = session.add_once(Submission, {"staff_id": viewer.staff_id, "uid": uid, "at": now})
    if row_id is None:
        known = _known(session, viewer, uid)
        assert known is not None
        return Done(session.open(known, "said_sealed"), known.next_page, tone=known.tone)
    session.execute(delete(Submission).where(col(Submission.at) < now - KEPT_FOR))
    done = act(session, now)
    said = session.sealed(Submission, uid, "said_sealed", done.words, house_key(session))
    session.execute(
        update(Submission)
        .where(col(Submission.id) == row_id)
        .values(next_page=done.to, said_sealed=said, tone=done.tone)
    )
    return done


def outcome() -> Said | None:
    """What the form that was sent last came to: told once, on the first page after it."""
    viewer, uid = current_viewer(), flask.session.get(TOLD)
    if viewer is None or not isinstance(uid, str):
        return None
    del flask.session[TOLD]
    with current_gateway().db.reading() as session:
        row = _known(session, viewer, uid)
        return Said(session.open(row, "said_sealed"), row.tone.value) if row else None


def _known(session: Session, viewer: Viewer, uid: str) -> Submission | None:
    return session.exec(
        select(Submission).where(Submission.staff_id == viewer.staff_id, Submission.uid == uid)
    ).first()
