"""The versions of what staff wrote, kept whole in the database; the newest that was made live is in use.

A set is read through once before it is stored, so the old one stays in use until the new one is whole.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlmodel import col, select, update

from gateway.authored.reading import AuthoringRefused, Fault, yaml_files
from gateway.authored.timing import OF_PERSONS
from gateway.db import Session
from gateway.flows.asked import checkin_flow, done_flow, told_flow
from gateway.flows.conversation import Flow
from gateway.flows.conversations import NO_FLOWS, Flows, read_flows
from gateway.flows.effects import CHECKIN, TASK
from gateway.models import Agenda, ContentKind, ContentVersion, PersonAgenda
from gateway.prompts.catalogue import NO_PROMPTS, Prompts, read_prompts
from gateway.prompts.plan import soonest_reaction
from gateway.prompts.schema import Prompt, PromptKind
from gateway.safety.screen import Rules
from gateway.safety.screen.reading import read_rules, version_of

FLOW = "flow/"  # a conversation among what is planned


@dataclass(frozen=True)
class Live:
    """What is in use: the prompts and the flows; and what begins by itself, in a match or with one person."""

    prompts: Prompts
    flows: Flows
    planned: Mapping[str, Prompt]
    for_people: Mapping[str, Prompt]
    begins: Mapping[str, Prompt]  # the conversations in either
    prompts_version: int = 0
    flows_version: int = 0
    reacts_in: timedelta | None = None  # how soon after a text of two people something may react to it


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
        newest = _newest(session)
        ids = newest.get(ContentKind.PROMPTS, 0), newest.get(ContentKind.FLOWS, 0)
        if ids not in self._live:
            prompts, flows = self.prompts(session, ids[0]), self.flows(session, ids[1])
            begins = dict(_starters(flows))
            alone = {slug: one for slug, one in begins.items() if one.when.event in OF_PERSONS}
            planned = dict(prompts.by_slug) | {slug: one for slug, one in begins.items() if slug not in alone}
            self._live = {ids: Live(prompts, flows, planned, alone, begins, *ids, soonest_reaction(planned))}
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
        version_id = _newest(session).get(ContentKind.SCREENING, 0)
        if version_id not in self._rules:
            files = decoded(files_of(session, version_id)) if version_id else self.shipped
            self._rules = {version_id: read_rules(files)}
        return self._rules[version_id]

    def flow(self, session: Session, slug: str, version_id: int) -> Flow | None:
        """A conversation as it stood in one version; `task/<slug>` and `checkin/<slug>` are a prompt's questions."""
        for before in (TASK, CHECKIN):
            if slug.startswith(before):
                name = slug.removeprefix(before)
                prompt = self.prompts(session, version_id).by_slug.get(name)
                return question_of(name, prompt) if prompt else None
        return self.flows(session, version_id).by_slug.get(slug)


def question_of(slug: str, prompt: Prompt) -> Flow | None:
    """The conversation in which a prompt asks something; None when it does not."""
    if prompt.task:
        return done_flow(slug, prompt.task.done_question, prompt.task.help_text, prompt.to)
    if prompt.answer and prompt.text:
        call = (prompt.answer.call.at, prompt.answer.call.text) if prompt.answer.call else None
        return checkin_flow(slug, prompt.text, prompt.answer.range, call, prompt.to)
    return None


def played_flow(slug: str, prompt: Prompt) -> Flow:
    """A prompt as a conversation that can be played without a match: its text, its reminder, the question it asks."""
    question = question_of(slug, prompt)
    if prompt.answer and question:
        return question
    said = [said for said in (prompt.text, prompt.task.remind_text if prompt.task else None) if said]
    return told_flow(slug, said, prompt.to, question)


def _starters(flows: Flows) -> list[tuple[str, Prompt]]:
    return [
        (
            f"{FLOW}{slug}",
            Prompt(
                kind=PromptKind.FLOW,
                to=flow.for_,
                when=flow.starts.moment(),
                window=flow.starts.window,
                if_=flow.starts.if_,
                late=flow.starts.late,
                interrupts=flow.starts.interrupts,
            ),
        )
        for slug, flow in flows.by_slug.items()
        if flow.starts
    ]


def _newest(session: Session) -> dict[ContentKind, int]:
    """The id of the version in use of each kind that was ever loaded."""
    return dict(session.execute(_IN_ORDER).all())


_IN_ORDER = select(ContentVersion.kind, ContentVersion.id).order_by(
    col(ContentVersion.live_at), col(ContentVersion.id)
)


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
    version_id = _newest(session).get(kind)
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
    session.execute(update(Agenda).values(next_look_at=now, failures=0))
    session.execute(update(PersonAgenda).values(next_look_at=now, failures=0))
    session.flush()
    assert row.id is not None
    return row.id


def live_version(session: Session, kind: ContentKind) -> int:
    """The id of the version in use; 0 when nothing was ever loaded."""
    return _newest(session).get(kind, 0)
