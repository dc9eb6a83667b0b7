"""The occasions of a match: when each prompt opens and closes for each person. Pure.

Every day is the person's own: a Tuesday at 15:30 is Tuesday, 15:30, where that person lives. An occasion opens and
closes; it is due between the two, once (its key says which), and never before it opens.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from gateway.authored.timing import DEFAULT_WEEKDAY, WEEKDAYS, OpenHours, When
from gateway.prompts.occasion import Due, Enrolment, Part, Person, Rules
from gateway.prompts.schema import DueOn, Prompt, PromptKind
from gateway.sms.quiet_hours import Window, next_open

WEEK = timedelta(weeks=1)
A_DAY_OR_TWO = timedelta(days=2)  # hours close on their own day, and zones are less than two days apart
AHEAD = timedelta(days=40)  # no occasion is looked for further ahead; a match is looked at again before


def occasions(
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
    for opens_at in _openings(prompt.when, enrolment, person, hours, late, now):
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
            yield replace(found, task_on=day)


def _openings(
    when: When, enrolment: Enrolment, person: Person, hours: Window, late: timedelta, now: datetime
) -> Iterator[datetime]:
    """The moments (UTC) at which a text of this kind opens for this person; none that closed days ago."""
    if when.week or when.every or when.date:
        today = now.astimezone(person.zone).date()
        for day in _days(when, enrolment, person, now):
            if not -(late + A_DAY_OR_TWO) <= day - today <= AHEAD:
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
