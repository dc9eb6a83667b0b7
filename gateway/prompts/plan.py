"""What is due, for whom, and when to look next. Pure: enrolments, prompts and `now` in, a list out.

Every day is the person's own: a Tuesday at 15:30 is Tuesday, 15:30, where that person lives. An occasion opens and
closes; it is due between the two, once (its key says which), and never before it opens.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from gateway.authored.timing import DEFAULT_WEEKDAY, WEEKDAYS, OpenHours, When
from gateway.prompts.schema import DueOn, Prompt, PromptKind
from gateway.sms.quiet_hours import Window, next_open

LIVELY = timedelta(days=7)
WEEK = timedelta(weeks=1)
LONG_AGO = timedelta(days=30)  # nothing is said so late
AHEAD = timedelta(days=40)  # the plan does not read further; a match is looked at again before
LOOK_AT_LEAST_EVERY = timedelta(days=30)
NEVER_REPEATS = timedelta(weeks=520)


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


@dataclass(frozen=True)
class Enrolment:
    """A match as the plan sees it. Times are aware UTC; `events` holds matched, first_text, closing, task_done:<slug>."""

    match_id: int
    community: str
    people: tuple[Person, ...]
    events: Mapping[str, datetime]
    tags: frozenset[str] = frozenset()
    talked_at: datetime | None = None

    @property
    def made_at(self) -> datetime:
        return self.events["matched"]


@dataclass(frozen=True)
class Rules:
    """The program's hours and each person's allowance of program texts."""

    window: Window
    per_day: int = 1
    per_week: int = 3


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
    def key(self) -> str:
        """The same occasion has the same key for ever: it is queued once."""
        part = "" if self.part is Part.TEXT else f"/{self.part}"
        return f"prompt:{self.slug}{part}:{self.match_id}:{self.on:%Y-%m-%d}:{self.person.id}"


@dataclass(frozen=True)
class Outlook:
    """A match's calendar at one moment: what is open, what is open but barred for now, when the next thing opens."""

    open: tuple[Due, ...]
    barred: tuple[Due, ...]
    next_opening_at: datetime | None

    def unsaid(self, said: Collection[str]) -> list[Due]:
        """What is open and was not said before; `said` holds the keys of what was."""
        return [one for one in self.open if one.key not in said]

    def look_again_at(self, said: Collection[str], now: datetime) -> datetime:
        """When to look at this match again: at the next opening, or tomorrow when something open now still will be.

        What the allowance put off today, or a PAUSE, or the talk of two people, may be said then.
        """
        tomorrow = now + timedelta(days=1)
        moments = [now + LOOK_AT_LEAST_EVERY]
        if self.next_opening_at:
            moments.append(self.next_opening_at)
        if any(one.closes_at > tomorrow for one in (*self.unsaid(said), *self.barred)):
            moments.append(tomorrow)
        return min(moments)


def outlook(enrolment: Enrolment, prompts: Mapping[str, Prompt], rules: Rules, now: datetime) -> Outlook:
    """Everything that the prompts hold for this match, in one reading of them."""
    open_now: list[Due] = []
    barred: list[Due] = []
    next_opening_at: datetime | None = None
    for one in _occasions(enrolment, prompts, rules, now):
        if one.opens_at > now:
            next_opening_at = min(one.opens_at, next_opening_at or one.opens_at)
        elif now < one.closes_at:
            (open_now if _holds(prompts[one.slug], enrolment, one, now) else barred).append(one)
    return Outlook(tuple(open_now), tuple(barred), next_opening_at)


def within_allowance(found: Iterable[Due], rules: Rules, now: datetime) -> list[Due]:
    """The most pressing first; without what a person could not be sent any more today or this week."""
    taken: dict[int, list[date]] = {}
    kept = []
    for one in sorted(found, key=_urgency):
        today = now.astimezone(one.person.zone).date()
        days = taken.setdefault(one.person.id, list(one.person.told))
        monday = today - timedelta(days=today.weekday())
        if days.count(today) < rules.per_day and sum(day >= monday for day in days) < rules.per_week:
            days.append(today)
            kept.append(one)
    return kept


def _urgency(one: Due) -> tuple[int, datetime, str, int, int]:
    return ORDER[one.kind], one.opens_at, one.slug, one.match_id, one.person.id


def soonest_reaction(prompts: Mapping[str, Prompt]) -> timedelta | None:
    """How soon after a text that two people exchange a prompt may react to it."""
    moments = [prompt.when for prompt in prompts.values()]
    spans = [when.silence or when.late_reply for when in moments]
    spans += [when.after or timedelta() for when in moments if when.event == "first_text"]
    return min((span for span in spans if span is not None), default=None)


def _holds(prompt: Prompt, enrolment: Enrolment, one: Due, now: datetime) -> bool:
    """Whether the prompt's conditions hold at `now`. What belongs to a task's day is said whatever the talk."""
    wanted = prompt.if_
    quiet_for = now - enrolment.talked_at if enrolment.talked_at else NEVER_REPEATS
    return (
        (not wanted.languages or one.person.language.partition("-")[0] in wanted.languages)
        and (not wanted.communities or enrolment.community in wanted.communities)
        and (not wanted.tags or bool(enrolment.tags & set(wanted.tags)))
        and (wanted.engagement == "any" or (wanted.engagement == "lively") == (quiet_for < LIVELY))
        and (one.part is not Part.TEXT or quiet_for >= (wanted.skip_if_talked_within or timedelta()))
    )


