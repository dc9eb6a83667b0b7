"""Files that staff send: read through at once, every fault with its line, then kept for a look."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Response, make_response, render_template, request

from gateway.authored.reading import AuthoringRefused, Fault
from gateway.db import Session
from gateway.editions.proposals import propose
from gateway.editions.sets import cost_of, merged, offered
from gateway.library import live_files
from gateway.models import ContentKind
from gateway.people.access import Act, Hidden, Viewer
from gateway.privacy.audit import audit
from gateway.web.console.guard import guarded
from gateway.web.console.once import Done, once
from gateway.web.console.program import words as said
from gateway.web.console.program.blueprint import blueprint, kind_named
from gateway.web.console.program.faults import sentence
from gateway.web.current import current_gateway
from gateway.web.languages import gettext as _
from gateway.web.languages import link
from gateway.web.words import visible

MOST_FAULTS = 40
WHOLE = "whole"  # the files are the whole set; otherwise they are put into the one in use
EDITED = (ContentKind.PROMPTS, ContentKind.FLOWS)
Change = Callable[[Mapping[str, bytes]], dict[str, bytes]]


@dataclass(frozen=True)
class Wrong:
    """One fault, with the line that it is about, and the language of its words."""

    place: str
    line: str
    what: str
    language: str


@blueprint.get("/program/change")
@guarded(Act.AUTHOR)
def change(_viewer: Viewer) -> str:
    return _form(ContentKind.PROMPTS, "", [])


@blueprint.post("/program/change")
@guarded(Act.AUTHOR)
def send(viewer: Viewer) -> Response:
    """Read the files through; when they are whole, show what they would change."""
    kind, way = kind_named(request.form.get("kind", "")), request.form.get("way", "")
    found = [(file.filename or "", file.read()) for file in request.files.getlist("files") if file.filename]
    if not found:
        return make_response(_form(kind, way, [Fault("", 0, "", "")]), 422)
    try:
        files = offered(found)
        wanted = _whole(kind, lambda before: dict(files) if way == WHOLE else merged(before, files))
    except AuthoringRefused as refused:
        return make_response(_form(kind, way, refused.faults, dict(found)), 422)
    return _keep(viewer, kind, wanted)


@blueprint.get("/program/<kind>/<slug>/edit")
@guarded(Act.AUTHOR)
def edit(_viewer: Viewer, kind: str, slug: str) -> str:
    """The file itself, to be changed here."""
    of, name, files = _file(kind, slug)
    return _editor(of, slug, name, files[name].decode("utf-8-sig"), [])


@blueprint.post("/program/<kind>/<slug>/edit")
@guarded(Act.AUTHOR)
def save_edit(viewer: Viewer, kind: str, slug: str) -> Response:
    """Take what was typed for the file, or take the file out of the set."""
    of, name, _files = _file(kind, slug)
    typed = request.form.get("source", "").replace("\r\n", "\n")
    is_leaving = request.form.get("act") == "leave_out"

    def edited(before: Mapping[str, bytes]) -> dict[str, bytes]:
        rest = {file: source for file, source in before.items() if file != name}
        return rest if is_leaving else rest | {name: typed.encode()}

    try:
        wanted = _whole(of, edited)
    except AuthoringRefused as refused:
        return make_response(_editor(of, slug, name, typed, refused.faults), 422)
    return _keep(viewer, of, wanted)


def _whole(kind: ContentKind, change: Change) -> dict[str, bytes]:
    """The set as it would be, read through. Raises AuthoringRefused."""
    with current_gateway().db.reading() as session:
        wanted = change(live_files(session, kind))
    cost_of(kind, wanted)
    return wanted


def _keep(viewer: Viewer, kind: ContentKind, files: Mapping[str, bytes]) -> Response:
    def act(session: Session, now: datetime) -> Done:
        row = propose(session, kind, files, viewer.staff_id, now)
        audit(session, viewer.actor, f"{kind}.propose", f"proposal:{row.uid}", now, {"files": len(files)})
        return Done(
            _("No fault. Nothing has changed yet: look first."), link("program.proposal", uid=row.uid)
        )

    return once(viewer, act)


def _file(kind: str, slug: str) -> tuple[ContentKind, str, dict[str, bytes]]:
    """The kind, the path and the set of one file in use. Raises Hidden."""
    of, gateway = kind_named(kind), current_gateway()
    if of not in EDITED:
        raise Hidden
    with gateway.db.reading() as session:
        live, files = gateway.library.live(session), live_files(session, of)
    pages = live.prompts.pages if of is ContentKind.PROMPTS else live.flows.pages
    if slug not in pages:
        raise Hidden
    return of, pages[slug].file, files


def _form(kind: ContentKind, way: str, faults: list[Fault], sent: Mapping[str, bytes] | None = None) -> str:
    lacks_files = faults == [Fault("", 0, "", "")]
    return render_template(
        "console/program/change.html",
        kinds=[(one.value, said.content_kind(one)) for one in ContentKind],
        kind=kind.value,
        way=way,
        lacks_files=lacks_files,
        wrong=[] if lacks_files else wrong_with(faults, sent or {}),
        more=max(0, len(faults) - MOST_FAULTS),
    )


def _editor(kind: ContentKind, slug: str, name: str, source: str, faults: list[Fault]) -> str:
    return render_template(
        "console/program/edit.html",
        kind=kind.value,
        slug=slug,
        name=name,
        source=source,
        rows=min(30, source.count("\n") + 3),
        wrong=wrong_with(faults, {name: source.encode()}),
    )


def wrong_with(faults: list[Fault], sent: Mapping[str, bytes]) -> list[Wrong]:
    """The first faults with the lines that they are about, as they were written."""
    return [Wrong(f"{one.file}:{one.line}", _line(one, sent), *sentence(one)) for one in faults[:MOST_FAULTS]]


def _line(fault: Fault, sent: Mapping[str, bytes]) -> str:
    source = next((text for name, text in sent.items() if name.endswith(fault.file)), b"")
    lines = source.decode("utf-8", "replace").splitlines()
    return visible(lines[fault.line - 1].strip())[:120] if 0 < fault.line <= len(lines) else ""
