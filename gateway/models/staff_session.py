"""Who is signed in, and since when."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.models.types import UtcDateTime, new_uid


class StaffSession(SQLModel, table=True):
    """One browser of one member of staff. Its token is known to that browser only; here lies a keyed hash."""

    __tablename__ = "staff_sessions"

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True, max_length=32)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    token_index: bytes = Field(unique=True)
    device: str = Field(max_length=40)  # coarse: "Firefox, Android"
    made_at: datetime = Field(sa_type=UtcDateTime)
    seen_at: datetime = Field(sa_type=UtcDateTime)  # to the minute or so
    expires_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    second_factor_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    pending_sealed: bytes | None = None  # a second-factor secret that waits for its first code
