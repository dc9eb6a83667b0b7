"""What happens to people raises an alert for staff, once, whatever the way it happened."""

import pytest
from sqlmodel import col, select

from gateway.models import Alert
from tests.world import Phone, World


def alerts(world: World) -> list[str]:
    with world.gateway.db.reading() as session:
        return list(session.exec(select(Alert.reason).order_by(col(Alert.id))))


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        pytest.param(
            "STOP", "opted_out", id="a coordinator hears of a STOP: it may be an accident, or distress"
        ),
        pytest.param("ARRET", "opted_out", id="in French too"),
        pytest.param("HELP", "asked_for_help", id="HELP may be a cry"),
    ],
)
def test_a_keyword_that_may_mean_more_is_shown_to_staff(
    world: World, pair: int, maya: Phone, words: str, reason: str
) -> None:
    maya.texts(words)
    maya.texts(words)
    assert alerts(world) == [reason]


def test_a_number_in_doubt_is_shown_to_staff(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    world.network.weather.refuse(maya.number, "30005")
    ben.texts("hello?")
    assert alerts(world) == ["number_doubted"]
