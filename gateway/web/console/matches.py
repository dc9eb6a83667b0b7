"""The thread of one match, page by page, and what staff do beside it. Opening it is on record, with a reason when it is sensitive."""

from datetime import datetime, timedelta

from flask import Blueprint, Response, abort, current_app, render_template, request
from sqlmodel import col, select

from gateway.db import Session
from gateway.insight import attention, thread
from gateway.insight.places import Cursor
from gateway.models import Match, MatchState, Participant, Sample, Staff
from gateway.oversight import reviews, speaking
from gateway.people.access import Act, Viewer, match_for, may, people_for
from gateway.people.directory import Refused
from gateway.privacy.audit import audit
from gateway.safety import duty, samples
from gateway.web import words
from gateway.web.console import reasons
from gateway.web.console.care import acting, on_match
from gateway.web.console.guard import guarded
from gateway.web.console.members import Known, colleagues, kin_in, known_in
from gateway.web.console.once import Done
from gateway.web.console.thread.purposes import kept, purpose, purposes
from gateway.web.console.thread.reading import Reading, reading
from gateway.web.console.today import Card, hows
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.languages import link, ngettext

blueprint = Blueprint("matches", __name__)
ABOUT = "matches.about"  # members, masks, how a match ends: linked to where there is such a page


@blueprint.get("/matches/<uid>")
@guarded(Act.LOOK)
def show(viewer: Viewer, uid: str) -> str:
    """A match that is not the viewer's is answered as one that is not there."""
    gateway = current_gateway()
    now = gateway.clock.now()
    with gateway.db.transaction() as session:
        match = match_for(session, viewer, uid)
        match_id = match.id or 0
        reader = session.get_one(Staff, viewer.staff_id)
        known = known_in(session, [match_id])[match_id]
        why = purpose()
        if why is None and duty.is_sensitive(session, reader, match_id):
            return render_template("console/why.html", names=known.names, purposes=purposes(), uid=uid)
        with_reports = duty.reads_staff_reports(reader, match)
        page = thread.page(
            session,
            match_id,
            before=_cursor("before"),
            after=_cursor("after"),
            with_staff_reports=with_reports,
        )
        shown = reading(session, viewer, uid, page, now)
        detail = {"why": why.value} if why else None
        audit(session, viewer.actor, "match.read", f"match:{match_id}", now, detail)
        card = _card(session, viewer, match, known, now)
        staff = colleagues(session, viewer)
    return _rendered(viewer, match, card, shown, staff, now)


def _rendered(
    viewer: Viewer, match: Match, card: Card, shown: Reading, staff: list[tuple[str, str]], now: datetime
) -> str:
    today = now.astimezone(viewer.zone).date()
    return render_template(
        "console/match.html",
        match=card,
        state=words.match_state(match.state),
        is_paused=match.state is MatchState.PAUSED,
        can_pause=match.state in (MatchState.ACTIVE, MatchState.PAUSED),
        is_open=match.state is not MatchState.CLOSED,
        reading=shown,
        zone=viewer.zone.key.rpartition("/")[2].replace("_", " "),
        about=link(ABOUT, uid=match.uid) if ABOUT in current_app.view_functions else "",
        longest=speaking.LONGEST,
        staff=staff,
        hows=hows(),
        can_assign=may(viewer, Act.ENROL),
        dates={"today": today, "tomorrow": today + timedelta(days=1), "in_a_week": today + timedelta(days=7)},
    )


def _cursor(name: str) -> Cursor | None:
    written = request.args.get(name, "")
    try:
        return Cursor.read(written) if written else None
    except (ValueError, OverflowError):
        abort(404)


def _card(session: Session, viewer: Viewer, match: Match, known: Known, now: datetime) -> Card:
    evidence = attention.evidence_of(session, match.id or 0, current_gateway().watch, now)
    keeper = session.get(Staff, match.coordinator_id) if match.coordinator_id else None
    return Card(
        uid=match.uid,
        names=known.names,
        state="",
        unread=0,
        is_urgent=False,
        whys=[reasons.why(one, known.by_id, viewer.zone) for one in evidence],
        people=known.choices,
        kin=kin_in(session, [match.id or 0])[match.id or 0],
        coordinator=keeper.uid if keeper else "",
    )


@blueprint.post("/matches/<uid>/read")
@guarded(Act.CARE)
def read(viewer: Viewer, uid: str) -> Response:
    """Read up to the newest text that the page showed; what came meanwhile stays unread."""
    rules = current_gateway().watch

    def act(session: Session, match: Match, now: datetime) -> str:
        written = request.form.get("up_to", "")
        if not (written.isascii() and written.isdigit() and len(written) < 16):
            raise Refused("no text")
        reviews.reviewed(session, acting(viewer), match, rules, now, up_to_inbound=int(written))
        for sample in session.exec(
            select(Sample).where(Sample.match_id == match.id, col(Sample.looked_at).is_(None))
        ):
            samples.looked_at(session, sample, viewer.staff_id, now)
        return _("Marked as read up to here.")

    return on_match(viewer, uid, act)


@blueprint.post("/matches/<uid>/text")
@guarded(Act.CARE)
def text(viewer: Viewer, uid: str) -> Response:
    """A text to one member, from the program line and in the program's name."""
    voices = current_gateway().content
    to = request.form.get("to", "")

    def act(session: Session, match: Match, now: datetime) -> Done:
        person = session.exec(people_for(viewer).where(Participant.uid == to)).first()
        if person is None:
            raise Refused("nobody was chosen")
        by = acting(viewer)
        sent = speaking.text_member(session, voices, by, match, person, request.form.get("words", ""), now)
        count = ngettext("%(num)d segment", "%(num)d segments", sent.segments)
        said = _(
            "On its way from the program line (%(count)s). By night it waits for the morning.", count=count
        )
        return Done(said, link("matches.show", uid=uid, **kept()), sent.lines)

    refused = _(
        "Not sent: write 1 to %(num)d characters; a phone that texted STOP gets none.", num=speaking.LONGEST
    )
    return on_match(viewer, uid, act, refused=refused)


@blueprint.post("/matches/<uid>/rest")
@guarded(Act.CARE)
def rest(viewer: Viewer, uid: str) -> Response:
    """Pause or resume: `act` says which."""
    wanted = request.form.get("act", "")
    if wanted not in ("pause", "resume"):
        abort(400)

    def act(session: Session, match: Match, now: datetime) -> Done:
        to = link("matches.show", uid=uid, **kept())
        if wanted == "pause":
            speaking.pause(session, acting(viewer), match, "staff", now)
            return Done(_("The match is on pause: nothing is passed on until somebody resumes it."), to)
        ringing = speaking.resume(session, acting(viewer), match, now)
        return Done(_("The match goes on: texts are passed on again."), to, ringing)

    return on_match(viewer, uid, act, refused=_("Its state has changed meanwhile. Open the page again."))
