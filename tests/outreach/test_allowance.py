"""What one person gets from the program in a day and a week, and what may be spent in all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from gateway.flows.schema import Budget as BudgetPart
from gateway.models import Kind, OutboundState
from gateway.occasions import limits
from gateway.outbox.budget import exhausted
from gateway.providers.simulator import SendFault
from tests.outbox.acts import queue, rows, states
from tests.world import Phone, World

NINE_TOMORROW = datetime(2026, 11, 25, 14, 0, tzinfo=UTC)  # 9:00 in Toronto
NINE_MONDAY = datetime(2026, 11, 30, 14, 0, tzinfo=UTC)


def with_budget(
    world: World, *, person_day: int = 150, program_day: int = 5000, month: int = 60_000
) -> World:
    content = world.gateway.content
    budget = BudgetPart(person_day=person_day, program_day=program_day, program_month=month)
    charter = content.charter.model_copy(update={"budget": budget})
    world.gateway = replace(world.gateway, content=replace(content, charter=charter))
    return world


def test_one_text_of_the_program_a_day_whatever_its_kind(world: World, maya: Phone) -> None:
    queue(world, maya, "an activity", Kind.PROMPT)
    queue(world, maya, "a reminder", Kind.REMINDER)
    queue(world, maya, "a question", Kind.FLOW)
    world.settle()
    assert maya.received == ["a question"]
    waits = rows(world, maya, Kind.PROMPT, Kind.REMINDER)
    assert [row.not_before for row in waits] == [NINE_TOMORROW] * 2
    world.clock.at = NINE_TOMORROW
    world.settle()
    assert maya.received == ["a question", "a reminder"]


def test_three_a_week_and_the_week_begins_on_monday_where_she_lives(world: World, maya: Phone) -> None:
    for number in range(5):
        queue(world, maya, str(number))
    for day in range(5):
        world.clock.at = NINE_TOMORROW + timedelta(days=day)
        world.settle()
    assert maya.received == ["0", "1", "2"]
    assert [row.not_before for row in rows(world, maya, Kind.PROMPT)[3:]] == [NINE_MONDAY] * 2
    world.clock.at = NINE_MONDAY
    world.settle()
    assert maya.received == ["0", "1", "2", "3"]


def test_a_day_is_hers_not_the_one_of_greenwich(world: World) -> None:
    maya = world.person("maya", timezone="America/Whitehorse")
    world.clock.at = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)  # Tuesday, 18:00
    queue(world, maya, "tuesday")
    world.settle()
    queue(world, maya, "wednesday")
    world.clock.at = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)  # Wednesday, 9:00; the same day in Greenwich
    world.settle()
    assert maya.received == ["tuesday", "wednesday"]


def test_a_long_text_in_parts_counts_once_and_comes_whole(world: World, maya: Phone) -> None:
    queue(world, maya, "a" * 1500 + " " + "b" * 1500)
    world.settle()
    assert maya.received == ["a" * 1500, "b" * 1500]


def test_what_people_write_and_ask_for_is_no_part_of_the_allowance(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    queue(world, maya, "an activity")
    for number in range(3):
        ben.texts(str(number))
    maya.texts("HELP")
    assert len(maya.received) == 5


def test_one_phone_may_cost_so_much_a_day_and_then_the_program_waits(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    with_budget(world, person_day=2)
    queue(world, maya, "word one", Kind.NOTICE)
    queue(world, maya, "word two", Kind.NOTICE)
    queue(world, maya, "word three", Kind.NOTICE)
    queue(world, ben, "for Ben", Kind.NOTICE)
    queue(world, maya, "988", Kind.CRISIS)
    world.settle()
    assert maya.received == ["988", "word one", "word two"]
    assert ben.received == ["for Ben"]
    assert rows(world, maya, Kind.NOTICE)[2].not_before == datetime(2026, 11, 25, tzinfo=UTC)


def test_what_people_write_is_counted_and_never_held_back(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    with_budget(world, person_day=1)
    ben.types("one")
    ben.texts("two")
    queue(world, maya, "a word", Kind.NOTICE)
    world.settle()
    assert maya.received == ["one", "two"]


def test_a_try_again_costs_again(world: World, maya: Phone) -> None:
    with_budget(world, person_day=2)
    world.network.weather.fail_next_send(SendFault.BUSY)
    queue(world, maya, "twice", Kind.NOTICE)
    world.settle()
    queue(world, maya, "one too many", Kind.NOTICE)
    world.settle()
    assert maya.received == ["twice"]


def test_when_the_month_is_spent_the_program_waits_for_the_next_and_an_alarm_is_due(
    world: World, maya: Phone, ben: Phone
) -> None:
    with_budget(world, month=1)
    assert _alarms(world) == []
    queue(world, maya, "one", Kind.NOTICE)
    queue(world, ben, "two", Kind.NOTICE)
    world.settle()
    assert (maya.received, ben.received) == (["one"], [])
    assert states(world, ben, Kind.NOTICE) == [OutboundState.QUEUED]
    assert rows(world, ben, Kind.NOTICE)[0].not_before == datetime(2026, 12, 1, tzinfo=UTC)
    assert _alarms(world) == ["program:2026-11"]


def test_the_alarm_comes_before_the_day_is_wholly_spent(world: World, maya: Phone) -> None:
    with_budget(world, program_day=10)
    queue(world, maya, "x" * 1300, Kind.NOTICE)
    world.settle()
    assert _alarms(world) == ["program:2026-11-24"]


def _alarms(world: World) -> list[str]:
    with world.gateway.db.reading() as session:
        return exhausted(session, limits(world.gateway).budget, world.clock.now())
