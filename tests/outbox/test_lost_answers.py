"""A send whose answer was lost is looked up, adopted or sent, and never blindly repeated."""

from dataclasses import replace

import pytest

from gateway.models import OutboundState, Role
from gateway.providers.simulator import SendFault
from gateway.work import jobs
from tests.outbox.acts import claim_next, look, rows, send_due, shown, states
from tests.outbox.wire import TwilioWorld, twilio_world
from tests.twilio_server import Fault, TwilioServer
from tests.world import Phone, World

ACCEPTED = [SendFault.ACCEPT_THEN_LOSE, SendFault.ACCEPT_THEN_500]


@pytest.mark.parametrize("fault", ACCEPTED)
def test_a_text_that_was_accepted_is_adopted_and_arrives_once(
    world: World, pair: int, maya: Phone, ben: Phone, fault: SendFault
) -> None:
    world.network.weather.fail_next_send(fault)
    maya.types("hi Ben")
    send_due(world)
    assert states(world, ben) == [OutboundState.UNCERTAIN]
    look(world, 2)
    assert states(world, ben) == [OutboundState.SENT]
    world.settle()
    assert ben.received == ["hi Ben"]
    assert [(row.state, row.attempts) for row in rows(world, ben)] == [(OutboundState.DELIVERED, 1)]


def test_a_text_that_was_not_accepted_is_looked_up_twice_and_then_sent_once(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    world.network.weather.fail_next_send(SendFault.REJECT_THEN_LOSE)
    maya.types("hi Ben")
    send_due(world)
    assert states(world, ben) == [OutboundState.UNCERTAIN]
    look(world, 2)
    assert [(row.state, row.looked_up) for row in rows(world, ben)] == [(OutboundState.UNCERTAIN, 1)]
    assert ben.received == []
    look(world, 3)
    assert states(world, ben) == [OutboundState.QUEUED]
    world.settle()
    assert ben.received == ["hi Ben"]
    assert [(row.state, row.attempts) for row in rows(world, ben)] == [(OutboundState.DELIVERED, 2)]


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param([SendFault.ACCEPT_THEN_LOSE] * 2, id="both were accepted"),
        pytest.param([SendFault.REJECT_THEN_LOSE] * 2, id="neither was accepted"),
        pytest.param([SendFault.ACCEPT_THEN_LOSE, SendFault.REJECT_THEN_LOSE], id="only the first was"),
        pytest.param([SendFault.REJECT_THEN_LOSE, SendFault.ACCEPT_THEN_LOSE], id="only the second was"),
    ],
)
def test_the_same_word_twice_with_both_answers_lost_arrives_twice(
    world: World, pair: int, maya: Phone, ben: Phone, faults: list[SendFault]
) -> None:
    for fault in faults:
        world.network.weather.fail_next_send(fault)
    maya.types("ok")
    maya.texts("ok")
    assert ben.received == ["ok", "ok"]
    ids = [row.provider_message_id for row in rows(world, ben)]
    assert states(world, ben) == [OutboundState.DELIVERED] * 2
    assert len(set(ids)) == 2


def test_the_same_word_to_two_people_is_never_adopted_for_the_other(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    world.network.weather.fail_next_send(SendFault.ACCEPT_THEN_LOSE)
    world.network.weather.fail_next_send(SendFault.REJECT_THEN_LOSE)
    maya.types("ok")
    ben.texts("ok")
    assert (maya.received, ben.received) == (["ok"], ["ok"])


# Over a real socket


@pytest.mark.parametrize(
    "fault",
    [Fault.ACCEPT_THEN_HANG, Fault.ACCEPT_THEN_500, Fault.ACCEPT_THEN_RESET, Fault.TRUNCATED, Fault.NO_SID],
)
def test_whatever_breaks_after_twilio_took_a_text_it_is_adopted(
    wired: TwilioWorld, wired_pair: tuple[Phone, Phone], fault: Fault
) -> None:
    maya, ben = wired_pair
    wired.twilio.fail_next(fault)
    maya.types("hi Ben")
    send_due(wired)
    assert states(wired, ben) == [OutboundState.UNCERTAIN]
    wired.settle()
    assert ben.received == ["hi Ben"]
    row = rows(wired, ben)[0]
    assert (row.state, row.provider_message_id) == (OutboundState.SENT, wired.taken(ben.number)[0].sid)


def test_a_text_that_twilio_never_took_is_sent_after_two_looks(
    wired: TwilioWorld, wired_pair: tuple[Phone, Phone]
) -> None:
    maya, ben = wired_pair
    wired.twilio.fail_next(Fault.REJECT_THEN_HANG)
    maya.types("hi Ben")
    send_due(wired)
    look(wired, 2)
    assert (states(wired, ben), ben.received) == ([OutboundState.UNCERTAIN], [])
    look(wired, 3)
    wired.settle()
    assert (states(wired, ben), ben.received) == ([OutboundState.SENT], ["hi Ben"])


class Blind(TwilioServer):
    """A Twilio that takes texts but cannot be asked about them."""

    is_blind = True

    def find(self, query: dict[str, list[str]]) -> list:  # type: ignore[type-arg]
        if self.is_blind:
            raise ConnectionError("the list is away")
        return super().find(query)


def test_while_the_list_is_away_nothing_is_repeated_and_after_a_cap_the_others_pass(
    fresh_sqlite: str,
) -> None:
    with Blind() as twilio, twilio_world(fresh_sqlite, twilio) as world:
        maya, ben = world.person("maya"), world.person("ben", Role.MENTOR)
        world.match(maya, ben)
        twilio.fail_next(Fault.ACCEPT_THEN_500)
        maya.types("one")
        maya.types("two")
        send_due(world)
        for minute in (1, 8):
            look(world, minute * 60)
            send_due(world)
        assert states(world, ben) == [OutboundState.UNCERTAIN, OutboundState.QUEUED]
        assert "unclear; being looked up: the provider's answer was lost" in shown(world)
        look(world, 120)
        send_due(world)
        assert states(world, ben) == [OutboundState.UNCERTAIN, OutboundState.SENT]
        assert any(words.startswith("parked") for words in shown(world))
        twilio.is_blind = False
        look(world, 120)
        assert states(world, ben) == [OutboundState.SENT, OutboundState.SENT]
        assert ben.received == ["one", "two"]


def test_what_a_dead_process_had_in_hand_is_looked_up_and_not_repeated(
    world: World, pair: int, maya: Phone, ben: Phone
) -> None:
    dead = replace(world.gateway, token="d" * 32)
    maya.types("before the wire")
    jobs.drain_inbox(dead)
    claim_next(dead, rows(world, ben)[-1].line_id)
    world.advance(seconds=10)
    assert ben.received == ["before the wire"]
    maya.types("after the wire")
    jobs.drain_inbox(dead)
    claimed = claim_next(dead, rows(world, ben)[-1].line_id)
    dead.provider.send(claimed.text)
    world.advance(seconds=10)
    assert ben.received == ["before the wire", "after the wire"]
    assert states(world, ben) == [OutboundState.DELIVERED] * 2
