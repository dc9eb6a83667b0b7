"""The providers under test, and the world on their far side."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.providers.simulator import SimulatedNetwork
from gateway.providers.twilio import Twilio
from tests.providers.rigs import PUBLIC_URL, Door, Rig, Watch, simulated_rig, twilio_rig
from tests.twilio_server import ACCOUNT_SID, AUTH_TOKEN, TwilioServer


@pytest.fixture
def server() -> Iterator[TwilioServer]:
    with TwilioServer(post=lambda *_: 200) as running:
        yield running


@pytest.fixture
def twilio(server: TwilioServer) -> Twilio:
    return Twilio(ACCOUNT_SID, AUTH_TOKEN, public_url=PUBLIC_URL, api_url=server.url, read_seconds=1.0)


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def network(tmp_path: Path, watch: Watch) -> Iterator[SimulatedNetwork]:
    made = SimulatedNetwork(
        tmp_path / "ledger.db",
        public_url=PUBLIC_URL,
        account_sid=ACCOUNT_SID,
        auth_token=AUTH_TOKEN,
        clock=watch,
    )
    yield made
    made.close()


@pytest.fixture(params=["simulated", "twilio"])
def rig(request: pytest.FixtureRequest, watch: Watch) -> Rig:
    if request.param == "simulated":
        return simulated_rig(request.getfixturevalue("network"), watch)
    return twilio_rig(request.getfixturevalue("twilio"), request.getfixturevalue("server"), watch)


@pytest.fixture
def door(network: SimulatedNetwork) -> Door:
    return Door(network)
