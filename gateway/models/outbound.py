"""Every text that leaves, made by one function (`outbox.enqueue`), and what the provider reported of it."""

from datetime import datetime
from enum import IntEnum, StrEnum

from sqlalchemy import ColumnElement, Index, text
from sqlmodel import Field, SQLModel, and_, col, func, or_

from gateway.models.types import UtcDateTime, new_uid, one_of


class OutboundState(StrEnum):
    HELD = "held"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    CANCELLED = "cancelled"
    DISCARDED = "discarded"


class Kind(StrEnum):
    """Why a text leaves. `PRIORITY` gives the order among them."""

    CRISIS = "crisis"
    ALERT = "alert"  # to staff: something urgent waits
    RELAY = "relay"
    NOTICE = "notice"  # a word from the program about a person's own text or match
    KEYWORD = "keyword"
    FLOW = "flow"
    REMINDER = "reminder"
    PROMPT = "prompt"


class Priority(IntEnum):
    """Lower leaves first."""

    CRISIS = 0
    ALERT = 0
    RELAY = 1
    NOTICE = 2
    KEYWORD = 2
    FLOW = 3
    REMINDER = 4
    PROMPT = 5


OUTBOUND_MOVES: dict[OutboundState, frozenset[OutboundState]] = {
    OutboundState.HELD: frozenset({OutboundState.QUEUED, OutboundState.DISCARDED, OutboundState.CANCELLED}),
    # Queued again after a look that found nothing, and then the provider's answer or receipt came after all: sent.
    OutboundState.QUEUED: frozenset({OutboundState.SENDING, OutboundState.SENT, OutboundState.CANCELLED}),
    OutboundState.SENDING: frozenset(
        {
            OutboundState.QUEUED,
            OutboundState.SENT,
            OutboundState.DELIVERED,
            OutboundState.UNDELIVERED,
            OutboundState.FAILED,
            OutboundState.UNCERTAIN,
            OutboundState.CANCELLED,
        }
    ),
    OutboundState.UNCERTAIN: frozenset(
        {
            OutboundState.QUEUED,
            OutboundState.SENT,
            OutboundState.DELIVERED,
            OutboundState.UNDELIVERED,
            OutboundState.FAILED,
            OutboundState.CANCELLED,
        }
    ),
    OutboundState.SENT: frozenset(
        {OutboundState.DELIVERED, OutboundState.UNDELIVERED, OutboundState.FAILED, OutboundState.QUEUED}
    ),
    OutboundState.UNDELIVERED: frozenset({OutboundState.DELIVERED}),
    OutboundState.FAILED: frozenset({OutboundState.DELIVERED}),
    OutboundState.DELIVERED: frozenset(),
    OutboundState.CANCELLED: frozenset(),
    OutboundState.DISCARDED: frozenset(),
}

IN_FLIGHT = (OutboundState.SENDING, OutboundState.UNCERTAIN)  # nobody knows yet what became of it
# Why a text is held that its writer meant for staff: no end of its match and no STOP of its reader takes it from them.
FOR_STAFF = ("after_report", "after_report_staff")
LIVE = (OutboundState.QUEUED, OutboundState.SENDING, OutboundState.UNCERTAIN)  # it may still leave
IS_LIVE = text("state IN ('queued', 'sending', 'uncertain')")
IS_IN_FLIGHT = text("state IN ('sending', 'uncertain')")

UNSETTLED = text("state = 'sent'")
WAITS_FOR_STAFF = text("state = 'held'")
IN_TROUBLE = text("state IN ('undelivered', 'failed') OR parked_at IS NOT NULL")
AT_PROVIDER = text("claimed_at IS NOT NULL AND provider_copy_removed_at IS NULL")
OF_THE_PROGRAM = text("kind <> 'relay'")


