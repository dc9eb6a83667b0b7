"""Spine 1: a text came in.

`record` makes it a row, whatever it says; only then is the provider told that we have it. `handle` decides, in one
transaction, what becomes of it: a keyword, a relay to the other members of its match, a private word to the program,
or a kind refusal. Handled and queued are one commit, so nothing is lost between them and nothing is queued twice.
"""

from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from gateway.db import Session
from gateway.flows import running
from gateway.matching import presence
from gateway.models import InboundMessage, InboundState, Kind, Outcome
from gateway.models.types import new_uid
from gateway.outbox.answers import say
from gateway.outbox.reach import in_touch_again
from gateway.people import numbers
from gateway.people.directory import data_key_of, house_key, voice_for
from gateway.people.opt_out import opted_out_among
from gateway.prompts import agenda
from gateway.providers.protocol import InboundText
from gateway.routing import inbox
from gateway.routing.lines import any_line, is_own_line, program_line
from gateway.routing.routes import (
    FromStranger,
    NotOurLine,
    Route,
    ToMatch,
    ToProgram,
    cannot_pass,
    find_route,
    partners_of,
    stranger_on,
)
from gateway.runtime import Gateway
from gateway.safety import acknowledgements, floods, guard, holding, reports
from gateway.safety.guard import Guarded
from gateway.safety.passing import Passing, pass_on
from gateway.safety.text import Text
from gateway.sms.keywords import Command, Keyword, read_keyword
from gateway.sms.wording import clean

log = structlog.get_logger()
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
    row = inbox.taken(session, inbound_id)
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
        days = gateway.content.charter.verify_number_after_days
        numbers.doubt_idle(session, row.from_index, inbound_id, days, now)
        due = in_touch_again(session, row.from_index, now)
        result = _decide(session, gateway, incoming, route, now)
        result = replace(result, lines=result.lines | due)
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
    if isinstance(route, NotOurLine) or route.known.community_id is None:
        return
    incoming.row.participant_id = route.sender.id if route.sender else None
    incoming.row.match_id = route.match.id if isinstance(route, ToMatch) else None
    key_uid = data_key_of(session, route.known.community_id)
    session.seal(incoming.row, "from_sealed", incoming.from_number, key_uid)
    session.seal(incoming.row, "body_sealed", session.open(incoming.row, "body_sealed"), key_uid)


def _decide(session: Session, gateway: Gateway, incoming: Incoming, route: Route, now: datetime) -> Result:
    """A command first, STOP above all; then safety; then wherever the text belongs."""
    command = read_keyword(incoming.words)
    if isinstance(route, NotOurLine):
        return _to_no_line(session, gateway, incoming, command, now)
    text = _text(session, gateway, incoming, route)
    if command:
        command = reports.meant(session, text, command)
        lines = _obey(session, gateway, text, command, now, is_stranger=isinstance(route, FromStranger))
        return Result(Outcome.KEYWORD, command.keyword.value, frozenset(lines))
    if alert := acknowledgements.heard_ack(session, incoming.row.from_index, text.words, now):
        lines = _answer(session, gateway, text, "alert_taken", Kind.KEYWORD, now, alert=str(alert.id))
        return Result(Outcome.KEYWORD, "ack", frozenset(lines))
    return _guarded(session, gateway, incoming, route, text, now)


def _guarded(
    session: Session, gateway: Gateway, incoming: Incoming, route: Answerable, text: Text, now: datetime
) -> Result:
    """What a text means for somebody's safety is looked at before it goes anywhere."""
    guarded = guard.look(session, gateway.house, text, now)
    if isinstance(route, ToMatch):
        return _relay(session, gateway, incoming, route, text, guarded, now)
    if guarded.is_crisis:
        return _in_crisis(session, text, guarded, now)
    if floods.is_loop(session, incoming.row, now):
        return Result(Outcome.REFUSED, "loop", guarded.lines)
    if isinstance(route, FromStranger):
        lines = _answer(session, gateway, text, "stranger", Kind.NOTICE, now)
        return Result(Outcome.UNKNOWN_SENDER, None, guarded.lines | lines)
    return _to_program(session, gateway, text, guarded, now)


def _text(session: Session, gateway: Gateway, incoming: Incoming, route: Answerable) -> Text:
    """The text as the steps of safety and every answer need it: in the writer's language, under the owner's key."""
    sender, community_id = route.sender, route.known.community_id
    return Text(
        row=incoming.row,
        id=incoming.id,
        words=incoming.words,
        from_number=incoming.from_number,
        line=route.line,
        language=route.known.language or gateway.content.charter.language,
        key_uid=data_key_of(session, community_id) if community_id else house_key(session),
        sender=sender,
        community_id=community_id,
        match=route.match if isinstance(route, ToMatch) else None,
    )


def _in_crisis(session: Session, text: Text, guarded: Guarded, now: datetime) -> Result:
    """It has been answered and staff are alerted; nobody in such an hour is asked for an answer from 1 to 5."""
    running.stop(session, text.row.from_index, now)
    outcome = Outcome.PROGRAM if text.line.is_program else Outcome.UNKNOWN_SENDER
    return Result(outcome, "crisis", guarded.lines)


