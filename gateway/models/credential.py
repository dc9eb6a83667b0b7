"""With what a member of staff proves who they are: password, second factor, recovery codes."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.models.types import UtcDateTime, new_uid


class Credential(SQLModel, table=True):
    """One for each account. Password hash and second-factor secret are sealed: a stolen file is no use for guessing."""

    __tablename__ = "credentials"

    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    uid: str = Field(default_factory=new_uid, unique=True, max_length=32)
    password_sealed: bytes | None = None  # argon2id; None until the invitation was taken up
    password_changed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    totp_sealed: bytes | None = None  # RFC 6238 secret, base32; None without a second factor
    totp_set_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    totp_step: int = 0  # the newest 30-second step that was used: a code is good once


class RecoveryCode(SQLModel, table=True):
    """Stands in for the second factor, once."""

    __tablename__ = "recovery_codes"

    id: int | None = Field(default=None, primary_key=True)
    staff_id: int = Field(foreign_key="staff.id", index=True)
    code_index: bytes
    made_at: datetime = Field(sa_type=UtcDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
