"""Spine 1: a text came in.

`record` makes it a row, whatever it says; only then is the provider told that we have it. `handle` decides, in one
transaction, what becomes of it: a keyword, a relay to the other members of its match, a private word to the program,
or a kind refusal. Handled and queued are one commit, so nothing is lost between them and nothing is queued twice.
"""

from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlmodel import select

from gateway.db import Session
from gateway.flows import running
from gateway.matching import presence
from gateway.models import InboundMessage, InboundState, Kind, Outcome, Participant
from gateway.models.types import new_uid
from gateway.outbox.answers import Answer, say
from gateway.outbox.enqueue import Draft, enqueue
from gateway.outbox.reach import in_touch_again
from gateway.people import numbers
from gateway.people.directory import data_key_of, first_name, house_key
from gateway.people.opt_out import opted_out_among
from gateway.prompts import agenda
from gateway.providers.protocol import InboundText
from gateway.routing.lines import is_own_line
from gateway.routing.routes import (
    FromStranger,
    NotOurLine,
    Partner,
    Route,
    ToMatch,
    ToProgram,
    cannot_pass,
    find_route,
    partners_of,
)
from gateway.runtime import Gateway
from gateway.safety import floods
from gateway.sms.keywords import Command, Keyword, read_keyword
from gateway.sms.wording import clean, in_group

log = structlog.get_logger()
HOLD_ANSWERS = {"number_doubted": "number_check", "flood": "many_texts"}  # a loop gets none: it would feed it
Answerable = ToMatch | ToProgram | FromStranger


@dataclass(frozen=True)
class Incoming:
    """A stored text, opened."""

    row: InboundMessage
    id: int
    from_number: str
    words: str
    has_media: bool


@dataclass(frozen=True)
class Result:
    """What became of a text, and the lines on which something is now due."""

    outcome: Outcome
    reason: str | None = None
    lines: frozenset[int] = frozenset()


def record(
    session: Session, text: InboundText, provider: str, now: datetime, *, is_replayed: bool = False
) -> bool:
    """Store a text as it came. True when it is new; a repeated delivery changes nothing, for ever."""
    key_uid, uid = house_key(session), new_uid()
    values = {
        "uid": uid,
        "provider": provider,
        "provider_message_id": text.provider_message_id,
        "from_index": session.index(text.from_number),
        "from_sealed": session.sealed(InboundMessage, uid, "from_sealed", text.from_number, key_uid),
        "to_number": text.to_number,
        "body_sealed": session.sealed(InboundMessage, uid, "body_sealed", text.body, key_uid),
        "media_types": ",".join(text.media_types)[:400],
        "received_at": now,
        "sent_at": text.sent_at,
        "is_replayed": is_replayed,
        "state": InboundState.RECEIVED,
    }
    return session.add_once(InboundMessage, values) is not None


def handle(session: Session, gateway: Gateway, inbound_id: int, now: datetime) -> Result | None:
    """Decide what becomes of one text. None when another worker has it, or had it. Raises on a bug: see `routing.inbox`."""
    row = session.exec(
        select(InboundMessage)
        .where(InboundMessage.id == inbound_id, InboundMessage.state == InboundState.RECEIVED)
        .with_for_update(skip_locked=True)
    ).first()
    if row is None:
        return None
    incoming = Incoming(
        row=row,
        id=inbound_id,
        from_number=session.open(row, "from_sealed"),
        words=clean(session.open(row, "body_sealed")),
        has_media=bool(row.media_types),
    )
    route = find_route(session, row.from_index, row.to_number)
    _file(session, incoming, route)
    if is_own_line(session, incoming.from_number):
        result = Result(Outcome.REFUSED, "own_line")  # two of our lines would answer each other
    else:
        result = _decide(session, gateway, incoming, route, now)
    row.state, row.outcome, row.reason, row.handled_at = (
        InboundState.HANDLED,
        result.outcome,
        result.reason,
        now,
    )
    session.add(row)
    return result


