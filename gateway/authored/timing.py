"""When the program says something by itself, and to whom, as staff write it. Shared by prompts and flows."""

import re
from datetime import date, time, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from gateway.authored.said import Duration, Strict
from gateway.sms.quiet_hours import Window

Audience = Literal["youth", "mentor", "guardian"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Event = Literal["matched", "first_text", "closing", "task_done", "enrolled", "consented", "ended_suddenly"]
OF_PERSONS = ("enrolled", "consented", "ended_suddenly")  # they concern a person, and no match
DEFAULT_WEEKDAY: Weekday = "wed"


def _day(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return date.fromisoformat(value)
    raise ValueError(f'{value!r} is no date; write it in quotes, as in "2027-01-15"')


def _wall_time(value: object) -> object:
    if isinstance(value, str) and re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        return time.fromisoformat(value)
    raise ValueError(f'{value!r} is no time of day; write it in quotes, as in "15:30"')


Late = Annotated[Duration | None, BeforeValidator(lambda value: None if value == "skip" else value)]
Day = Annotated[date, BeforeValidator(_day)]
WallTime = Annotated[time, BeforeValidator(_wall_time)]


class OpenHours(Strict):
    """Hours in which a text may go, local to each person."""

    opens: WallTime
    closes: WallTime

    @model_validator(mode="after")
    def _is_in_a_day(self) -> "OpenHours":
        if self.closes <= self.opens:
            raise ValueError("closes must be later than opens; the program does not speak at night")
        return self

    def within(self, outer: Window) -> Window:
        """These hours, as far as they lie in `outer`; `outer` itself when they do not meet."""
        opens, closes = max(self.opens, outer.opens), min(self.closes, outer.closes)
        return Window(opens, closes) if opens < closes else outer


class When(Strict):
    """Exactly one kind of moment. Weeks count from the week (from Monday) in which the match was made: 1 is that week."""

    week: int | None = Field(default=None, ge=1, le=520)
    weekday: Weekday | None = None
    date: Day | None = None
    silence: Duration | None = None
    late_reply: Duration | None = None
    event: Event | None = None
    after: Duration | None = None
    of: str | None = None
    every: Duration | None = None
    from_: int | None = Field(default=None, alias="from", ge=1, le=520)

    @model_validator(mode="after")
    def _is_one_moment(self) -> "When":
        kinds = ("week", "date", "silence", "late_reply", "event", "every")
        given = [kind for kind in kinds if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(f"say exactly one of {', '.join(kinds)} (here: {', '.join(given) or 'none'})")
        self._check_company(given[0])
        return self

    def _check_company(self, kind: str) -> None:
        """Refuse keys that mean nothing beside `kind`."""
        if kind == "week" and self.weekday is None:
            raise ValueError("a week needs its weekday, as in weekday: tue")
        allowed = {"week": {"weekday"}, "event": {"after", "of"}, "every": {"from", "weekday"}}.get(
            kind, set()
        )
        beside = {"weekday": self.weekday, "after": self.after, "of": self.of, "from": self.from_}
        odd = [name for name, value in beside.items() if value is not None and name not in allowed]
        if odd:
            raise ValueError(f"{', '.join(odd)} means nothing beside {kind}; remove it")
        if (self.event == "task_done") != (self.of is not None):
            raise ValueError("task_done needs `of: <slug of the task>`, and no other event takes it")
        if self.every is not None and self.every % timedelta(weeks=1):
            raise ValueError('every counts in weeks; write it as in "4 weeks"')


class Conditions(Strict):
    """What must hold besides; everything that is not said holds."""

    languages: tuple[str, ...] = ()
    communities: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    engagement: Literal["any", "quiet", "lively"] = "any"
    skip_if_talked_within: Duration | None = None
    consent: Literal["given", "pending"] = "given"
    trained: bool | None = None
