"""Joining and leaving a group that goes on: who left is heard by nobody, and hears nothing."""

from collections.abc import Sequence

import pytest

from gateway.matching import groups, matches
from gateway.matching.matches import GatesNotMet
from gateway.matching.waivers import open_gates, waivers_of
from gateway.models import Outcome, Role
from gateway.people.directory import Refused, person_with_key
from gateway.work import jobs
from tests.world import Phone, World


def joins(world: World, match_id: int, who: Phone, waiver: str | None = None) -> None:
    with world.gateway.db.transaction() as session:
        match, person = matches.get(session, match_id), person_with_key(session, who.key)
        who.mask, _ = groups.join(session, match, person, waiver, "cli", world.clock.now())


def leaves(world: World, match_id: int, who: Phone) -> None:
    with world.gateway.db.transaction() as session:
        match, person = matches.get(session, match_id), person_with_key(session, who.key)
        groups.leave(session, match, person, 365, world.clock.now())


@pytest.fixture
def lea(world: World) -> Phone:
    return world.person("lea", Role.YOUTH, "+18195550113")


def test_who_joins_is_heard_by_all_and_hears_all(
    world: World, pair: int, maya: Phone, ben: Phone, lea: Phone
) -> None:
    joins(world, pair, lea)
    lea.texts("hello")
    assert ben.received == maya.received == ["Lea: hello"]
    ben.texts("welcome")
    assert lea.received == ["Ben: welcome"]


def test_who_left_is_heard_by_nobody_and_hears_nothing(
    world: World, pair: int, maya: Phone, ben: Phone, lea: Phone
) -> None:
    joins(world, pair, lea)
    leaves(world, pair, lea)
    lea.texts("can anybody hear me?")
    ben.texts("only for Maya")
    assert world.inbound()[0].outcome is Outcome.CLOSED_MATCH
    assert maya.received == ["only for Maya"]
    assert [text for text in ben.received if "hear" in text] == []
    assert lea.received == [text for text in lea.received if "only for" not in text]


def test_what_was_queued_for_who_left_is_never_sent(
    world: World, pair: int, maya: Phone, ben: Phone, lea: Phone
) -> None:
    joins(world, pair, lea)
    ben.types("half way")
    world.network.tick(world.clock.now())
    jobs.drain_inbox(world.gateway)
    leaves(world, pair, lea)
    world.settle()
    assert lea.received == [] and maya.received == ["Ben: half way"]


def test_who_comes_back_has_the_same_number(world: World, pair: int, ben: Phone, lea: Phone) -> None:
    joins(world, pair, lea)
    before = lea.mask
    leaves(world, pair, lea)
    joins(world, pair, lea)
    assert lea.mask == before
    lea.texts("back again")
    assert ben.received[-1] == "Lea: back again"


def test_a_match_never_loses_its_last_youth_or_mentor(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    for who in (maya, ben):
        with pytest.raises(Refused, match="close it instead"):
            leaves(world, pair, who)


def test_nobody_joins_who_may_not(world: World, pair: int, ben: Phone) -> None:
    guardian = world.person("gran", Role.GUARDIAN)
    shared = world.person("zoe", phone=ben.number)
    unasked = world.person("una", consents=False)
    elsewhere = world.person("eli", community="south")
    for who, why in (
        (guardian, "enrolled as guardian"),
        (shared, "share one phone"),
        (unasked, "consent"),
        (elsewhere, "communities"),
        (ben, "twice"),
    ):
        with pytest.raises(GatesNotMet, match=why):
            joins(world, pair, who)


def test_a_seventh_does_not_fit(world: World, pair: int) -> None:
    more: Sequence[Phone] = [world.person(f"y{n}", phone=f"+1613555{1300 + n}") for n in range(5)]
    for who in more[:4]:
        joins(world, pair, who)
    with pytest.raises(GatesNotMet, match="2 to 6 people"):
        joins(world, pair, more[4])


def test_a_waiver_stays_beside_the_match_with_its_reason(world: World, pair: int) -> None:
    paul = world.person("paul", Role.MENTOR, screened=False)
    with pytest.raises(GatesNotMet):
        joins(world, pair, paul)
    joins(world, pair, paul, "police check is under way")
    with world.gateway.db.reading() as session:
        match = matches.get(session, pair)
        kept = [(one.gate, one.person.key, one.reason) for one in waivers_of(session, match)]
        assert open_gates(session, match, world.clock.now().date()) == []
    assert kept == [
        ("screening", "paul", "police check is under way"),
        ("training", "paul", "police check is under way"),
    ]
