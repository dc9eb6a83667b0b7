"""What a change would do, the button that puts it in use, and the versions before it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import Response, render_template
from sqlmodel import col, select

from gateway.authored.costs import PRICE, Cost
from gateway.db import Session
from gateway.editions.proposals import Overtaken, preview, proposal_named, propose, put_in_use
from gateway.editions.versions import Edition, edition_named, editions
from gateway.library import files_of
from gateway.models import ContentKind, ContentProposal, Staff
from gateway.people.access import Act, Hidden, Viewer, viewer_of
from gateway.privacy.audit import audit
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.once import Done, NotDone, once
from gateway.web.console.program import words as said
from gateway.web.console.program.blueprint import blueprint, kind_named, pairs_wanted
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.languages import link

MOST_LINES = 240  # of the difference, so that the page stays light
MOST_TEXTS = 40


@dataclass(frozen=True)
class Line:
    """One line of a difference: "ins", "del" or "" for a neighbour."""

    tone: str
    words: str


@dataclass(frozen=True)
class Priced:
    """One new or changed text in one language."""

    name: str
    language: str
    cost: str
    offenders: str
    per_month: str


@blueprint.get("/program/proposals/<uid>")
@guarded(Act.AUTHOR)
def proposal(viewer: Viewer, uid: str) -> str:
    """The difference to the set in use, and what it costs. Nothing has changed yet."""
    with current_gateway().db.reading() as session:
        pairs = pairs_wanted(session, viewer)
        seen = preview(session, _proposal(session, uid), pairs, PRICE)
    return render_template(
        "console/program/proposal.html",
        uid=uid,
        seen=seen,
        kind=said.content_kind(seen.kind),
        differences=_differences(seen.lines),
        is_cut=sum(len(lines) for _name, lines in seen.lines) > MOST_LINES or len(seen.texts) > MOST_TEXTS,
        texts=[_priced(cost, pairs) for cost in seen.texts[:MOST_TEXTS]],
        pairs=pairs,
        before=said.money(seen.month_before),
        after=said.money(seen.month_after),
    )


@blueprint.post("/program/proposals/<uid>/use")
@guarded(Act.AUTHOR)
def use(viewer: Viewer, uid: str) -> Response:
    """Put it in use."""

    def act(session: Session, now: datetime) -> Done:
        row = _proposal(session, uid)
        try:
            put_in_use(session, row, viewer.actor, now)
        except Overtaken:
            raise NotDone(
                _(
                    "A colleague put another set in use meanwhile. Send your change again, so that theirs stays."
                ),
                link("program.proposal", uid=uid),
            ) from None
        return Done(_("It is in use from now on."), link("program.versions", kind=row.kind.value))

    return once(viewer, act)


@blueprint.get("/program/versions/<kind>")
@guarded(Act.AUTHOR)
def versions(viewer: Viewer, kind: str) -> str:
    """Which sets were in use, since when, and by whom."""
    of = kind_named(kind)
    with current_gateway().db.reading() as session:
        found = editions(session, of)
        names = _names(session, found)
    return render_template(
        "console/program/versions.html",
        kind=kind,
        kinds=[(one.value, said.content_kind(one), one is of) for one in ContentKind],
        rows=[(one, _moment(one.live_at, viewer), names.get(one.actor or "", "")) for one in found],
    )


@blueprint.post("/program/versions/<kind>/<digest>/back")
@guarded(Act.AUTHOR)
def back(viewer: Viewer, kind: str, digest: str) -> Response:
    """Look at what going back to an earlier version would change."""
    of = kind_named(kind)

    def act(session: Session, now: datetime) -> Done:
        row = edition_named(session, of, digest)
        if row is None or row.id is None:
            raise Hidden
        files = files_of(session, row.id)
        made = propose(session, of, files, viewer.staff_id, now)
        audit(session, viewer.actor, f"{of}.propose", f"proposal:{made.uid}", now, {"version": row.id})
        return Done(_("Nothing has changed yet: look first."), link("program.proposal", uid=made.uid))

    return once(viewer, act)


def _moment(at: datetime, viewer: Viewer) -> str:
    return f"{said.day(at.astimezone(viewer.zone).date())}, {words.time_of_day(at, viewer.zone)}"


def _proposal(session: Session, uid: str) -> ContentProposal:
    row = proposal_named(session, uid)
    if row is None:
        raise Hidden
    return row


def _differences(found: Sequence[tuple[str, Sequence[str]]]) -> list[tuple[str, list[Line]]]:
    """The first lines of it; a file of which none fits is left out."""
    room, shown = MOST_LINES, []
    for name, lines in found:
        if room > 0:
            shown.append((name, [_line(line) for line in lines[:room]]))
        room -= len(lines)
    return shown


def _line(line: str) -> Line:
    tones = {"+": "ins", "-": "del"}
    if line.startswith("@@"):
        return Line("", "…")
    return Line(tones.get(line[:1], ""), words.visible(line[1:]))


def _priced(cost: Cost, pairs: int) -> Priced:
    return Priced(
        cost.name,
        words.language_name(cost.language),
        words.cost(cost.segments, cost.encoding),
        " ".join(cost.offenders),
        said.money(cost.month(pairs, PRICE)),
    )


def _names(session: Session, found: list[Edition]) -> dict[str, str]:
    """Who the actors of these versions are. Staff see the names of those who write for the program with them."""
    uids = {one.actor.partition(":")[2] for one in found if one.actor and one.actor.startswith("staff:")}
    rows = session.exec(select(Staff).where(col(Staff.uid).in_(uids)))
    people = [viewer_of(session, row) for row in rows]
    return {one.actor: one.name for one in people} | {"cli": _("the command line")}
