"""The figures as files, for a spreadsheet or another program. No name, no number, no word of anybody."""

import json

from flask import Response

from gateway.insight import sheets
from gateway.insight.sheets import Name, Sheet
from gateway.insight.small_counts import LEAST
from gateway.people.access import Act, Hidden, Viewer, may
from gateway.privacy.audit import audit
from gateway.web.console.guard import guarded
from gateway.web.console.insight.blueprint import blueprint, counted
from gateway.web.current import current_gateway


@blueprint.get("/insight/export.json")
@guarded(Act.COUNT)
def as_json(viewer: Viewer) -> Response:
    """Every sheet."""
    found = _sheets(viewer, "all")
    facts = {name.value: sheets.as_facts(sheet) for name, sheet in found.items()}
    return _file(json.dumps(facts, ensure_ascii=False, indent=1), "application/json", "insight.json")


@blueprint.get("/insight/<name>.csv")
@guarded(Act.COUNT)
def as_csv(viewer: Viewer, name: str) -> Response:
    """One sheet; a cell cannot become a formula."""
    found = _sheets(viewer, name)
    wanted = next((one for one in found if one.value == name), None)
    if wanted is None:
        raise Hidden
    return _file(sheets.as_csv(wanted, found[wanted]), "text/csv", f"insight-{name}.csv")


def _sheets(viewer: Viewer, asked: str) -> dict[Name, Sheet]:
    """The sheets that this viewer may have: of single matches, and of very few, only those who may look at them."""
    gateway = current_gateway()
    with gateway.db.transaction() as session:
        now = gateway.clock.now()
        found = sheets.sheets(session, counted(viewer), gateway.watch, now)
        audit(session, viewer.actor, "insight.export", "matches", now, {"sheet": asked[:24]})
    if may(viewer, Act.LOOK):
        return found
    is_small = len(found[Name.MATCHES]) < LEAST
    return {
        name: [] if is_small and name is Name.WEEKS else sheet
        for name, sheet in found.items()
        if name is not Name.MATCHES
    }


def _file(body: str, kind: str, name: str) -> Response:
    answer = Response(body, content_type=f"{kind}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
