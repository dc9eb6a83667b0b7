"""What the screen found, what staff decided, what adds up in a thread, calls, and what the law keeps from deletion."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from gateway.models.types import UtcDateTime, new_uid, one_of

UNDECIDED = text("verdict <> 'allow' AND decided_at IS NULL")  # a finding of a text that waits for staff


class Finding(SQLModel, table=True):
    """One thing that the screen saw in one text: which rule, of which version of the rules, and where."""

    __tablename__ = "findings"
    __table_args__ = (
        Index("ix_findings_undecided", "inbound_id", sqlite_where=UNDECIDED, postgresql_where=UNDECIDED),
    )

    id: int | None = Field(default=None, primary_key=True)
    inbound_id: int = Field(foreign_key="inbound_messages.id", index=True)
    category: str = Field(max_length=24)
    rule: str = Field(max_length=64)
    span_start: int
    span_end: int
    verdict: str = Field(max_length=16)  # of the whole text, as it was then
    rules: str = Field(max_length=64)
    at: datetime = Field(sa_type=UtcDateTime)
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # by staff, on the text


class Act(StrEnum):
    """What staff did with a text that was held or flagged."""

    RELEASED = "released"
    DISCARDED = "discarded"
    LOOKED = "looked"  # flagged, and passed on before: nothing more to do
    ESCALATED = "escalated"


class Decision(SQLModel, table=True):
    """One act of staff about one text. Rows are added, never changed. No staff: from the command line."""

    __tablename__ = "decisions"

    id: int | None = Field(default=None, primary_key=True)
    inbound_id: int = Field(foreign_key="inbound_messages.id", index=True)
    act: Act = Field(sa_type=one_of(Act))
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    has_note: bool = False
    at: datetime = Field(sa_type=UtcDateTime)


class Concern(SQLModel, table=True):
    """Signs that add up in one thread, with the texts that show them. It speaks of the thread, never of a person."""

    __tablename__ = "concerns"

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True, max_length=32)
    match_id: int = Field(foreign_key="matches.id", index=True)
    signs: str = Field(max_length=200)  # separated by commas
    raised_at: datetime = Field(sa_type=UtcDateTime)
    looked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    looked_by: int | None = Field(default=None, foreign_key="staff.id")


class ConcernLine(SQLModel, table=True):
    """One text that shows one sign."""

    __tablename__ = "concern_lines"
    __table_args__ = (UniqueConstraint("concern_id", "inbound_id", "sign"),)

    id: int | None = Field(default=None, primary_key=True)
    concern_id: int = Field(foreign_key="concerns.id", index=True)
    inbound_id: int = Field(foreign_key="inbound_messages.id")
    sign: str = Field(max_length=24)
    rule: str = Field(max_length=64)


class Sample(SQLModel, table=True):
    """A thread that chance picked for a look by staff, so that what the screen misses is seen."""

    __tablename__ = "samples"
    __table_args__ = (UniqueConstraint("match_id", "picked_on"),)

    id: int | None = Field(default=None, primary_key=True)
    match_id: int = Field(foreign_key="matches.id")
    picked_on: date = Field(index=True)
    looked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    looked_by: int | None = Field(default=None, foreign_key="staff.id")


class Call(SQLModel, table=True):
    """Somebody called a line and heard the notice. The number is kept sealed; it may be withheld."""

    __tablename__ = "calls"

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True, max_length=32)
    provider: str = Field(max_length=16)
    provider_call_id: str = Field(unique=True, max_length=64)
    from_index: bytes
    from_sealed: bytes
    to_number: str = Field(max_length=20)
    participant_id: int | None = Field(default=None, foreign_key="participants.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)


class LegalHold(SQLModel, table=True):
    """What concerns this person or this match must not be deleted, here or at the provider, until it is lifted."""

    __tablename__ = "legal_holds"

    id: int | None = Field(default=None, primary_key=True)
    participant_id: int | None = Field(default=None, foreign_key="participants.id", index=True)
    match_id: int | None = Field(default=None, foreign_key="matches.id", index=True)
    why: str = Field(max_length=200)  # staff's own words; must name nobody
    placed_at: datetime = Field(sa_type=UtcDateTime)
    placed_by: int | None = Field(default=None, foreign_key="staff.id")
    lifted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    lifted_by: int | None = Field(default=None, foreign_key="staff.id")
