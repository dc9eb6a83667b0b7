"""Signs add up in a thread, with the texts that show them; one sign, one day or a young person's words are no concern."""

from datetime import timedelta

import pytest
from sqlmodel import select

from gateway.models import Concern
from gateway.safety import concerns
from gateway.safety.concerns import sign_of
from tests.world import Phone, World

SECRET, NUMBER = "it is our secret", "my number is 613-555-0142"


def found(world: World) -> list[Concern]:
    with world.gateway.db.reading() as session:
        return list(session.exec(select(Concern)).all())


def test_two_signs_on_two_days_make_a_concern_with_its_evidence(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    ben.texts(SECRET)
    assert found(world) == []
    world.clock.wait(24 * 3600)
    ben.texts(NUMBER)
    (concern,) = found(world)
    assert (concern.match_id, concern.signs) == (pair, "moves elsewhere,secrecy")
    with world.gateway.db.reading() as session:
        lines = concerns.evidence_of(session, concern.id or 0)
    assert [(line.inbound_id, line.sign) for line in lines] == [(1, "secrecy"), (2, "moves elsewhere")]
    assert "concern" in {alert.reason for alert in world.alerts()}


@pytest.mark.parametrize(
    ("texts", "days_between"),
    [
        pytest.param((SECRET, SECRET, SECRET), 1, id="one sign, however often"),
        pytest.param((SECRET, NUMBER), 0, id="two signs on one day"),
        pytest.param((SECRET, NUMBER), 61, id="two signs two months apart"),
        pytest.param(("see you", "how was school?", "good luck"), 1, id="none"),
    ],
)
def test_less_than_that_is_no_concern(
    world: World, maya: Phone, ben: Phone, pair: int, texts: tuple[str, ...], days_between: int
) -> None:
    for words in texts:
        ben.texts(words)
        world.clock.wait(days_between * 24 * 3600)
    assert found(world) == []


def test_a_young_persons_own_words_are_not_weighed(world: World, maya: Phone, ben: Phone, pair: int) -> None:
    for words in (SECRET, NUMBER, SECRET):
        maya.texts(words)
        world.clock.wait(24 * 3600)
    assert found(world) == []


def test_late_nights_add_to_what_words_have_begun(world: World, maya: Phone, ben: Phone, pair: int) -> None:
    world.clock.at = world.clock.at.replace(hour=7)  # two at night in Toronto
    for words in ("awake?", "still up?", "hey"):
        ben.texts(words)
        world.clock.wait(24 * 3600)
    assert found(world) == []
    ben.texts(SECRET)
    (concern,) = found(world)
    assert concern.signs == "late nights,secrecy"


def test_what_comes_later_is_added_and_after_a_look_the_thread_is_left_alone_for_a_while(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    ben.texts(SECRET)
    world.clock.wait(24 * 3600)
    ben.texts(NUMBER)
    ben.texts(SECRET)
    (concern,) = found(world)
    with world.gateway.db.transaction() as session:
        concerns.looked_at(session, session.get_one(Concern, concern.id), None, world.clock.now())
    ben.texts(SECRET)
    assert len(found(world)) == 1
    world.clock.wait(timedelta(days=15).total_seconds())
    ben.texts(SECRET)
    assert len(found(world)) == 2


@pytest.mark.parametrize(
    ("category", "rule", "sign"),
    [
        ("secrecy", "isolation-where-is-mom", "isolation"),
        ("sexual", "compliment-looks", "compliment"),
        ("contact", "gift-card", "gift"),
        ("meeting", "place-and-time", "meeting"),
        ("crisis", "kill-myself", None),
    ],
)
def test_a_rule_may_name_a_finer_sign_than_its_category(category: str, rule: str, sign: str | None) -> None:
    assert sign_of(category, rule) == sign
