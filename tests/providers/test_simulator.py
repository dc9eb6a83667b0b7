"""The simulated network on a fair day, and when the gateway is away."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from gateway.providers.protocol import OutgoingText
from gateway.providers.simulator import SimulatedNetwork, TextState
from tests.providers.rigs import BEN, LINE, MAYA, NOON, Door, Watch, bodies, send

TEXT = OutgoingText(MAYA, LINE, "hello", "ref-1")


def test_a_typed_text_comes_in_signed_with_all_of_twilio_fields(
    network: SimulatedNetwork, door: Door
) -> None:
    text_id = network.text(MAYA, LINE, "Salut Ben 🙂 ça va?")
    [(path, form)] = door.came
    assert path == "/webhooks/twilio/sms"
    read = network.read_inbound({name: [value] for name, value in form.items()})
    assert (read.provider_message_id, read.from_number, read.to_number) == (text_id, MAYA, LINE)
    assert (read.body, read.media_types) == ("Salut Ben 🙂 ça va?", ())
    assert {
        "SmsSid",
        "SmsMessageSid",
        "NumSegments",
        "NumMedia",
        "ApiVersion",
        "FromCity",
        "ToZip",
    } <= form.keys()


def test_a_picture_comes_in_by_its_type(network: SimulatedNetwork, door: Door) -> None:
    text_id = network.text(MAYA, LINE, "", ("image/jpeg", "text/vcard"))
    read = network.read_inbound({name: [value] for name, value in door.came[0][1].items()})
    assert text_id.startswith("MM")
    assert read.media_types == ("image/jpeg", "text/vcard")


def test_half_a_character_is_replaced_as_a_carrier_would(network: SimulatedNetwork, door: Door) -> None:
    network.text(MAYA, LINE, "a\ud83db")
    assert door.bodies() == ["a?b"]


def test_a_sent_text_arrives_at_the_next_tick_with_its_receipts(
    network: SimulatedNetwork, door: Door
) -> None:
    sent = network.send(TEXT)
    assert network.inbox(MAYA) == []
    assert network.tick(NOON) == 1
    [shown] = network.inbox(MAYA)
    assert (shown.body, shown.from_number, shown.at, shown.state) == ("hello", LINE, NOON, TextState.ARRIVED)
    assert door.receipts() == [("sent", None), ("delivered", None)]
    assert network.status_of(sent.provider_message_id).status == "delivered"
    assert {parse_qs(urlsplit(path).query)["ref"][0] for path, _ in door.came} == {"ref-1"}
    assert network.tick(NOON) == 0
    assert len(door.came) == 2


def test_the_conversation_shows_both_directions_in_order(
    network: SimulatedNetwork, door: Door, watch: Watch
) -> None:
    for step in range(3):
        watch.now += timedelta(minutes=1)
        network.text(MAYA, LINE, f"m{step}")
        send(network, f"b{step}")
        network.tick(watch.now)
    send(network, "coming")
    shown = [(text.body, text.typed_here, text.state) for text in network.conversation(MAYA)]
    arrived = [(f"{who}{n}", who == "m", TextState.ARRIVED) for n in range(3) for who in "mb"]
    assert shown == [*arrived, ("coming", False, TextState.ON_ITS_WAY)]
    assert [text.body for text in network.sent_by(MAYA)] == ["m0", "m1", "m2"]
    assert network.handsets() == [MAYA]


def test_the_door_may_send_while_it_answers(network: SimulatedNetwork) -> None:
    def echo(path: str, form: dict[str, str], _: dict[str, str]) -> int:
        if path.endswith("/sms"):
            network.send(OutgoingText(BEN, LINE, form["Body"], "relay"))
        return 204

    network.connect(echo)
    network.text(MAYA, LINE, "hi Ben")
    network.tick(NOON)
    assert bodies(network, BEN) == ["hi Ben"]


@pytest.mark.parametrize("failure", [500, 503, 403, 302, ConnectionRefusedError(), TimeoutError()], ids=repr)
def test_a_webhook_is_tried_four_times(network: SimulatedNetwork, door: Door, failure: int | OSError) -> None:
    door.answers = [failure] * 3
    network.text(MAYA, LINE, "hello?")
    assert len({form["MessageSid"] for _, form in door.came}) == 1
    assert len(door.came) == 4
    assert network.sent_by(MAYA)[0].state is TextState.ARRIVED


def test_what_is_never_acknowledged_is_in_the_carrier_list(network: SimulatedNetwork, door: Door) -> None:
    door.answers = [503] * 4
    text_id = network.text(MAYA, LINE, "anybody?")
    assert network.sent_by(MAYA)[0].state is TextState.LOST
    network.tick(NOON)
    assert len(door.came) == 4, "no queue at the carrier"
    assert [text.provider_message_id for text in network.received_since(NOON)] == [text_id]


def test_receipts_that_nobody_takes_are_lost(network: SimulatedNetwork, door: Door) -> None:
    door.answers = [500] * 8
    send(network, "hello")
    network.tick(NOON)
    network.tick(NOON)
    assert len(door.came) == 8


def test_without_a_door_texts_wait_for_a_process_with_one(network: SimulatedNetwork) -> None:
    network.text(MAYA, LINE, "early")
    send(network, "reply")
    network.tick(NOON)
    assert bodies(network) == ["reply"]
    door = Door(network)
    network.tick(NOON)
    assert door.bodies() == ["early"]
    assert door.receipts() == [("sent", None), ("delivered", None)]


def test_a_bug_behind_the_door_is_not_swallowed(network: SimulatedNetwork) -> None:
    def broken(*_: object) -> int:
        raise KeyError("bug")

    network.connect(broken)
    with pytest.raises(KeyError):
        network.text(MAYA, LINE, "hello")
