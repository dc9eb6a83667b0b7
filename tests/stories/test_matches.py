"""Pairs, groups, shared phones and rematches: (from, to) names one match, and a mask that rests reaches nobody new."""

import pytest
from sqlmodel import func, select

from gateway.matching.matches import GatesNotMet
from gateway.models import Match, Outcome, Role
from gateway.routing.masks import PoolTooSmall
from tests.world import POOL, Phone, World


def cast_of(world: World, *keys: str, role: Role = Role.YOUTH) -> list[Phone]:
    return [world.person(key, role, f"+1613555{1200 + number:04d}") for number, key in enumerate(keys)]


@pytest.mark.parametrize("size", [3, 6])
def test_in_a_group_everyone_else_reads_who_wrote(world: World, ben: Phone, size: int) -> None:
    youths = cast_of(world, "maya", "lea", "ann", "eve", "joe")[: size - 1]
    world.match(*youths, ben)
    youths[0].texts("hi all")
    ben.texts("hi Maya: all well?")
    assert ben.received == ["Maya: hi all"]
    assert youths[0].received == ["Ben: hi Maya: all well?"]
    assert all(youth.received == ["Maya: hi all", "Ben: hi Maya: all well?"] for youth in youths[1:])
    assert all(set(phone.received_from) == {phone.mask} for phone in (*youths, ben))


def test_a_group_of_seven_is_too_large(world: World, ben: Phone) -> None:
    youths = cast_of(world, "a", "b", "c", "d", "e", "f")
    with pytest.raises(GatesNotMet, match="2 to 6 people"):
        world.match(*youths, ben)


def test_in_a_group_the_others_go_on_when_one_has_left(world: World, ben: Phone) -> None:
    maya, lea = cast_of(world, "maya", "lea")
    world.match(maya, lea, ben)
    lea.texts("STOP")
    before = len(maya.received), len(lea.received)
    ben.texts("hi")
    assert maya.received[before[0] :] == ["Ben: hi"]
    assert len(lea.received) == before[1]
    assert world.inbound()[-1].outcome is Outcome.RELAYED


def test_two_youths_with_one_handset_each_have_a_line_of_their_own(world: World) -> None:
    family = "+17055550120"
    maya, lea = (world.person(key, phone=family) for key in ("maya", "lea"))
    ben, paul = (world.person(key, Role.MENTOR) for key in ("ben", "paul"))
    world.match(maya, ben)
    world.match(lea, paul)
    assert maya.mask != lea.mask
    maya.texts("from Maya")
    lea.texts("from Léa")
    ben.texts("to Maya")
    assert ben.received == ["from Maya"] and paul.received == ["from Léa"]
    assert maya.received_from == [maya.mask]


def test_a_mentor_of_three_answers_each_on_her_own_line(world: World, ben: Phone) -> None:
    youths = cast_of(world, "maya", "lea", "ann")
    for youth in youths:
        world.match(youth, ben)
        youth.texts(f"I am {youth.key}")
    assert len(set(ben.received_from)) == 3
    for youth, line in zip(youths, ben.received_from, strict=True):
        ben.texts(f"hello {youth.key}", to=line)
    assert [youth.received for youth in youths] == [["hello maya"], ["hello lea"], ["hello ann"]]


def test_a_line_that_rests_never_reaches_the_new_partner(world: World, maya: Phone, ben: Phone) -> None:
    first = world.match(maya, ben)
    old_mask, old_mask_of_ben = maya.mask, ben.mask
    world.close(first)
    paul = world.person("paul", Role.MENTOR, "+15145550114")
    world.match(maya, paul)
    assert maya.mask != old_mask
    maya.texts("for Ben, typed too late", to=old_mask)
    ben.texts("for Maya, typed too late", to=old_mask_of_ben)
    maya.texts("for Paul")
    assert paul.received == ["for Paul"]
    assert ben.received[0].startswith("This number no longer passes texts on")
    assert maya.received[0].startswith("This number no longer passes texts on")


def test_the_same_two_people_get_other_lines_while_the_old_ones_rest(
    world: World, maya: Phone, ben: Phone
) -> None:
    world.close(world.match(maya, ben))
    old = maya.mask
    world.match(maya, ben)
    assert maya.mask != old
    maya.texts("we go on")
    assert ben.received == ["we go on"]


def test_a_line_that_has_rested_may_be_lent_again(world: World, maya: Phone, ben: Phone) -> None:
    seen = set()
    for _ in POOL:
        world.close(world.match(maya, ben))
        seen.add(maya.mask)
    assert seen == set(POOL)
    with pytest.raises(PoolTooSmall):
        world.match(maya, ben)
    world.clock.wait(365 * 24 * 3600 - 1)
    with pytest.raises(PoolTooSmall):
        world.match(maya, ben)
    world.clock.wait(1)
    world.match(maya, ben)
    assert maya.mask in POOL


def test_a_pool_too_small_makes_nothing_and_says_how_many_lines_to_add(world: World, ben: Phone) -> None:
    youths = cast_of(world, "maya", "lea", "ann", "eve", "joe")
    for youth in youths[:4]:
        world.match(youth, ben)
    with pytest.raises(PoolTooSmall, match=r"add 1 more line with `gateway lines add NUMBER`.* for ben"):
        world.match(youths[4], ben)
    with world.gateway.db.reading() as session:
        assert session.exec(select(func.count()).select_from(Match)).one() == 4


@pytest.mark.parametrize(
    ("roles", "phones", "why"),
    [
        pytest.param(
            (Role.YOUTH, Role.YOUTH), ("1", "2"), "at least one youth and one mentor", id="no mentor"
        ),
        pytest.param((Role.YOUTH, Role.MENTOR), ("1", "1"), "share one phone", id="both on one phone"),
    ],
)
def test_people_who_cannot_be_matched_are_refused_with_a_reason(
    world: World, roles: tuple[Role, Role], phones: tuple[str, str], why: str
) -> None:
    people = [
        world.person(key, role, f"+1613555010{phone}")
        for key, role, phone in zip(("maya", "ben"), roles, phones, strict=True)
    ]
    with pytest.raises(GatesNotMet, match=why):
        world.match(*people, waiver="even so")
