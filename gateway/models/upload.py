"""Files that staff sent and have not confirmed yet."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.models.types import UtcDateTime, new_uid


class Upload(SQLModel, table=True):
    """A list of people as it came, sealed, between the page that shows what it would do and the word to do it."""

    __tablename__ = "uploads"

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True, max_length=32)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    content_sealed: bytes
    at: datetime = Field(sa_type=UtcDateTime)
