"""The versions of what staff wrote, kept whole in the database; the newest that was made live is in use.

A set is read through once before it is stored, so the old one stays in use until the new one is whole.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlmodel import col, select, update

from gateway.authored.reading import AuthoringRefused, Fault, yaml_files
from gateway.db import Session
from gateway.flows.conversation import Flow
from gateway.flows.conversations import NO_FLOWS, Flows, read_flows
from gateway.flows.done import done_flow
from gateway.flows.running import TASK, Start
from gateway.models import Agenda, ContentKind, ContentVersion
from gateway.prompts.catalogue import NO_PROMPTS, Prompts, read_prompts
from gateway.prompts.plan import Due, Part
from gateway.prompts.schema import Prompt, PromptKind
from gateway.safety.screen import Rules
from gateway.safety.screen.reading import read_rules, version_of

FLOW = "flow/"  # a conversation among what is planned


@dataclass(frozen=True)
class Live:
    """What is in use: the prompts, with the conversations that begin by themselves among them, and the flows."""

    prompts: Prompts
    flows: Flows
    planned: Mapping[str, Prompt]
    prompts_version: int = 0
    flows_version: int = 0


@dataclass
class Library:
    """Reads versions once for each process. `shipped`: the rules of the content folder, in use until others are loaded."""

    shipped: Mapping[str, str] = field(default_factory=dict)
    _prompts: dict[int, Prompts] = field(default_factory=dict)
    _flows: dict[int, Flows] = field(default_factory=dict)
    _live: dict[tuple[int, int], Live] = field(default_factory=dict)
    _rules: dict[int, Rules] = field(default_factory=dict)

    def live(self, session: Session) -> Live:
        """What is in use now."""
        ids = _live_id(session, ContentKind.PROMPTS), _live_id(session, ContentKind.FLOWS)
        if ids not in self._live:
            prompts, flows = self.prompts(session, ids[0]), self.flows(session, ids[1])
            planned = dict(prompts.by_slug) | {f"{FLOW}{slug}": one for slug, one in _starters(flows)}
            self._live = {ids: Live(prompts, flows, planned, *ids)}
        return self._live[ids]

    def prompts(self, session: Session, version_id: int) -> Prompts:
        if version_id and version_id not in self._prompts:
            self._prompts[version_id] = read_prompts(files_of(session, version_id))
        return self._prompts.get(version_id, NO_PROMPTS)

    def flows(self, session: Session, version_id: int) -> Flows:
        if version_id and version_id not in self._flows:
            self._flows[version_id] = read_flows(files_of(session, version_id))
        return self._flows.get(version_id, NO_FLOWS)

    def rules(self, session: Session) -> Rules:
        """The rules of the screen in use: the version that was loaded last, or else those that are shipped.

        Never none. Raises AuthoringRefused when they cannot be read, so that whoever screens holds the text.
        """
        version_id = _live_id(session, ContentKind.SCREENING)
        if version_id not in self._rules:
            files = decoded(files_of(session, version_id)) if version_id else self.shipped
            self._rules = {version_id: read_rules(files)}
        return self._rules[version_id]

    def flow(self, session: Session, slug: str, version_id: int) -> Flow | None:
        """A conversation as it stood in one version; `task/<slug>` is the question after a task."""
        if slug.startswith(TASK):
            prompt = self.prompts(session, version_id).by_slug.get(slug.removeprefix(TASK))
            if prompt is None or prompt.task is None:
                return None
            return done_flow(slug.removeprefix(TASK), prompt.task.done_question, prompt.to)
        return self.flows(session, version_id).by_slug.get(slug)


def conversation_of(live: Live, one: Due) -> Start | None:
    """The conversation that an occasion begins: one that starts by itself, or the question after a task."""
    if one.kind is PromptKind.FLOW:
        flow, version = one.slug.removeprefix(FLOW), live.flows_version
    elif one.part is Part.DONE:
        flow, version = f"{TASK}{one.slug}", live.prompts_version
    else:
        return None
    return Start(flow, version, one.person.id, one.key, one.match_id)


def _starters(flows: Flows) -> list[tuple[str, Prompt]]:
    return [
        (
            slug,
            Prompt(
                kind=PromptKind.FLOW,
                to=flow.for_,
                when=flow.starts.moment(),
                window=flow.starts.window,
                if_=flow.starts.if_,
            ),
        )
        for slug, flow in flows.by_slug.items()
        if flow.starts
    ]


def _live_id(session: Session, kind: ContentKind) -> int:
    found = session.exec(
        select(ContentVersion.id)
        .where(ContentVersion.kind == kind)
        .order_by(col(ContentVersion.live_at).desc(), col(ContentVersion.id).desc())
        .limit(1)
    ).first()
    return found or 0


def files_of(session: Session, version_id: int) -> dict[str, bytes]:
    """A version's files as they were loaded."""
    row = session.get_one(ContentVersion, version_id)
    return {name: str(source).encode() for name, source in json.loads(row.files).items()}


def decoded(files: Mapping[str, bytes]) -> dict[str, str]:
    """The same as text, sorted by name. Raises AuthoringRefused for a file that is not UTF-8."""
    texts, faults = {}, []
    for name, source in sorted(files.items()):
        try:
            texts[name] = source.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = source[: error.start].count(b"\n") + 1
            faults.append(Fault(name, line, "not UTF-8", "save the file as UTF-8"))
    if faults:
        raise AuthoringRefused(faults)
    return texts


def shipped_rules(folder: Path) -> dict[str, str]:
    """The files of `screening/` in the content folder. Raises AuthoringRefused when there are none."""
    files = decoded(yaml_files(folder / ContentKind.SCREENING))
    if not files:
        what = "no rules for the screen, and no text passes unscreened"
        raise AuthoringRefused(
            [
                Fault(
                    str(folder / ContentKind.SCREENING),
                    1,
                    what,
                    "let GATEWAY_CONTENT name the folder that holds screening/",
                )
            ]
        )
    return files


def live_files(session: Session, kind: ContentKind) -> dict[str, bytes]:
    """The files in use; empty when nothing was ever loaded."""
    version_id = _live_id(session, kind)
    return files_of(session, version_id) if version_id else {}


def store(session: Session, kind: ContentKind, files: Mapping[str, bytes], now: datetime) -> int:
    """Make a set of files the one in use. Raises AuthoringRefused, and then nothing has changed. Returns its id."""
    texts = decoded(files)
    match kind:
        case ContentKind.PROMPTS:
            read_prompts(files)
        case ContentKind.FLOWS:
            read_flows(files)
        case ContentKind.SCREENING:
            read_rules(texts)
    text, digest = json.dumps(texts), version_of(texts)
    values = {"kind": kind, "hash": digest, "files": text, "created_at": now, "live_at": now}
    session.add_once(ContentVersion, values)
    row = session.exec(
        select(ContentVersion).where(ContentVersion.kind == kind, ContentVersion.hash == digest)
    ).one()
    row.live_at = now
    session.add(row)
    session.execute(update(Agenda).values(next_look_at=now))
    session.flush()
    assert row.id is not None
    return row.id


def live_version(session: Session, kind: ContentKind) -> int:
    """The id of the version in use; 0 when nothing was ever loaded."""
    return _live_id(session, kind)
