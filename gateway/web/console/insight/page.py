"""The figures of all matches together, of each caseload, of each community, and of each match of one's own."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import render_template
from sqlalchemy import select
from sqlmodel import col

from gateway.db import Session
from gateway.i18n import pick
from gateway.insight.engagement import (
    Life,
    Numbers,
    Week,
    by_community,
    by_coordinator,
    lives,
    numbers,
    weeks,
    weeks_by_match,
)
from gateway.insight.live import Matches
from gateway.insight.outcomes import Outcome, outcomes
from gateway.insight.small_counts import LEAST
from gateway.models import Match, MatchState, Staff
from gateway.people.access import Act, Viewer, matches_for, may, viewer_of
from gateway.people.directory import first_names_in
from gateway.privacy.audit import audit
from gateway.web import words as plain
from gateway.web.console.guard import guarded
from gateway.web.console.insight import words as said
from gateway.web.console.insight.blueprint import blueprint, counted
from gateway.web.console.pages import page_of
from gateway.web.current import current_gateway
from gateway.web.languages import current_language, link
from gateway.web.languages import gettext as _

WEEKS = 12
ON_A_PAGE = 20  # drawings


@dataclass(frozen=True)
class Group:
    """Some matches as one small multiple. `facts` are empty when they are too few to be shown."""

    title: str
    path: str
    facts: said.Facts
    drawing: said.Drawing | None


@dataclass(frozen=True)
class Counted:
    """What was read of one group; a group of one match has a `path`."""

    title: str
    found: Numbers
    weeks: list[Week]
    path: str = ""

    @property
    def is_small(self) -> bool:
        return self.found.matches < LEAST


@blueprint.get("/insight")
@guarded(Act.COUNT)
def index(viewer: Viewer) -> str:
    """All matches that are counted for this viewer, week by week, and what the questionnaires tell."""
    gateway = current_gateway()
    with gateway.db.reading() as session:
        now, among = gateway.clock.now(), counted(viewer)
        whole, asked = _count(session, _("All matches"), among, now), outcomes(session, among)
    hidden = _must_hide(viewer, whole)
    return render_template(
        "console/insight/index.html",
        here="insight.index",
        ways=_ways(viewer),
        group=_group(whole, said.largest(whole.weeks), viewer),
        by_week=[] if hidden else [_week(week) for week in whole.weeks],
        outcomes=[_outcome(one) for one in asked],
        least=LEAST,
    )


@blueprint.get("/insight/caseloads")
@guarded(Act.COUNT)
def caseloads(viewer: Viewer) -> str:
    """The same for each coordinator's matches. Colleagues are named only to those who look after matches."""
    gateway = current_gateway()
    with gateway.db.reading() as session:
        now = gateway.clock.now()
        parts = by_coordinator(session, counted(viewer))
        names = _names(session, viewer, [staff_id for staff_id in parts if staff_id])
        groups = [
            _count(session, _title(names, staff_id, place), part, now)
            for place, (staff_id, part) in enumerate(parts.items(), start=1)
        ]
    return _multiples(viewer, "insight.caseloads", _("By coordinator"), groups)


@blueprint.get("/insight/communities")
@guarded(Act.COUNT)
def communities(viewer: Viewer) -> str:
    """The same for each community."""
    gateway = current_gateway()
    with gateway.db.reading() as session:
        now = gateway.clock.now()
        parts = by_community(session, counted(viewer))
        groups = [_count(session, slug, part, now) for slug, part in parts.items()]
    return _multiples(viewer, "insight.communities", _("By community"), groups)


@blueprint.get("/insight/matches")
@guarded(Act.LOOK)
def matches(viewer: Viewer) -> str:
    """One drawing for each match, all on one scale. First names stand here, so opening it is on record."""
    gateway = current_gateway()
    newest_first = matches_for(viewer).where(Match.state != MatchState.CLOSED).order_by(col(Match.id).desc())
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        page = page_of(session, newest_first, ON_A_PAGE)
        groups = list(_each(session, [row.id or 0 for row in page.rows], now))
        audit(session, viewer.actor, "insight.matches", "matches", now, {"count": len(groups)})
    return _multiples(viewer, "insight.matches", _("By match"), groups, page)


