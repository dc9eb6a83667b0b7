"""The one gate: who may read which private row. Every test of it is "Ruth can, Sam can't"."""

from zoneinfo import ZoneInfo

import pytest
from sqlmodel import col, select

from gateway.models import Match, OutboundMessage, Participant, Role, Staff, StaffRole
from gateway.people.access import (
    MAY,
    Act,
    Hidden,
    Viewer,
    audit_for,
    match_for,
    matches_for,
    may,
    people_for,
    person_for,
    sees_match,
    staff_for,
    viewer_of,
)
from gateway.privacy.audit import audit
from tests.web.console import Office, open_office
from tests.world import Phone, World

EVERYBODY = ("ruth", "kim", "sam", "ann", "abe", "otto", "olga")


@pytest.fixture
def office(world: World, pair: int) -> Office:
    return open_office(world)


@pytest.fixture
def orphan(world: World, office: Office) -> int:
    """A match of the same community that is in nobody's care yet."""
    return world.match(world.person("lea"), world.person("paul", Role.MENTOR))


def viewer(office: Office, name: str) -> Viewer:
    with office.place.gateway.db.reading() as session:
        return viewer_of(session, session.get_one(Staff, office.seats[name].staff_id))


def see_match(office: Office, match_id: int) -> set[str]:
    """Who can open this match, asked in both ways: by its uid and in the list."""
    able = set()
    with office.place.gateway.db.reading() as session:
        uid = session.get_one(Match, match_id).uid
        for name in EVERYBODY:
            looks = viewer(office, name)
            is_listed = uid in {match.uid for match in session.exec(matches_for(looks))}
            try:
                match_for(session, looks, uid)
            except Hidden:
                assert not is_listed
            else:
                assert is_listed
                able.add(name)
    return able


def test_a_match_is_seen_by_its_coordinator_its_admins_and_the_owner(office: Office, pair: int) -> None:
    assert see_match(office, pair) == {"ruth", "ann", "olga"}


def test_a_match_in_nobodys_care_is_seen_by_admins(office: Office, orphan: int) -> None:
    assert see_match(office, orphan) == {"ann", "olga"}


def test_a_match_handed_to_a_coordinator_of_elsewhere_by_mistake_stays_hidden_from_her(
    office: Office, pair: int
) -> None:
    with office.place.gateway.db.transaction() as session:
        session.get_one(Match, pair).coordinator_id = office.sam.staff_id
    assert see_match(office, pair) == {"ann", "olga"}


def test_people_are_seen_by_whoever_sees_a_match_of_theirs(
    office: Office, orphan: int, maya: Phone, world: World
) -> None:
    lonely = world.person("zoe")
    with world.gateway.db.reading() as session:
        seen = {
            name: {person.key for person in session.exec(people_for(viewer(office, name)))}
            for name in EVERYBODY
        }
        for name in EVERYBODY:
            try:
                assert person_for(session, viewer(office, name), maya.person.uid).key == "maya"
                assert "maya" in seen[name]
            except Hidden:
                assert "maya" not in seen[name]
    everybody = {"maya", "ben", "lea", "paul", lonely.key}
    nobody: set[str] = set()
    assert seen == {
        "ruth": {"maya", "ben"},
        "kim": nobody,
        "sam": nobody,
        "ann": everybody,
        "abe": nobody,
        "otto": nobody,
        "olga": everybody,
    }


def test_what_is_not_there_and_what_is_not_ones_own_are_the_same_answer(office: Office, pair: int) -> None:
    with office.place.gateway.db.reading() as session:
        uid = session.get_one(Match, pair).uid
        said = []
        for asked in (uid, "0" * 32, "", "' OR 1=1 --"):
            with pytest.raises(Hidden) as hidden:
                match_for(session, viewer(office, "sam"), asked)
            said.append(str(hidden.value))
    assert len(set(said)) == 1


