"""The sample community: two youths, two mentors, English and French, two pairs and one small group, one coordinator.

They have begun to talk: one text waits for the coordinator's decision and one was flagged, so that her first day is not empty.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from sqlmodel import select

from gateway.app import open_gateway
from gateway.cli.content import load_first
from gateway.cli.people import add_people, roster_defaults
from gateway.db import Session
from gateway.matching import caseload, matches
from gateway.models import LineKind, Participant, StaffRole, TokenKind
from gateway.people.directory import Refused, person_with_key
from gateway.people.roster import read_roster
from gateway.people.staff import accounts, links
from gateway.people.staff.accounts import NewStaff
from gateway.providers.simulator import SimulatedNetwork
from gateway.routing.lines import add_line
from gateway.runtime import Gateway
from gateway.settings import Settings

PROGRAM_LINE = "+14165550100"
POOL = ("+17055550101", "+18195550102", "+14165550103")
COORDINATOR = NewStaff("ruth@example.org", StaffRole.COORDINATOR, None, "Ruth Morin")
PEOPLE = Path("sample/people.csv")
# Who writes what, in the pair that each of them is in. Typed on simulated phones, and screened like any other text.
TALK = (
    ("maya", "Hi Ben! I got the form for the summer program. Page 3 is confusing"),
    ("ben", "Hi Maya! Page 3 is about what you like to do. What would you put first?"),
    ("maya", "fishing with my kokum, drawing, hockey 🏒"),
    ("ben", "Meet me at the library Saturday at 2, I can help you with the form"),
    ("lea", "Bonjour Paul, j'ai eu 82 en maths!"),
    ("paul", "82! Bravo Léa. Comment as-tu fait?"),
    ("lea", "j'ai refait les problèmes avec ma cousine. ajoute moi sur snap, lea_07"),
)
MATCHES = ((("maya",), ("ben",)), (("lea",), ("paul",)), (("maya", "lea"), ("ben",)))


def for_this_computer(settings: Settings) -> Settings:
    """The settings of a trial: invented people, pages for this computer only, so a second factor is not insisted on."""
    if "gateway_second_factor" in settings.model_fields_set:
        return settings
    return settings.model_copy(update={"gateway_second_factor": "optional"})


def load_once(settings: Settings) -> None:
    """Load the sample into a migrated database, unless somebody is enrolled already.

    Raises Refused when the provider is not simulated: invented people must never be texted.
    """
    if settings.gateway_provider != "simulated":
        raise Refused("the sample is for simulated phones only; for a real program use: gateway serve")
    gateway = open_gateway(settings)
    with gateway.db.reading() as session:
        is_new = session.exec(select(Participant.id).limit(1)).first() is None
    if is_new:
        load(gateway)


def load(gateway: Gateway) -> None:
    """Add the sample's lines, people and matches, and what they have written. Whoever serves handles it."""
    now = gateway.clock.now()
    with gateway.db.transaction() as session:
        add_line(session, PROGRAM_LINE, LineKind.LONG, True, now)
        for number in POOL:
            add_line(session, number, LineKind.LONG, False, now)
    content = gateway.settings.gateway_content / PEOPLE
    add_people(gateway, read_roster(content.read_bytes(), roster_defaults(gateway)))
    with gateway.db.transaction() as session:
        made = [
            matches.create(session, _all(session, youths), _all(session, mentors), None, now)
            for youths, mentors in MATCHES
        ]
        ruth = accounts.add(session, replace(COORDINATOR, community_id=made[0][0].community_id), now)
        for match, _masks, _waived in made:
            caseload.assign(session, match, ruth)
        typed = _typed(session, [masks for _match, masks, _waived in made])
    load_first(gateway)
    assert isinstance(gateway.provider, SimulatedNetwork)
    for phone, mask, words in typed:
        gateway.provider.text(phone, mask, words)


def _typed(session: Session, masks: Sequence[Mapping[str, str]]) -> list[tuple[str, str, str]]:
    """(phone, line, words) of each text of TALK: a person's pair is the first match that the person is in."""
    return [
        (
            session.open(person_with_key(session, key), "phone_sealed"),
            next(lent[key] for lent in masks if key in lent),
            words,
        )
        for key, words in TALK
    ]


def way_in(gateway: Gateway) -> str | None:
    """The path by which the sample's coordinator sets her password: a fresh one at each start, until she has."""
    with gateway.db.transaction() as session:
        ruth = accounts.find(session, COORDINATOR.email)
        if ruth is None or ruth.disabled_at or accounts.credential_of(session, ruth).password_sealed:
            return None
        return f"/welcome/{links.make(session, ruth, TokenKind.INVITATION, gateway.clock.now())}"


def _all(session: Session, keys: tuple[str, ...]) -> list[Participant]:
    return [person_with_key(session, key) for key in keys]
