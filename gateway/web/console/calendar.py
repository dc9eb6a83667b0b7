"""What the program will say in one match: what is next due, when, and why something is passed over."""

from dataclasses import dataclass, replace
from datetime import datetime

from flask import Blueprint, render_template
from sqlmodel import col, select

from gateway.db import Session
from gateway.i18n import date_of, pick
from gateway.library import FLOW, Live
from gateway.models import Agenda, MaskState, Match, Member, Participant
from gateway.occasions import limits
from gateway.people.access import Act, Viewer, match_for
from gateway.people.directory import first_name
from gateway.people.opt_out import is_opted_out
from gateway.privacy.audit import audit
from gateway.prompts import enrolments
from gateway.prompts.almanac import Entry, Stands, almanac
from gateway.prompts.occasion import Due, Enrolment, Part, Rules
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.program import words as said
from gateway.web.current import current_gateway
from gateway.web.languages import current_language, link
from gateway.web.languages import gettext as _
from gateway.web.words import Said

blueprint = Blueprint("calendar", __name__)
MOST = 30


@dataclass(frozen=True)
class Line:
    """One occasion, as a row. `here` is the same moment where that person lives, when the viewer lives elsewhere."""

    title: str
    path: str
    who: str
    when: str
    here: str
    stands: Said


@dataclass(frozen=True)
class Silent:
    """A member to whom the program says nothing now."""

    name: str
    why: str


@blueprint.get("/matches/<uid>/calendar")
@guarded(Act.LOOK)
def show(viewer: Viewer, uid: str) -> str:
    """Opening it is on record."""
    gateway = current_gateway()
    with gateway.db.transaction() as session:
        now, match = gateway.clock.now(), match_for(session, viewer, uid)
        people = _people(session, match)
        names = {row.id or 0: words.visible(first_name(session, row)) for row in people}
        enrolment = _enrolment(session, match, now)
        live = gateway.library.live(session)
        entries = _entries(session, live, enrolment, now) if enrolment else []
        silent = [_silent(session, row, names) for row in people if not _is_spoken_to(row, enrolment)]
        audit(session, viewer.actor, "calendar.read", f"match:{match.id}", now)
    return render_template(
        "console/calendar.html",
        uid=uid,
        names=list(names.values()),
        state=words.match_state(match.state),
        is_speaking=enrolment is not None,
        now_lines=_lines(live, [one for one in entries if one.stands is not Stands.AHEAD], names, viewer),
        next_lines=_lines(live, [one for one in entries if one.stands is Stands.AHEAD], names, viewer)[:MOST],
        silent=silent if enrolment else [],
        zone=viewer.zone.key,
    )


def _people(session: Session, match: Match) -> list[Participant]:
    return list(
        session.exec(
            select(Participant)
            .join(Member, col(Member.participant_id) == Participant.id)
            .where(Member.match_id == match.id, Member.mask_state == MaskState.ACTIVE)
            .order_by(col(Member.id))
        )
    )


def _enrolment(session: Session, match: Match, now: datetime) -> Enrolment | None:
    agenda = session.get(Agenda, match.id)
    return enrolments.enrolment_of(session, agenda, now) if agenda else None


def _entries(session: Session, live: Live, enrolment: Enrolment, now: datetime) -> list[Entry]:
    allowed = limits(current_gateway())
    rules = Rules(allowed.program_window, allowed.per_day, allowed.per_week)
    first = almanac(enrolment, live.planned, rules, (), now)
    known = enrolments.said_among(session, [one.due.key for one in first if one.stands is not Stands.AHEAD])
    return almanac(enrolment, live.planned, rules, known, now)


def _is_spoken_to(row: Participant, enrolment: Enrolment | None) -> bool:
    return enrolment is not None and any(person.id == row.id for person in enrolment.people)


def _silent(session: Session, row: Participant, names: dict[int, str]) -> Silent:
    if is_opted_out(session, row.phone_index):
        why = _("has said STOP")
    elif row.prompts_paused:
        why = _("has asked for a pause (PAUSE)")
    else:
        why = _("has not agreed to texts")
    return Silent(names[row.id or 0], why)


def _lines(live: Live, entries: list[Entry], names: dict[int, str], viewer: Viewer) -> list[Line]:
    """What is said to several at the same moment is one line."""
    lines: dict[tuple[str, str, str, str], Line] = {}
    for entry in entries:
        line = _line(live, entry, names, viewer)
        key = (line.path, line.title, line.when, line.stands.words)
        before = lines.get(key)
        lines[key] = replace(before, who=f"{before.who}, {line.who}") if before else line
    return list(lines.values())


def _line(live: Live, entry: Entry, names: dict[int, str], viewer: Viewer) -> Line:
    one = entry.due
    here = words.moment(one.opens_at, one.person.zone) if one.person.zone != viewer.zone else ""
    return Line(
        _title(live, one),
        _path(one),
        names.get(one.person.id, ""),
        _moment(one.opens_at, viewer),
        here,
        _stands(entry, viewer),
    )


def _moment(at: datetime, viewer: Viewer) -> str:
    day = date_of(at.astimezone(viewer.zone).date(), current_language())
    return f"{day}, {words.time_of_day(at, viewer.zone)}"


def _title(live: Live, one: Due) -> str:
    prompt = live.planned[one.slug]
    if one.slug.startswith(FLOW):
        title = pick(live.flows.by_slug[one.slug.removeprefix(FLOW)].title, current_language())
        return _("%(what)s: %(title)s", what=said.prompt_kind(prompt.kind), title=title)
    text = words.excerpt(pick(prompt.text.texts, current_language())) if prompt.text else one.slug
    parts = {Part.REMIND: _("reminder"), Part.DONE: _("question about it")}
    return _("%(what)s: %(title)s", what=parts[one.part], title=text) if one.part in parts else text


def _path(one: Due) -> str:
    if one.slug.startswith(FLOW):
        return link("program.flow", slug=one.slug.removeprefix(FLOW))
    return link("program.prompt", slug=one.slug)


def _stands(entry: Entry, viewer: Viewer) -> Said:
    until = _moment(entry.due.closes_at, viewer)
    if entry.stands is Stands.BARRED and entry.bar:
        return Said(_("Passed over for now: %(why)s", why=said.bar(entry.bar)), "wait")
    if entry.stands is Stands.AHEAD:
        return (
            Said(_("Will be passed over: %(why)s", why=said.bar(entry.bar)), "wait")
            if entry.bar
            else Said("")
        )
    names = {
        Stands.SAID: Said(_("Said, or on its way"), "good"),
        Stands.DUE: Said(_("Goes within the minute"), "good"),
        Stands.WAITS: Said(
            _("Waits: enough was said this week. It may go until %(until)s", until=until), "wait"
        ),
    }
    return names[entry.stands]
