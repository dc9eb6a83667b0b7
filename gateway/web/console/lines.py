"""The lines that the program owns: how many people text each, which are stopped, and how many more would be needed."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, Response, abort, render_template, request

from gateway.db import Session
from gateway.matching.proposals import free_mentors, profiles_of, waiting_youths
from gateway.models import Line, LineKind
from gateway.people.access import Act, Viewer, sees_person
from gateway.privacy.audit import audit
from gateway.routing.lines import start as start_line
from gateway.routing.pool import Use, held_by, lines_needed, pool_size, uses
from gateway.web import words
from gateway.web.console.guard import guarded
from gateway.web.console.once import Done, once
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.languages import link
from gateway.web.words import Said

blueprint = Blueprint("lines", __name__)
MOST_MATCHES = 10_000


@dataclass(frozen=True)
class Row:
    """One line in the list."""

    id: int
    number: str
    kind: str
    pace: str
    texting: int
    resting: int
    state: Said
    is_stopped: bool


@blueprint.get("/lines")
@guarded(Act.ENROL)
def index(viewer: Viewer) -> str:
    asked = request.args.get("more", "10")
    more = (
        min(max(1, int(asked)), MOST_MATCHES)
        if asked.isascii() and asked.isdigit() and len(asked) < 6
        else 10
    )
    with current_gateway().db.reading() as session:
        rows = [_row(use, viewer) for use in uses(session)]
        size = pool_size(session)
        youths, mentors = (
            waiting_youths(session, sees_person(viewer)),
            free_mentors(session, sees_person(viewer)),
        )
        held, profiles = held_by(session, [*youths, *mentors]), profiles_of(session, mentors)
    needed = lines_needed(
        more,
        [held[youth.id or 0] for youth in youths],
        [(held[mentor.id or 0], profiles[mentor.id or 0].room) for mentor in mentors],
    )
    return render_template(
        "console/lines.html", rows=rows, size=size, more=more, needed=needed, lacking=max(0, needed - size)
    )


@blueprint.post("/lines/start")
@guarded(Act.ENROL)
def start(viewer: Viewer) -> Response:
    """Let a stopped line send again."""
    asked = request.form.get("line", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 10):
        abort(400)

    def act(session: Session, now: datetime) -> Done:
        line = session.get(Line, int(asked))
        if line is None:
            abort(400)
        start_line(session, line)
        audit(session, viewer.actor, "line.start", f"line:{line.id}", now)
        return Done(_("The line sends again."), link("lines.index"), frozenset({int(asked)}))

    return once(viewer, act)


def _row(use: Use, viewer: Viewer) -> Row:
    line = use.line
    kinds = {
        LineKind.LONG: _("long code"),
        LineKind.TOLLFREE: _("toll-free"),
        LineKind.SHORT: _("short code"),
    }
    kind = _("%(kind)s, the program’s own", kind=kinds[line.kind]) if line.is_program else kinds[line.kind]
    if line.stopped_at:
        since = words.moment(line.stopped_at, viewer.zone)
        why = words.visible(line.stopped_why or "")
        state = Said(_("stopped %(since)s: %(why)s", since=since, why=why), "bad")
    else:
        state = Said(_("sends"), "good")
    pace = f"{line.segments_per_second:g}"
    return Row(
        line.id or 0,
        words.shown(line.number),
        kind,
        _("%(num)s a second", num=pace),
        use.texting,
        use.resting,
        state,
        line.stopped_at is not None,
    )
