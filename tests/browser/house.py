"""A busy office for looking at every page in every state: many matches, a long thread, alerts, answers, a change at hand.

Kim has no match yet and Sam's community nobody at all: the same pages, empty. Abe has no second factor yet.
"""

from datetime import timedelta

from sqlmodel import select

from gateway.db import Session
from gateway.models import (
    Alert,
    ContentVersion,
    InboundMessage,
    KeptAnswer,
    Match,
    Outcome,
    Participant,
    Role,
    Run,
    RunState,
    Sample,
    Staff,
    TokenKind,
)
from gateway.people import guardians
from gateway.people.alerts import raise_alert
from gateway.people.directory import NewPerson, community_named, data_key_of, enrol, person_with_key
from gateway.people.staff import accounts, links
from gateway.safety import duty
from gateway.work import jobs
from tests.insight.rows import add_match
from tests.web.conftest import PROGRAM_LINE, World
from tests.web.console import Office
from tests.web.program import a_proposal
from tests.web.threads import fill

MANY = 30
ICE = "J'ai pêché sur la glace avec mon oncle, et toi, how was the long weekend at the lake? 🎣"


def make_busy(world: World, office: Office) -> dict[str, str]:
    """Fill the office; gives what stands for `{match}`, `{maya}` and so on in the paths of the states."""
    fill(world, [f"{number}. {ICE}" for number in range(60)])
    world.says("ada", "REPORT", PROGRAM_LINE)
    with world.gateway.db.transaction() as session:
        crisis = _many_matches(session, world, office)
        _kin_and_care(session, world, office)
        _answers(session, world)
        _without_second_factor(session, office)
    jobs.measure_all(world.gateway, range(1, MANY + 3))
    number = f"/people/{world.uids['ben']}/number"
    office.ann.sends(number, number, phone="+1 514 555 0188")
    return world.uids | _places(world, office) | {"crisis": crisis}


def _many_matches(session: Session, world: World, office: Office) -> str:
    """Matches that have gone quiet, all Ruth's; something sensitive is open in one of Ada and Noé, whose uid this gives."""
    now = world.clock.now()
    people = [person_with_key(session, key) for key in ("maya", "ben", "ada", "noe")]
    for number in range(MANY + 1):
        row = session.get_one(Match, add_match(session, people[number % 2 :: 2], now - timedelta(days=60)))
        row.coordinator_id = office.ruth.staff_id
        session.add(row)
    raise_alert(session, people[2].id, "crisis", now, match_id=row.id)
    session.add(Sample(match_id=1, picked_on=now.date()))
    return row.uid


def _kin_and_care(session: Session, world: World, office: Office) -> None:
    """A guardian for Maya, somebody on duty, and a line that has stopped."""
    now = world.clock.now()
    aunt = NewPerson("jo", Role.GUARDIAN, "Jo Tremblay", "+17055550161", "en", "America/Toronto")
    row = enrol(session, community_named(session, "sample", now), aunt, now)
    guardians.tie(session, row, person_with_key(session, "maya"), now)
    ruth = session.get_one(Staff, office.ruth.staff_id)
    duty.add(session, ruth, None, (now, now + timedelta(hours=12)), 1)
    raise_alert(session, None, "line_stopped", now)


def _answers(session: Session, world: World) -> None:
    """What Maya said in a conversation."""
    now, maya = world.clock.now(), person_with_key(session, "maya")
    version = session.exec(select(ContentVersion.id)).first()
    run = Run(
        dedupe_key="x",
        participant_id=maya.id or 0,
        match_id=1,
        flow="hello",
        version_id=version or 0,
        state=RunState.ENDED,
        created_at=now,
    )
    session.add(run)
    session.flush()
    kept = KeptAnswer(
        participant_id=maya.id or 0,
        match_id=1,
        run_id=run.id or 0,
        question="going",
        at=now,
        value_sealed=b"",
    )
    session.seal(kept, "value_sealed", "4, and the dog is better", data_key_of(session, maya.community_id))
    session.add(kept)


def _without_second_factor(session: Session, office: Office) -> None:
    accounts.forget_second_factor(session, session.get_one(Staff, office.abe.staff_id))
    office.abe.secret = None


def _places(world: World, office: Office) -> dict[str, str]:
    with world.gateway.db.transaction() as session:
        sam = session.get_one(Staff, office.sam.staff_id)
        found = {
            "match": session.get_one(Match, 1).uid,
            "jo": session.exec(select(Participant.uid).where(Participant.key == "jo")).one(),
            "kim": session.get_one(Staff, office.kim.staff_id).uid,
            "text": session.exec(
                select(InboundMessage.uid).where(InboundMessage.outcome == Outcome.HELD)
            ).one(),
            "report": session.exec(select(Alert.uid).where(Alert.reason == "report")).one(),
            "token": links.make(session, sam, TokenKind.RESET, world.clock.now()),
        }
    return {name: str(value) for name, value in found.items()} | {"proposal": a_proposal(office)}
