"""The log of texts, in plain words: who wrote, what became of it, where each leg is."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import col, select

from gateway.db import Session
from gateway.models import (
    InboundMessage,
    InboundState,
    Kind,
    OutboundMessage,
    OutboundState,
    Outcome,
    Participant,
)

OUTCOMES = {
    Outcome.RELAYED: "passed on",
    Outcome.HELD: "waits for a look by staff",
    Outcome.FLOW: "answered the program's question",
    Outcome.KEYWORD: "a command, obeyed",
    Outcome.PROGRAM: "for staff to read",
    Outcome.UNKNOWN_SENDER: "from a stranger; reached nobody",
    Outcome.CLOSED_MATCH: "the match is closed; reached nobody",
    Outcome.REFUSED: "not passed on",
}
REASONS = {
    "paused": "the match is paused",
    "partner_away": "the partner gets no texts",
    "only_media": "a picture or file without words",
    "empty": "no words in it",
    "reaction": "a phone's reaction, not words",
    "loop": "the same words too often",
    "not_our_line": "sent to a number that is not one of the lines",
    "own_line": "sent by one of our own lines",
    "flood": "too many texts at once",
    "number_doubted": "the number must be verified",
    "opted_out": "the person texted STOP, or the network blocks texts",
    "match_closed": "the match was closed",
    "expired": "its time had passed",
    "coalesced": "replaced by a newer one while the phone was away",
    "no_consent": "the person has not agreed to texts",
    "prompts_paused": "the person asked for no activities",
    "number_changed": "the person's number changed",
    "restored": "it was waiting when the backup was made",
    "process_ended": "a process ended while sending",
    "bad_number": "the number cannot get texts",
    "unreachable": "the phone is out of reach",
    "blocked": "the phone or its network blocks it",
    "unknown_number": "the number is out of service",
    "filtered": "the phone company took it for spam",
    "failed": "the network gave no reason",
    "bad_body": "the provider refused the text",
    "busy": "the provider is busy",
    "down": "the provider cannot be reached",
    "lost_answer": "the provider's answer was lost",
    "never_known": "nobody knows whether it was sent: the provider's list no longer reaches so far back",
    "configuration": "the account or line must be mended",
    "loop_guard": "two numbers answer each other",
}
STATES = {
    OutboundState.HELD: "held for a look",
    OutboundState.QUEUED: "waiting to leave",
    OutboundState.SENDING: "leaving now",
    OutboundState.SENT: "sent; not yet heard of",
    OutboundState.DELIVERED: "delivered",
    OutboundState.UNDELIVERED: "not delivered",
    OutboundState.FAILED: "could not be sent",
    OutboundState.UNCERTAIN: "unclear; being looked up",
    OutboundState.CANCELLED: "not sent",
    OutboundState.DISCARDED: "discarded by staff",
}


SECRET = frozenset(
    {"number_code"}
)  # whoever reads the log must not learn the code that a person is to read out
HIDDEN = "(a code, not shown)"


@dataclass(frozen=True)
class Entry:
    """One text, in or out. `who` is a participant's key, or None for a stranger. Times are aware UTC."""

    id: int
    direction: str
    at: datetime
    match: int | None
    who: str | None
    kind: str
    state: str
    words_for_state: str
    reason: str | None
    segments: int | None
    encoding: str | None
    attempts: int | None
    not_before: datetime | None
    answers: int | None
    body: str

    def facts(self) -> dict[str, object]:
        """As plain values for JSON."""
        return {
            "id": self.id,
            "direction": self.direction,
            "at": self.at.isoformat(),
            "match": self.match,
            "who": self.who,
            "kind": self.kind,
            "state": self.state,
            "in_words": self.words_for_state,
            "reason": self.reason,
            "segments": self.segments,
            "encoding": self.encoding,
            "attempts": self.attempts,
            "not_before": self.not_before.isoformat() if self.not_before else None,
            "answers": self.answers,
            "body": self.body,
        }


def texts(session: Session, match_id: int | None, most: int) -> list[Entry]:
    """The newest texts, of one match or of all, oldest first."""
    found = [*_inbound(session, match_id, most), *_outbound(session, match_id, most)]
    found.sort(key=lambda entry: (entry.at, entry.direction, entry.id))
    return found[-most:]


def _inbound(session: Session, match_id: int | None, most: int) -> list[Entry]:
    query = select(InboundMessage, Participant.key).outerjoin(
        Participant, col(Participant.id) == InboundMessage.participant_id
    )
    if match_id is not None:
        query = query.where(InboundMessage.match_id == match_id)
    rows = session.exec(query.order_by(col(InboundMessage.id).desc()).limit(most)).all()
    return [_arrived(session, row, key) for row, key in rows]


def _arrived(session: Session, row: InboundMessage, key: str | None) -> Entry:
    words = OUTCOMES[row.outcome] if row.outcome else "being handled"
    if row.state is InboundState.PARKED:
        words = "parked: it could not be handled; staff must look"
    return Entry(
        id=row.id or 0,
        direction="in",
        at=row.received_at,
        match=row.match_id,
        who=key,
        kind=row.outcome.value if row.outcome else row.state.value,
        state=row.state.value,
        words_for_state=with_reason(words, row.reason),
        reason=row.reason,
        segments=None,
        encoding=None,
        attempts=None,
        not_before=None,
        answers=None,
        body=session.open(row, "body_sealed"),
    )


def _outbound(session: Session, match_id: int | None, most: int) -> list[Entry]:
    query = select(OutboundMessage, Participant.key).outerjoin(
        Participant, col(Participant.id) == OutboundMessage.participant_id
    )
    if match_id is not None:
        query = query.where(OutboundMessage.match_id == match_id)
    rows = session.exec(query.order_by(col(OutboundMessage.id).desc()).limit(most)).all()
    return [_left(session, row, key) for row, key in rows]


def _left(session: Session, row: OutboundMessage, key: str | None) -> Entry:
    words = STATES[row.state]
    if row.parked_at and row.state is OutboundState.UNCERTAIN:
        words = "parked: nobody knows whether it was sent; staff must look"
    return Entry(
        id=row.id or 0,
        direction="out",
        at=row.created_at,
        match=row.match_id,
        who=key,
        kind=row.kind.value if row.kind is not Kind.NOTICE else f"notice ({row.wording})",
        state=row.state.value,
        words_for_state=with_reason(words, row.reason),
        reason=row.reason,
        segments=row.segments,
        encoding=row.encoding,
        attempts=row.attempts,
        not_before=row.not_before if row.state is OutboundState.QUEUED else None,
        answers=row.inbound_id,
        body=HIDDEN if row.wording in SECRET else session.open(row, "body_sealed"),
    )


def with_reason(words: str, reason: str | None) -> str:
    return f"{words}: {REASONS[reason]}" if reason in REASONS else words
