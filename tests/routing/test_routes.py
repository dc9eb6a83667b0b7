"""(from, to) names at most one match; whoever it does not name reaches nobody."""

from gateway.models import MatchState, Role
from gateway.routing.routes import FromStranger, NotOurLine, Route, ToMatch, ToProgram, find_route
from tests.world import POOL, PROGRAM, Phone, World


def route(world: World, number: str, line: str) -> Route:
    with world.gateway.db.reading() as session:
        return find_route(session, session.index(number), line)


def test_a_member_on_her_own_mask_reaches_her_match(world: World, maya: Phone, ben: Phone, pair: int) -> None:
    found = route(world, maya.number, maya.mask)
    assert isinstance(found, ToMatch)
    assert (found.match.id, found.sender.key, found.line.number) == (pair, "maya", maya.mask)


def test_on_any_other_line_she_is_a_stranger(world: World, maya: Phone, ben: Phone, pair: int) -> None:
    others = [line for line in POOL if line != maya.mask]
    assert all(isinstance(route(world, maya.number, line), FromStranger) for line in others)


def test_a_closed_match_is_still_known_by_its_line(world: World, maya: Phone, ben: Phone, pair: int) -> None:
    world.close(pair)
    found = route(world, maya.number, maya.mask)
    assert isinstance(found, ToMatch) and found.match.state is MatchState.CLOSED


def test_on_the_program_line_she_is_known_and_a_shared_phone_is_nobody_in_particular(
    world: World, maya: Phone
) -> None:
    found = route(world, maya.number, PROGRAM)
    assert isinstance(found, ToProgram) and found.sender and found.sender.key == "maya"
    world.person("lea", phone=maya.number)
    found = route(world, maya.number, PROGRAM)
    assert isinstance(found, ToProgram) and found.sender is None


def test_a_number_that_is_no_line_is_said_so(world: World, maya: Phone) -> None:
    assert isinstance(route(world, maya.number, "+14165550199"), NotOurLine)
    assert isinstance(route(world, maya.number, "724724"), NotOurLine)


def test_two_on_one_phone_with_one_mentor_are_told_apart_by_the_line(world: World, ben: Phone) -> None:
    maya, lea = (world.person(key, Role.YOUTH, "+17055550120") for key in ("maya", "lea"))
    matches = {phone.key: world.match(phone, ben) for phone in (maya, lea)}
    for phone in (maya, lea):
        found = route(world, phone.number, phone.mask)
        assert isinstance(found, ToMatch)
        assert (found.match.id, found.sender.key) == (matches[phone.key], phone.key)
