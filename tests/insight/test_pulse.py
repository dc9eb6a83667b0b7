"""The derived tables say the same whenever, however often and in whatever order they are made."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select
from sqlmodel import SQLModel

from gateway.flows.schema import Thresholds
from gateway.insight import pulse
from gateway.insight.rules import Rules
from gateway.models import Need, Outcome, PulseWeek, Standing
from gateway.work import jobs
from tests.insight.rows import add_match, add_text
from tests.world import Phone, World

DERIVED: tuple[type[SQLModel], ...] = (PulseWeek, Standing, Need)

# What happens next: somebody writes after so many hours (None: a refresh runs).
STEPS = st.lists(
    st.none() | st.tuples(st.booleans(), st.floats(0, 400), st.sampled_from([*Outcome])), max_size=40
)


def derived(world: World) -> list[list[dict[str, Any]]]:
    """Every derived row but for when it was made."""
    with world.gateway.db.reading() as session:
        return [
            sorted(
                (row.model_dump(exclude={"refreshed_at"}) for row in session.scalars(select(table))),
                key=str,
            )
            for table in DERIVED
        ]


def rebuild(world: World) -> None:
    with world.gateway.db.transaction() as session:
        for table in DERIVED:
            session.execute(delete(table))
        match_ids = pulse.all_matches(session)
    jobs.measure_all(world.gateway, match_ids)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_keeping_up_comes_to_the_same_as_starting_over(
    world: World, maya: Phone, ben: Phone, steps: list[tuple[bool, float, Outcome] | None]
) -> None:
    people = (maya.person, ben.person)
    with world.gateway.db.transaction() as session:
        match_id = add_match(session, people, world.clock.now())
    for step in steps:
        if step is None:
            jobs.keep_insight(world.gateway)
            continue
        is_ben, hours, outcome = step
        world.clock.at += timedelta(hours=hours)
        with world.gateway.db.transaction() as session:
            add_text(session, match_id, people[is_ben], world.clock.now(), outcome)
    jobs.keep_insight(world.gateway)
    kept_up = derived(world)
    rebuild(world)
    assert derived(world) == kept_up


def test_only_what_has_news_is_measured(world: World, maya: Phone, ben: Phone) -> None:
    with world.gateway.db.transaction() as session:
        people = (maya.person, ben.person)
        made = [add_match(session, people, world.clock.now()) for _ in range(3)]
    assert jobs.keep_insight(world.gateway) == 3
    world.clock.at += timedelta(hours=1)
    with world.gateway.db.transaction() as session:
        add_text(session, made[1], people[0], world.clock.now())
    with world.gateway.db.reading() as session:
        assert pulse.to_refresh(session, world.clock.now()) == [made[1]]


def test_a_text_that_was_committed_late_is_not_missed(world: World, maya: Phone, ben: Phone) -> None:
    people = (maya.person, ben.person)
    with world.gateway.db.transaction() as session:
        match_id = add_match(session, people, world.clock.now())
    handled_at = world.clock.now()
    world.clock.at += timedelta(minutes=5)
    jobs.keep_insight(world.gateway)
    with world.gateway.db.transaction() as session:  # its transaction took five minutes and more
        add_text(session, match_id, people[0], handled_at)
    jobs.keep_insight(world.gateway)
    with world.gateway.db.reading() as session:
        assert session.get_one(Standing, match_id).youth_texts == 1


def test_what_was_missed_all_the_same_is_found_within_a_day(world: World, maya: Phone, ben: Phone) -> None:
    people = (maya.person, ben.person)
    with world.gateway.db.transaction() as session:
        match_id = add_match(session, people, world.clock.now())
    handled_at = world.clock.now()
    world.clock.at += timedelta(hours=2)
    jobs.keep_insight(world.gateway)
    with world.gateway.db.transaction() as session:
        add_text(session, match_id, people[0], handled_at)
    world.clock.at += timedelta(hours=25)
    jobs.keep_insight(world.gateway)
    with world.gateway.db.reading() as session:
        assert session.get_one(Standing, match_id).youth_texts == 1


def test_a_text_counts_once_in_a_group_and_by_what_one_partner_gets(
    world: World, maya: Phone, ben: Phone
) -> None:
    paul = world.person("paul")
    match_id = world.match(maya, paul, ben)
    maya.texts("x" * 200)  # two segments, to each of two
    jobs.keep_insight(world.gateway)
    with world.gateway.db.reading() as session:
        rows = session.scalars(select(PulseWeek)).all()
        assert [(row.match_id, row.texts, row.segments) for row in rows] == [(match_id, 1, 2)]


def test_what_reached_nobody_is_no_exchange(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    ben.texts("STOP")
    maya.texts("are you there?")
    jobs.keep_insight(world.gateway)
    with world.gateway.db.reading() as session:
        assert session.get_one(Standing, pair).youth_texts == 0


def test_two_schedulers_at_once_keep_the_same_numbers(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    maya.texts("hi")
    ben.texts("hello")
    with ThreadPoolExecutor(4) as pool:
        for done in [pool.submit(jobs.measure_all, world.gateway, [pair]) for _ in range(12)]:
            done.result(30)
    kept = derived(world)
    assert len(kept[1]) == 1
    rebuild(world)
    assert derived(world) == kept


def test_the_charter_says_what_counts(world: World) -> None:
    """The shipped charter, the schema's defaults and the rules' own are the same thresholds."""
    rules = world.gateway.watch
    assert rules == Rules(zone=rules.zone) == Rules(zone=rules.zone, **Thresholds().model_dump())
