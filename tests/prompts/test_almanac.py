"""The calendar of a match says what is due, what waits, what is passed over and why."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from gateway.authored.said import Said
from gateway.authored.timing import Conditions, When
from gateway.prompts.almanac import Stands, almanac
from gateway.prompts.occasion import Enrolment, Person, Rules
from gateway.prompts.plan import Bar
from gateway.prompts.schema import Prompt, PromptKind
from gateway.sms.quiet_hours import Window

MADE_AT = datetime(2026, 11, 2, 15, tzinfo=UTC)  # a Monday
TUESDAY = datetime(2026, 11, 10, 17, tzinfo=UTC)  # noon in Toronto, in week 2
RULES = Rules(Window(time(9), time(20, 30)))
MAYA = Person(1, "youth", "en", ZoneInfo("America/Toronto"))


def prompt(week: int, **wanted: object) -> Prompt:
    return Prompt(
        kind=PromptKind.ACTIVITY,
        to=("youth",),
        when=When.model_validate({"week": week, "weekday": "tue"}),
        if_=Conditions.model_validate(wanted),
        text=Said(texts={"en": "One", "fr": "Un"}),
    )


def enrolment(person: Person = MAYA, talked_at: datetime | None = None) -> Enrolment:
    return Enrolment(7, "north", (person,), {"matched": MADE_AT}, talked_at=talked_at)


def test_things_stand_in_the_order_in_which_they_open() -> None:
    prompts = {"later": prompt(4), "now": prompt(2), "gone": prompt(1), "next": prompt(3)}
    found = almanac(enrolment(), prompts, RULES, (), TUESDAY)
    assert [(one.due.slug, one.stands) for one in found] == [
        ("now", Stands.DUE),
        ("next", Stands.AHEAD),
        ("later", Stands.AHEAD),
    ]


def test_what_was_said_is_not_due_again() -> None:
    first = almanac(enrolment(), {"now": prompt(2)}, RULES, (), TUESDAY)[0]
    again = almanac(enrolment(), {"now": prompt(2)}, RULES, {first.due.key}, TUESDAY)[0]
    assert again.stands is Stands.SAID


def test_what_is_more_than_a_day_allows_waits() -> None:
    found = almanac(enrolment(), {"a": prompt(2), "b": prompt(2)}, RULES, (), TUESDAY)
    assert [one.stands for one in found] == [Stands.DUE, Stands.WAITS]


def test_a_person_who_had_a_text_today_waits() -> None:
    told = Person(1, "youth", "en", ZoneInfo("America/Toronto"), told=(date(2026, 11, 10),))
    assert almanac(enrolment(told), {"a": prompt(2)}, RULES, (), TUESDAY)[0].stands is Stands.WAITS


@pytest.mark.parametrize(
    ("wanted", "bar"),
    [
        ({"languages": ("fr",)}, Bar.LANGUAGE),
        ({"communities": ("south",)}, Bar.COMMUNITY),
        ({"tags": ("grade12",)}, Bar.TAG),
        ({"trained": False}, Bar.TRAINING),
        ({"engagement": "quiet"}, Bar.ENGAGEMENT),
        ({"skip_if_talked_within": "2 days"}, Bar.JUST_TALKED),
    ],
    ids=str,
)
def test_what_is_passed_over_says_why(wanted: dict[str, object], bar: Bar) -> None:
    talked = enrolment(talked_at=TUESDAY - timedelta(hours=1))
    found = almanac(talked, {"a": prompt(2, **wanted)}, RULES, (), TUESDAY)[0]
    assert (found.stands, found.bar) == (Stands.BARRED, bar)


def test_only_a_lasting_bar_is_told_of_what_lies_ahead() -> None:
    talked = enrolment(talked_at=TUESDAY)
    prompts = {"fr": prompt(3, languages=("fr",)), "quiet": prompt(3, engagement="quiet")}
    found = almanac(talked, prompts, RULES, (), TUESDAY)
    assert [(one.due.slug, one.bar) for one in found] == [("fr", Bar.LANGUAGE), ("quiet", None)]
