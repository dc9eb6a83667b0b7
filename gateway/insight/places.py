"""What stands in a thread, as plain values: words, what the program said, notes; and the place between two of them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from gateway.models import Kind, OutboundState, Outcome, Reviewed, Role

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
CURSOR = re.compile(r"(?P<at>[0-9a-f]{1,13})\.(?P<what>[012])\.(?P<id>[0-9a-f]{1,12})")


class What(StrEnum):
    """What stands at one place of a thread. The order is that of the same moment."""

    WORDS = "words"  # of a member
    SAID = "said"  # by the program: an activity, a notice, an answer to a keyword
    NOTE = "note"  # of staff, for staff


@dataclass(frozen=True)
class Leg:
    """One text that left, or is to leave, for one member; a long text's parts are legs of their own."""

    outbound_id: int
    to_id: int | None
    state: OutboundState
    reason: str | None
    error_code: str | None
    is_parked: bool
    settled_at: datetime | None
    not_before: datetime
    attempts: int


@dataclass(frozen=True)
class Entry:
    """One place in the thread. `by_id` is a participant for words, a member of staff for a note, None for the program.
    `body` is None when its key was destroyed: it is gone for good.

    `outcome` None: the text still waits to be handled, or was parked (`is_parked`). `reason` says why it was held or
    not passed on (the keys of `insight.log.REASONS`). `legs` tell where each copy is.
    """

    what: What
    id: int
    uid: str
    at: datetime
    by_id: int | None
    body: str | None
    legs: tuple[Leg, ...] = ()
    outcome: Outcome | None = None
    reason: str | None = None
    kind: Kind | None = None
    wording: str | None = None
    has_media: bool = False
    is_parked: bool = False
    is_unread: bool = False

    @property
    def is_held(self) -> bool:
        return any(leg.state is OutboundState.HELD for leg in self.legs)


@dataclass(frozen=True)
class Cursor:
    """A place between two entries: what is older than it comes next. As text it holds no word of anybody."""

    at: datetime
    what: What
    id: int

    def __str__(self) -> str:
        return f"{(self.at - EPOCH) // MICROSECOND:x}.{RANK[self.what]}.{self.id:x}"

    @staticmethod
    def read(written: str) -> "Cursor":
        """Raises ValueError for anything that `str` did not write."""
        found = CURSOR.fullmatch(written)
        if found is None:
            raise ValueError("no place in a thread")
        at = EPOCH + int(found["at"], 16) * MICROSECOND
        return Cursor(at, list(What)[int(found["what"])], int(found["id"], 16))


@dataclass(frozen=True)
class Person:
    """A member of the match, past or present."""

    id: int
    uid: str
    key: str
    name: str
    role: Role
    language: str


@dataclass(frozen=True)
class Page:
    """Entries newest first. `older` and `newer` name the pages beside it, None at either end of the thread.

    `newest_inbound_id` is what a review of this page reaches up to (`oversight.reviews`); 0 when there is none.
    """

    entries: Sequence[Entry]
    people: Mapping[int, Person]
    older: Cursor | None
    newer: Cursor | None
    newest_inbound_id: int
    last_review: Reviewed | None


RANK = {what: number for number, what in enumerate(What)}
