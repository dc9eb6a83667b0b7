"""Coordinators, admins, auditors and owners."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from gateway.models.types import UtcDateTime, new_uid, one_of


class StaffRole(StrEnum):
    COORDINATOR = "coordinator"
    ADMIN = "admin"
    AUDITOR = "auditor"
    OWNER = "owner"


class Staff(SQLModel, table=True):
    """A person who works for the program. A coordinator sees the matches whose `coordinator_id` names her.

    The e-mail address is sealed and found by its keyed index.
    """

    __tablename__ = "staff"

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True, max_length=32)
    community_id: int | None = Field(default=None, foreign_key="communities.id")
    role: StaffRole = Field(sa_type=one_of(StaffRole))
    email_sealed: bytes
    email_index: bytes = Field(unique=True)
    name_sealed: bytes | None = None
    phone_sealed: bytes | None = None  # urgent alerts are texted to it; never shown to a participant
    language: str = Field(default="en", max_length=16)
    timezone: str = Field(
        default="America/Toronto", max_length=64
    )  # IANA; times on pages and quiet hours of alerts
    created_at: datetime = Field(sa_type=UtcDateTime)
    disabled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
