"""The installation itself and the data keys that seal its fields."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.models.types import UtcDateTime


class DataKey(SQLModel, table=True):
    """A data key, wrapped by the key ring. Destroying it makes all that it sealed unreadable, in backups too."""

    __tablename__ = "data_keys"

    uid: bytes = Field(primary_key=True, max_length=8)
    wrapped: bytes | None = None  # None once destroyed
    created_at: datetime = Field(sa_type=UtcDateTime)
    destroyed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Installation(SQLModel, table=True):
    """One row: what this database was made with, and how far the provider's list has been read."""

    __tablename__ = "installations"

    id: int = Field(default=1, primary_key=True)
    data_key_uid: bytes = Field(foreign_key="data_keys.uid")
    index_check: bytes  # a known word under the index key, so that a wrong key is refused at start
    created_at: datetime = Field(sa_type=UtcDateTime)
    inbound_read_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    insight_read_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    restored_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # when a backup was last put back


class Worker(SQLModel, table=True):
    """A process that sends. When its beat is old, what it left `sending` has an unknown outcome."""

    __tablename__ = "workers"

    token: str = Field(primary_key=True, max_length=32)
    beat_at: datetime = Field(sa_type=UtcDateTime)