def test_texts_are_reached_through_the_same_condition(
    office: Office, world: World, maya: Phone, ben: Phone
) -> None:
    maya.texts("hello")
    assert "hello" in ben.received[-1]
    with world.gateway.db.reading() as session:
        counts = {
            name: len(
                session.exec(
                    select(OutboundMessage.id)
                    .join(Match, col(Match.id) == OutboundMessage.match_id)
                    .where(sees_match(viewer(office, name)))
                ).all()
            )
            for name in ("ruth", "sam", "otto")
        }
    assert counts["ruth"] > 0 and counts["sam"] == counts["otto"] == 0


@pytest.mark.parametrize("role", [StaffRole.COORDINATOR, StaffRole.ADMIN, StaffRole.AUDITOR])
def test_whoever_belongs_to_no_community_sees_nothing(office: Office, role: StaffRole) -> None:
    stray = Viewer(999, "u" * 32, role, None, "Stray", "en", ZoneInfo("UTC"))
    with office.place.gateway.db.transaction() as session:
        audit(session, "cli", "match.pause", "match:1", office.place.clock.now())
        found = [
            row
            for rows in (matches_for, people_for, staff_for, audit_for)
            for row in session.exec(rows(stray))
        ]
    assert found == []


def test_the_audit_is_read_by_auditors_and_admins_of_the_community_that_it_is_about(
    office: Office, pair: int, maya: Phone
) -> None:
    now = office.place.clock.now()
    ruth, sam = viewer(office, "ruth"), viewer(office, "sam")
    with office.place.gateway.db.transaction() as session:
        for actor, subject in (
            (ruth.actor, "alerts"),
            ("cli", f"match:{pair}"),
            ("cli", f"participant:{maya.person.id}"),
            ("console", f"staff:{ruth.staff_id}"),
            (sam.actor, "alerts"),
            ("cli", "installation"),
        ):
            audit(session, actor, "x", subject, now)
        counts = {
            name: len(session.exec(audit_for(viewer(office, name))).all())
            for name in ("ruth", "ann", "otto", "abe", "olga")
        }
    assert counts == {"ruth": 0, "ann": 4, "otto": 4, "abe": 1, "olga": 6}


def test_colleagues_are_looked_after_by_admins_of_their_own_community(office: Office) -> None:
    with office.place.gateway.db.reading() as session:
        counts = {
            name: len(session.exec(staff_for(viewer(office, name))).all())
            for name in ("ruth", "otto", "ann", "abe", "olga")
        }
    assert counts == {"ruth": 0, "otto": 0, "ann": 5, "abe": 2, "olga": 8}


def test_what_each_role_may_do_is_written_down(office: Office) -> None:
    assert set(MAY) == set(StaffRole)
    able = {act: {name for name in EVERYBODY if may(viewer(office, name), act)} for act in Act}
    coordinators, admins = {"ruth", "kim", "sam"}, {"ann", "abe", "olga"}
    assert able == {
        Act.LOOK: coordinators | admins,
        Act.CARE: coordinators | admins,
        Act.REVIEW: coordinators | admins,
        Act.ENROL: admins,
        Act.AUTHOR: admins,
        Act.COUNT: set(EVERYBODY),
        Act.AUDIT: admins | {"otto"},
        Act.STAFF: admins,
        Act.INSTALL: {"olga"},
        Act.SIGN_IN: set(EVERYBODY),
    }


def test_a_person_of_two_matches_is_seen_once(office: Office, world: World, maya: Phone) -> None:
    other = world.match(maya, world.person("eve", Role.MENTOR))
    with world.gateway.db.transaction() as session:
        session.get_one(Match, other).coordinator_id = office.ruth.staff_id
    with world.gateway.db.reading() as session:
        keys = [
            person.key
            for person in session.exec(people_for(viewer(office, "ruth")).order_by(Participant.key))
        ]
    assert keys == ["ben", "eve", "maya"]
