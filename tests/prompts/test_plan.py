"""What is due, hour by hour, where each person lives; clocks that jump; no plan that breaks a limit."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.prompts.catalogue import read_prompts
from gateway.prompts.occasion import Due, Enrolment, Person, Rules
from gateway.prompts.plan import outlook, within_allowance
from gateway.prompts.schema import Prompt
from gateway.sms.quiet_days import QuietDays
from gateway.sms.quiet_hours import Window, is_open

RULES = Rules(Window(time(9), time(20, 30)))
MADE = datetime(2026, 9, 9, 16, tzinfo=UTC)  # a Wednesday
TORONTO = ZoneInfo("America/Toronto")


def prompts(**when: str) -> dict[str, Prompt]:
    """One prompt for each slug, from its `when` and whatever follows it."""
    text = '\ntext: { en: "Hello {first_name}.", fr: "Bonjour {first_name}." }\n'
    files = {
        f"{slug}.yaml": f"kind: activity\nwindow: {{ opens: '15:30', closes: '19:30' }}\nwhen: {rest}{text}".encode()
        for slug, rest in when.items()
    }
    return dict(read_prompts(files).by_slug)


def enrolment(zone: str = "America/Toronto", made_at: datetime = MADE, **more: object) -> Enrolment:
    people = (Person(1, "youth", "en", ZoneInfo(zone)), Person(2, "mentor", "fr", ZoneInfo(zone)))
    values: dict[str, object] = {"people": people, "events": {"matched": made_at}} | more
    return Enrolment(match_id=7, community="north", **values)  # type: ignore[arg-type]


def due(
    enrolments: list[Enrolment],
    those: dict[str, Prompt],
    rules: Rules,
    now: datetime,
    said: tuple[str, ...] = (),
) -> list[Due]:
    """What would be said at `now`."""
    found = [one for each in enrolments for one in outlook(each, those, rules, now).unsaid(said)]
    return within_allowance(found, rules, now)


def next_due_at(each: Enrolment, those: dict[str, Prompt], rules: Rules, now: datetime) -> datetime | None:
    return outlook(each, those, rules, now).next_opening_at


def slugs(found: list[Due]) -> list[tuple[str, int]]:
    return [(one.slug, one.person.id) for one in found]


@pytest.mark.parametrize(
    ("zone", "opens_at"),
    [  # the Tuesday after the clocks went back, 2026-11-03, 15:30 there
        ("America/St_Johns", "2026-11-03T19:00"),
        ("America/Halifax", "2026-11-03T19:30"),
        ("America/Toronto", "2026-11-03T20:30"),
        ("America/Regina", "2026-11-03T21:30"),
        ("America/Iqaluit", "2026-11-03T20:30"),
        ("America/Whitehorse", "2026-11-03T22:30"),
    ],
)
def test_a_window_opens_by_the_clock_on_the_wall_after_the_clocks_went_back(zone: str, opens_at: str) -> None:
    at = datetime.fromisoformat(opens_at).replace(tzinfo=UTC)
    week = prompts(one="{ week: 9, weekday: tue }")
    assert due([enrolment(zone)], week, RULES, at - timedelta(seconds=1)) == []
    assert slugs(due([enrolment(zone)], week, RULES, at)) == [("one", 1), ("one", 2)]
    assert due([enrolment(zone)], week, RULES, at + timedelta(hours=4)) == []


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [  # 15:30 on Saturday and on Sunday, over the change of 2027-03-14: 23 hours apart, or 24
        ("America/St_Johns", "2027-03-13T19:00", "2027-03-14T18:00"),
        ("America/Halifax", "2027-03-13T19:30", "2027-03-14T18:30"),
        ("America/Toronto", "2027-03-13T20:30", "2027-03-14T19:30"),
        ("America/Regina", "2027-03-13T21:30", "2027-03-14T21:30"),
        ("America/Iqaluit", "2027-03-13T20:30", "2027-03-14T19:30"),
        ("America/Whitehorse", "2027-03-13T22:30", "2027-03-14T22:30"),
    ],
)
def test_each_day_keeps_its_own_hour_when_the_clocks_go_forward(zone: str, before: str, after: str) -> None:
    days = prompts(sat='{ date: "2027-03-13" }', sun='{ date: "2027-03-14" }')
    first = next_due_at(enrolment(zone), days, RULES, datetime(2027, 3, 13, 12, tzinfo=UTC))
    assert first is not None and first == datetime.fromisoformat(before).replace(tzinfo=UTC)
    assert next_due_at(enrolment(zone), days, RULES, first) == datetime.fromisoformat(after).replace(
        tzinfo=UTC
    )


def test_the_week_of_the_match_is_week_one_and_days_before_it_never_come() -> None:
    week = prompts(mon="{ week: 1, weekday: mon }", fri="{ week: 1, weekday: fri }")
    at = datetime(2026, 9, 11, 20, tzinfo=UTC)
    assert slugs(due([enrolment()], week, RULES, at)) == [("fri", 1), ("fri", 2)]
    assert due([enrolment()], week, RULES, datetime(2026, 9, 7, 20, tzinfo=UTC)) == []


@pytest.mark.parametrize(
    ("late", "hours_after_closing", "is_due"),
    [("skip", 0, False), ('"6 hours"', 0, True), ('"6 hours"', 5.9, True), ('"6 hours"', 6, False)],
)
def test_a_missed_window_follows_the_rule_of_the_prompt(
    late: str, hours_after_closing: float, is_due: bool
) -> None:
    week = prompts(one=f"{{ week: 2, weekday: tue }}\nlate: {late}")
    closes = datetime(2026, 9, 15, 23, 30, tzinfo=UTC)
    assert bool(due([enrolment()], week, RULES, closes + timedelta(hours=hours_after_closing))) is is_due


def test_silence_speaks_once_and_only_to_those_who_are_silent() -> None:
    silence = prompts(one='{ silence: "10 days" }')
    quiet = enrolment(talked_at=MADE)
    at = datetime(2026, 9, 19, 19, 30, tzinfo=UTC)
    assert next_due_at(quiet, silence, RULES, MADE) == at
    assert slugs(due([quiet], silence, RULES, at)) == [("one", 1), ("one", 2)]
    assert due([enrolment(talked_at=MADE + timedelta(days=9))], silence, RULES, at) == []
    assert due([quiet], silence, RULES, at + timedelta(days=1)) == []


def test_a_late_reply_speaks_to_the_one_who_owes_it() -> None:
    late = prompts(one='{ late_reply: "4 days" }')
    people = (Person(1, "youth", "en", TORONTO), Person(2, "mentor", "en", TORONTO, owes_since=MADE))
    at = datetime(2026, 9, 13, 19, 30, tzinfo=UTC)
    assert slugs(due([enrolment(people=people)], late, RULES, at)) == [("one", 2)]


@pytest.mark.parametrize(
    ("rest", "more", "expected"),
    [
        ("if: { languages: [fr] }", {}, [2]),
        ("if: { tags: [grade12] }", {}, []),
        ("if: { tags: [grade12] }", {"tags": frozenset({"grade12"})}, [1, 2]),
        ("if: { communities: [south] }", {}, []),
        ("if: { engagement: quiet }", {"talked_at": MADE + timedelta(days=5)}, []),
        ("if: { engagement: lively }", {"talked_at": MADE + timedelta(days=5)}, [1, 2]),
        ('if: { skip_if_talked_within: "3 days" }', {"talked_at": MADE + timedelta(days=5)}, []),
        ('if: { skip_if_talked_within: "3 days" }', {"talked_at": MADE}, [1, 2]),
        ("to: [youth]", {}, [1]),
    ],
)
def test_conditions(rest: str, more: dict[str, Any], expected: list[int]) -> None:
    week = prompts(one=f"{{ week: 2, weekday: tue }}\n{rest}")
    found = due([enrolment(**more)], week, RULES, datetime(2026, 9, 15, 20, tzinfo=UTC))
    assert [one.person.id for one in found] == expected


def test_a_task_reminds_before_and_asks_after_until_it_is_done() -> None:
    task = (
        '{ week: 2, weekday: tue }\ntask:\n  due: { date: "2026-10-15" }\n  remind_before: ["7 days", "1 day"]\n'
        '  remind_text: { en: "By {date}.", fr: "Avant le {date}." }\n  done_question: { en: "1 DONE", fr: "1 FAIT" }'
    )
    files = {"one.yaml": f"kind: task\nto: [youth]\nwhen: {task}\ntext: {{ en: A, fr: B }}\n".encode()}
    steps = dict(read_prompts(files).by_slug)
    noon = datetime(2026, 9, 9, 16, tzinfo=UTC)
    seen = {
        (one.on, one.part.value)
        for day in range(60)
        for one in due([enrolment()], steps, RULES, noon + timedelta(days=day))
    }
    assert {(on.isoformat(), part) for on, part in seen} >= {
        ("2026-09-15", "text"),
        ("2026-10-08", "remind"),
        ("2026-10-14", "remind"),
        ("2026-10-16", "done"),
    }
    done = enrolment(events={"matched": MADE, "task_done:one": MADE + timedelta(days=10)})
    assert due([done], steps, RULES, datetime(2026, 10, 8, 16, tzinfo=UTC)) == []


ZONES = ["America/St_Johns", "America/Toronto", "America/Regina", "America/Vancouver", "America/Iqaluit"]
MANY = prompts(
    a="{ week: 2, weekday: tue }",
    b='{ week: 2, weekday: tue }\nlate: "2 days"',
    c='{ every: "1 weeks", weekday: wed }',
    d='{ silence: "2 days" }\nlate: "1 day"',
    e='{ event: matched, after: "1 day" }\nlate: "3 days"',
    f='{ every: "1 weeks", weekday: fri }',
)


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    days=st.integers(0, 730),
    minutes=st.lists(st.integers(0, 60 * 24 * 28), max_size=60),
)
def test_no_plan_breaks_the_allowance_or_says_a_thing_twice(zone: str, days: int, minutes: list[int]) -> None:
    made = MADE + timedelta(days=days)
    told: dict[int, list[date]] = {1: [], 2: []}
    keys: list[str] = []
    for minute in sorted(minutes):
        now = made + timedelta(minutes=minute)
        people = tuple(
            Person(number, role, "en", ZoneInfo(zone), tuple(told[number]))
            for number, role in ((1, "youth"), (2, "mentor"))
        )
        for one in due([enrolment(made_at=made, people=people)], MANY, RULES, now):
            assert one.opens_at <= now < one.closes_at
            assert is_open(one.opens_at, ZoneInfo(zone), RULES.window)
            if one.key not in keys:
                keys.append(one.key)
                told[one.person.id].append(now.astimezone(ZoneInfo(zone)).date())
    for said_on in told.values():
        assert all(said_on.count(day) <= RULES.per_day for day in said_on)
        weeks = [day.isocalendar()[:2] for day in said_on]
        assert all(weeks.count(week) <= RULES.per_week for week in weeks)


def test_what_was_said_yesterday_and_is_still_open_takes_no_room_from_what_is_new() -> None:
    both = prompts(one='{ week: 2, weekday: tue }\nlate: "2 days"', two="{ week: 2, weekday: wed }")
    wednesday = datetime(2026, 9, 16, 20, tzinfo=UTC)
    said = tuple(one.key for one in due([enrolment()], both, RULES, wednesday - timedelta(days=1)))
    people = tuple(
        Person(n, role, "en", TORONTO, (date(2026, 9, 15),)) for n, role in ((1, "youth"), (2, "mentor"))
    )
    found = due([enrolment(people=people)], both, RULES, wednesday, said)
    assert slugs(found) == [("two", 1), ("two", 2)]


def test_a_match_is_looked_at_again_when_something_opens_and_tomorrow_while_something_open_is_unsaid() -> (
    None
):
    week = prompts(one='{ week: 2, weekday: tue }\nlate: "2 days"', two="{ week: 3, weekday: tue }")
    now = datetime(2026, 9, 15, 20, tzinfo=UTC)
    ahead = outlook(enrolment(), week, RULES, now)
    assert ahead.look_again_at((), now) == now + timedelta(days=1)
    keys = [one.key for one in ahead.open]
    assert ahead.look_again_at(keys, now) == datetime(2026, 9, 22, 19, 30, tzinfo=UTC)
    empty = outlook(enrolment(), {}, RULES, now)
    assert empty.look_again_at((), now) == now + timedelta(days=30)


def test_on_a_quiet_day_nothing_is_said_and_what_is_still_open_the_next_day_is_said_then() -> None:
    week = prompts(late='{ week: 2, weekday: tue }\nlate: "1 day"', prompt="{ week: 2, weekday: tue }")
    quiet = replace(RULES, quiet=QuietDays(days=frozenset({date(2026, 9, 15)})))
    tuesday = datetime(2026, 9, 15, 20, tzinfo=UTC)
    assert due([enrolment()], week, quiet, tuesday) == []
    assert outlook(enrolment(), week, quiet, tuesday).look_again_at((), tuesday) == tuesday + timedelta(
        days=1
    )
    assert slugs(due([enrolment()], week, quiet, tuesday + timedelta(days=1))) == [("late", 1), ("late", 2)]
