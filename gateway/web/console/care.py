"""What staff do about one match, from Today and from its thread: set a reason aside, note, log a talk, hand it over.

Each act is one form, done once, and comes back to the page that it was sent from.
"""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from flask import Blueprint, Response, request

from gateway.db import Session
from gateway.models import ContactHow, Match, Participant, Reason, Staff
from gateway.oversight import caseload, contacts, notes, setting_aside
from gateway.oversight.acting import By
from gateway.people.access import Act, Hidden, Viewer, match_for, people_for, staff_for
from gateway.people.directory import Refused
from gateway.web.console.guard import guarded, local_path
from gateway.web.console.once import Done, NotDone, once
from gateway.web.console.reasons import on
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.languages import link

blueprint = Blueprint("care", __name__)
Acting = Callable[[Session, Match, datetime], str | Done]


def acting(viewer: Viewer) -> By:
    """The viewer as the acts of `oversight` know her."""
    return By(viewer.actor, viewer.staff_id)


def back(fallback: str) -> str:
    """The page that a form was sent from."""
    return local_path(request.form.get("back", "")) or fallback


def on_match(viewer: Viewer, uid: str, act: Acting, *, refused: str = "") -> Response:
    """Do `act` about one of the viewer's matches, once; `refused` is said when the domain will not have it."""
    to = back(link("matches.show", uid=uid))

    def do(session: Session, now: datetime) -> Done:
        match = match_for(session, viewer, uid)
        try:
            done = act(session, match, now)
        except Refused as refusal:
            raise NotDone(
                refused or _("That is not possible just now. Open the page again."), to
            ) from refusal
        return done if isinstance(done, Done) else Done(done, to)

    return once(viewer, do)


@blueprint.post("/matches/<uid>/seen")
@guarded(Act.CARE)
def seen(viewer: Viewer, uid: str) -> Response:
    """A reason was seen; it comes back when it gets worse, or in two weeks."""
    rules = current_gateway().watch

    def act(session: Session, match: Match, now: datetime) -> str:
        setting_aside.acknowledge(session, acting(viewer), match, _reason(), rules, now)
        until = on(now + timedelta(days=rules.acknowledged_days), viewer.zone)
        return _("Seen. It comes back when it gets worse, at the latest on %(when)s.", when=until)

    return on_match(
        viewer, uid, act, refused=_("This no longer holds, or goes away only when it is dealt with.")
    )


@blueprint.post("/matches/<uid>/later")
@guarded(Act.CARE)
def later(viewer: Viewer, uid: str) -> Response:
    """Every reason that was shown is put off until the morning of a day."""
    rules = current_gateway().watch

    def act(session: Session, match: Match, now: datetime) -> str:
        day = _day("until")
        if day is None:
            raise Refused("no day")
        until = datetime.combine(day, time(), viewer.zone)
        for reason in request.form.getlist("reason"):
            setting_aside.snooze(session, acting(viewer), match, Reason(reason), until, rules, now)
        return _("Put off until %(when)s.", when=on(until, viewer.zone))

    return on_match(viewer, uid, act, refused=_("Choose a day after today, at most 90 days ahead."))


@blueprint.post("/matches/<uid>/notes")
@guarded(Act.CARE)
def note(viewer: Viewer, uid: str) -> Response:
    """Only staff will read it."""

    def act(session: Session, match: Match, now: datetime) -> str:
        notes.add_note(session, acting(viewer), match, request.form.get("note", ""), now)
        return _("Your note stands in the thread; only staff can read it.")

    longest = notes.LONGEST_NOTE
    return on_match(viewer, uid, act, refused=_("Write a note of 1 to %(num)d characters.", num=longest))


@blueprint.post("/matches/<uid>/contacts")
@guarded(Act.CARE)
def contact(viewer: Viewer, uid: str) -> Response:
    """Staff spoke to a member or a guardian, on a day up to today."""
    rules = current_gateway().watch

    def act(session: Session, match: Match, now: datetime) -> str:
        person = session.exec(
            people_for(viewer).where(Participant.uid == request.form.get("who", ""))
        ).first()
        how, day = request.form.get("how", ""), _day("on")
        if person is None or how not in set(ContactHow):
            raise Refused("nobody was chosen")
        at = min(now, datetime.combine(day, time(12), viewer.zone)) if day else now
        if day and day > now.astimezone(viewer.zone).date():
            raise Refused("the day is still to come")
        contacts.contacted(session, acting(viewer), match, person, ContactHow(how), rules, now, at=at)
        return _("The talk is noted.")

    return on_match(viewer, uid, act, refused=_("Say with whom, how, and on which day up to today."))


@blueprint.post("/matches/<uid>/caseload")
@guarded(Act.ENROL)
def assign(viewer: Viewer, uid: str) -> Response:
    """Hand the match to a colleague, or to nobody."""

    def act(session: Session, match: Match, now: datetime) -> str:
        caseload.assign(session, acting(viewer), match, _colleague(session, viewer), now)
        return _("The match is in other hands now.")

    return on_match(viewer, uid, act, refused=_("This colleague cannot look after this match."))


def _colleague(session: Session, viewer: Viewer) -> Staff | None:
    uid = request.form.get("staff", "")
    if not uid:
        return None
    found = session.exec(staff_for(viewer).where(Staff.uid == uid)).first()
    if found is None:
        raise Hidden
    return found


def _reason() -> Reason:
    written = request.form.get("reason", "")
    if written not in set(Reason):
        raise Refused("no such reason")
    return Reason(written)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None
