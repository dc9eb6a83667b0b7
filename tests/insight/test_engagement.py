"""The numbers, as a person with a pencil would get them."""

from datetime import date, timedelta

from sqlmodel import select

from gateway.insight import engagement
from gateway.insight.engagement import Numbers, Week
from gateway.models import Match, Role, Standing
from gateway.work import jobs
from tests.insight.conftest import EVERY_MATCH
from tests.insight.rows import add_match, add_text
from tests.world import NOON, Phone, World

THIS_WEEK = date(2026, 11, 23)


def seen(world: World, count: int = 3) -> tuple[list[Week], Numbers]:
    jobs.keep_insight(world.gateway)
    on = world.gateway.watch.week_on(world.clock.now())
    with world.gateway.db.reading() as session:
        weeks = engagement.weeks(session, EVERY_MATCH, on, count)
        lives = engagement.lives(session, EVERY_MATCH, world.clock.now(), on)
    return weeks, engagement.numbers(lives, weeks)


def test_a_conversation_in_numbers(world: World, maya: Phone, ben: Phone) -> None:
    her, him = maya.person, ben.person
    minutes = [(her, 0), (him, 20), (her, 30), (her, 40), (him, 100)]
    with world.gateway.db.transaction() as session:
        match_id = add_match(session, (her, him), NOON - timedelta(days=20))
        for who, minute in minutes:
            add_text(session, match_id, who, NOON + timedelta(minutes=minute))
        add_text(session, match_id, her, NOON - timedelta(days=7))
    world.clock.at += timedelta(hours=2)
    weeks, numbers = seen(world)
    assert [(week.week_on, week.youth.texts, week.mentor.texts, week.talking) for week in weeks] == [
        (date(2026, 11, 9), 0, 0, 0),
        (date(2026, 11, 16), 1, 0, 1),
        (THIS_WEEK, 3, 2, 1),
    ]
    assert (numbers.matches, numbers.open, numbers.texts, numbers.texts_per_week) == (1, 1, 6, 2.0)
    assert (numbers.balance, numbers.weeks_lasted, numbers.streak_weeks) == (0.33, 2, 1)
    with world.gateway.db.reading() as session:
        standing = session.get_one(Standing, match_id)
    assert standing.youth_reply_seconds == 10 * 60
    # he let her first text of the week before wait, until he answered today
    assert standing.mentor_reply_seconds == (7 * 24 * 60 + 20 + 70) * 60 // 2


def test_weeks_of_each_match_stand_side_by_side(world: World, pair: int, maya: Phone) -> None:
    maya.texts("hi")
    jobs.keep_insight(world.gateway)
    with world.gateway.db.reading() as session:
        found = engagement.weeks_by_match(session, [pair, 999], THIS_WEEK, 4)
    assert [week.texts for week in found[pair]] == [0, 0, 0, 1]
    assert [week.texts for week in found[999]] == [0, 0, 0, 0]


def test_a_streak_that_has_ended_counts_no_more(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    maya.texts("hi")
    ben.texts("hi")
    assert seen(world)[1].streak_weeks == 1
    world.clock.at += timedelta(days=14)
    assert seen(world)[1].streak_weeks == 0


def test_a_match_that_has_closed_keeps_how_long_it_lasted(world: World, pair: int) -> None:
    world.clock.at += timedelta(days=30)
    world.close(pair)
    world.clock.at += timedelta(days=300)
    numbers = seen(world)[1]
    assert (numbers.matches, numbers.open, numbers.weeks_lasted) == (1, 0, 4)


def test_communities_and_caseloads_have_their_own(world: World, pair: int) -> None:
    far = world.match(
        world.person("far", community="south"), world.person("away", Role.MENTOR, community="south")
    )
    with world.gateway.db.reading() as session:
        communities = engagement.by_community(session, EVERY_MATCH)
        assert {slug: list(session.scalars(own)) for slug, own in communities.items()} == {
            "north": [pair],
            "south": [far],
        }
        caseloads = engagement.by_coordinator(session, EVERY_MATCH)
        assert {staff: sorted(session.scalars(own)) for staff, own in caseloads.items()} == {
            None: [pair, far]
        }
        assert len(session.exec(select(Match)).all()) == 2
