"""Conversations begin by themselves: with whom, when, once; and nobody who has not agreed is spoken to but to be asked."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlmodel import col, delete, select

from gateway.cli.content import own_files
from gateway.library import store
from gateway.matching import matches
from gateway.models import (
    Consent,
    ConsentKind,
    ConsentState,
    ContentKind,
    Installation,
    Match,
    MatchState,
    OutboundMessage,
    Receipt,
    Role,
    Run,
)
from gateway.people.directory import look_at_people, person_with_key
from gateway.work import rounds
from tests.stories.test_prompts import at
from tests.world import PROGRAM, REPOSITORY, Phone, World


@pytest.fixture(autouse=True)
def shipped(world: World) -> None:
    """What is shipped is in use."""
    with world.gateway.db.transaction() as session:
        for kind in ContentKind:
            store(session, kind, own_files(kind, REPOSITORY / kind.value), world.clock.now())


def days(world: World, count: int) -> None:
    """Let days pass, with a tick in the afternoon of each."""
    today = world.clock.now()
    for day in range(1, count + 1):
        at(world, f"{today + timedelta(days=day):%Y-%m-%d}T21:31")


def runs(world: World, phone: Phone) -> list[str]:
    with world.gateway.db.reading() as session:
        person = person_with_key(session, phone.key)
        return list(session.exec(select(Run.flow).where(Run.participant_id == person.id)))


def texting(world: World, phone: Phone) -> list[tuple[ConsentState, str, str]]:
    with world.gateway.db.reading() as session:
        person = person_with_key(session, phone.key)
        found = session.exec(
            select(Consent).where(Consent.participant_id == person.id, Consent.kind == ConsentKind.TEXTING)
        )
        return [(row.state, row.how, row.wording_version) for row in found]


def test_forty_people_imported_at_night_are_each_asked_once_by_day_and_told_nothing_else(
    world: World,
) -> None:
    world.clock.at = datetime(2026, 11, 25, 7, tzinfo=UTC)  # two in the morning
    phones = [
        world.person(f"p{number}", phone=f"+1613555{4000 + number}", consents=False) for number in range(40)
    ]
    at(world, "2026-11-25T07:01")
    at(world, "2026-11-25T14:00")
    assert [phone.received for phone in phones] == [[]] * 40
    at(world, "2026-11-25T20:31")
    for _ in range(4):
        rounds.speak(world.gateway)
        world.settle()
    asked = "Passerelle: hi P7. Staff signed you up with us. Want to see how it works? 1 Yes, 2 No. No rush."
    assert phones[7].received == [asked]
    assert {len(phone.received) for phone in phones} == {1}
    days(world, 2)
    assert {len(phone.received) for phone in phones} == {1}


def test_a_yes_by_text_is_recorded_with_the_words_that_asked_and_opens_the_way(world: World) -> None:
    noe = world.person("noe", consents=False)
    at(world, "2026-11-25T20:31")
    for answer in ("1", "1", "1"):
        noe.texts(answer, to=PROGRAM)
    assert texting(world, noe) == [
        (ConsentState.PENDING, "told to staff", "2026-11"),
        (ConsentState.GIVEN, "text", "welcome-youth@2/consent"),
    ]
    days(world, 3)
    assert runs(world, noe) == ["welcome-youth", "questionnaire-pre"]


def test_a_no_by_text_is_recorded_and_final(world: World) -> None:
    noe = world.person("noe", consents=False)
    at(world, "2026-11-25T20:31")
    for answer in ("1", "1", "2"):
        noe.texts(answer, to=PROGRAM)
    assert texting(world, noe)[-1][0] is ConsentState.WITHDRAWN
    count = len(noe.received)
    days(world, 6)
    assert (len(noe.received), runs(world, noe)) == (count, ["welcome-youth"])


def test_silence_is_asked_once_more_and_then_left_alone(world: World) -> None:
    noe = world.person("noe", consents=False)
    at(world, "2026-11-25T20:31")
    days(world, 16)
    assert len(noe.received) == 2
    assert texting(world, noe)[-1][0] is ConsentState.PENDING


def test_who_gave_consent_to_staff_is_not_welcomed_and_learns_what_is_untrained(world: World) -> None:
    ada = world.person("ada", Role.MENTOR, screened=False)
    ben = world.person("ben", Role.MENTOR)
    days(world, 5)
    assert (runs(world, ada), runs(world, ben)) == (["training-mentor"], [])


def test_each_month_has_its_check_in_and_no_conversation_begins_before_the_last_one_has_ended(
    world: World, pair: int, maya: Phone
) -> None:
    days(world, 54)
    assert runs(world, maya).count("checkin-youth") == 2
    with world.gateway.db.reading() as session:
        person = person_with_key(session, "maya")
        held = session.exec(
            select(Run.created_at, Run.ended_at).where(Run.participant_id == person.id).order_by(col(Run.id))
        ).all()
    assert len(held) >= 4
    assert all(ended and ended <= begins for (_, ended), (begins, _) in pairwise(held))


def test_a_planned_end_names_its_day_asks_again_and_closes_the_match_the_morning_after(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    with world.gateway.db.transaction() as session:
        matches.end_on(session, matches.get(session, pair), date(2026, 12, 22), world.clock.now())
    days(world, 2)
    news = [text for text in maya.received if "December 22" in text]
    assert news == [
        "Passerelle: hi Maya. As planned, the texts in your match end on Tue December 22. 1 OK, 2 I want to talk to a person"
    ]
    days(world, 27)
    with world.gateway.db.reading() as session:
        assert session.get_one(Match, pair).state is MatchState.CLOSED
    assert "closing-planned-mentor" in runs(world, ben)
    assert not any(flow.startswith("closing-sudden") for flow in runs(world, maya) + runs(world, ben))


def test_a_sudden_end_is_followed_by_a_conversation_with_each(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    days(world, 3)
    world.close(pair)
    days(world, 3)
    assert "closing-sudden-youth" in runs(world, maya)
    assert "closing-sudden-mentor" in runs(world, ben)


def test_a_conversation_that_a_restored_backup_has_forgotten_is_not_begun_again(world: World) -> None:
    noe = world.person("noe", consents=False)
    at(world, "2026-11-25T20:31")
    assert len(noe.received) == 1
    with world.gateway.db.transaction() as session:  # a backup of the hour before comes back
        session.execute(delete(OutboundMessage))
        session.execute(delete(Receipt))
        session.execute(delete(Run))
        home = session.get_one(Installation, 1)
        home.restored_at = home.inbound_read_until = world.clock.now() + timedelta(minutes=1)
        person = person_with_key(session, "noe")
        look_at_people(session, [person.id or 0], world.clock.now())
    world.clock.at += timedelta(minutes=5)
    rounds.speak(world.gateway)
    world.settle()
    assert len(noe.received) == 1
    assert runs(world, noe) == ["welcome-youth"]
    noe.texts("1", to=PROGRAM)
    assert len(noe.received) == 3
