"""What the program says by itself: the versions of its YAML, when to look at each match, conversations and answers."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from gateway.models.types import UtcDateTime, new_uid, one_of


class ContentKind(StrEnum):
    PROMPTS = "prompts"
    FLOWS = "flows"
    SCREENING = "screening"


class ContentVersion(SQLModel, table=True):
    """One whole set of files. The newest `live_at` of a kind is the set in use; rows are never changed but for that."""

    __tablename__ = "content_versions"
    __table_args__ = (UniqueConstraint("kind", "hash"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: ContentKind = Field(sa_type=one_of(ContentKind))
    hash: str = Field(max_length=64)
    files: str  # JSON: path -> YAML text
    created_at: datetime = Field(sa_type=UtcDateTime)
    live_at: datetime = Field(sa_type=UtcDateTime)


class Agenda(SQLModel, table=True):
    """When a match must next be looked at, so that a tick reads only what may be due. `tags` are separated by commas.

    `ends_on` is the last day of a match whose end is planned. `failures` counts looks in a row that raised.
    """

    __tablename__ = "agendas"

    match_id: int = Field(primary_key=True, foreign_key="matches.id")
    next_look_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    tags: str = Field(default="", max_length=400)
    closing_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ends_on: date | None = None
    failures: int = 0


class PersonAgenda(SQLModel, table=True):
    """When a person must next be looked at, for what concerns the person and no match: the welcome, the training."""

    __tablename__ = "person_agendas"

    participant_id: int = Field(primary_key=True, foreign_key="participants.id")
    next_look_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    failures: int = 0


class RunState(StrEnum):
    QUEUED = "queued"  # waits until the person's present conversation has ended
    RUNNING = "running"
    ENDED = "ended"
    STOPPED = "stopped"


RUN_MOVES: dict[RunState, frozenset[RunState]] = {
    RunState.QUEUED: frozenset({RunState.RUNNING, RunState.STOPPED}),
    RunState.RUNNING: frozenset({RunState.ENDED, RunState.STOPPED}),
    RunState.ENDED: frozenset(),
    RunState.STOPPED: frozenset(),
}

RUNNING = text("state = 'running'")


class Run(SQLModel, table=True):
    """One person's passage through one conversation, on the version with which it began. One runs at a time."""

    __tablename__ = "runs"
    __table_args__ = (
        Index(
            "uq_runs_running", "participant_id", unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING
        ),
        Index("ix_runs_wake", "wake_at", sqlite_where=RUNNING, postgresql_where=RUNNING),
        Index("ix_runs_participant", "participant_id", "id"),
        Index("ix_runs_match", "match_id", "flow"),
        Index("ix_runs_created", "created_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True, max_length=32)
    dedupe_key: str = Field(unique=True, max_length=200)
    participant_id: int = Field(foreign_key="participants.id")
    match_id: int | None = Field(default=None, foreign_key="matches.id")
    flow: str = Field(max_length=64)
    version_id: int = Field(foreign_key="content_versions.id")
    state: RunState = Field(sa_type=one_of(RunState))
    step: str = Field(default="", max_length=48)
    state_sealed: bytes = b""
    steps_made: int = 0
    failures: int = 0  # how often in a row it could not be moved on
    wake_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class KeptAnswer(SQLModel, table=True):
    """What a person answered to one step."""

    __tablename__ = "answers"
    __table_args__ = (
        Index("ix_answers_match_question", "match_id", "question"),
        Index("ix_answers_at", "at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True, max_length=32)
    participant_id: int = Field(foreign_key="participants.id", index=True)
    match_id: int | None = Field(default=None, foreign_key="matches.id")
    run_id: int = Field(foreign_key="runs.id", index=True)
    question: str = Field(max_length=64)
    value_sealed: bytes
    at: datetime = Field(sa_type=UtcDateTime)
