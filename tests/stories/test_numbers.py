"""Whose phone is it now: numbers in doubt are held in both directions, and a change of number takes two steps."""

import re
from datetime import timedelta

import pytest

from gateway import outreach
from gateway.matching import phone_change
from gateway.models import ContentKind, Outcome, Role
from gateway.people.directory import Refused, person_with_key
from gateway.people.numbers import doubt
from tests.stories.test_prompts import HELLO, at, begin, load
from tests.world import POOL, PROGRAM, Phone, World

NEW = "+17055550177"


def verify(world: World, *phones: Phone) -> None:
    with world.gateway.db.transaction() as session:
        for phone in phones:
            outreach.number_verified(session, person_with_key(session, phone.key), world.clock.now())
    world.settle()


def cast_doubt(world: World, *phones: Phone) -> None:
    with world.gateway.db.transaction() as session:
        for phone in phones:
            doubt(session, person_with_key(session, phone.key), world.clock.now())


def ask(world: World, phone: Phone, number: str) -> None:
    with world.gateway.db.transaction() as session:
        person = person_with_key(session, phone.key)
        phone_change.ask(session, world.gateway.content, person, number, world.clock.now())
    world.settle()


def confirm(world: World, phone: Phone, number: str, code: str) -> None:
    with world.gateway.db.transaction() as session:
        person = person_with_key(session, phone.key)
        phone_change.confirm(session, person, number, code, world.clock.now())
    world.settle()


def code_on(world: World, number: str) -> str:
    found = re.search(r"\b\d{6}\b", Phone(world, "new", number).received[-1])
    assert found
    return found[0]