def _occasions(
    enrolment: Enrolment, prompts: Mapping[str, Prompt], rules: Rules, now: datetime
) -> Iterator[Due]:
    """Every occasion of every prompt for every person; of repeated ones, those around `now`."""
    for slug, prompt in prompts.items():
        for person in enrolment.people:
            if person.role in prompt.to:
                yield from _of_text(slug, prompt, enrolment, person, rules, now)
                if prompt.task:
                    yield from _of_task(slug, prompt, enrolment, person, rules)


def _of_text(
    slug: str, prompt: Prompt, enrolment: Enrolment, person: Person, rules: Rules, now: datetime
) -> Iterator[Due]:
    hours = _hours(prompt.window, rules)
    late = prompt.late or timedelta()
    for opens_at in _openings(prompt.when, enrolment, person, hours, now):
        yield _due(slug, Part.TEXT, prompt.kind, enrolment, person, opens_at, hours, late)


def _of_task(slug: str, prompt: Prompt, enrolment: Enrolment, person: Person, rules: Rules) -> Iterator[Due]:
    """Reminders before the day of the task, and the question on the day after it; none once it is done."""
    if prompt.task is None or f"task_done:{slug}" in enrolment.events:
        return
    hours, day = _hours(prompt.window, rules), _task_day(prompt.task.due, enrolment, person)
    late = prompt.late or timedelta()
    moments = [(Part.REMIND, day - before, timedelta()) for before in prompt.task.remind_before]
    for part, on, grace in [*moments, (Part.DONE, day + timedelta(days=1), max(late, timedelta(days=2)))]:
        if opens_at := _on_day(on, enrolment, person, hours):
            found = _due(slug, part, prompt.kind, enrolment, person, opens_at, hours, grace)
            yield Due(**{**vars(found), "task_on": day})


def _openings(
    when: When, enrolment: Enrolment, person: Person, hours: Window, now: datetime
) -> Iterator[datetime]:
    """The moments (UTC) at which a text of this kind opens for this person."""
    if when.week or when.every or when.date:
        today = now.astimezone(person.zone).date()
        for day in _days(when, enrolment, person, now):
            if not -LONG_AGO <= day - today <= AHEAD:
                continue
            if opens_at := _on_day(day, enrolment, person, hours):
                yield opens_at
        return
    anchor = _anchor(when, enrolment, person)
    if anchor:
        yield next_open(anchor, person.zone, hours)


def _anchor(when: When, enrolment: Enrolment, person: Person) -> datetime | None:
    """The moment that a silence, a debt of words or an event brings about."""
    if when.silence:
        return (enrolment.talked_at or enrolment.made_at) + when.silence
    if when.late_reply:
        return person.owes_since + when.late_reply if person.owes_since else None
    name = f"task_done:{when.of}" if when.of else str(when.event)
    happened_at = enrolment.events.get(name)
    return happened_at + (when.after or timedelta()) if happened_at else None


def _days(when: When, enrolment: Enrolment, person: Person, now: datetime) -> Iterator[date]:
    if when.date:
        yield when.date
    elif when.week:
        yield _day_of_week(when.week, when.weekday or DEFAULT_WEEKDAY, enrolment, person)
    elif when.every:
        step, present = max(1, when.every // WEEK), (now - enrolment.made_at) // WEEK + 1
        for week in range(when.from_ or 1, 521, step):
            if week > present + step + 1 and week > (when.from_ or 1):
                break
            if week < present - 5:  # no prompt is said five weeks late
                continue
            yield _day_of_week(week, when.weekday or DEFAULT_WEEKDAY, enrolment, person)


def _day_of_week(week: int, weekday: str, enrolment: Enrolment, person: Person) -> date:
    monday = _monday(enrolment.made_at, person.zone)
    return monday + timedelta(weeks=week - 1, days=WEEKDAYS.index(weekday))


@lru_cache(maxsize=10_000)
def _monday(moment: datetime, zone: ZoneInfo) -> date:
    """The Monday of the week in which `moment` lies there."""
    day = moment.astimezone(zone).date()
    return day - timedelta(days=day.weekday())


def _task_day(due_on: DueOn, enrolment: Enrolment, person: Person) -> date:
    if due_on.date:
        return due_on.date
    return _day_of_week(due_on.week or 1, due_on.weekday or DEFAULT_WEEKDAY, enrolment, person)


def _on_day(day: date, enrolment: Enrolment, person: Person, hours: Window) -> datetime | None:
    """When `hours` open on that day where the person lives; None when that was before the match was made."""
    opens_at = _opening(day, person.zone, hours)
    return opens_at if opens_at > enrolment.made_at else None


@lru_cache(maxsize=20_000)  # matches share their days, zones and hours
def _opening(day: date, zone: ZoneInfo, hours: Window) -> datetime:
    midnight = datetime.combine(day, time(), zone).astimezone(UTC)
    return next_open(midnight, zone, Window(hours.opens, hours.closes, frozenset({day.weekday()})))


def _closing(opens_at: datetime, zone: ZoneInfo, hours: Window) -> datetime:
    """When the hours that hold `opens_at` close: where the day's other hours begin."""
    day = opens_at.astimezone(zone).date()
    return _opening(day, zone, Window(hours.closes, time(23, 59, 59)))


def _hours(window: OpenHours | None, rules: Rules) -> Window:
    return _narrowed(window, rules.window) if window else rules.window


@lru_cache(maxsize=1000)
def _narrowed(window: OpenHours, outer: Window) -> Window:
    return window.within(outer)


def _due(
    slug: str,
    part: Part,
    kind: PromptKind,
    enrolment: Enrolment,
    person: Person,
    opens_at: datetime,
    hours: Window,
    late: timedelta,
) -> Due:
    on = opens_at.astimezone(person.zone).date()
    closes_at = _closing(opens_at, person.zone, hours) + late
    return Due(slug, part, kind, enrolment.match_id, person, on, opens_at, closes_at)
