"""Who read, changed or released what, and when. Rows are added, never changed; each holds the hash of the last."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from gateway.models.types import UtcDateTime


class AuditEntry(SQLModel, table=True):
    """One act. `detail` is JSON of ids and plain facts: never a name, a number or a body."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index("ix_audit_entries_actor", "actor", "id"),
        Index("ix_audit_entries_action", "action", "id"),
        Index("ix_audit_entries_subject", "subject", "id"),
        Index("ix_audit_entries_at", "at", "id"),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    actor: str = Field(max_length=64)  # "cli", "gateway", "staff:<uid>"
    action: str = Field(max_length=64)
    subject: str = Field(max_length=64)  # "match:12", "participant:3", …
    detail: str = Field(max_length=1000)
    previous_hash: str = Field(max_length=64)
    hash: str = Field(max_length=64, unique=True)