def _to_program(session: Session, gateway: Gateway, text: Text, guarded: Guarded, now: datetime) -> Result:
    """An answer that a conversation waits for, or a private word to staff."""
    run = running.waiting_run(session, text.row.from_index)
    heard = running.hear(session, gateway.talk, run, text.words, text.id, now) if run else None
    if run is None or heard is None:
        lines = _answer(session, gateway, text, "program_received", Kind.NOTICE, now)
        return Result(Outcome.PROGRAM, None, guarded.lines | lines)
    text.row.participant_id = run.participant_id
    if run.match_id:
        agenda.look_soon(session, run.match_id, now)
    return Result(Outcome.FLOW, None, guarded.lines | heard)


def _to_no_line(
    session: Session, gateway: Gateway, incoming: Incoming, command: Command | None, now: datetime
) -> Result:
    """The provider points a number at us that was never added: only STOP is obeyed, and nothing can answer from it.

    A crisis is looked after all the same, from a line that we have.
    """
    log.error("alarm_not_our_line", inbound=incoming.id)
    if command and command.keyword is Keyword.STOP:
        lines = presence.leave(session, gateway.content, incoming.row.from_index, "keyword", now)
        return Result(Outcome.KEYWORD, command.keyword.value, frozenset(lines))
    if (line := program_line(session) or any_line(session)) is None:
        return Result(Outcome.REFUSED, "not_our_line")
    _file(session, incoming, route := stranger_on(session, incoming.row.from_index, line))
    guarded = guard.look(session, gateway.house, _text(session, gateway, incoming, route), now)
    return Result(Outcome.REFUSED, "not_our_line", guarded.lines)


def _obey(
    session: Session, gateway: Gateway, text: Text, command: Command, now: datetime, *, is_stranger: bool
) -> set[int]:
    """STOP before anything else, and for the whole program; answered in the language of the word."""
    phone, voices = text.row.from_index, gateway.content
    text = replace(text, language=command.language or text.language)
    lines: set[int] = set()
    match command.keyword:
        case Keyword.STOP:
            lines, key = presence.leave(session, voices, phone, "keyword", now), "stop_done"
            running.stop(session, phone, now)
        case Keyword.START:
            lines, key = presence.come_back(session, voices, phone, "keyword", now), "start_done"
        case Keyword.PAUSE:
            presence.pause_prompts(session, phone)
            key = "pause_done"
        case Keyword.HELP:
            presence.ask_for_help(session, phone, now)
            key = "help"
        case Keyword.REPORT | Keyword.REPORT_STAFF:
            is_about_staff = command.keyword is Keyword.REPORT_STAFF
            return reports.take(session, gateway.house, text, now, is_about_staff=is_about_staff)
    if is_stranger and command.keyword in (Keyword.START, Keyword.PAUSE):
        key = "stranger"
    return lines | _answer(session, gateway, text, key, Kind.KEYWORD, now)


def _answer(
    session: Session, gateway: Gateway, text: Text, wording: str, kind: Kind, now: datetime, **values: str
) -> set[int]:
    """Answer the writer on the line that was written to, in the voice of the writer's community."""
    return say(
        session, voice_for(session, gateway.content, text.sender), text.answer(wording, kind), now, **values
    )


def _relay(
    session: Session,
    gateway: Gateway,
    incoming: Incoming,
    route: ToMatch,
    text: Text,
    guarded: Guarded,
    now: datetime,
) -> Result:
    """A member of a match wrote: pass it on to every other member, or say kindly why not.

    Whoever is in a crisis hears the crisis reply and no other answer.
    """

    def answer(key: str | None) -> set[int]:
        is_due = key and not guarded.is_crisis
        return _answer(session, gateway, text, key, Kind.NOTICE, now) if key and is_due else set()

    if refusal := cannot_pass(route, text.words, incoming.has_media):
        outcome, reason, key = refusal
        return Result(outcome, reason, guarded.lines | answer(key))
    assert route.match.id is not None and route.sender.id is not None
    partners = partners_of(session, route.match.id, route.sender.id)
    away = opted_out_among(session, [partner.person.phone_index for partner in partners])
    present = [partner for partner in partners if partner.person.phone_index not in away]
    if not present:
        return Result(Outcome.REFUSED, "partner_away", guarded.lines | answer("partner_away"))
    # the words first: verifying a number must not free what they held
    hold = guarded.hold or holding.hold_for(session, text, now)
    lines = set(guarded.lines)
    if reacts_in := gateway.library.live(session).reacts_in:
        agenda.look_soon(session, route.match.id, now + reacts_in)
    how = Passing(len(partners) > 1, hold, guarded.is_crisis, guarded.needs_company)
    lines |= pass_on(session, gateway.content, text, present, how, now)
    if incoming.has_media:
        lines |= answer("only_words")
    if hold:
        lines |= answer(holding.ANSWERS.get(hold, "held")) | guard.note_hold(
            session, gateway.house, text, hold, now
        )
    return Result(Outcome.HELD if hold else Outcome.RELAYED, hold, frozenset(lines))
