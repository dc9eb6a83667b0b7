"""Youth, mentors and guardians, what they agreed to, and the numbers that asked us to stop."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from gateway.models.types import UtcDateTime, new_uid, one_of


class Role(StrEnum):
    YOUTH = "youth"
    MENTOR = "mentor"
    GUARDIAN = "guardian"


OUT_OF_REACH = text("unreachable_since IS NOT NULL OR number_doubted_at IS NOT NULL")


class Participant(SQLModel, table=True):
    """A person who texts. `key` is the program's own short name for the person, never shown to a partner."""

    __tablename__ = "participants"
    __table_args__ = (
        Index("ix_participants_out_of_reach", "id", sqlite_where=OUT_OF_REACH, postgresql_where=OUT_OF_REACH),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True, max_length=32)
    community_id: int = Field(foreign_key="communities.id", index=True)
    key: str = Field(unique=True, max_length=64)
    role: Role = Field(sa_type=one_of(Role))
    name_sealed: bytes
    phone_sealed: bytes
    phone_index: bytes = Field(index=True)
    language: str = Field(max_length=16)
    timezone: str = Field(max_length=64)  # IANA; asked, never guessed from an area code
    nights_quiet: bool = False  # a partner's texts wait till morning
    prompts_paused: bool = False  # PAUSE: no activities or reminders; partners still get through
    screened_on: date | None = None
    trained_on: date | None = None
    interests_sealed: bytes | None = None  # tags of the charter's list, separated by commas
    most_matches: int = 1  # how many open matches a mentor can carry
    unreachable_since: datetime | None = Field(default=None, sa_type=UtcDateTime)
    number_doubted_at: datetime | None = Field(
        default=None, sa_type=UtcDateTime
    )  # held until staff verify it
    number_verified_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)


class ConsentKind(StrEnum):
    PROGRAM = "program"  # to take part, from the guardian where the law asks for it
    TEXTING = "texting"  # to receive texts on this phone


class ConsentState(StrEnum):
    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    PENDING = "pending"


class Consent(SQLModel, table=True):
    """One statement of consent; the newest of each kind counts. Rows are added, never changed."""

    __tablename__ = "consents"

    id: int | None = Field(default=None, primary_key=True)
    participant_id: int = Field(foreign_key="participants.id", index=True)
    kind: ConsentKind = Field(sa_type=one_of(ConsentKind))
    state: ConsentState = Field(sa_type=one_of(ConsentState))
    how: str = Field(max_length=64)  # "told to staff", "text", …
    given_by_id: int | None = Field(
        default=None, foreign_key="participants.id"
    )  # the guardian who spoke for the youth
    wording_version: str = Field(max_length=64)
    language: str = Field(max_length=16)
    at: datetime = Field(sa_type=UtcDateTime)


class Guardianship(SQLModel, table=True):
    """A guardian and a youth. Guardians belong to no match: whoever sees the youth sees them."""

    __tablename__ = "guardianships"
    __table_args__ = (Index("uq_guardianships_guardian_youth", "guardian_id", "youth_id", unique=True),)

    id: int | None = Field(default=None, primary_key=True)
    guardian_id: int = Field(foreign_key="participants.id")
    youth_id: int = Field(foreign_key="participants.id", index=True)
    created_at: datetime = Field(sa_type=UtcDateTime)


class OptOut(SQLModel, table=True):
    """A phone that asked for no more texts, whoever holds it. Found by the keyed index of its number."""

    __tablename__ = "opt_outs"

    phone_index: bytes = Field(primary_key=True)
    active: bool
    how: str = Field(max_length=32)  # keyword, provider, staff
    changed_at: datetime = Field(sa_type=UtcDateTime)


class NumberChange(SQLModel, table=True):
    """A change of number that was asked for and waits for its code; one at a time for each person."""

    __tablename__ = "number_changes"

    participant_id: int = Field(primary_key=True, foreign_key="participants.id")
    uid: str = Field(default_factory=new_uid, unique=True, max_length=32)
    phone_index: bytes
    phone_sealed: bytes
    code_index: bytes
    tries: int = 0
    asked_at: datetime = Field(sa_type=UtcDateTime)
