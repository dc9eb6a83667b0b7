"""What a human must look at, who was told of it and when, who is on duty, and the letters that tell them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from gateway.models.types import UtcDateTime, new_uid, one_of


class Urgency(StrEnum):
    """How soon a human must look. `NOW` rings at any hour until somebody has answered for it."""

    NOW = "now"
    TODAY = "today"
    WHENEVER = "whenever"


OPEN = text("closed_at IS NULL")


class Alert(SQLModel, table=True):
    """Something that staff should look at. `reason` is a plain word, never a person's words.

    `due_at` is when the next step is due (None: never), `step` counts those that were taken. Acknowledged means that
    somebody is on it; closed, that nothing remains to be done.
    """

    __tablename__ = "alerts"
    __table_args__ = (
        Index("ix_alerts_due", "due_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("ix_alerts_open", "community_id", "id", sqlite_where=OPEN, postgresql_where=OPEN),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True, max_length=32)
    community_id: int | None = Field(default=None, foreign_key="communities.id")
    participant_id: int | None = Field(default=None, foreign_key="participants.id", index=True)
    match_id: int | None = Field(default=None, foreign_key="matches.id", index=True)
    inbound_id: int | None = Field(default=None, foreign_key="inbound_messages.id")
    run_id: int | None = Field(default=None, foreign_key="runs.id")
    reason: str = Field(max_length=64)
    urgency: Urgency = Field(default=Urgency.TODAY, sa_type=one_of(Urgency))
    at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    step: int = 0
    about_staff_id: int | None = Field(
        default=None, foreign_key="staff.id"
    )  # it is about this member of staff
    acknowledged_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    acknowledged_by: int | None = Field(default=None, foreign_key="staff.id")  # None: from the command line
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_by: int | None = Field(default=None, foreign_key="staff.id")


class AlertAct(StrEnum):
    """What happened to an alert."""

    RAISED = "raised"
    AGAIN = "again"  # another text gave the same reason while nobody had looked yet
    TEXTED = "texted"
    MAILED = "mailed"
    CALLED_ON = "called_on"  # the on-call phone was texted
    NOBODY = "nobody"  # there was nobody to tell
    ACKNOWLEDGED = "acknowledged"
    REOPENED = "reopened"  # acknowledged, and not closed for too long
    CLOSED = "closed"


class AlertStep(SQLModel, table=True):
    """Who was told, saw or did what, and when. Rows are added, never changed but for `tries`.

    `code_index` is the keyed index of the code that only the text to this phone holds: with it an answer by text is
    proof that somebody holds that phone.
    """

    __tablename__ = "alert_steps"

    id: int | None = Field(default=None, primary_key=True)
    alert_id: int = Field(foreign_key="alerts.id", index=True)
    at: datetime = Field(sa_type=UtcDateTime)
    act: AlertAct = Field(sa_type=one_of(AlertAct))
    staff_id: int | None = Field(default=None, foreign_key="staff.id")
    inbound_id: int | None = Field(default=None, foreign_key="inbound_messages.id")
    phone_index: bytes | None = Field(default=None, index=True)
    code_index: bytes | None = None
    tries: int = 0  # wrong codes from this phone


class DutyShift(SQLModel, table=True):
    """Hours during which somebody answers for alerts. Lower `rank` is told first. No community: for all of them."""

    __tablename__ = "duty_shifts"

    id: int | None = Field(default=None, primary_key=True)
    community_id: int | None = Field(default=None, foreign_key="communities.id")
    staff_id: int = Field(foreign_key="staff.id")
    rank: int = 1
    starts_at: datetime = Field(sa_type=UtcDateTime)
    ends_at: datetime = Field(sa_type=UtcDateTime, index=True)


class LetterState(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"  # refused for good, or not accepted for days


LETTERS_WAITING = text("state = 'queued'")


class Letter(SQLModel, table=True):
    """An e-mail to one member of staff: the key of a text of ours and the plain facts in it, never a name or a body."""

    __tablename__ = "letters"
    __table_args__ = (
        Index(
            "ix_letters_waiting",
            "not_before",
            sqlite_where=LETTERS_WAITING,
            postgresql_where=LETTERS_WAITING,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True, max_length=32)
    dedupe_key: str = Field(unique=True, max_length=200)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    alert_id: int | None = Field(default=None, foreign_key="alerts.id")
    wording: str = Field(max_length=64)
    facts: str = Field(default="{}", max_length=1000)  # JSON: placeholder -> words
    state: LetterState = Field(default=LetterState.QUEUED, sa_type=one_of(LetterState))
    attempts: int = 0
    not_before: datetime = Field(sa_type=UtcDateTime)
    error: str | None = Field(default=None, max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
