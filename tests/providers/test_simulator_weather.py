"""Every trouble that the simulated network can make."""

import random
from datetime import timedelta
from pathlib import Path

import pytest

from gateway.providers.protocol import OutgoingText, ProviderError, Retry, Trouble
from gateway.providers.simulator import EVERYWHERE, SendFault, SimulatedNetwork, TextState
from tests.providers.rigs import BEN, LINE, MAYA, NOON, PUBLIC_URL, Door, Watch, bodies, error_of, send

TEXT = OutgoingText(MAYA, LINE, "hello", "ref-1")


def test_out_of_coverage_texts_wait_then_come_in_a_lump(
    network: SimulatedNetwork, door: Door, watch: Watch
) -> None:
    network.weather.coverage(MAYA, on=False)
    send(network, "one", "two")
    send(network, "for Ben", to_number=BEN)
    network.text(MAYA, LINE, "from the bush")
    watch.now += timedelta(hours=6)
    network.tick(watch.now)
    assert (bodies(network), bodies(network, BEN), door.bodies()) == ([], ["for Ben"], [])
    assert door.receipts() == [("sent", None), ("sent", None)]
    network.weather.coverage(MAYA, on=True)
    network.tick(watch.now)
    assert bodies(network) == ["one", "two"]
    assert door.bodies() == ["from the bush"]
    assert [text.at for text in network.inbox(MAYA)] == [watch.now] * 2
    assert [text.body for text in network.received_since(watch.now)] == ["from the bush"]


def test_the_carrier_gives_up_in_the_end(network: SimulatedNetwork, door: Door) -> None:
    network.weather.coverage(MAYA, on=False)
    send(network, "hello")
    network.tick(NOON + timedelta(hours=23))
    network.tick(NOON + timedelta(hours=24))
    network.weather.coverage(MAYA, on=True)
    network.tick(NOON + timedelta(hours=25))
    assert bodies(network) == []
    assert door.receipts() == [("sent", None), ("undelivered", "30003")]
    assert [(text.state, text.error_code) for text in network.conversation(MAYA)] == [
        (TextState.LOST, "30003")
    ]


def test_a_dropped_text_is_sent_and_never_more(network: SimulatedNetwork, door: Door) -> None:
    network.weather.drop(MAYA)
    send(network, "hello")
    network.tick(NOON)
    network.weather.drop(MAYA, on=False)
    network.tick(NOON + timedelta(days=3))
    assert bodies(network) == []
    assert door.receipts() == [("sent", None)]


def test_a_delayed_text_takes_its_time(network: SimulatedNetwork, door: Door) -> None:
    network.weather.delay(MAYA, 30)
    send(network, "hello")
    assert network.tick(NOON + timedelta(seconds=29)) == 0
    assert network.tick(NOON + timedelta(seconds=30)) == 1


def test_webhooks_and_receipts_twice(network: SimulatedNetwork, door: Door) -> None:
    network.weather.repeat(MAYA)
    network.text(MAYA, LINE, "hi")
    send(network, "hello")
    network.tick(NOON)
    assert door.bodies() == ["hi", "hi"]
    assert door.receipts() == [("sent", None)] * 2 + [("delivered", None)] * 2
    assert bodies(network) == ["hello"], "the handset gets it once"


def test_the_last_first(network: SimulatedNetwork, door: Door) -> None:
    network.weather.reorder(MAYA)
    for body in ("1", "2", "3"):
        send(network, body)
        send(network, body, to_number=BEN)
    network.tick(NOON)
    assert (bodies(network), bodies(network, BEN)) == (["3", "2", "1"], ["1", "2", "3"])
    assert door.receipts() == [("delivered", None), ("sent", None)] * 3
    assert door.receipts(BEN) == [("sent", None), ("delivered", None)] * 3


def test_everywhere_unless_a_number_has_its_own_weather(network: SimulatedNetwork) -> None:
    network.weather.coverage(EVERYWHERE, on=False)
    network.weather.coverage(BEN, on=True)
    for number in (MAYA, BEN):
        send(network, "hello", to_number=number)
    network.tick(NOON)
    assert (bodies(network), bodies(network, BEN)) == ([], ["hello"])
    network.weather.clear()
    network.tick(NOON)
    assert bodies(network) == ["hello"]


def test_refused_at_the_send(network: SimulatedNetwork) -> None:
    network.weather.refuse(MAYA, "21610")
    error = error_of(lambda: network.send(TEXT))
    assert (error.trouble, error.retry, error.code) == (Trouble.OPTED_OUT, Retry.NEVER, "21610")
    network.weather.refuse(MAYA, None)
    network.send(TEXT)


def test_refused_by_a_receipt(network: SimulatedNetwork, door: Door) -> None:
    network.weather.refuse(MAYA, "30007")
    sent = network.send(TEXT)
    network.tick(NOON)
    assert door.receipts() == [("sent", None), ("undelivered", "30007")]
    assert network.status_of(sent.provider_message_id).error_code == "30007"
    assert bodies(network) == []


def test_the_carrier_obeys_stop_when_told_to(network: SimulatedNetwork, door: Door) -> None:
    network.text(MAYA, LINE, "STOP")
    network.send(TEXT)
    network.weather.carrier_opt_out()
    network.text(MAYA, LINE, " stop ")
    assert error_of(lambda: network.send(TEXT)).code == "21610"
    network.send(OutgoingText(MAYA, "+15555550198", "another line", "r"))
    network.text(MAYA, LINE, "stop please")
    network.text(MAYA, LINE, "Start")
    network.send(TEXT)
    assert door.bodies() == ["STOP", " stop ", "stop please", "Start"], "the webhook comes all the same"


FAULTS = {
    SendFault.ACCEPT_THEN_LOSE: (Trouble.LOST_ANSWER, True),
    SendFault.ACCEPT_THEN_500: (Trouble.LOST_ANSWER, True),
    SendFault.REJECT_THEN_LOSE: (Trouble.LOST_ANSWER, False),
    SendFault.BUSY: (Trouble.BUSY, False),
    SendFault.DOWN: (Trouble.DOWN, False),
}


@pytest.mark.parametrize(("fault", "expected"), FAULTS.items(), ids=[fault.value for fault in FAULTS])
def test_a_send_that_goes_wrong(
    network: SimulatedNetwork, fault: SendFault, expected: tuple[Trouble, bool]
) -> None:
    network.weather.fail_next_send(fault, times=2, wait_seconds=9)
    for _ in range(2):
        error = error_of(lambda: network.send(TEXT))
        assert error.trouble is expected[0]
        assert error.wait_seconds == (9 if fault is SendFault.BUSY else None)
    network.tick(NOON)
    assert bodies(network) == ["hello"] * 2 * expected[1]
    network.send(TEXT)


def test_random_faults_are_the_same_for_the_same_seed(tmp_path: Path) -> None:
    def troubles(name: str) -> list[str]:
        network = SimulatedNetwork(
            tmp_path / name, public_url=PUBLIC_URL, auth_token="t", clock=Watch(), dice=random.Random(3)
        )
        network.weather.random_faults(0.5)
        seen = []
        for _ in range(40):
            try:
                network.send(TEXT)
                seen.append("")
            except ProviderError as error:
                seen.append(error.trouble.value)
        network.close()
        return seen

    first = troubles("a.db")
    assert first == troubles("b.db")
    assert {"", "lost_answer", "busy", "down"} == set(first)
