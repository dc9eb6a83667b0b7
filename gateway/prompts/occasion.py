"""What the plan speaks of: people and matches as it sees them, the program's rules, and an occasion to say something."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from gateway.prompts.schema import PromptKind
from gateway.sms.quiet_days import NONE, QuietDays
from gateway.sms.quiet_hours import Window


class Part(StrEnum):
    """Which text of a prompt is due."""

    TEXT = "text"
    REMIND = "remind"
    DONE = "done"


ORDER = {
    PromptKind.TASK: 0,
    PromptKind.REMINDER: 1,
    PromptKind.FLOW: 2,
    PromptKind.ACTIVITY: 3,
    PromptKind.CHECKIN: 4,
    PromptKind.TIP: 5,
}


@dataclass(frozen=True)
class Person:
    """A member as the plan sees one. `told` holds the local days on which the program spoke lately."""

    id: int
    role: str
    language: str
    zone: ZoneInfo
    told: tuple[date, ...] = ()
    owes_since: datetime | None = None  # somebody else's words wait for an answer since then
    has_consent: bool = True  # to texting; without it nobody is spoken to but to be asked for it
    is_trained: bool = True
    is_talking: bool = False  # in a conversation, or one waits for its turn


@dataclass(frozen=True)
class Enrolment:
    """A match as the plan sees it, or one person outside any. Times are aware UTC.

    `events` holds matched, first_text, closing, task_done:<slug>; of a person alone, enrolled, consented, ended_suddenly.
    """

    match_id: int
    community: str
    people: tuple[Person, ...]
    events: Mapping[str, datetime]
    tags: frozenset[str] = frozenset()
    talked_at: datetime | None = None
    ends_on: date | None = None  # the last day, when the end is planned

    @property
    def made_at(self) -> datetime:
        return self.events["matched"]


@dataclass(frozen=True)
class Rules:
    """The program's hours, each person's allowance of program texts, and the days on which nothing is said."""

    window: Window
    per_day: int = 1
    per_week: int = 3
    quiet: QuietDays = NONE


@dataclass(frozen=True)
class Due:
    """A text that one person may be sent from `opens_at` until `closes_at` (UTC)."""

    slug: str
    part: Part
    kind: PromptKind
    match_id: int
    person: Person
    on: date
    opens_at: datetime
    closes_at: datetime
    task_on: date | None = None

    @property
    def begins_a_talk(self) -> bool:
        """Whether it is a conversation that begins: one of its own, a check-in, or the question after a task."""
        return self.kind in (PromptKind.FLOW, PromptKind.CHECKIN) or self.part is Part.DONE

    @property
    def key(self) -> str:
        """The same occasion has the same key for ever: it is queued once."""
        part = "" if self.part is Part.TEXT else f"/{self.part}"
        return f"prompt:{self.slug}{part}:{self.match_id}:{self.on:%Y-%m-%d}:{self.person.id}"
