"""The tie between a youth and a mentor (or a small group), and the mask that each member texts."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from gateway.models.types import UtcDateTime, new_uid, one_of


class MatchState(StrEnum):
    PROPOSED = "proposed"
    ACTIVE = "active"
    PAUSED = "paused"
    CLOSING = "closing"
    CLOSED = "closed"


MATCH_MOVES: dict[MatchState, frozenset[MatchState]] = {
    MatchState.PROPOSED: frozenset({MatchState.ACTIVE, MatchState.CLOSED}),
    MatchState.ACTIVE: frozenset({MatchState.PAUSED, MatchState.CLOSING, MatchState.CLOSED}),
    MatchState.PAUSED: frozenset({MatchState.ACTIVE, MatchState.CLOSING, MatchState.CLOSED}),
    MatchState.CLOSING: frozenset({MatchState.CLOSED}),
    MatchState.CLOSED: frozenset(),
}


class Ending(StrEnum):
    PLANNED = "planned"  # on a day that everybody knows four weeks before
    SUDDEN = "sudden"  # at once
    UNREACHABLE = "unreachable"  # one of them has gone silent and is asked once more


class Match(SQLModel, table=True):
    """Two to six people whose texts are relayed to each other while the match is active or closing."""

    __tablename__ = "matches"

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True, max_length=32)
    community_id: int = Field(foreign_key="communities.id", index=True)
    coordinator_id: int | None = Field(default=None, foreign_key="staff.id", index=True)  # whose caseload
    state: MatchState = Field(sa_type=one_of(MatchState))
    pause_why: str | None = Field(default=None, max_length=64)
    close_why: str | None = Field(default=None, max_length=400)
    ending: Ending | None = Field(default=None, sa_type=one_of(Ending))
    closes_on: date | None = Field(default=None, index=True)  # its last day, in the program's own zone
    created_at: datetime = Field(sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class MaskState(StrEnum):
    ACTIVE = "active"
    COOLING = "cooling"
    FREE = "free"


HELD = (MaskState.ACTIVE, MaskState.COOLING)  # the line is taken for this phone
IS_HELD = text("mask_state IN ('active', 'cooling')")


class Member(SQLModel, table=True):
    """One person's place in one match, with the line that this person texts.

    While the mask is active or cooling, nobody with the same phone and not the same person may hold the line: two
    partial unique indexes see to it, so that (from, to) names at most one match.
    """

    __tablename__ = "members"
    __table_args__ = (
        Index(
            "uq_members_participant_line",
            "participant_id",
            "line_id",
            unique=True,
            sqlite_where=IS_HELD,
            postgresql_where=IS_HELD,
        ),
        Index(
            "uq_members_phone_line",
            "phone_index",
            "line_id",
            unique=True,
            sqlite_where=IS_HELD,
            postgresql_where=IS_HELD,
        ),
        Index("uq_members_match_participant", "match_id", "participant_id", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    match_id: int = Field(foreign_key="matches.id")
    participant_id: int = Field(foreign_key="participants.id", index=True)
    line_id: int = Field(foreign_key="lines.id", index=True)
    phone_index: bytes
    mask_state: MaskState = Field(sa_type=one_of(MaskState))
    lent_at: datetime = Field(sa_type=UtcDateTime)
    cool_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    left_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # left a group that goes on


class Waiver(SQLModel, table=True):
    """A gate that staff let a match pass, and why. One for each gate and person; the newest counts."""

    __tablename__ = "waivers"

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True, max_length=32)
    match_id: int = Field(foreign_key="matches.id", index=True)
    participant_id: int = Field(foreign_key="participants.id")
    gate: str = Field(max_length=24)
    reason_sealed: bytes
    actor: str = Field(max_length=64)  # as in the audit
    at: datetime = Field(sa_type=UtcDateTime)
