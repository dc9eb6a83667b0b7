"""A text crosses the gateway."""

from gateway.models import OutboundState, Outcome
from tests.world import Phone, World


def test_her_words_reach_him_from_an_ordinary_number_that_is_not_hers(
    pair: int, maya: Phone, ben: Phone
) -> None:
    maya.texts("hi Ben")
    assert ben.received == ["hi Ben"]
    assert ben.received_from == [ben.mask]
    assert maya.number not in ben.received_from


def test_his_answer_comes_back(pair: int, maya: Phone, ben: Phone) -> None:
    maya.texts("hi")
    ben.texts("hello Maya")
    assert maya.received == ["hello Maya"]
    assert maya.received_from == [maya.mask]


def test_every_leg_is_stored_and_its_fate_known(world: World, pair: int, maya: Phone, ben: Phone) -> None:
    maya.texts("hi")
    assert [row.outcome for row in world.inbound()] == [Outcome.RELAYED]
    assert [row.state for row in world.outbound()] == [OutboundState.DELIVERED]
    assert world.outbound()[0].inbound_id == world.inbound()[0].id
