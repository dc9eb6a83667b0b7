"""The right hour: windows in each person's own zone, quiet nights, and the mark of a text that waited."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.matching import presence
from gateway.models import Kind, OutboundState, Role
from tests.outbox.acts import queue, rows, states
from tests.world import Phone, World

EVENING = datetime(2026, 11, 25, 2, 40, tzinfo=UTC)  # Tuesday, 21:40 in Toronto
MORNING = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)  # Wednesday, 8:00 there


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "late", "opens"),
    [
        pytest.param("America/St_Johns", "2026-11-25 00:30", "2026-11-25 12:30", id="St. John's"),
        pytest.param(
            "America/Regina", "2026-11-25 02:45", "2026-11-25 15:00", id="Regina, which keeps one time"
        ),
        pytest.param("America/Iqaluit", "2026-11-25 01:45", "2026-11-25 14:00", id="Iqaluit"),
        pytest.param("America/Rankin_Inlet", "2026-11-25 02:45", "2026-11-25 15:00", id="Rankin Inlet"),
        pytest.param(
            "America/Whitehorse", "2026-11-25 03:45", "2026-11-25 16:00", id="Whitehorse, -7 all year"
        ),
        pytest.param("America/Whitehorse", "2027-07-06 03:45", "2027-07-06 16:00", id="Whitehorse in summer"),
        pytest.param(
            "America/Toronto", "2027-03-14 03:00", "2027-03-14 13:00", id="Toronto, clocks go forward"
        ),
        pytest.param("America/Toronto", "2027-11-07 01:30", "2027-11-07 14:00", id="Toronto, clocks go back"),
    ],
)
def test_the_program_speaks_when_the_window_opens_where_she_lives(
    world: World, zone: str, late: str, opens: str
) -> None:
    maya = world.person("maya", timezone=zone)
    world.clock.at = utc(late)
    queue(world, maya, "An activity")
    world.settle()
    assert [row.not_before for row in rows(world, maya, Kind.PROMPT)] == [utc(opens)]
    world.clock.at = utc(opens) - timedelta(seconds=45)
    world.settle()
    assert maya.received == []
    world.clock.at = utc(opens)
    world.settle()
    assert maya.received == ["An activity"]


@pytest.mark.parametrize("kind", [Kind.PROMPT, Kind.REMINDER, Kind.FLOW])
def test_every_kind_of_program_text_waits(world: World, maya: Phone, kind: Kind) -> None:
    world.clock.at = EVENING
    queue(world, maya, "Hello", kind)
    world.settle()
    assert maya.received == []
    world.advance(hours=12)
    assert maya.received == ["Hello"]


def test_what_a_person_writes_at_night_is_relayed_at_once(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    world.clock.at = EVENING + timedelta(hours=4)
    maya.texts("are you up?")
    assert ben.received == ["are you up?"]


@pytest.mark.parametrize(
    ("language", "first", "second"),
    [
        pytest.param("en", "(sent Tue 21:40) one", "(sent Wed 04:40) two", id="in English"),
        pytest.param("fr", "(écrit mar. 21 h 40) one", "(écrit mer. 4 h 40) two", id="in French"),
    ],
)
def test_for_whoever_wants_quiet_nights_it_waits_till_morning_in_order_and_marked(
    world: World, maya: Phone, language: str, first: str, second: str
) -> None:
    ben = world.person("ben", Role.MENTOR, "+14165550112", language=language, nights_quiet=True)
    world.match(maya, ben)
    world.clock.at = EVENING
    maya.texts("one")
    world.clock.at = EVENING + timedelta(hours=7)
    maya.texts("two")
    world.clock.at = MORNING - timedelta(minutes=30)
    maya.texts("three")
    assert ben.received == []
    world.clock.at = MORNING
    world.settle()
    assert ben.received == [first, second, "three"]


def test_the_mark_is_counted_in_the_segments_that_set_the_pace(world: World, maya: Phone) -> None:
    ben = world.person("ben", Role.MENTOR, "+14165550112", nights_quiet=True)
    world.match(maya, ben)
    world.clock.at = EVENING
    maya.texts("x" * 160)
    world.clock.at = MORNING
    world.settle()
    assert ben.received == ["(sent Tue 21:40) " + "x" * 160]
    assert rows(world, ben)[0].segments == 2


def test_a_long_text_is_marked_on_its_first_part_and_none_is_refused_for_its_mark(
    world: World, maya: Phone
) -> None:
    ben = world.person("ben", Role.MENTOR, "+14165550112", nights_quiet=True)
    world.match(maya, ben)
    world.clock.at = EVENING
    maya.texts("a" * 1590 + " " + "b" * 800)
    world.clock.at = MORNING
    world.settle()
    assert states(world, ben) == [OutboundState.DELIVERED] * 2
    assert "".join(ben.received).replace("(sent Tue 21:40) ", "") == "a" * 1590 + "b" * 800


def test_a_crisis_text_passes_at_any_hour(world: World) -> None:
    maya = world.person("maya", nights_quiet=True)
    world.clock.at = EVENING + timedelta(hours=5)
    queue(world, maya, "988 answers at any hour", Kind.CRISIS)
    world.settle()
    assert maya.received == ["988 answers at any hour"]


def test_news_that_nobody_asked_for_waits_for_the_day(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    world.clock.at = EVENING
    maya.texts("STOP")
    assert len(maya.received) == 1
    assert ben.received == []
    world.advance(hours=11)
    assert ben.received == [world.gateway.content.voice.say("partner_left", "en")]


def test_the_answer_to_a_text_just_sent_comes_at_night_too(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    world.clock.at = EVENING
    world.close(pair)
    maya.texts("hi")
    assert maya.received == [world.gateway.content.voice.say("closed_match", "en")]


def test_a_reminder_whose_time_has_passed_is_dropped(world: World, maya: Phone) -> None:
    world.clock.at = EVENING
    queue(world, maya, "Tonight at 11", Kind.REMINDER, expires_at=EVENING + timedelta(hours=2))
    world.advance(hours=12)
    assert maya.received == []
    assert [row.reason for row in rows(world, maya, Kind.REMINDER)] == ["expired"]


def test_whoever_asked_for_no_activities_gets_none_and_still_hears_from_people(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    with world.gateway.db.transaction() as session:
        presence.pause_prompts(session, maya.person.phone_index)
    queue(world, maya, "An activity")
    ben.texts("hi Maya")
    assert maya.received == ["hi Maya"]
    assert [row.reason for row in rows(world, maya, Kind.PROMPT)] == ["prompts_paused"]
