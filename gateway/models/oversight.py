"""What staff do about matches: read them, set a reason aside, write a note, talk to people."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from gateway.models.pulse import Reason
from gateway.models.types import UtcDateTime, new_uid, one_of


class SetAside(SQLModel, table=True):
    """A reason that staff have seen, or have put off: not shown until `until_at`, unless it gets worse before.

    It is worse at `worse_at`, when its level passes `level`, or when it ends and begins again.
    """

    __tablename__ = "set_asides"

    match_id: int = Field(primary_key=True, foreign_key="matches.id")
    reason: Reason = Field(primary_key=True, sa_type=one_of(Reason))
    is_snoozed: bool  # put off to a day of staff's choice; else acknowledged
    until_at: datetime = Field(sa_type=UtcDateTime)
    worse_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    level: int
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    at: datetime = Field(sa_type=UtcDateTime)


class Note(SQLModel, table=True):
    """What staff wrote beside a thread; participants never see it."""

    __tablename__ = "notes"
    __table_args__ = (Index("ix_notes_match", "match_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True, max_length=32)
    match_id: int = Field(foreign_key="matches.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    body_sealed: bytes
    at: datetime = Field(sa_type=UtcDateTime)


class ContactHow(StrEnum):
    CALL = "call"
    TEXT = "text"
    VISIT = "visit"
    VIDEO = "video"
    EMAIL = "email"


class StaffContact(SQLModel, table=True):
    """Staff and a participant (a guardian too) spoke about a match: asked of us twice in the first month, then monthly."""

    __tablename__ = "staff_contacts"
    __table_args__ = (Index("ix_staff_contacts_match", "match_id", "participant_id", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    match_id: int = Field(foreign_key="matches.id")
    participant_id: int = Field(foreign_key="participants.id", index=True)
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    how: ContactHow = Field(sa_type=one_of(ContactHow))
    at: datetime = Field(sa_type=UtcDateTime)


class Reviewed(SQLModel, table=True):
    """A member of staff has read the thread up to this text in and this text out. Rows are added, never changed."""

    __tablename__ = "reviews"
    __table_args__ = (Index("ix_reviews_match", "match_id", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    match_id: int = Field(foreign_key="matches.id")
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    inbound_id: int  # 0: nothing had come in yet
    outbound_id: int
    at: datetime = Field(sa_type=UtcDateTime)