def test_a_phone_that_was_silent_for_ninety_days_is_held_both_ways_until_it_is_verified(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    world.clock.at = world.clock.at.replace(year=2027, month=3, day=1)
    maya.texts("hello, is this still Ben?")
    maya.texts("me again")
    assert ben.received == []
    assert len(maya.received) == 1 and maya.received[0].startswith("Before texts go on, we need to check")
    with world.gateway.db.transaction() as session:
        person_with_key(session, "ben").number_verified_at = world.clock.now()
    ben.texts("yes, hello")
    assert len(maya.received) == 1
    assert [row.outcome for row in world.inbound()] == [Outcome.HELD, Outcome.HELD, Outcome.RELAYED]
    verify(world, maya)
    assert ben.received == ["hello, is this still Ben?", "me again"]
    assert maya.received[1:] == ["yes, hello"]


@pytest.mark.parametrize(
    ("first", "line"),
    [("HELP", ""), ("who is this?", PROGRAM), ("hello?", POOL[3]), ("hello?", "a sibling's")],
)
def test_whatever_the_first_text_after_the_silence_is_the_next_one_does_not_slip_through(
    world: World, ben: Phone, first: str, line: str
) -> None:
    """Abuse case 38: a new holder of the number asks who this is before writing to the mentor."""
    maya, lea = (world.person(key, phone="+17055550120") for key in ("maya", "lea"))
    world.match(maya, ben)
    world.match(lea, world.person("nora", Role.MENTOR))
    world.clock.at += timedelta(days=91)
    maya.texts(first, to=lea.mask if line == "a sibling's" else line or maya.mask)
    maya.texts("you have the wrong number, I am Tom")
    assert ben.received == []
    assert world.inbound()[1].reason == "number_doubted"


def test_a_number_in_doubt_hears_no_conversation_and_answers_none(
    world: World, maya: Phone, pair: int
) -> None:
    load(world, ContentKind.FLOWS, hello=HELLO)
    begin(world, maya)
    cast_doubt(world, maya)
    asked = list(maya.received)
    maya.texts("1", to=PROGRAM)
    assert world.inbound()[-1].outcome is Outcome.PROGRAM
    at(world, "2026-11-27T18:00")
    (answer,) = maya.received[len(asked) :]
    assert answer.startswith("Thanks, staff will read this")
    verify(world, maya)
    at(world, "2026-11-27T19:00")
    assert maya.received[-1].startswith("No rush")


def test_a_phone_that_wrote_last_month_is_not_in_doubt(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    for month, year in ((1, 2027), (3, 2027), (5, 2027)):
        world.clock.at = world.clock.at.replace(year=year, month=month)
        maya.texts(f"month {month}")
    assert ben.received == ["month 1", "month 3", "month 5"]


def test_verifying_one_number_frees_nothing_while_the_other_is_in_doubt(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    cast_doubt(world, maya, ben)
    maya.texts("for Ben alone")
    verify(world, maya)
    assert ben.received == []
    verify(world, ben)
    assert ben.received == ["for Ben alone"]


def test_a_change_of_number_takes_a_code_and_then_the_old_phone_reaches_nobody(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    ask(world, maya, NEW)
    assert maya.received == []
    confirm(world, maya, NEW, code_on(world, NEW))
    after = Phone(world, "maya", NEW, maya.mask)
    after.texts("my new phone")
    maya.texts("an old phone, in other hands")
    ben.texts("good")
    assert ben.received == ["my new phone"]
    assert after.received[-1] == "good"
    assert len(maya.received) == 1 and maya.received[0].startswith("This number does not take texts")


def test_what_was_queued_follows_to_the_new_number(world: World, ben: Phone) -> None:
    maya = world.person("maya", Role.YOUTH, "+17055550111", nights_quiet=True)
    world.match(maya, ben)
    world.clock.wait(12 * 3600)
    ben.texts("good night")
    assert maya.received == []
    ask(world, maya, NEW)
    confirm(world, maya, NEW, code_on(world, NEW))
    world.clock.wait(12 * 3600)
    world.settle()
    assert maya.received == []
    assert "good night" in Phone(world, "maya", NEW).received[-1]


def test_a_wrong_code_changes_nothing_and_five_of_them_end_it(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    ask(world, maya, NEW)
    code = code_on(world, NEW)
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    for _ in range(phone_change.MOST_TRIES):
        with pytest.raises(phone_change.WrongCode):
            confirm(world, maya, NEW, wrong)
        with world.gateway.db.transaction() as session:
            phone_change.count_wrong(session, person_with_key(session, "maya"))
    with pytest.raises(Refused, match="no longer good"):
        confirm(world, maya, NEW, code)
    ben.texts("hi")
    assert maya.received == ["hi"]


def test_a_code_is_good_for_a_day(world: World, maya: Phone) -> None:
    ask(world, maya, NEW)
    world.clock.wait(24 * 3600 + 1)
    with pytest.raises(Refused, match="no longer good"):
        confirm(world, maya, NEW, code_on(world, NEW))


@pytest.mark.parametrize(
    ("number", "why"),
    [
        pytest.param(POOL[0], "gateway's own lines", id="our own line"),
        pytest.param("+17055550111", "has already", id="the number she has"),
    ],
)
def test_some_numbers_cannot_become_hers(world: World, maya: Phone, number: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        ask(world, maya, number)


def test_a_new_number_undoes_no_stop(world: World, maya: Phone, ben: Phone, pair: int) -> None:
    maya.texts("STOP")
    with pytest.raises(Refused, match="maya texted STOP"):
        ask(world, maya, NEW)
    other = Phone(world, "somebody", "+17055550178")
    other.texts("STOP", to=POOL[0])
    with pytest.raises(Refused, match="this phone texted STOP"):
        ask(world, ben, other.number)


def test_a_stop_between_the_code_and_its_confirmation_holds(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    ask(world, maya, NEW)
    maya.texts("STOP")
    with pytest.raises(Refused, match="maya texted STOP"):
        confirm(world, maya, NEW, code_on(world, NEW))
    ben.texts("hi")
    assert len(Phone(world, "maya", NEW).received) == 1


def test_a_phone_that_already_texts_one_of_her_lines_cannot_become_hers(
    world: World, maya: Phone, ben: Phone
) -> None:
    lea = world.person("lea", phone="+18195550113")
    for number in range(len(POOL)):
        world.match(lea, world.person(f"mentor{number}", Role.MENTOR))
    world.match(maya, ben)
    ask(world, maya, lea.number)
    with pytest.raises(Refused, match="already texts one of this person's lines"):
        confirm(world, maya, lea.number, code_on(world, lea.number))
    ben.texts("hi")
    assert maya.received == ["hi"]
