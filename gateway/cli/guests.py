"""The people of a rehearsal: pairs with habits, phones that are shared or out of reach, newcomers who have not agreed yet."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import select

from gateway.cli.stage import OneTransaction
from gateway.db import Session
from gateway.matching import matches
from gateway.models import (
    Community,
    ConsentKind,
    ConsentState,
    Installation,
    Line,
    LineKind,
    Match,
    Participant,
    Role,
)
from gateway.people.consent import record_consent
from gateway.people.directory import NewPerson, community_named, enrol
from gateway.routing.lines import add_line
from gateway.runtime import Gateway

PROGRAM = "+14165550100"
LINES = 6
COMMUNITY = "rehearsal"
ZONES = ("America/St_Johns", "America/Halifax", "America/Toronto", "America/Regina", "America/Whitehorse")
# How likely each sort of person writes on a day, and answers the program.
HABITS = {
    "chatty": (0.6, 0.95),
    "shy": (0.15, 0.6),
    "silent": (0.0, 0.0),
    "away": (0.3, 0.5),
    "shared": (0.15, 0.6),
    "leaves": (0.3, 0.5),
    "new": (0.0, 0.8),
}
SORTS = ("chatty", "shy", "chatty", "silent", "away", "shared", "shy", "leaves")
PAIRS_TO_A_NEWCOMER = 10


@dataclass(frozen=True)
class Guest:
    """A simulated person. `mask` is empty for a newcomer, who is in no match."""

    key: str
    number: str
    mask: str
    sort: str

    @property
    def writes(self) -> float:
        """How likely a text of one's own is on a day."""
        return HABITS[self.sort][0]

    @property
    def answers(self) -> float:
        """How likely an answer to a question of the program is."""
        return HABITS[self.sort][1]


def invite(gateway: Gateway, numbers: range, now: datetime) -> list[Guest]:
    """Enrol and match a pair for each number, and a newcomer for every tenth."""
    guests: list[Guest] = []
    with gateway.db.transaction() as session:
        add_line(session, PROGRAM, LineKind.SHORT, True, now)
        for number in range(LINES):
            add_line(session, f"+1705555{9000 + number}", LineKind.SHORT, False, now)
        community = community_named(session, COMMUNITY, now)
        for number in numbers:
            guests += _pair(session, community, number, number > numbers.start, now)
        for number in numbers[::PAIRS_TO_A_NEWCOMER]:
            phone = f"+1807{5_550_000 + number}"
            new = _enrol(session, community, Role.YOUTH, number, phone, now, key=f"newcomer{number}")
            guests.append(Guest(new.key, phone, "", "new"))
            for kind in ConsentKind:
                record_consent(session, new, kind, ConsentState.PENDING, "told to staff", now)
        if isinstance(gateway.db, OneTransaction):
            gateway.db.keep(
                *(
                    row
                    for table in (Participant, Match, Line, Community, Installation)
                    for row in session.exec(select(table))
                )
            )
    return guests


def _pair(
    session: Session, community: Community, number: int, has_neighbour: bool, now: datetime
) -> list[Guest]:
    sort = SORTS[number % len(SORTS)]
    phones = {Role.YOUTH: f"+1613{5_550_000 + number}", Role.MENTOR: f"+1819{5_550_000 + number}"}
    if sort == "shared" and has_neighbour:  # the phone of the youth of the pair before
        phones[Role.YOUTH] = f"+1613{5_550_000 + number - 1}"
    rows = {role: _enrol(session, community, role, number, phone, now) for role, phone in phones.items()}
    for row in rows.values():
        for kind in ConsentKind:
            record_consent(session, row, kind, ConsentState.GIVEN, "told to staff", now)
    _, masks, _ = matches.create(session, [rows[Role.YOUTH]], [rows[Role.MENTOR]], None, now)
    return [
        Guest(row.key, phones[role], masks[row.key], sort if role is Role.YOUTH else "chatty")
        for role, row in rows.items()
    ]


def _enrol(
    session: Session, community: Community, role: Role, number: int, phone: str, now: datetime, key: str = ""
) -> Participant:
    """Every second person writes French; zones go round."""
    language, zone, today = ("fr" if number % 2 else "en"), ZONES[number % len(ZONES)], now.date()
    person = NewPerson(
        key or f"{role}{number}", role, f"Person {number}", phone, language, zone, today, today
    )
    return enrol(session, community, person, now)