def _file(session: Session, incoming: Incoming, route: Route) -> None:
    """Note whose text it is, and seal it again under the key of the community that owns it."""
    match route:
        case ToMatch(sender, match, _):
            incoming.row.participant_id, incoming.row.match_id = sender.id, match.id
            community_id = match.community_id
        case ToProgram(sender_or_none, _, community_id):
            incoming.row.participant_id = sender_or_none.id if sender_or_none else None
        case _:
            return
    key_uid = data_key_of(session, community_id)
    session.seal(incoming.row, "from_sealed", incoming.from_number, key_uid)
    session.seal(incoming.row, "body_sealed", session.open(incoming.row, "body_sealed"), key_uid)


def _decide(session: Session, gateway: Gateway, incoming: Incoming, route: Route, now: datetime) -> Result:
    command = read_keyword(incoming.words)
    if isinstance(route, NotOurLine):
        return _to_no_line(session, gateway, incoming, command, now)
    if command:
        lines = _obey(session, gateway, incoming, route, command, now)
        return Result(Outcome.KEYWORD, command.keyword.value, frozenset(lines))
    if not isinstance(route, ToMatch) and floods.is_loop(session, incoming.row, now):
        return Result(Outcome.REFUSED, "loop")
    match route:
        case FromStranger():
            lines = _answer(session, gateway, incoming, route, "stranger", Kind.NOTICE, now)
            return Result(Outcome.UNKNOWN_SENDER, None, frozenset(lines))
        case ToProgram():
            return _to_program(session, gateway, incoming, route, now)
        case ToMatch():
            return _relay(session, gateway, incoming, route, now)


def _to_program(
    session: Session, gateway: Gateway, incoming: Incoming, route: ToProgram, now: datetime
) -> Result:
    """An answer that a conversation waits for, or a private word to staff."""
    run = running.waiting_run(session, incoming.row.from_index)
    heard = running.hear(session, gateway.talk, run, incoming.words, incoming.id, now) if run else None
    if run is None or heard is None:
        lines = _answer(session, gateway, incoming, route, "program_received", Kind.NOTICE, now)
        return Result(Outcome.PROGRAM, None, frozenset(lines))
    incoming.row.participant_id = run.participant_id
    if run.match_id:
        agenda.look_soon(session, run.match_id, now)
    return Result(Outcome.FLOW, None, frozenset(heard))


def _to_no_line(
    session: Session, gateway: Gateway, incoming: Incoming, command: Command | None, now: datetime
) -> Result:
    """The provider points a number at us that was never added: only STOP is obeyed, and nothing can answer."""
    log.error("alarm_not_our_line", inbound=incoming.id)
    if command is None or command.keyword is not Keyword.STOP:
        return Result(Outcome.REFUSED, "not_our_line")
    lines = presence.leave(session, gateway.content.voice, incoming.row.from_index, "keyword", now)
    return Result(Outcome.KEYWORD, command.keyword.value, frozenset(lines))


def _obey(
    session: Session, gateway: Gateway, incoming: Incoming, route: Answerable, command: Command, now: datetime
) -> set[int]:
    """STOP before anything else, and for the whole program; answered in the language of the word."""
    phone, voice = incoming.row.from_index, gateway.content.voice
    match command.keyword:
        case Keyword.STOP:
            lines = presence.leave(session, voice, phone, "keyword", now)
            running.stop(session, phone, now)
            key = "stop_done"
        case Keyword.START:
            lines, key = presence.come_back(session, voice, phone, "keyword", now), "start_done"
        case Keyword.PAUSE:
            presence.pause_prompts(session, phone)
            lines, key = set(), "pause_done"
        case Keyword.HELP:
            presence.ask_for_help(session, phone, now)
            lines, key = set(), "help"
    if isinstance(route, FromStranger) and command.keyword in (Keyword.START, Keyword.PAUSE):
        key = "stranger"
    return lines | _answer(session, gateway, incoming, route, key, Kind.KEYWORD, now, command.language)


