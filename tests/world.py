"""A whole gateway to tell stories in: a real migrated database, the simulated network, the signed webhook, a cast.

`maya.texts("hi"); assert ben.received == ["hi"]`. Time is the test's own: it moves when something waits, or by
`world.advance`.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlmodel import col, select

from gateway.app import open_gateway
from gateway.matching import matches
from gateway.models import (
    Alert,
    ConsentKind,
    ConsentState,
    InboundMessage,
    Line,
    LineKind,
    OutboundMessage,
    OutboundState,
    Participant,
    Role,
    Staff,
    StaffRole,
)
from gateway.people.consent import record_consent
from gateway.people.directory import NewPerson, community_named, enrol, house_key, person_with_key
from gateway.providers.simulator import SimulatedNetwork
from gateway.routing.lines import add_line
from gateway.routing.routes import partners_of
from gateway.runtime import Gateway
from gateway.safety import duty
from gateway.settings import Settings
from gateway.work import jobs, watch

NOON = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # noon in Toronto, a Tuesday
PATIENCE = timedelta(seconds=30)  # what is due within this is waited for by `settle`
PROGRAM = "+14165550100"
POOL = ("+17055550101", "+18195550102", "+14165550103", "+12505550104")
REPOSITORY = Path(__file__).parent.parent


def lettered(number: int) -> str:
    """A count without digits (27 is "dk"): a text that is told from others by it holds nothing that looks like a number."""
    return "".join("bcdfghjklm"[int(digit)] for digit in str(number))


@dataclass
class TestClock:
    """A clock that moves only when somebody waits for it or the test says so."""

    __test__ = False
    at: datetime = NOON

    def now(self) -> datetime:
        return self.at

    def wait(self, seconds: float) -> None:
        self.at += timedelta(seconds=max(0.0, seconds))


@dataclass
class HandBell:
    """Notes who rang; the test does the work."""

    rang: list[str] = field(default_factory=list)

    def inbox(self) -> None:
        self.rang.append("inbox")

    def line(self, line_id: int) -> None:
        self.rang.append(f"line:{line_id}")


@dataclass
class World:
    """One gateway, its network, its time."""

    gateway: Gateway
    network: SimulatedNetwork
    clock: TestClock

    def person(
        self,
        key: str,
        role: Role = Role.YOUTH,
        phone: str | None = None,
        *,
        language: str = "en",
        timezone: str = "America/Toronto",
        community: str = "north",
        consents: bool = True,
        screened: bool = True,
        nights_quiet: bool = False,
    ) -> "Phone":
        """Enrol somebody; the phone number is made from the key unless it is given."""
        now = self.clock.now()
        number = phone or f"+1613555{1000 + sum(key.encode()) % 8999:04d}"
        today = now.date() if screened else None
        with self.gateway.db.transaction() as session:
            person = enrol(
                session,
                community_named(session, community, now),
                NewPerson(
                    key, role, key.capitalize(), number, language, timezone, today, today, nights_quiet
                ),
                now,
            )
            state = ConsentState.GIVEN if consents else ConsentState.PENDING
            for kind in ConsentKind:
                record_consent(session, person, kind, state, "told to staff", now)
        return Phone(self, key, number)

    def staff(
        self,
        key: str,
        phone: str | None = None,
        role: StaffRole = StaffRole.COORDINATOR,
        *,
        community: str | None = None,
        language: str = "en",
    ) -> "Phone":
        """A member of staff with an e-mail address made from the key, and a phone if one is given."""
        now = self.clock.now()
        with self.gateway.db.transaction() as session:
            row = Staff(
                role=role,
                community_id=community_named(session, community, now).id if community else None,
                email_sealed=b"",
                email_index=session.index(f"{key}@example.org"),
                language=language,
                created_at=now,
            )
            session.seal(row, "email_sealed", f"{key}@example.org", house_key(session))
            if phone:
                session.seal(row, "phone_sealed", phone, house_key(session))
            session.add(row)
        return Phone(self, key, phone or "", PROGRAM)

    def staff_row(self, key: str) -> Staff:
        with self.gateway.db.reading() as session:
            return duty.by_email(session, f"{key}@example.org")

    def on_duty(self, key: str, rank: int = 1, hours: float = 24) -> None:
        """Put somebody on duty from now on."""
        now = self.clock.now()
        with self.gateway.db.transaction() as session:
            row = duty.by_email(session, f"{key}@example.org")
            duty.add(session, row, None, (now, now + timedelta(hours=hours)), rank)

    def alerts(self) -> list[Alert]:
        with self.gateway.db.reading() as session:
            return list(session.exec(select(Alert).order_by(col(Alert.id))))

    def watches(self) -> None:
        """The watch goes round once, and what it set off happens."""
        watch.take_stock(self.gateway)
        watch.watch(self.gateway)
        watch.post_letters(self.gateway)
        self.settle()

    def match(self, *people: "Phone", waiver: str | None = None) -> int:
        """Match these people; each phone then knows the mask that it texts (the newest match's)."""
        with self.gateway.db.transaction() as session:
            rows = [person_with_key(session, phone.key) for phone in people]
            youths = [row for row in rows if row.role is Role.YOUTH]
            mentors = [row for row in rows if row.role is Role.MENTOR]
            match, masks, _ = matches.create(session, youths, mentors, waiver, self.clock.now())
            assert match.id is not None
            match_id = match.id
        for phone in people:
            phone.mask = masks[phone.key]
        return match_id

    def close(self, match_id: int) -> None:
        with self.gateway.db.transaction() as session:
            matches.close(session, matches.get(session, match_id), "the end", 365, self.clock.now())

    def settle(self) -> None:
        """Let everything happen that is due within PATIENCE; the clock moves as far as that takes."""
        for _ in range(10_000):
            if not self._step():
                return
        raise AssertionError("the gateway does not come to rest")

    def advance(self, **span: float) -> None:
        """Let time pass, with a tick and all that is due at each half hour of it."""
        until = self.clock.now() + timedelta(**span)
        while self.clock.now() < until:
            self.clock.at = max(self.clock.at, min(until, self.clock.at + timedelta(minutes=30)))
            jobs.slow_tick(self.gateway)
            self.settle()

    def _step(self) -> bool:
        moved = self.network.tick(self.clock.now()) > 0
        jobs.beat(self.gateway)
        moved |= jobs.look_up_uncertain(self.gateway) > 0
        moved |= jobs.drain_inbox(self.gateway) > 0
        return self._work_lines() or moved or self._wait_for_looks()

    def _work_lines(self) -> bool:
        """Send what is due on every line; when nothing is, let the clock reach what is due next, if that is near."""
        with self.gateway.db.reading() as session:
            lines = [line_id for line_id in session.exec(select(Line.id)) if line_id]
        before = self.count_attempts()
        looks = [jobs.deliver_next(self.gateway, line_id) for line_id in lines]
        if self.count_attempts() > before:
            return True
        near = [again for again in looks if self.clock.now() < again <= self.clock.now() + PATIENCE]
        if near:
            self.clock.at = min(near)
        return bool(near)

    def _wait_for_looks(self) -> bool:
        """Let the clock reach the next look at an uncertain text, when that is near."""
        waits = [row.not_before for row in self.outbound() if row.state is OutboundState.UNCERTAIN]
        near = [when for when in waits if self.clock.now() < when <= self.clock.now() + PATIENCE]
        if near:
            self.clock.at = min(near)
        return bool(near)

    def count_attempts(self) -> int:
        return sum(row.attempts for row in self.outbound())

    def inbound(self) -> list[InboundMessage]:
        with self.gateway.db.reading() as session:
            return list(session.exec(select(InboundMessage).order_by(col(InboundMessage.id))))

    def outbound(self) -> list[OutboundMessage]:
        with self.gateway.db.reading() as session:
            return list(session.exec(select(OutboundMessage).order_by(col(OutboundMessage.id))))


@dataclass
class Phone:
    """One handset, and the person who holds it."""

    world: World
    key: str
    number: str
    mask: str = ""

    def texts(self, body: str, to: str | None = None, *, media: tuple[str, ...] = ()) -> str:
        """Type a text to one's mask (or to another number) and let it happen. Returns the carrier's id."""
        carrier_id = self.types(body, to, media=media)
        self.world.settle()
        return carrier_id

    def types(self, body: str, to: str | None = None, *, media: tuple[str, ...] = ()) -> str:
        """Type a text; nothing else happens yet than its way to the webhook."""
        return self.world.network.text(self.number, to or self.mask, body, media)

    @property
    def received(self) -> list[str]:
        """The words that this handset got, in the order of arrival."""
        return [text.body for text in self.world.network.inbox(self.number)]

    @property
    def received_from(self) -> list[str]:
        """The numbers that they came from."""
        return [text.from_number for text in self.world.network.inbox(self.number)]

    @property
    def person(self) -> Participant:
        with self.world.gateway.db.reading() as session:
            return person_with_key(session, self.key)


def open_world(database_url: str, folder: Path, *, bell: HandBell | None = None) -> World:
    """A gateway on a migrated database, with one program line and a pool."""
    clock = TestClock()
    settings = Settings(
        _env_file=None,
        gateway_database_url=database_url,
        gateway_secret_key="s" * 40,
        gateway_data_keys="k1:" + "A" * 43,
        gateway_index_key="B" * 43,
        gateway_content=REPOSITORY,
        gateway_simulated_ledger=folder / "phones.db",
    )
    gateway = open_gateway(settings, bell=bell or HandBell(), clock=clock)
    assert isinstance(gateway.provider, SimulatedNetwork)
    with gateway.db.transaction() as session:
        add_line(session, PROGRAM, LineKind.LONG, True, clock.now())
        for number in POOL:
            add_line(session, number, LineKind.LONG, False, clock.now())
    return World(gateway, gateway.provider, clock)


def members(world: World, match_id: int) -> list[str]:
    """The keys of a match's members."""
    with world.gateway.db.reading() as session:
        return [partner.person.key for partner in partners_of(session, match_id, 0)]
