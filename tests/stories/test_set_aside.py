"""One broken row must not silence the others: it is tried again, then set aside where staff see it."""

from datetime import UTC, datetime, timedelta
from threading import Thread

from sqlmodel import select

from gateway.app import open_gateway
from gateway.models import Agenda, Alert, ContentKind, Participant, PersonAgenda, Role, Run, RunState
from gateway.people.directory import person_with_key
from gateway.prompts.agenda import MOST_FAILURES
from gateway.work import rounds
from tests.stories.test_prompts import HELLO, activity, begin, load
from tests.world import HandBell, Phone, World

WEDNESDAY = datetime(2026, 11, 25, 20, 30, tzinfo=UTC)
SAID = "Passerelle: One good thing, {}?"


def live_through(world: World, hours: int) -> None:
    """Let so many hours pass, with a tick in each half of them."""
    for _ in range(2 * hours):
        rounds.speak(world.gateway)
        world.clock.at += timedelta(minutes=30)
    world.settle()


def break_zone(world: World, key: str, zone: str) -> None:
    with world.gateway.db.transaction() as session:
        person = person_with_key(session, key)
        person.timezone = zone
        session.add(person)


def alerts(world: World) -> list[str]:
    with world.gateway.db.reading() as session:
        return list(session.exec(select(Alert.reason)))


def test_a_match_that_cannot_be_looked_at_holds_back_nobody_else(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    lea, paul = world.person("lea"), world.person("paul", role=Role.MENTOR)
    world.match(lea, paul)
    break_zone(world, "maya", "Nowhere/At_All")
    load(world, ContentKind.PROMPTS, one=activity("{ week: 1, weekday: wed }"))
    world.clock.at = WEDNESDAY
    rounds.speak(world.gateway)
    world.settle()
    assert (lea.received, paul.received) == ([SAID.format("Lea")], [SAID.format("Paul")])
    assert (maya.received, ben.received) == ([], [])
    assert alerts(world) == []


def test_what_keeps_failing_is_set_aside_with_an_alert_and_a_new_set_takes_it_up_again(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    break_zone(world, "maya", "Nowhere/At_All")
    load(world, ContentKind.PROMPTS, one=activity("{ week: 1, weekday: wed }"))
    live_through(world, hours=6)
    with world.gateway.db.reading() as session:
        row = session.get_one(Agenda, pair)
        assert (row.failures, row.next_look_at) == (MOST_FAILURES, None)
    assert sorted(alerts(world)) == ["match_set_aside", "person_set_aside"]
    break_zone(world, "maya", "America/Toronto")
    load(world, ContentKind.PROMPTS, one=activity("{ week: 1, weekday: wed }"))
    world.clock.at = WEDNESDAY
    rounds.speak(world.gateway)
    world.settle()
    assert (maya.received, ben.received) == ([SAID.format("Maya")], [SAID.format("Ben")])


def test_a_conversation_that_cannot_be_moved_ends_and_staff_see_it(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    load(world, ContentKind.FLOWS, hello=HELLO.replace("[youth]", "[youth, mentor]"))
    begin(world, maya)
    begin(world, ben)
    with world.gateway.db.transaction() as session:
        run = session.exec(select(Run).where(Run.participant_id == person_with_key(session, "maya").id)).one()
        run.state_sealed = run.state_sealed[:-1] + bytes([run.state_sealed[-1] ^ 1])
        session.add(run)
    world.clock.at += timedelta(days=2)
    live_through(world, hours=6)
    assert ben.received[-1] == "No rush: 1 Quiet, 2 Any time"
    assert len(maya.received) == 2
    assert alerts(world) == ["conversation_set_aside"]
    with world.gateway.db.reading() as session:
        assert set(session.exec(select(Run.state))) == {RunState.STOPPED, RunState.RUNNING}


def test_a_person_who_cannot_be_looked_at_is_set_aside_too(world: World, maya: Phone) -> None:
    break_zone(world, "maya", "Nowhere/At_All")
    live_through(world, hours=6)
    with world.gateway.db.reading() as session:
        person = session.exec(select(Participant)).one()
        assert session.get_one(PersonAgenda, person.id).next_look_at is None
    assert alerts(world) == ["person_set_aside"]


def test_two_schedulers_at_the_same_moment_say_each_thing_once(world: World) -> None:
    phones, pairs = [], 12
    for number in range(pairs):
        youth = world.person(f"youth{number}", phone=f"+1613555{2000 + number}")
        mentor = world.person(f"mentor{number}", role=Role.MENTOR, phone=f"+1613555{3000 + number}")
        world.match(youth, mentor)
        phones += [youth, mentor]
    load(world, ContentKind.PROMPTS, one=activity("{ week: 1, weekday: wed }"))
    load(
        world,
        ContentKind.FLOWS,
        hello=HELLO.replace("for: [youth]", "for: [youth]\nstarts: { event: consented }"),
    )
    world.clock.at = WEDNESDAY
    other = open_gateway(world.gateway.settings, bell=HandBell(), clock=world.clock)
    schedulers = [Thread(target=rounds.speak, args=(gateway,)) for gateway in (world.gateway, other)]
    for scheduler in schedulers:
        scheduler.start()
    for scheduler in schedulers:
        scheduler.join(60)
    other.db.engine.dispose()
    other.provider.close()  # type: ignore[attr-defined]
    keys = [row.dedupe_key for row in world.outbound()]
    assert len(keys) == len(set(keys))
    with world.gateway.db.reading() as session:
        begun = list(session.exec(select(Run.participant_id)))
    assert sorted(begun) == sorted(phone.person.id or 0 for phone in phones[::2])
    assert len([key for key in keys if key.startswith("prompt:one:")]) >= pairs
    assert alerts(world) == []