def _answer(
    session: Session,
    gateway: Gateway,
    incoming: Incoming,
    route: Answerable,
    wording: str,
    kind: Kind,
    now: datetime,
    language: str | None = None,
) -> set[int]:
    """Answer the writer on the line that was written to, in the given language or the writer's own."""
    sender = None if isinstance(route, FromStranger) else route.sender
    community_id = sender.community_id if sender else None
    reply = Answer(
        wording=wording,
        kind=kind,
        line=route.line,
        to_number=incoming.from_number,
        language=language or (sender.language if sender else gateway.content.charter.language),
        dedupe_key=f"answer:{incoming.id}:{wording}",
        key_uid=data_key_of(session, community_id) if community_id else house_key(session),
        participant=sender,
        match_id=incoming.row.match_id,
        inbound_id=incoming.id,
    )
    return say(session, gateway.content.voice, reply, now)


def _relay(session: Session, gateway: Gateway, incoming: Incoming, route: ToMatch, now: datetime) -> Result:
    """A member of a match wrote: pass it on to every other member, or say kindly why not."""
    if refusal := cannot_pass(route, incoming.words, incoming.has_media):
        outcome, reason, key = refusal
        lines = _answer(session, gateway, incoming, route, key, Kind.NOTICE, now) if key else set()
        return Result(outcome, reason, frozenset(lines))
    assert route.match.id is not None and route.sender.id is not None
    partners = partners_of(session, route.match.id, route.sender.id)
    away = opted_out_among(session, [partner.person.phone_index for partner in partners])
    present = [partner for partner in partners if partner.person.phone_index not in away]
    if not present:
        lines = _answer(session, gateway, incoming, route, "partner_away", Kind.NOTICE, now)
        return Result(Outcome.REFUSED, "partner_away", frozenset(lines))
    hold = _hold(session, gateway, incoming, route.sender, now)
    lines = in_touch_again(session, route.sender, now)
    agenda.react(session, gateway.library.live(session).planned, route.match.id, now)
    lines |= _pass_on(session, incoming, route, present, is_group=len(partners) > 1, held_for=hold, now=now)
    if incoming.has_media:
        lines |= _answer(session, gateway, incoming, route, "only_words", Kind.NOTICE, now)
    if hold in HOLD_ANSWERS:
        lines |= _answer(session, gateway, incoming, route, HOLD_ANSWERS[hold], Kind.NOTICE, now)
    return Result(Outcome.HELD if hold else Outcome.RELAYED, hold, frozenset(lines))


def _hold(
    session: Session, gateway: Gateway, incoming: Incoming, sender: Participant, now: datetime
) -> str | None:
    """Why staff must look before this text may leave, if they must."""
    days = gateway.content.charter.verify_number_after_days
    if sender.number_doubted_at or numbers.was_idle(session, sender, incoming.id, days, now):
        numbers.doubt(session, sender, now)
        return "number_doubted"
    if floods.is_loop(session, incoming.row, now):
        return "loop"
    return "flood" if floods.is_flood(session, incoming.row, now) else None


def _pass_on(
    session: Session,
    incoming: Incoming,
    route: ToMatch,
    present: list[Partner],
    *,
    is_group: bool,
    held_for: str | None,
    now: datetime,
) -> set[int]:
    """Queue one text for each partner who can have it; in a group it opens with the sender's first name."""
    words = in_group(first_name(session, route.sender), incoming.words) if is_group else incoming.words
    key_uid = data_key_of(session, route.match.community_id)
    for partner in present:
        assert partner.line.id is not None
        draft = Draft(
            kind=Kind.RELAY,
            dedupe_key=f"relay:{incoming.id}:{partner.person.id}",
            line_id=partner.line.id,
            to_number=session.open(partner.person, "phone_sealed"),
            body=words,
            key_uid=key_uid,
            lane=f"{partner.line.id}:{partner.person.id}",  # what leaves one mask for one phone leaves in order
            participant_id=partner.person.id,
            match_id=route.match.id,
            inbound_id=incoming.id,
            held_for=held_for or ("number_doubted" if partner.person.number_doubted_at else None),
        )
        enqueue(session, draft, now)
    return {partner.line.id for partner in present if partner.line.id}
