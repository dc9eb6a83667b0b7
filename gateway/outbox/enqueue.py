"""The only maker of outbound rows. Its `dedupe_key` is unique: asking twice queues once."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from gateway.db import Session
from gateway.models import InboundMessage, Kind, OutboundMessage, OutboundState, Priority
from gateway.sms.segments import measure, split
from gateway.sms.wording import ease

LIMIT = 1600  # characters in one request: Twilio error 21617


@dataclass(frozen=True)
class Draft:
    """A text to be sent. Times are aware UTC; `to_number` is E.164; `key_uid` names the data key that seals it.

    `wording` is the key of a text of ours, and None for a person's words, which are never eased or shortened.
    Rows that share a `lane` leave in order. `not_before` None means now.
    `held_for` says why staff must look before it may leave. `maybe_sent_since`: a database that was restored may have
    forgotten that it left; it is looked up from that moment on before anything is sent.
    """

    kind: Kind
    dedupe_key: str
    line_id: int
    to_number: str
    body: str
    key_uid: bytes
    wording: str | None = None
    lane: str | None = None
    participant_id: int | None = None
    match_id: int | None = None
    inbound_id: int | None = None
    not_before: datetime | None = None
    expires_at: datetime | None = None
    held_for: str | None = None
    maybe_sent_since: datetime | None = None


def enqueue(session: Session, draft: Draft, now: datetime) -> list[int]:
    """Queue a text, in parts when it is longer than one request takes. Returns the ids of the new rows.

    Empty when this dedupe_key was queued before.
    """
    body = draft.body if draft.wording is None else ease(draft.body)
    parts = split(body, LIMIT)
    lane = draft.lane or (f"parts:{draft.dedupe_key}"[:64] if len(parts) > 1 else None)
    ids = [
        session.add_once(
            OutboundMessage, _row(session, draft, part, number, lane, now).model_dump(exclude={"id"})
        )
        for number, part in enumerate(parts, start=1)
    ]
    return [new for new in ids if new is not None]


def _doubted_since(draft: Draft, cause: InboundMessage | None) -> datetime | None:
    """Since when the text may have left already, as far as a restored database can tell."""
    if cause and cause.is_replayed:
        return cause.sent_at or cause.received_at
    return draft.maybe_sent_since


def _row(
    session: Session, draft: Draft, body: str, number: int, lane: str | None, now: datetime
) -> OutboundMessage:
    size = measure(body)
    cause = session.get(InboundMessage, draft.inbound_id) if draft.inbound_id else None
    written_at = (cause.sent_at or cause.received_at) if cause and draft.kind is Kind.RELAY else None
    doubted_since = _doubted_since(draft, cause)
    state = OutboundState.UNCERTAIN if doubted_since else OutboundState.QUEUED
    state = OutboundState.HELD if draft.held_for else state
    row = OutboundMessage(
        dedupe_key=draft.dedupe_key if number == 1 else f"{draft.dedupe_key}:part{number}",
        kind=draft.kind,
        priority=Priority[draft.kind.name],
        lane=lane,
        wording=draft.wording,
        state=state,
        reason=draft.held_for,
        line_id=draft.line_id,
        participant_id=draft.participant_id,
        match_id=draft.match_id,
        inbound_id=draft.inbound_id,
        to_index=session.index(draft.to_number),
        to_sealed=b"",
        body_sealed=b"",
        encoding=size.encoding,
        segments=size.segments,
        not_before=draft.not_before or now,
        expires_at=draft.expires_at,
        created_at=now,
        written_at=written_at,
        claimed_at=doubted_since if state is OutboundState.UNCERTAIN else None,
    )
    session.seal(row, "to_sealed", draft.to_number, draft.key_uid)
    session.seal(row, "body_sealed", body, draft.key_uid)
    return row


def was_said(session: Session, to_index: bytes, wording: str, since: datetime) -> bool:
    """Whether this phone was told this text of ours at or after `since`: automatic answers are not repeated."""
    return (
        session.exec(
            select(OutboundMessage.id)
            .where(
                OutboundMessage.to_index == to_index,
                OutboundMessage.wording == wording,
                col(OutboundMessage.created_at) >= since,
            )
            .limit(1)
        ).first()
        is not None
    )
