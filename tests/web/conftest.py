"""A whole gateway for the web tests: a real migrated database, the simulated network, and the cast.

Maya (youth, English) and Ben (mentor, French) are matched; Ada and Noé are there for company. Time stands still but
for what the gateway itself waits.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlmodel import col, select
from structlog.testing import capture_logs
from structlog.typing import EventDict
from werkzeug.test import TestResponse

from gateway.app import create_app, open_gateway
from gateway.db import open_engine
from gateway.matching import matches
from gateway.migrations import upgrade
from gateway.models import ConsentKind, ConsentState, Line, LineKind, Member, Participant, Role
from gateway.people.consent import record_consent
from gateway.people.directory import NewPerson, community_named, enrol
from gateway.providers.simulator import SIMULATED_ACCOUNT, SimulatedNetwork
from gateway.providers.twilio_webhook import SIGNATURE, SMS_PATH, sign
from gateway.routing.lines import add_line
from gateway.runtime import Gateway
from gateway.settings import Settings
from gateway.work import jobs
from tests.web.console import Office, open_office

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # noon in Toronto, a Tuesday
KEY = "A" * 43
PHONES = {"maya": "+14165550142", "ben": "+15145550177", "ada": "+18075550111", "noe": "+18195550122"}
PROGRAM_LINE = "+15065550100"
MASKS = ("+15065550101", "+15065550102")


@dataclass
class StandingClock:
    """A clock that moves only when somebody waits for it."""

    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=max(0.0, seconds))


@dataclass
class World:
    """A gateway, its application and its pretend network."""

    gateway: Gateway
    network: SimulatedNetwork
    clock: StandingClock
    app: Flask
    client: FlaskClient
    uids: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)

    def sign(self, path: str, form: dict[str, str], **changes: str) -> dict[str, str]:
        """The headers of a webhook that the provider itself would send."""
        url = self.gateway.settings.gateway_public_url + path
        return {SIGNATURE: sign(self.token, url, form)} | changes

    @property
    def token(self) -> str:
        return self.network._tokens[0]

    def work(self) -> None:
        """Handle what came in, send what is due, carry it to the phones."""
        jobs.drain_inbox(self.gateway)
        for line in self.lines.values():
            while jobs.deliver_next(self.gateway, line) <= self.clock.now():
                pass
        self.network.tick(self.clock.now())

    def says(self, who: str, body: str, line: str = "") -> None:
        self.network.text(PHONES[who], line or self.mask(who), body)
        self.work()

    def mask(self, who: str) -> str:
        """The line that this person texts."""
        with self.gateway.db.reading() as session:
            return session.exec(
                select(Line.number)
                .join(Member, col(Member.line_id) == Line.id)
                .join(Participant, col(Participant.id) == Member.participant_id)
                .where(Participant.uid == self.uids[who])
            ).one()


def settings_for(folder: Path, **changes: object) -> Settings:
    return Settings(
        _env_file=None,
        **{  # type: ignore[arg-type]
            "gateway_database_url": f"sqlite:///{folder}/gateway.db",
            "gateway_simulated_ledger": folder / "phones.db",
            "gateway_secret_key": "s" * 40,
            "gateway_data_keys": f"k1:{KEY}",
            "gateway_index_key": KEY,
            "gateway_content": Path(__file__).parents[2],
        }
        | changes,
    )


@cache
def migrated() -> bytes:
    """A migrated, empty SQLite file: made once, since the migrations take longer than most tests."""
    with TemporaryDirectory(prefix="passerelle-web-") as folder:
        engine = open_engine(f"sqlite:///{folder}/gateway.db")
        upgrade(engine)
        engine.dispose()
        return Path(folder, "gateway.db").read_bytes()


def open_world(settings: Settings) -> World:
    """A migrated, empty gateway."""
    Path(settings.gateway_database_url.removeprefix("sqlite:///")).write_bytes(migrated())
    clock = StandingClock()
    gateway = open_gateway(settings, clock=clock)
    assert isinstance(gateway.provider, SimulatedNetwork)
    app = create_app(gateway)
    return World(gateway, gateway.provider, clock, app, app.test_client())


def close_world(world: World) -> None:
    world.network.close()
    world.gateway.db.engine.dispose()


def enrol_the_cast(world: World) -> None:
    people = (
        ("maya", Role.YOUTH, "Maya Tremblay", "en", "America/Moncton"),
        ("ben", Role.MENTOR, "Ben Okafor", "fr", "America/Toronto"),
        ("ada", Role.YOUTH, "Ada Simon", "fr", "America/Toronto"),
        ("noe", Role.MENTOR, "Noé Roy", "fr", "America/Toronto"),
    )
    now = world.clock.now()
    with world.gateway.db.transaction() as session:
        community = community_named(session, "sample", now)
        for number in (PROGRAM_LINE, *MASKS):
            line = add_line(session, number, LineKind.LONG, number == PROGRAM_LINE, now)
            session.flush()
            assert line.id
            world.lines[number] = line.id
        rows = {}
        for key, role, name, language, zone in people:
            day = date(2026, 1, 1)
            person = NewPerson(key, role, name, PHONES[key], language, zone, screened_on=day, trained_on=day)
            rows[key] = enrol(session, community, person, now)
            for kind in ConsentKind:
                record_consent(session, rows[key], kind, ConsentState.GIVEN, "told to staff", now)
        session.flush()
        matches.create(session, [rows["maya"]], [rows["ben"]], None, now)
        world.uids = {key: row.uid for key, row in rows.items()}


def a_text(**changes: str) -> dict[str, str]:
    """Maya's text as Twilio posts it, blanks and all."""
    form = {"MessageSid": "SM" + "1" * 32, "AccountSid": SIMULATED_ACCOUNT, "NumMedia": "0", "FromCity": ""}
    return form | {"From": PHONES["maya"], "To": MASKS[0], "Body": "secret of Maya é 🙂"} | changes


def post(world: World, form: dict[str, str], path: str = SMS_PATH, **headers: str) -> TestResponse:
    """A properly signed webhook."""
    return world.client.post(path, data=form, headers=world.sign(path, form) | headers)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """The cast, matched, with nothing said yet."""
    opened = open_world(settings_for(tmp_path))
    enrol_the_cast(opened)
    yield opened
    close_world(opened)


@pytest.fixture
def log() -> Iterator[list[EventDict]]:
    """Every log event of the test, as fields."""
    with capture_logs() as events:
        yield events


@pytest.fixture
def office(world: World) -> Office:
    """The staff, hired, nobody signed in yet."""
    return open_office(world)
