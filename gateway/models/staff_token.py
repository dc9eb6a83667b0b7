"""Links that let a member of staff set a password."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from gateway.models.types import UtcDateTime, one_of


class TokenKind(StrEnum):
    INVITATION = "invitation"
    RESET = "reset"


class StaffToken(SQLModel, table=True):
    """A link that is good once and not for long. The newest of an account is the only one that works."""

    __tablename__ = "staff_tokens"

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    kind: TokenKind = Field(sa_type=one_of(TokenKind))
    token_index: bytes = Field(unique=True)
    made_at: datetime = Field(sa_type=UtcDateTime)
    expires_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # used, or replaced by a newer one
