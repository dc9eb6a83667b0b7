"""The phone numbers that we own."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from gateway.models.types import UtcDateTime, one_of


class LineKind(StrEnum):
    LONG = "long"
    TOLLFREE = "tollfree"
    SHORT = "short"


class Line(SQLModel, table=True):
    """A number of ours. `next_slot_at` is when its next segment may leave: the line's pace, shared by all workers."""

    __tablename__ = "lines"

    id: int | None = Field(default=None, primary_key=True)
    number: str = Field(unique=True, max_length=20)
    kind: LineKind = Field(sa_type=one_of(LineKind))
    is_program: bool = False
    segments_per_second: float
    next_slot_at: datetime = Field(sa_type=UtcDateTime)
    stopped_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stopped_why: str | None = Field(default=None, max_length=64)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Tally(SQLModel, table=True):
    """Segments spent in one scope and period: `program:2026-11-24`, `program:2026-11`, `phone:<index>:2026-11-24`."""

    __tablename__ = "tallies"

    scope: str = Field(primary_key=True, max_length=96)
    segments: int = 0
