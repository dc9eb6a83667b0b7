"""What staff want to put in use and are still looking at."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from gateway.models.speaking import ContentKind
from gateway.models.types import UtcDateTime, new_uid, one_of


class ContentProposal(SQLModel, table=True):
    """A whole set of files that was read through. `based_on_id` is the version that was in use when it was made.

    It is thrown away a few days later; what was put in use is kept as a version.
    """

    __tablename__ = "content_proposals"

    id: int | None = Field(default=None, primary_key=True)
    uid: str = Field(default_factory=new_uid, unique=True, max_length=32)
    kind: ContentKind = Field(sa_type=one_of(ContentKind))
    files: str  # JSON: path -> YAML text
    based_on_id: int | None = Field(default=None, foreign_key="content_versions.id")
    staff_id: int = Field(foreign_key="staff.id")
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    used_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
