"""Who needs a human today: stories through the whole gateway, on both databases."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from sqlmodel import col

from gateway.insight import attention, live
from gateway.models import (
    ContentKind,
    ContentVersion,
    KeptAnswer,
    Match,
    OutboundMessage,
    OutboundState,
    Reason,
    Role,
    Run,
    RunState,
)
from gateway.outreach import number_verified
from gateway.people.alerts import raise_alert
from gateway.safety import review
from gateway.work import jobs
from tests.insight.conftest import EVERY_MATCH, Look, look
from tests.world import Phone, World

Today = Callable[[], Look]


def test_a_match_in_good_health_needs_nobody(
    world: World, pair: int, maya: Phone, ben: Phone, today: Today
) -> None:
    maya.texts("hi")
    ben.texts("hello")
    assert today().total == 0


def test_silence_of_the_mentor_is_shown_after_a_week_without_anybody_looking(
    world: World, pair: int, maya: Phone, ben: Phone, today: Today
) -> None:
    ben.texts("hello")
    maya.texts("hi")
    today()
    world.clock.at += timedelta(days=6, hours=23)
    assert Reason.MENTOR_QUIET not in look(world, keep=False).reasons(pair)
    world.clock.at += timedelta(hours=1)
    quiet = look(world, keep=False).shown[pair][Reason.MENTOR_QUIET]
    assert quiet.about_id == ben.person.id
    assert (quiet.amount, quiet.days) == (7, 0)


def test_a_text_ends_the_silence(world: World, pair: int, maya: Phone, ben: Phone, today: Today) -> None:
    maya.texts("hi")
    world.clock.at += timedelta(days=15)
    assert {Reason.MENTOR_QUIET, Reason.NO_EXCHANGE} <= {*today().reasons(pair)}
    ben.texts("so sorry, hello!")
    assert not {Reason.MENTOR_QUIET, Reason.NO_EXCHANGE} & {*today().reasons(pair)}


def test_what_is_urgent_comes_first_and_at_once(
    world: World, pair: int, maya: Phone, ben: Phone, today: Today
) -> None:
    lea, paul = world.person("lea"), world.person("paul", role=Role.MENTOR)
    quiet = world.match(lea, paul)
    maya.texts("hi")
    ben.texts("hi")
    world.clock.at += timedelta(days=8)
    assert list(today().shown) == [pair, quiet]  # both are silent; hers is the longer
    with world.gateway.db.transaction() as session:
        raise_alert(session, lea.person.id or 0, "not_safe", world.clock.now())
    seen = look(world, keep=False)
    assert list(seen.shown) == [quiet, pair]
    alert = seen.shown[quiet][Reason.ALERT]
    assert (alert.subject, alert.amount, alert.about_id) == ("not_safe", 1, lea.person.id)


def test_a_number_in_doubt_is_shown_until_staff_have_verified_it(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    world.network.weather.refuse(ben.number, "30005")
    maya.texts("hello?")
    reasons = look(world, keep=False).shown[pair]
    assert reasons[Reason.NUMBER_DOUBTED].about_id == ben.person.id
    assert Reason.ALERT not in reasons, "the alert says the same as the doubt"
    world.network.weather.refuse(ben.number, None)
    with world.gateway.db.transaction() as session:
        number_verified(session, ben.person, world.clock.now())
    assert Reason.NUMBER_DOUBTED not in look(world, keep=False).reasons(pair)


def test_texts_that_wait_for_staff_are_counted(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    for _ in range(8):
        maya.texts("hello")
    with world.gateway.db.reading() as session:
        waiting = review.held(session)
    held = look(world, keep=False).shown[pair][Reason.HELD]
    assert held.amount == len(waiting) > 0


@pytest.mark.parametrize("word", ["STOP", "ARRET"])
def test_a_stop_is_shown_for_as_long_as_it_stands(
    world: World, pair: int, maya: Phone, ben: Phone, word: str
) -> None:
    maya.texts(word)
    stopped = look(world, keep=False).shown[pair]
    assert [*stopped] == [Reason.STOPPED]
    assert (stopped[Reason.STOPPED].about_id, stopped[Reason.STOPPED].subject) == (maya.person.id, "keyword")
    maya.texts("START")
    assert look(world, keep=False).reasons(pair) == [Reason.ALERT]  # nobody has seen it yet


def test_a_phone_out_of_reach_is_shown_until_it_is_back(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    world.network.weather.refuse(maya.number, "30003")
    ben.texts("how was the game?")
    away = look(world, keep=False).shown[pair]
    assert away[Reason.UNREACHABLE].about_id == maya.person.id
    world.network.weather.refuse(maya.number, None)
    maya.texts("hi")
    assert Reason.UNREACHABLE not in look(world, keep=False).reasons(pair)


def test_words_that_never_arrived_are_shown_until_something_gets_through(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    world.network.weather.refuse(ben.number, "30007")
    maya.texts("hello?")
    lost = look(world, keep=False).shown[pair][Reason.UNDELIVERED]
    assert (lost.amount, lost.about_id, lost.subject) == (1, ben.person.id, "filtered")
    world.network.weather.refuse(ben.number, None)
    maya.texts("hello again")
    assert Reason.UNDELIVERED not in look(world, keep=False).reasons(pair)


@pytest.mark.parametrize(
    ("state", "is_shown"),
    [
        pytest.param(OutboundState.UNCERTAIN, True, id="nobody knows"),
        pytest.param(OutboundState.DELIVERED, False, id="it had arrived"),
    ],
)
def test_a_text_that_was_parked_is_shown_while_nobody_knows_whether_it_left(
    world: World, pair: int, maya: Phone, ben: Phone, state: OutboundState, is_shown: bool
) -> None:
    maya.texts("hello?")
    with world.gateway.db.transaction() as session:
        row = session.scalars(select(OutboundMessage)).one()
        row.state, row.parked_at = state, world.clock.now()
        session.add(row)
    assert (Reason.UNDELIVERED in look(world, keep=False).reasons(pair)) is is_shown


def test_a_task_that_is_not_done_is_shown_three_days_after_the_question(
    world: World, pair: int, maya: Phone, today: Today
) -> None:
    with world.gateway.db.transaction() as session:
        version = ContentVersion(
            kind=ContentKind.PROMPTS,
            hash="h",
            files="{}",
            created_at=world.clock.now(),
            live_at=world.clock.now() + timedelta(days=999),
        )
        session.add(version)
        session.flush()
        run = Run(
            dedupe_key="task",
            participant_id=maya.person.id or 0,
            match_id=pair,
            flow="task/cover-letter",
            version_id=version.id or 0,
            state=RunState.ENDED,
            created_at=world.clock.now(),
        )
        session.add(run)
        session.flush()
        run_id = run.id or 0
    today()
    world.clock.at += timedelta(days=3)
    assert today().shown[pair][Reason.TASK_PAST_DUE].subject == "cover-letter"
    with world.gateway.db.transaction() as session:
        answer = KeptAnswer(
            participant_id=maya.person.id or 0,
            match_id=pair,
            run_id=run_id,
            question="task_done:cover-letter",
            value_sealed=b"",
            at=world.clock.now(),
        )
        session.add(answer)
    assert Reason.TASK_PAST_DUE not in today().reasons(pair)


def test_a_match_that_is_closed_needs_nobody(
    world: World, pair: int, maya: Phone, ben: Phone, today: Today
) -> None:
    maya.texts("hi")
    world.clock.at += timedelta(days=20)
    assert today().total == 1
    world.close(pair)
    assert look(world, keep=False).total == 0


def test_others_cannot_see_it(world: World, pair: int, maya: Phone, ben: Phone, today: Today) -> None:
    world.network.weather.refuse(ben.number, "30007")
    maya.texts("hello?")
    world.clock.at += timedelta(days=30)
    jobs.keep_insight(world.gateway)
    nobodys = select(col(Match.id)).where(col(Match.coordinator_id) == 99)
    with world.gateway.db.reading() as session:
        page = attention.today(session, nobodys, world.gateway.watch, world.clock.now())
        assert (page.total, [*page.matches]) == (0, [])
        assert attention.counts(session, nobodys, world.gateway.watch, world.clock.now()) == {}


def test_a_page_at_a_time_shows_each_once_and_says_how_many_there_are(world: World, today: Today) -> None:
    made = [
        world.match(world.person(f"youth{n}"), world.person(f"mentor{n}", role=Role.MENTOR)) for n in range(5)
    ]
    world.clock.at += timedelta(days=8)
    jobs.keep_insight(world.gateway)
    with world.gateway.db.reading() as session:
        pages = [
            attention.today(session, EVERY_MATCH, world.gateway.watch, world.clock.now(), most=2, after=after)
            for after in (0, 2, 4)
        ]
    assert [page.total for page in pages] == [5, 5, 5]
    assert sorted(one.match.id or 0 for page in pages for one in page.matches) == made


def test_an_alert_about_somebody_without_a_match_is_not_lost(world: World, pair: int, maya: Phone) -> None:
    alone = world.person("alone")
    with world.gateway.db.transaction() as session:
        for person in (alone, maya):
            raise_alert(session, person.person.id or 0, "asked_for_help", world.clock.now())
        communities = select(col(Match.community_id))
        found = live.alerts_without_match(session, communities)
        assert [alert.participant_id for alert in found] == [alone.person.id]


# What is urgent is found by index, however long the log is.


def test_what_is_urgent_is_found_by_index(world: World) -> None:
    asked: list[tuple[str, object]] = []
    engine = world.gateway.db.engine

    def note(_c: object, _cu: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    with world.gateway.db.reading() as session:
        live.urgent(session, EVERY_MATCH, world.gateway.watch, world.clock.now())
    event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN QUERY PLAN" if world.gateway.db.is_sqlite else "EXPLAIN"
    with engine.connect() as connection:
        if not world.gateway.db.is_sqlite:
            connection.exec_driver_sql("SET enable_seqscan = off")
        plans = [
            str(connection.exec_driver_sql(f"{explain} {statement}", parameters).all())  # type: ignore[arg-type]
            for statement, parameters in asked
        ]
    for index in (
        "ix_outbound_held",
        "ix_outbound_trouble",
        "ix_participants_out_of_reach",
        "ix_alerts_",
    ):
        assert any(index in plan for plan in plans), f"{index}: {plans}"
