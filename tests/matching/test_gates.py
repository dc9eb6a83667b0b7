"""What must be true before two people may text, and which of it staff may waive with a reason."""

from datetime import date, timedelta

import pytest
from sqlmodel import col, update

from gateway.matching.gates import SCREENING_HOLDS_DAYS, Gate, unmet_gates
from gateway.matching.matches import GatesNotMet
from gateway.models import Participant, Role
from gateway.people.directory import person_with_key
from gateway.people.numbers import doubt
from tests.world import Phone, World


def gates(world: World, *keys: str) -> list[Gate]:
    with world.gateway.db.reading() as session:
        people = [person_with_key(session, key) for key in keys]
        youths = [person for person in people if person.role is Role.YOUTH]
        mentors = [person for person in people if person.role is not Role.YOUTH]
        return unmet_gates(session, youths, mentors, world.clock.now().date())


def keys_of(found: list[Gate]) -> list[tuple[str, bool]]:
    return [(gate.key, gate.can_be_waived) for gate in found]


def screened_on(world: World, key: str, day: date | None) -> None:
    with world.gateway.db.transaction() as session:
        session.execute(update(Participant).where(col(Participant.key) == key).values(screened_on=day))


def test_people_who_are_ready_pass_every_gate(world: World, maya: Phone, ben: Phone) -> None:
    assert gates(world, "maya", "ben") == []


@pytest.mark.parametrize(
    ("days", "passes"),
    [
        pytest.param(0, True, id="today"),
        pytest.param(SCREENING_HOLDS_DAYS, True, id="three years ago"),
        pytest.param(SCREENING_HOLDS_DAYS + 1, False, id="a day more"),
        pytest.param(None, False, id="never"),
    ],
)
def test_a_mentors_screening_holds_for_three_years(
    world: World, maya: Phone, ben: Phone, days: int | None, passes: bool
) -> None:
    today = world.clock.now().date()
    screened_on(world, "ben", None if days is None else today - timedelta(days=days))
    assert keys_of(gates(world, "maya", "ben")) == ([] if passes else [("screening", True)])


def test_consent_is_asked_of_everyone_and_never_waived(world: World, ben: Phone) -> None:
    world.person("maya", consents=False)
    assert keys_of(gates(world, "maya", "ben")) == [("consent", False), ("consent", False)]


def test_somebody_who_said_stop_or_whose_number_is_in_doubt_is_not_matched(
    world: World, maya: Phone, ben: Phone
) -> None:
    maya.texts("STOP", to="+14165550100")
    with world.gateway.db.transaction() as session:
        doubt(session, person_with_key(session, "ben"), world.clock.now())
    assert keys_of(gates(world, "maya", "ben")) == [("opted_out", False), ("number", False)]


def test_two_communities_do_not_mix(world: World, maya: Phone) -> None:
    world.person("sam", Role.MENTOR, community="south")
    assert keys_of(gates(world, "maya", "sam")) == [("community", False)]


def test_a_guardian_is_no_mentor(world: World, maya: Phone) -> None:
    world.person("ruth", Role.GUARDIAN)
    assert ("role", False) in keys_of(gates(world, "maya", "ruth"))


def test_the_same_people_are_matched_once_but_a_pair_may_also_be_in_a_group(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    world.person("lea")
    assert keys_of(gates(world, "maya", "ben")) == [("matched", False)]
    assert gates(world, "maya", "lea", "ben") == []
    world.close(pair)
    assert gates(world, "maya", "ben") == []


def test_a_waiver_opens_only_what_may_be_waived(world: World, maya: Phone, ben: Phone) -> None:
    screened_on(world, "ben", None)
    with pytest.raises(GatesNotMet, match="Staff may waive this with --waive REASON"):
        world.match(maya, ben)
    world.match(maya, ben, waiver="the paper is on its way")
    maya.texts("hi")
    assert ben.received == ["hi"]
