"""What the program will say in one match, as its coordinator reads it."""

from sqlmodel import select

from gateway.library import store
from gateway.models import ContentKind, Match, Participant
from tests.authored.test_bad_yaml import PROMPT
from tests.web.console import Office
from tests.web.test_program import seen

DAILY = PROMPT.replace("week: 3, weekday: tue", 'every: "1 week", weekday: wed')


def calendar(office: Office, name: str = "ruth") -> str:
    with office.place.gateway.db.transaction() as session:
        now = office.place.clock.now()
        files = {"weekly.yaml": DAILY.encode(), "seen.yaml": DAILY.replace("wed", "fri").encode()}
        store(session, ContentKind.PROMPTS, files, now)
        uid = session.exec(select(Match.uid)).one()
    return seen(office.seats[name].opens(f"/matches/{uid}/calendar").text)


def test_the_next_texts_stand_with_their_days_in_the_readers_zone(office: Office) -> None:
    page = calendar(office)
    assert "Wed November 25, 08:00 (there: Wed 09:00)" in page  # Maya lives an hour further east
    assert "Wed November 25, 09:00" in page
    assert office.ruth.acts()[-1] == "calendar.read"


def test_whoever_hears_nothing_is_named_with_the_reason(office: Office) -> None:
    with office.place.gateway.db.transaction() as session:
        ben = session.exec(select(Participant).where(Participant.key == "ben")).one()
        ben.prompts_paused = True
        session.add(ben)
    page = calendar(office)
    assert "Nothing is said to Ben, who has asked for a pause (PAUSE)." in page


def test_a_closed_match_has_no_calendar(office: Office) -> None:
    with office.place.gateway.db.transaction() as session:
        match = session.exec(select(Match)).one()
        match.state = match.state.__class__.PAUSED
        session.add(match)
    assert "The program says nothing in this match while it stands like this." in calendar(office)
