"""Forms of the console that were sent, so that sending one again does nothing again."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from gateway.models.types import UtcDateTime, one_of


class Tone(StrEnum):
    GOOD = "good"  # it is done
    BAD = "bad"  # it could not be done


class Submission(SQLModel, table=True):
    """One form as it was shown once. `uid` came with the form; what was said after it is said again to a repeat."""

    __tablename__ = "submissions"
    __table_args__ = (UniqueConstraint("staff_id", "uid"),)

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id")
    uid: str = Field(max_length=32)
    next_page: str = Field(default="", max_length=400)  # the page that was shown next; ids only
    said_sealed: bytes = b""
    tone: Tone = Field(default=Tone.GOOD, sa_type=one_of(Tone))
    at: datetime = Field(sa_type=UtcDateTime, index=True)
