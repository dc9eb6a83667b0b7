"""Finding people, and proposing matches, on both databases."""

from sqlalchemy import true
from sqlmodel import select

from gateway.matching import proposals
from gateway.matching.gates import SCREENING_HOLDS_DAYS
from gateway.models import ConsentKind, ConsentState, Participant, Role
from gateway.people.consent import record_consent
from gateway.people.directory import person_with_key
from gateway.people.search import Need, Wanted, find, narrowed, screened_since
from gateway.routing.pool import held_by, lines_needed, pool_size, uses
from tests.world import POOL, Phone, World


def needing(world: World, need: Need) -> set[str]:
    with world.gateway.db.reading() as session:
        oldest = screened_since(world.clock.now().date(), SCREENING_HOLDS_DAYS)
        found = session.exec(narrowed(select(Participant), Wanted(need=need), oldest))
        return {person.key for person in found}


def test_each_filter_finds_those_who_need_it(world: World, maya: Phone, ben: Phone, pair: int) -> None:
    world.person("una", consents=False)
    world.person("old", Role.MENTOR, screened=False)
    ben.texts("STOP")
    with world.gateway.db.transaction() as session:
        now = world.clock.now()
        person_with_key(session, "maya").number_doubted_at = now
        person_with_key(session, "maya").unreachable_since = now
    assert {need: needing(world, need) for need in Need} == {
        Need.CONSENT: {"una"},
        Need.SCREENING: {"old"},
        Need.TRAINING: {"old"},
        Need.NUMBER: {"maya"},
        Need.UNREACHABLE: {"maya"},
        Need.OPTED_OUT: {"ben"},
    }


def test_consent_that_was_taken_back_is_lacking(world: World, maya: Phone) -> None:
    with world.gateway.db.transaction() as session:
        record_consent(
            session, maya.person, ConsentKind.TEXTING, ConsentState.WITHDRAWN, "voice", world.clock.now()
        )
    assert needing(world, Need.CONSENT) == {"maya"}


def test_many_names_are_read_some_at_a_time_and_the_rest_is_said(world: World) -> None:
    for number in range(6):
        world.person(f"sam{number}", phone=f"+1613555{1400 + number}")
    with world.gateway.db.reading() as session:
        found, has_more = find(session, select(Participant), "SAM", most=4)
        exact, _ = find(session, select(Participant), "+1 613 555 1403")
    assert ([person.key for person in found], has_more) == (["sam0", "sam1", "sam2", "sam3"], True)
    assert [person.key for person in exact] == ["sam3"]


def test_a_mentor_of_as_many_as_can_be_carried_is_proposed_no_more(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    world.person("lea")
    with world.gateway.db.reading() as session:
        assert [one.key for one in proposals.waiting_youths(session, true())] == ["lea"]
        assert proposals.free_mentors(session, true()) == []
    with world.gateway.db.transaction() as session:
        person_with_key(session, "ben").most_matches = 2
    with world.gateway.db.reading() as session:
        pairs, left = proposals.for_everybody(session, true(), world.clock.now())
    assert [(one.youth.key, one.mentor.key) for one in pairs] == [("lea", "ben")] and left == []


def test_lines_at_rest_count_for_the_phone_that_had_them(world: World, maya: Phone, ben: Phone) -> None:
    for _ in POOL:
        world.close(world.match(maya, ben))
    with world.gateway.db.reading() as session:
        maya_row, ben_row = (person_with_key(session, key) for key in ("maya", "ben"))
        held = held_by(session, [maya_row, ben_row])
        assert held == {maya_row.id: 4, ben_row.id: 4}
        assert sum(use.resting for use in uses(session)) == 8
        needed = lines_needed(1, [4], [(4, 1)])
        found = proposals.pair(session, maya_row, ben_row, world.clock.now())
        assert found and found.lines_missing == needed - pool_size(session) == 1
        assert not found.can_be_made
