"""Every text that arrived, as a row before anything is thought about it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from gateway.models.types import UtcDateTime, new_uid, one_of


class InboundState(StrEnum):
    RECEIVED = "received"
    HANDLED = "handled"
    PARKED = "parked"  # failed N times; staff see it


class Outcome(StrEnum):
    """What became of a text that was handled."""

    RELAYED = "relayed"
    HELD = "held"
    FLOW = "flow"
    KEYWORD = "keyword"
    PROGRAM = "program"
    UNKNOWN_SENDER = "unknown_sender"
    CLOSED_MATCH = "closed_match"
    REFUSED = "refused"


INBOUND_MOVES: dict[InboundState, frozenset[InboundState]] = {
    InboundState.RECEIVED: frozenset({InboundState.HANDLED, InboundState.PARKED}),
    InboundState.PARKED: frozenset({InboundState.RECEIVED}),
    InboundState.HANDLED: frozenset(),
}

WAITING = text("state = 'received'")
PARKED = text("state = 'parked'")
AT_PROVIDER = text("provider_copy_removed_at IS NULL")


class InboundMessage(SQLModel, table=True):
    """A text from a phone to one of our lines. (provider, provider_message_id) is unique: intake is idempotent."""

    __tablename__ = "inbound_messages"
    __table_args__ = (
        UniqueConstraint("provider", "provider_message_id"),
        Index("ix_inbound_waiting", "id", sqlite_where=WAITING, postgresql_where=WAITING),
        Index("ix_inbound_parked", "id", sqlite_where=PARKED, postgresql_where=PARKED),
        Index("ix_inbound_phone", "from_index", "id"),
        Index("ix_inbound_match", "match_id", "received_at"),
        Index("ix_inbound_handled", "handled_at"),
        Index("ix_inbound_uid", "uid", unique=True),
        Index(
            "ix_inbound_at_provider",
            "received_at",
            sqlite_where=AT_PROVIDER,
            postgresql_where=AT_PROVIDER,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, max_length=32)
    provider: str = Field(max_length=16)
    provider_message_id: str = Field(max_length=64)
    from_index: bytes
    from_sealed: bytes
    to_number: str = Field(max_length=20)
    body_sealed: bytes
    media_types: str = Field(default="", max_length=400)  # comma-separated; never an address, never a file
    received_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime
    )  # by the provider's clock, when it said so
    is_replayed: bool = (
        False  # taken in again after a backup was restored: what it caused may have left before
    )
    state: InboundState = Field(default=InboundState.RECEIVED, sa_type=one_of(InboundState))
    outcome: Outcome | None = Field(default=None, sa_type=one_of(Outcome))
    reason: str | None = Field(default=None, max_length=64)
    failures: int = 0
    handled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    participant_id: int | None = Field(default=None, foreign_key="participants.id")
    match_id: int | None = Field(default=None, foreign_key="matches.id")
    provider_copy_removed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    provider_copy_retry_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime
    )  # it could not be removed yet