class OutboundMessage(SQLModel, table=True):
    """One text to one phone from one line. `not_before` is quiet hours, retry delay and scheduling in one.

    Rows with the same `lane` leave one at a time in the order of their ids; a parked head lets the others pass.
    """

    __tablename__ = "outbound_messages"
    __table_args__ = (
        Index("ix_outbound_due", "line_id", "priority", "id", sqlite_where=IS_LIVE, postgresql_where=IS_LIVE),
        Index("ix_outbound_lane", "lane", "id", sqlite_where=IS_LIVE, postgresql_where=IS_LIVE),
        Index(
            "ix_outbound_in_flight",
            "state",
            "id",
            sqlite_where=IS_IN_FLIGHT,
            postgresql_where=IS_IN_FLIGHT,
        ),
        Index("ix_outbound_polls", "polled", "sent_at", sqlite_where=UNSETTLED, postgresql_where=UNSETTLED),
        Index("ix_outbound_provider_id", "provider_message_id"),
        Index("ix_outbound_said", "to_index", "wording", "created_at"),
        Index("ix_outbound_match", "match_id", "id"),
        Index("ix_outbound_inbound", "inbound_id"),
        Index("ix_outbound_held", "match_id", sqlite_where=WAITS_FOR_STAFF, postgresql_where=WAITS_FOR_STAFF),
        Index(
            "ix_outbound_trouble",
            "match_id",
            "created_at",
            sqlite_where=IN_TROUBLE,
            postgresql_where=IN_TROUBLE,
        ),
        Index(
            "ix_outbound_at_provider",
            "claimed_at",
            sqlite_where=AT_PROVIDER,
            postgresql_where=AT_PROVIDER,
        ),
        Index(
            "ix_outbound_program",
            "match_id",
            "created_at",
            sqlite_where=OF_THE_PROGRAM,
            postgresql_where=OF_THE_PROGRAM,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True, max_length=32)
    dedupe_key: str = Field(unique=True, max_length=200)
    kind: Kind = Field(sa_type=one_of(Kind))
    priority: int
    lane: str | None = Field(default=None, max_length=64)
    wording: str | None = Field(
        default=None, max_length=64
    )  # the key of a text of ours; None for a person's words
    state: OutboundState = Field(sa_type=one_of(OutboundState))
    reason: str | None = Field(default=None, max_length=64)
    line_id: int = Field(foreign_key="lines.id")
    participant_id: int | None = Field(default=None, foreign_key="participants.id", index=True)
    match_id: int | None = Field(default=None, foreign_key="matches.id")
    inbound_id: int | None = Field(default=None, foreign_key="inbound_messages.id")
    to_index: bytes
    to_sealed: bytes
    body_sealed: bytes
    encoding: str = Field(max_length=8)
    segments: int
    not_before: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    written_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime
    )  # when its writer sent it, for a relay
    attempts: int = 0
    gentle_retries: int = 0
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    claimed_by: str | None = Field(default=None, max_length=32)
    looked_up: int = 0
    parked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    provider: str = Field(default="", max_length=16)
    provider_message_id: str | None = Field(default=None, max_length=64)
    error_code: str | None = Field(default=None, max_length=16)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    polled: int = 0  # how many of the late polls (15 min, 24 h, 72 h) were made
    provider_copy_removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    provider_copy_retry_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime
    )  # it could not be removed yet


def is_for_its_reader() -> ColumnElement[bool]:
    """That a text has not left and may still do: what ends with its match, or with a STOP of its reader."""
    row = OutboundMessage
    held = and_(col(row.state) == OutboundState.HELD, func.coalesce(row.reason, "").not_in(FOR_STAFF))
    return or_(col(row.state) == OutboundState.QUEUED, held)


class Receipt(SQLModel, table=True):
    """A delivery receipt as it came, kept even before its outbound row is known."""

    __tablename__ = "receipts"
    __table_args__ = (Index("uq_receipts_message_status", "provider_message_id", "status", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    provider_message_id: str = Field(max_length=64)
    reference: str | None = Field(default=None, max_length=32, index=True)
    status: str = Field(max_length=16)
    error_code: str | None = Field(default=None, max_length=16)
    received_at: datetime = Field(sa_type=UtcDateTime)
    applied_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
