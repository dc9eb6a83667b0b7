"""Chance picks threads for a look: the same for everybody who asks, a fair share a week, none that is flagged already."""

from datetime import date, timedelta

from gateway.models import Role
from gateway.safety import samples
from tests.world import Phone, World

OFTEN = 500  # per cent a week: in twenty days chance leaves nobody out


def test_about_the_wanted_share_is_picked_in_a_week() -> None:
    days = [date(2026, 11, 23) + timedelta(days=number) for number in range(7)]
    picks = sum(samples.is_picked(f"{uid:032x}", day, 20) for uid in range(5000) for day in days)
    assert 900 <= picks <= 1100


def test_with_nothing_wanted_nothing_is_picked_and_with_everything_each_seventh_a_day() -> None:
    day = date(2026, 11, 23)
    assert not any(samples.is_picked(f"{uid:032x}", day, 0) for uid in range(500))
    assert 550 <= sum(samples.is_picked(f"{uid:032x}", day, 100) for uid in range(4200)) <= 650


def test_a_day_has_its_picks_once_and_flagged_threads_are_not_among_them(world: World, ben: Phone) -> None:
    flagged: int | None = None
    for number in range(4):
        youth = world.person(f"youth{number}", Role.YOUTH)
        mentor = world.person(f"mentor{number}", Role.MENTOR)
        match_id = world.match(youth, mentor)
        if flagged is None:
            youth.texts("my number is 613-555-0142")
            flagged = match_id
    picked: set[int] = set()
    for _ in range(60):
        with world.gateway.db.transaction() as session:
            first = samples.pick(session, OFTEN, world.clock.now())
            assert samples.pick(session, OFTEN, world.clock.now()) == 0 or first == 0
            picked |= {one.match_id for one in samples.waiting(session)}
        world.clock.at += timedelta(hours=8)
    assert picked == {2, 3, 4} and flagged == 1
