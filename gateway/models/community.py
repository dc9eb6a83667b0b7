"""The tenant: a First Nation, a town, an agency. It owns its people, its data, its key and its hours."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.models.types import UtcDateTime, new_uid


class Community(SQLModel, table=True):
    """All that belongs to a community is sealed with its own data key."""

    __tablename__ = "communities"

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True, max_length=32)
    slug: str = Field(unique=True, max_length=64)
    name: str = Field(max_length=120)
    data_key_uid: bytes = Field(foreign_key="data_keys.uid")
    created_at: datetime = Field(sa_type=UtcDateTime)
