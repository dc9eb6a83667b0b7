"""One page of a thread with the ways to its neighbours, and who has read it last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from gateway.db import Session
from gateway.insight.places import Page, What
from gateway.models import Reviewed, Staff
from gateway.people.access import Viewer
from gateway.safety import waiting
from gateway.web import words
from gateway.web.console import reasons
from gateway.web.console.members import staff_name
from gateway.web.console.thread.purposes import kept
from gateway.web.console.thread.view import Line, Scene, lines
from gateway.web.languages import gettext as _
from gateway.web.languages import link


@dataclass(frozen=True)
class Reading:
    """One page of a thread, ready to be shown."""

    lines: list[Line]
    older: str
    newer: str
    newest_inbound_id: int
    last_review: str
    has_unread: bool


def reading(session: Session, viewer: Viewer, uid: str, page: Page, now: datetime) -> Reading:
    """The page of the match with this uid, in the words and times of its reader."""
    inbound = [one.id for one in page.entries if one.what is What.WORDS]
    scene = Scene(
        page.people, _authors(session, page), waiting.findings_of(session, inbound), now, viewer.zone
    )
    shown = lines(page.entries, scene)
    return Reading(
        lines=shown,
        older=link("matches.show", uid=uid, before=str(page.older), **kept()) if page.older else "",
        newer=link("matches.show", uid=uid, after=str(page.newer), **kept()) if page.newer else "",
        newest_inbound_id=page.newest_inbound_id,
        last_review=_last_review(session, viewer, page.last_review) if page.last_review else "",
        has_unread=any(entry.is_unread for entry in page.entries),
    )


def _last_review(session: Session, viewer: Viewer, review: Reviewed) -> str:
    """Who has read the thread last, and when."""
    by = session.get(Staff, review.staff_id) if review.staff_id else None
    return _(
        "Last read by %(name)s on %(day)s at %(time)s",
        name=staff_name(session, by) if by else _("the command line"),
        day=reasons.on(review.at, viewer.zone),
        time=words.time_of_day(review.at, viewer.zone),
    )


def _authors(session: Session, page: Page) -> Mapping[int, str]:
    ids = {one.by_id for one in page.entries if one.what is What.NOTE} - {None}
    return {
        row.id or 0: staff_name(session, row)
        for row in session.exec(select(Staff).where(col(Staff.id).in_(ids)))
    }