def _each(session: Session, match_ids: list[int], now: datetime) -> Iterator[Counted]:
    this_week_on = _this_week_on(now)
    names, by_week = (
        first_names_in(session, match_ids),
        weeks_by_match(session, match_ids, this_week_on, WEEKS),
    )
    these = select(col(Match.id)).where(col(Match.id).in_(match_ids))
    for life in reversed(lives(session, these, now, this_week_on)):
        match_id = life.match.id or 0
        title = plain.visible(" + ".join(names[match_id]))
        found = _of_one(life, by_week[match_id])
        yield Counted(title, found, by_week[match_id], link("matches.show", uid=life.match.uid))


def _of_one(life: Life, counted_weeks: list[Week]) -> Numbers:
    """A match's own medians are exact: its standing has them."""
    found = numbers([life], counted_weeks)
    if life.standing is None:
        return found
    return replace(
        found,
        youth_reply_seconds=life.standing.youth_reply_seconds,
        mentor_reply_seconds=life.standing.mentor_reply_seconds,
    )


def _count(session: Session, title: str, among: Matches, now: datetime) -> Counted:
    this_week_on = _this_week_on(now)
    found_weeks = weeks(session, among, this_week_on, WEEKS)
    return Counted(title, numbers(lives(session, among, now, this_week_on), found_weeks), found_weeks)


def _this_week_on(now: datetime) -> date:
    return current_gateway().watch.week_on(now)


def _multiples(viewer: Viewer, here: str, title: str, found: list[Counted], page: object = None) -> str:
    top = max((said.largest(one.weeks) for one in found if not _must_hide(viewer, one)), default=1)
    return render_template(
        "console/insight/multiples.html",
        here=here,
        title=title,
        ways=_ways(viewer),
        groups=[_group(one, top, viewer) for one in found],
        page=page,
        top=top,
        least=LEAST,
    )


def _must_hide(viewer: Viewer, one: Counted) -> bool:
    """Whoever may not look at matches is told nothing of fewer than five."""
    return one.is_small and not may(viewer, Act.LOOK)


def _group(one: Counted, top: int, viewer: Viewer) -> Group:
    if _must_hide(viewer, one):
        return Group(one.title, one.path, [], None)
    facts = said.facts(one.found)
    return Group(one.title, one.path, facts[1:] if one.path else facts, said.drawing(one.weeks, top))


def _week(week: Week) -> list[str]:
    return [
        said.day(week.week_on),
        said.number(week.talking),
        said.number(week.mentor.texts),
        said.number(week.youth.texts),
        said.lasting(week.mentor.reply_seconds) if week.mentor.replies else "",
        said.lasting(week.youth.reply_seconds) if week.youth.replies else "",
    ]


def _question(one: Outcome) -> str:
    """The change that the charter hopes for; what the files call the question when the charter names none."""
    for hoped in current_gateway().content.charter.outcomes:
        if one.question in hoped.questions:
            return pick(hoped.words, current_language())
    return _("%(what)s: %(title)s", what=one.questionnaire, title=one.question.replace("_", " "))


def _outcome(one: Outcome) -> dict[str, str]:
    few = _("fewer than five")
    return {
        "question": _question(one),
        "before": few if one.mean_before is None else said.number(one.mean_before),
        "after": few if one.mean_after is None else said.number(one.mean_after),
        "both": few if one.both is None else said.number(one.both),
        "moved": "" if one.rose is None or one.fell is None else f"+{one.rose} −{one.fell}",
    }


def _names(session: Session, viewer: Viewer, staff_ids: list[int]) -> dict[int, str]:
    if not may(viewer, Act.LOOK):
        return {}
    rows = session.scalars(select(Staff).where(col(Staff.id).in_(staff_ids)))
    return {row.id or 0: plain.visible(viewer_of(session, row).name) for row in rows}


def _title(names: dict[int, str], staff_id: int | None, place: int) -> str:
    if staff_id is None:
        return _("In nobody’s care")
    return names.get(staff_id) or _("Caseload %(number)s", number=place)


def _ways(viewer: Viewer) -> list[tuple[str, str]]:
    """The pages of figures that this viewer may open."""
    every = [
        ("insight.index", _("All together")),
        ("insight.caseloads", _("By coordinator")),
        ("insight.communities", _("By community")),
    ]
    return [*every, ("insight.matches", _("By match"))] if may(viewer, Act.LOOK) else every
