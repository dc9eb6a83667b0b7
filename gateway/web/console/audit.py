"""The audit, for those who check it: who did what to which row, when, and whether the chain holds."""

import csv
import io
import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import Blueprint, Response, render_template, request

from gateway.db import Session
from gateway.insight.sheets import safe_cell
from gateway.models import AuditEntry
from gateway.people.access import Act, Viewer, audit_for, may, staff_for, viewer_of
from gateway.privacy.audit import audit as note
from gateway.privacy.trail import Wanted, as_facts, facts_of, newest, walk
from gateway.web import words
from gateway.web.console.audit_facts import facts as in_words
from gateway.web.console.audit_words import ACTS, act, choices
from gateway.web.console.guard import guarded
from gateway.web.console.program.words import day
from gateway.web.current import current_gateway
from gateway.web.languages import link

blueprint = Blueprint("audit", __name__)
PAGE = 40
MOST_EXPORTED = 50_000
LONGEST = 80  # of what is looked for
COLUMNS = ("entry", "at", "actor", "action", "subject", "detail")


@dataclass(frozen=True)
class Row:
    """One entry as a row. `by` is the actor as the audit names it, `name` the name of a colleague, for those who may.

    `action` is the code of the act, `act` the same in words.
    """

    at: str
    by: str
    name: str
    action: str
    act: str
    subject: str
    facts: str


@blueprint.get("/audit")
@guarded(Act.AUDIT)
def index(viewer: Viewer) -> str:
    """The newest entries that the viewer may read. That they were read is an entry too."""
    gateway, wanted = current_gateway(), _wanted(viewer)
    with gateway.db.transaction() as session:
        found = newest(session, wanted.among(audit_for(viewer)), PAGE + 1, _before())
        names = _names(session, viewer)
        note(session, viewer.actor, "audit.read", "audit", gateway.clock.now(), {"count": len(found[:PAGE])})
    older = found[PAGE - 1].id if len(found) > PAGE else None
    return render_template(
        "console/audit.html",
        rows=[_row(entry, viewer, names) for entry in found[:PAGE]],
        asked=_asked(),
        acts=choices(),
        other_act="" if wanted.action in ACTS else wanted.action,
        is_first=_before() is None,
        newest=link("audit.index", **_asked()),
        older=link("audit.index", **_asked(), before=older) if older else None,
        exports=[(kind, link("audit.export", kind=kind, **_asked())) for kind in ("csv", "json")],
    )


@blueprint.get("/audit/chain")
@guarded(Act.AUDIT)
def chain(viewer: Viewer) -> str:
    """Walk the whole chain now. It is one for all communities, so that nothing can be taken out of it."""
    gateway = current_gateway()
    with gateway.db.reading() as session:
        found = walk(session)
    since = found.since.astimezone(viewer.zone) if found.since else None
    return render_template(
        "console/audit-chain.html",
        found=found,
        since=f"{day(since.date())}, {words.time_of_day(since, viewer.zone)}" if since else "",
    )


@blueprint.get("/audit/export.<any(csv, json):kind>")
@guarded(Act.AUDIT)
def export(viewer: Viewer, kind: str) -> Response:
    """The entries that the filter leaves, as a file. A cell cannot become a formula."""
    gateway, wanted = current_gateway(), _wanted(viewer)
    with gateway.db.transaction() as session:
        found = newest(session, wanted.among(audit_for(viewer)), MOST_EXPORTED)
        note(session, viewer.actor, "audit.export", "audit", gateway.clock.now(), {"count": len(found)})
    facts = [as_facts(entry, with_words=may(viewer, Act.LOOK)) for entry in found]
    body = json.dumps(facts, ensure_ascii=False, indent=1) if kind == "json" else _as_csv(facts)
    kinds = {"csv": "text/csv", "json": "application/json"}
    answer = Response(body, content_type=f"{kinds[kind]}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="audit.{kind}"'
    return answer


def _as_csv(facts: list[dict[str, object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for fact in facts:
        detail = json.dumps(fact["detail"], ensure_ascii=False)
        writer.writerow([safe_cell(str(fact[name])) for name in COLUMNS[:-1]] + [safe_cell(detail)])
    return out.getvalue()


def _asked() -> dict[str, str]:
    """What is looked for, as the form sent it."""
    names = ("actor", "action", "subject", "from", "to")
    found = {name: request.args.get(name, "").strip()[:LONGEST] for name in names}
    return {name: value for name, value in found.items() if value}


def _wanted(viewer: Viewer) -> Wanted:
    asked = _asked()
    until = _midnight(asked.get("to", ""), viewer)
    return Wanted(
        actor=asked.get("actor", ""),
        action=asked.get("action", ""),
        subject=asked.get("subject", ""),
        since=_midnight(asked.get("from", ""), viewer),
        until=until + timedelta(days=1) if until else None,
    )


def _midnight(written: str, viewer: Viewer) -> datetime | None:
    """The beginning of a day where the viewer lives; None for what is no date."""
    try:
        return datetime.combine(date.fromisoformat(written), time(), viewer.zone)
    except ValueError:
        return None


def _before() -> int | None:
    asked = request.args.get("before", "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None


def _names(session: Session, viewer: Viewer) -> dict[str, str]:
    """The names of colleagues, for those who look after them: the audit itself knows none."""
    if not may(viewer, Act.STAFF):
        return {}
    people = [viewer_of(session, row) for row in session.exec(staff_for(viewer))]
    return {one.actor: one.name for one in people}


def _row(entry: AuditEntry, viewer: Viewer, names: dict[str, str]) -> Row:
    facts = facts_of(entry, with_words=may(viewer, Act.LOOK))
    at = entry.at.astimezone(viewer.zone)
    return Row(
        at=f"{at:%Y-%m-%d} {words.time_of_day(entry.at, viewer.zone)}",
        by=entry.actor,
        name=words.visible(names.get(entry.actor, "")),
        action=entry.action,
        act=act(entry.action),
        subject=entry.subject,
        facts=words.visible(in_words(facts, viewer.zone)),
    )
