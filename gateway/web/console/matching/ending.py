"""How staff end a match: three ways on one page, each with what will happen."""

from collections.abc import Sequence
from datetime import date, datetime

from flask import Response, render_template, request

from gateway import endings
from gateway.db import Session
from gateway.matching import groups
from gateway.models import Ending, Match, MatchState, Role
from gateway.people.access import Act, Hidden, Viewer, match_for, may, person_for
from gateway.people.directory import Refused, first_name, first_names_in
from gateway.privacy.audit import audit
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.matches import blueprint
from gateway.web.console.matching import saying
from gateway.web.console.matching.acts import do, reason_or_not_done
from gateway.web.console.once import Done, NotDone
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.languages import link


@blueprint.get("/matches/<uid>/close")
@guarded(Act.CARE)
def closing(viewer: Viewer, uid: str) -> str:
    gateway = current_gateway()
    now = gateway.clock.now()
    with gateway.db.transaction() as session:
        match = match_for(session, viewer, uid)
        if match.state is MatchState.CLOSED:
            raise Hidden
        people = groups.members_of(session, match.id or 0)
        named = [(one.uid, words.visible(first_name(session, one))) for one in people]
        told = {way.value: endings.is_told_by(session, gateway, way) for way in Ending}
        audit(session, viewer.actor, "match.read", f"match:{match.id}", now)
    today = endings.today_of(gateway, now)
    return render_template(
        "console/match-close.html",
        uid=uid,
        names=" + ".join(name for _uid, name in named),
        people=named,
        told=told,
        is_going=match.state in endings.GOING,
        soonest=(today + endings.NOTICE).isoformat(),
        tomorrow=date.fromordinal(today.toordinal() + 1).isoformat(),
        silent_until=saying.day(today + endings.SILENCE),
        may_propose=may(viewer, Act.ENROL),
    )


@blueprint.post("/matches/<uid>/close/planned")
@guarded(Act.CARE)
def close_planned(viewer: Viewer, uid: str) -> Response:
    """On a day that all are told."""

    def deed(session: Session, match: Match, now: datetime) -> Done:
        why, last = reason_or_not_done(_here(uid)), _last_day(uid)
        try:
            lines = endings.plan(session, current_gateway(), match, last, why, now)
        except Refused:
            said = _("Choose a day after today, within three years.")
            raise NotDone(said, _here(uid)) from None
        detail = {"last_day": last.isoformat()}
        audit(session, viewer.actor, "match.plan_end", f"match:{match.id}", now, detail)
        said = _("The last texts pass on %(day)s.", day=saying.day(last))
        return Done(said, link("matches.about", uid=uid), frozenset(lines))

    return do(viewer, uid, deed)


@blueprint.post("/matches/<uid>/close/sudden")
@guarded(Act.CARE)
def close_sudden(viewer: Viewer, uid: str) -> Response:
    """At once; and, when asked, on to whom the youth could be matched with next."""

    def deed(session: Session, match: Match, now: datetime) -> Done:
        why, names = reason_or_not_done(_here(uid)), _names(session, match)
        youths = [one for one in groups.members_of(session, match.id or 0) if one.role is Role.YOUTH]
        lines = endings.at_once(session, current_gateway(), match, why, now)
        audit(session, viewer.actor, "match.close", f"match:{match.id}", now, {"ending": "sudden"})
        goes_on = request.form.get("then") == "propose" and may(viewer, Act.ENROL) and youths
        to = link("matches.propose_for", uid=youths[0].uid) if goes_on else link("matches.about", uid=uid)
        said = _("The match of %(names)s is closed; they are told kindly.", names=names)
        return Done(said, to, frozenset(lines))

    return do(viewer, uid, deed)


@blueprint.post("/matches/<uid>/close/unreachable")
@guarded(Act.CARE)
def close_unreachable(viewer: Viewer, uid: str) -> Response:
    """Once more, somebody silent is asked; then it ends."""

    def deed(session: Session, match: Match, now: datetime) -> Done:
        why, gateway = reason_or_not_done(_here(uid)), current_gateway()
        silent = person_for(session, viewer, request.form.get("silent", ""))
        if silent.id not in [one.id for one in groups.members_of(session, match.id or 0)]:
            raise Hidden
        lines = endings.ask_silent(session, gateway, match, silent, why, now)
        audit(session, viewer.actor, "match.ask_silent", f"match:{match.id}", now, {"person": silent.id})
        name, last = words.visible(first_name(session, silent)), match.closes_on
        assert last
        said = _(
            "%(name)s is asked once more; the match ends after %(day)s.", name=name, day=saying.day(last)
        )
        return Done(said, link("matches.about", uid=uid), frozenset(lines))

    return do(viewer, uid, deed)


@blueprint.post("/matches/<uid>/call-off")
@guarded(Act.CARE)
def call_off(viewer: Viewer, uid: str) -> Response:
    """The end that was planned does not come."""

    def deed(session: Session, match: Match, now: datetime) -> Done:
        endings.call_off(session, match, now)
        audit(session, viewer.actor, "match.call_off", f"match:{match.id}", now)
        return Done(_("The match goes on."), link("matches.about", uid=uid))

    return do(viewer, uid, deed)


def _last_day(uid: str) -> date:
    try:
        return date.fromisoformat(request.form.get("last", ""))
    except ValueError:
        raise NotDone(_("Write the last day as 2026-11-24."), _here(uid)) from None


def _names(session: Session, match: Match) -> str:
    names: Sequence[str] = first_names_in(session, [match.id or 0])[match.id or 0]
    return words.visible(" + ".join(names))


def _here(uid: str) -> str:
    return link("matches.closing", uid=uid)
