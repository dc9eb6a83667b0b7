"""What is derived from the log of texts, so that nobody has to read it again: it can be made anew at any time.

`gateway insight rebuild` empties and refills these tables. Nothing here is a fact of its own.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from gateway.models.participant import Role
from gateway.models.types import UtcDateTime, one_of


class Reason(StrEnum):
    """Why a match needs a human. The order is the rank: what stands first is shown first."""

    ALERT = "alert"
    HELD = "held"
    FLAGGED = "flagged"
    NUMBER_DOUBTED = "number_doubted"
    STOPPED = "stopped"
    UNREACHABLE = "unreachable"
    UNDELIVERED = "undelivered"
    NO_EXCHANGE = "no_exchange"
    MENTOR_QUIET = "mentor_quiet"
    NEVER_BEGAN = "never_began"
    TASK_PAST_DUE = "task_past_due"
    NEVER_REVIEWED = "never_reviewed"
    CONTACT_DUE = "contact_due"
    ONE_SIDED = "one_sided"
    SLOWER = "slower"
    LESS_OFTEN = "less_often"
    REVIEW_DUE = "review_due"
    ENDING = "ending"

    @property
    def rank(self) -> int:
        """0 is the most urgent."""
        return _RANKS[self]


_RANKS = {reason: rank for rank, reason in enumerate(Reason)}


class PulseWeek(SQLModel, table=True):
    """What one member wrote in one match in one week. `week_on` is its Monday in the program's zone.

    The last eight columns count replies by how long they took, each up to its name and not in the one before, so that
    the median of any number of matches can be had by adding up.
    """

    __tablename__ = "pulse_weeks"

    match_id: int = Field(primary_key=True, foreign_key="matches.id")
    week_on: date = Field(primary_key=True)
    participant_id: int = Field(primary_key=True, foreign_key="participants.id")
    role: Role = Field(sa_type=one_of(Role))
    texts: int
    segments: int
    in_5_minutes: int = 0
    in_30_minutes: int = 0
    in_2_hours: int = 0
    in_8_hours: int = 0
    in_1_day: int = 0
    in_2_days: int = 0
    in_7_days: int = 0
    later: int = 0


class Standing(SQLModel, table=True):
    """How one match stands, as its whole log says. Reply times are medians in seconds."""

    __tablename__ = "standings"

    match_id: int = Field(primary_key=True, foreign_key="matches.id")
    youth_texts: int = 0
    mentor_texts: int = 0
    first_text_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    last_text_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    youth_last_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    mentor_last_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    youth_reply_seconds: int | None = None
    mentor_reply_seconds: int | None = None
    youth_recent_reply_seconds: int | None = None  # of the last five replies
    mentor_recent_reply_seconds: int | None = None
    texts_in_4_weeks: int = 0  # the four weeks that end with the last text
    texts_in_4_weeks_before: int | None = (
        None  # on average, in all the time before them; None: too short to say
    )
    active_weeks: int = 0  # weeks in which both sides wrote
    streak_weeks: int = 0  # the last run of such weeks without a gap
    streak_until_on: date | None = None  # the Monday of its last week
    longest_streak_weeks: int = 0
    unread_texts: int = 0  # came since staff last reviewed the thread
    oldest_unread_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    refreshed_at: datetime = Field(sa_type=UtcDateTime, index=True)


class Need(SQLModel, table=True):
    """One reason why a match needs a human, since `since_at` (which may still be to come) if nothing is written until
    then. What `amount`, `before` and `subject` mean is said in `insight.needs`.

    A dated need is one level worse after each `step_days`; any other has the `level` that is written here.
    """

    __tablename__ = "needs"
    __table_args__ = (Index("ix_needs_order", "rank", "since_at", "match_id"),)

    match_id: int = Field(primary_key=True, foreign_key="matches.id")
    reason: Reason = Field(primary_key=True, sa_type=one_of(Reason))
    rank: int
    since_at: datetime = Field(sa_type=UtcDateTime)
    about_id: int | None = Field(default=None, foreign_key="participants.id")
    amount: int | None = None
    before: int | None = None
    subject: str | None = Field(default=None, max_length=64)
    level: int = 1
    step_days: int | None = None
