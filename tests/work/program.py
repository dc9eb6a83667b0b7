"""A program with many pairs, whose gateway believes to be at Twilio's: the set-up of every test in this folder."""

import shutil
import socket
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from sqlmodel import SQLModel, col, func, select

from gateway.app import open_database, open_gateway
from gateway.clock import SystemClock
from gateway.db import Session
from gateway.matching import matches
from gateway.models import (
    ConsentKind,
    ConsentState,
    InboundMessage,
    LineKind,
    OutboundMessage,
    OutboundState,
    Participant,
    Role,
)
from gateway.models.inbound import InboundState
from gateway.people.consent import record_consent
from gateway.people.directory import NewPerson, community_named, enrol
from gateway.routing.lines import add_line
from gateway.runtime import Bell, Gateway
from gateway.settings import Settings
from tests.parts import migrate
from tests.twilio_server import ACCOUNT_SID, AUTH_TOKEN
from tests.world import lettered

REPOSITORY = Path(__file__).parents[2]
PROGRAM = "+14165550100"
LINES = 12
FASTEST = 1000.0  # segments a second: the pace of real lines would make every test an hour long
OPEN = (OutboundState.QUEUED, OutboundState.SENDING, OutboundState.UNCERTAIN)
PER_PHONE = 36  # the house holds what a phone writes beyond 40 texts in ten minutes


@dataclass
class Writer:
    """One direction of one match: who writes to which mask, and who must read it from which."""

    phone: str
    mask: str
    reader: str
    reader_mask: str
    most: int
    name: str
    posted: list[str] = field(default_factory=list)  # bodies, in the order in which they were acknowledged

    def next_body(self) -> str:
        """Every body is its own, but for one in nine, which people write again and again."""
        number = len(self.posted) + 1
        return "Good night" if number % 9 == 0 else f"Page {lettered(number)} of the story by {self.name}"


@dataclass
class Program:
    """A migrated database with its pairs, and the settings of any process that is to work it."""

    folder: Path
    environment: dict[str, str]
    writers: list[Writer]

    @property
    def settings(self) -> Settings:
        return Settings(_env_file=None, **{name.lower(): value for name, value in self.environment.items()})  # type: ignore[arg-type]

    def open(self, bell: Bell | None = None) -> Gateway:
        """A gateway in this process, on the machine's own clock."""
        return open_gateway(self.settings, bell=bell, clock=SystemClock())


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def found_program(
    folder: Path,
    database_url: str,
    api_url: str,
    *,
    matches_wanted: int = 2,
    redis_url: str | None = None,
    per_second: float = FASTEST,
) -> Program:
    """Migrate the database and fill it: lines, people, and matches in which each mentor has two youths."""
    environment = {
        "GATEWAY_DATABASE_URL": database_url,
        "GATEWAY_PROVIDER": "twilio",
        "GATEWAY_PUBLIC_URL": f"http://127.0.0.1:{free_port()}",
        "GATEWAY_SECRET_KEY": "s" * 40,
        "GATEWAY_DATA_KEYS": "k1:" + "A" * 43,
        "GATEWAY_INDEX_KEY": "B" * 43,
        "GATEWAY_CONTENT": str(_roomy_content(folder)),
        "GATEWAY_LOG_LEVEL": "WARNING",
        "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "GATEWAY_TWILIO_API_URL": api_url,
    }
    if redis_url:
        environment["GATEWAY_REDIS_URL"] = redis_url
    program = Program(folder, environment, [])
    migrate(database_url)
    gateway = program.open()
    with gateway.db.transaction() as session:
        _add_lines(session, per_second)
        program.writers += _add_matches(session, matches_wanted)
    gateway.db.engine.dispose()
    return program


def _roomy_content(folder: Path) -> Path:
    """The sample's own content, with room in its budget for a storm of texts."""
    flows = folder / "content" / "flows"
    flows.mkdir(parents=True, exist_ok=True)
    for file in (REPOSITORY / "flows").glob("*.yaml"):
        words = file.read_text(encoding="utf-8")
        roomy = "budget: { person_day: 1000000, program_day: 1000000, program_month: 1000000 }"
        kept = [roomy if line.startswith("budget:") else line for line in words.splitlines()]
        (flows / file.name).write_text("\n".join(kept) + "\n", encoding="utf-8")
    shutil.copytree(REPOSITORY / "screening", folder / "content" / "screening", dirs_exist_ok=True)
    return folder / "content"


def _add_lines(session: Session, per_second: float) -> None:
    now = datetime.now(UTC)
    for number in range(LINES):
        line = add_line(session, f"+1416555{100 + number:04d}", LineKind.LONG, number == 0, now)
        line.segments_per_second = per_second
        session.add(line)


def _add_matches(session: Session, wanted: int) -> list[Writer]:
    writers: list[Writer] = []
    for number in range(wanted):
        youth = _person(session, f"youth{number}", Role.YOUTH, f"+1705{2000000 + number}")
        mentor = _person(session, f"mentor{number // 2}", Role.MENTOR, f"+1613{2000000 + number // 2}")
        now = datetime.now(UTC)
        _, masks, _ = matches.create(session, [youth[0]], [mentor[0]], "a storm", now)
        one, other = (youth[1], masks[youth[0].key]), (mentor[1], masks[mentor[0].key])
        writers.append(Writer(*one, *other, most=PER_PHONE, name=f"youth {lettered(number)}"))
        writers.append(Writer(*other, *one, most=PER_PHONE // 2, name=f"mentor of {lettered(number)}"))
    return writers


def _person(session: Session, key: str, role: Role, phone: str) -> tuple[Participant, str]:
    found = session.exec(select(Participant).where(Participant.key == key)).first()
    if found:
        return found, phone
    now, day = datetime.now(UTC), date(2026, 1, 1)
    community = community_named(session, "north", now)
    newcomer = NewPerson(key, role, key, phone, "en", "America/Toronto", day, day)
    person = enrol(session, community, newcomer, now)
    for kind in ConsentKind:
        record_consent(session, person, kind, ConsentState.GIVEN, "told to staff", now)
    return person, phone


@dataclass
class Watch:
    """Looks into the tables from outside, as staff would."""

    program: Program

    def __post_init__(self) -> None:
        self.db = open_database(self.program.settings)

    def waiting(self) -> int:
        """How many texts are neither settled nor out of our hands."""
        return self._count(InboundMessage, col(InboundMessage.state) == InboundState.RECEIVED) + self._count(
            OutboundMessage, col(OutboundMessage.state).in_(OPEN)
        )

    def inbound(self) -> Counter[str]:
        return self._states(InboundMessage)

    def outbound(self) -> Counter[str]:
        return self._states(OutboundMessage)

    def close(self) -> None:
        self.db.engine.dispose()

    def _count(self, table: type[SQLModel], condition: object) -> int:
        with self.db.reading() as session:
            statement = select(func.count()).select_from(table).where(condition)  # type: ignore[arg-type]
            return session.exec(statement).one()

    def _states(self, table: type[InboundMessage] | type[OutboundMessage]) -> Counter[str]:
        with self.db.reading() as session:
            return Counter(str(state) for state in session.exec(select(table.state)))
