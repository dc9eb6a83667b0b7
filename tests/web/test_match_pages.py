"""What staff do on the pages about matches: facts, acts, ends, proposals, lines."""

import re
from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from gateway.models import (
    ConsentKind,
    ConsentState,
    Ending,
    Line,
    LineKind,
    Match,
    MatchState,
    Participant,
    Role,
    Staff,
)
from gateway.people.consent import record_consent
from gateway.people.directory import NewPerson, community_named, enrol, person_with_key
from gateway.routing.lines import add_line
from tests.web.conftest import MASKS, World
from tests.web.console import Office
from tests.web.forms import forms_of


def newcomer(
    world: World,
    key: str,
    role: Role,
    phone: str,
    *,
    language: str = "en",
    screened: bool = True,
    tags: str = "",
) -> Participant:
    now = world.clock.now()
    day = now.date() if screened else None
    new = NewPerson(
        key,
        role,
        key.capitalize(),
        phone,
        language,
        "America/Toronto",
        day,
        day,
        interests=tuple(tags.split()),
    )
    with world.gateway.db.transaction() as session:
        row = enrol(session, community_named(session, "sample", now), new, now)
        for kind in ConsentKind:
            record_consent(session, row, kind, ConsentState.GIVEN, "told to staff", now)
        return row


@pytest.fixture
def here(world: World) -> str:
    """The address of Maya's and Ben's match, without its end."""
    with world.gateway.db.reading() as session:
        return f"/matches/{session.exec(select(Match.uid)).one()}"


def match(world: World) -> Match:
    with world.gateway.db.reading() as session:
        return session.exec(select(Match).order_by(col(Match.id))).first() or pytest.fail("no match")


def test_a_match_is_paused_and_resumed_with_a_reason(world: World, office: Office, here: str) -> None:
    about = f"{here}/about"
    page = office.ruth.follows(office.ruth.sends(about, f"{here}/pause", why="holiday"))
    assert "Nothing passes now." in page and "match on pause (a holiday)" in page
    world.says("maya", "anybody there?")
    assert match(world).state is MatchState.PAUSED
    assert "Texts pass again." in office.ruth.follows(office.ruth.sends(about, f"{here}/resume"))
    acts = [act for act in office.ruth.acts() if act in {"match.pause", "match.resume"}]
    assert acts == ["match.pause", "match.resume"]


def test_a_match_with_a_number_in_doubt_is_not_resumed_past_it(
    world: World, office: Office, here: str
) -> None:
    office.ruth.sends(f"{here}/about", f"{here}/pause", why="check")
    with world.gateway.db.transaction() as session:
        person_with_key(session, "maya").number_doubted_at = world.clock.now()
    page = office.ruth.follows(office.ruth.sends(f"{here}/about", f"{here}/resume"))
    assert "Verify Maya’s number first" in page
    assert match(world).state is MatchState.PAUSED


def test_a_match_is_handed_to_a_colleague_and_its_coordinator_sees_it_no_more(
    world: World, office: Office, here: str
) -> None:
    with world.gateway.db.reading() as session:
        kim, sam = (session.get_one(Staff, seat.staff_id).uid for seat in (office.kim, office.sam))
    answer = office.ruth.sends(f"{here}/about", f"{here}/transfer", to=sam)
    assert "Choose a coordinator of this community" in office.ruth.follows(answer)
    office.ruth.sends(f"{here}/about", f"{here}/transfer", to=kim)
    assert office.ruth.opens(f"{here}/about").status_code == 404
    assert office.kim.opens(f"{here}/about").status_code == 200


def test_somebody_joins_and_leaves_a_group(world: World, office: Office, here: str) -> None:
    about = f"{here}/about"
    assert "Take out" not in office.ann.opens(about).text
    page = office.ann.follows(office.ann.sends(about, f"{here}/members", key="ada"))
    assert "Ada has joined, and texts 506 555-010" in page
    ada = next(
        form
        for form in forms_of(page)
        if form.action.endswith("/remove") and world.uids["ada"] in form.action
    )
    page = office.ruth.follows(office.ruth.sends(about, ada.action))
    assert "Ada has left; the others go on." in page and "has left the group" in page
    assert "Nobody has the key" in office.ann.follows(office.ann.sends(about, f"{here}/members", key="%"))


def test_what_is_not_met_is_shown_and_let_pass_with_a_reason(world: World, office: Office, here: str) -> None:
    with world.gateway.db.transaction() as session:
        person_with_key(session, "ben").screened_on = date(2020, 1, 1)
    about = f"{here}/about"
    assert "Ben has no screening of the last three years." in office.ruth.opens(about).text
    assert f"{here}/waive" not in office.ruth.opens(about).text
    assert "Say why" in office.ann.follows(office.ann.sends(about, f"{here}/waive", reason=" "))
    page = office.ann.follows(office.ann.sends(about, f"{here}/waive", reason="renewal under way"))
    assert "Ben, screening: renewal under way" in page
    assert "Ben has no screening" not in page


def test_a_planned_end_is_shown_and_can_be_called_off(world: World, office: Office, here: str) -> None:
    last = (world.clock.now().date() + timedelta(days=60)).isoformat()
    page = office.ruth.follows(
        office.ruth.sends(f"{here}/close", f"{here}/close/planned", last=last, reason="end of school")
    )
    assert "The last texts pass on" in page and "They are told on" in page and "end of school" in page
    assert "The match goes on." in office.ruth.follows(office.ruth.sends(f"{here}/about", f"{here}/call-off"))
    assert match(world).closes_on is None


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("soon", "Write the last day as"),
        ("2020-01-01", "Choose a day after today"),
        ("", "Write the last day as"),
    ],
)
def test_a_last_day_that_cannot_be_is_said_plainly(office: Office, here: str, last: str, said: str) -> None:
    answer = office.ruth.sends(f"{here}/close", f"{here}/close/planned", last=last, reason="x")
    assert said in office.ruth.follows(answer)


def test_an_end_at_once_needs_a_reason_and_leads_on_to_a_new_match(
    world: World, office: Office, here: str
) -> None:
    assert "Say why" in office.ann.follows(office.ann.sends(f"{here}/close", f"{here}/close/sudden"))
    answer = office.ann.sends(f"{here}/close", f"{here}/close/sudden", reason="moved", then="propose")
    assert answer.headers["Location"] == f"/matches/propose/{world.uids['maya']}"
    ended = match(world)
    assert (ended.state, ended.ending, ended.close_why) == (MatchState.CLOSED, Ending.SUDDEN, "moved")
    assert office.ann.opens(f"{here}/close").status_code == 404
    assert "Find a mentor for Maya" in office.ann.opens(f"{here}/about").text
    assert "Find a mentor for" not in office.ruth.opens(f"{here}/about").text
    assert "Hand over" not in office.ann.opens(f"{here}/about").text


def test_somebody_silent_is_asked_once_more_before_the_end(world: World, office: Office, here: str) -> None:
    office.ruth.sends(
        f"{here}/close", f"{here}/close/unreachable", silent=world.uids["ben"], reason="three calls"
    )
    ends = match(world)
    assert (ends.state, ends.ending) == (MatchState.ACTIVE, Ending.UNREACHABLE)
    answer = office.ruth.sends(
        f"{here}/close", f"{here}/close/unreachable", silent=world.uids["ada"], reason="not of this match"
    )
    assert answer.status_code == 404


def test_the_list_is_narrowed_by_state_and_each_sees_the_own(world: World, office: Office, here: str) -> None:
    assert here in office.ruth.opens("/matches").text
    assert here not in office.ruth.opens("/matches?state=closed").text
    assert here in office.ruth.opens("/matches?state=active").text
    assert here not in office.kim.opens("/matches?state=all").text
    assert "Propose matches" not in office.ruth.opens("/matches").text


def test_a_proposal_says_why_and_a_match_is_made_in_one_step(world: World, office: Office) -> None:
    ivy = newcomer(world, "ivy", Role.YOUTH, "+17055550131", tags="music animals")
    newcomer(world, "sue", Role.MENTOR, "+14165550134", tags="music")
    newcomer(world, "al", Role.MENTOR, "+14165550135", screened=False)
    page = office.ann.opens(f"/matches/propose/{ivy.uid}").text
    assert re.findall(r"<h2[^>]*>(Sue|Al)</h2>", page) == ["Sue", "Al"]
    assert "Both chose music." in page and "Al has no screening" in page
    assert not re.search(r"\b\d+\.\d+\b", page.partition("<main")[2])  # never a bare score
    form = next(form for form in forms_of(page) if form.action == f"/matches/propose/{ivy.uid}")
    with world.gateway.db.reading() as session:
        kim = session.get_one(Staff, office.kim.staff_id).uid
    answer = office.ann.client.post(form.action, data=form.fields | {"care": kim})
    said = office.ann.follows(answer)
    assert "They are matched. Ivy texts 506 555-010" in said
    assert (
        answer.headers["Location"].removeprefix("/matches/").removesuffix("/about")
        in office.kim.opens("/matches").text
    )


def test_a_gate_that_is_not_met_asks_for_a_reason(world: World, office: Office) -> None:
    ivy = newcomer(world, "ivy", Role.YOUTH, "+17055550131")
    newcomer(world, "al", Role.MENTOR, "+14165550135", screened=False)
    path = f"/matches/propose/{ivy.uid}"
    office.ann.opens(path)
    answer = office.ann.sends(path, path, key="al", mentor="", reason="")
    assert "With a reason, this can be let pass." in office.ann.follows(answer)
    answer = office.ann.sends(path, path, key="al", mentor="", reason="vouched for by the school")
    assert "vouched for by the school" in office.ann.follows(answer)


def test_all_who_wait_are_proposed_together_and_who_is_left_is_named(world: World, office: Office) -> None:
    newcomer(world, "ivy", Role.YOUTH, "+17055550131")
    newcomer(world, "sue", Role.MENTOR, "+14165550134")
    page = office.ann.opens("/matches/propose").text
    assert "Ivy + Sue" in page and "Ada + Noé" in page
    world.clock.wait(60)  # who waits longer goes before
    newcomer(world, "tom", Role.YOUTH, "+17055550132")
    left = office.ann.opens("/matches/propose").text.partition("Nobody for them yet")[2]
    assert "Tom" in left and "Ivy" not in left
    assert "Ivy" not in office.abe.opens("/matches/propose").text


def test_lines_show_who_uses_them_and_how_many_more_are_needed(world: World, office: Office) -> None:
    page = office.ann.opens("/lines?more=1").text
    assert "506 555-0101" in page and "There are enough." in page
    newcomer(world, "pat", Role.MENTOR, "+14165550139")
    with world.gateway.db.transaction() as session:
        person_with_key(session, "noe").most_matches = 5
        person_with_key(session, "pat").most_matches = 1
    assert "more lines are needed" in office.ann.opens("/lines?more=6").text
    for odd in ("0", "x", "-1", "99999999"):
        assert office.ann.opens(f"/lines?more={odd}").status_code == 200


def test_a_stopped_line_is_started_from_its_page(world: World, office: Office) -> None:
    with world.gateway.db.transaction() as session:
        line = session.exec(select(Line).where(Line.number == MASKS[0])).one()
        line.stopped_at, line.stopped_why = world.clock.now(), "provider code 30007"
        add_line(session, "+15065550109", LineKind.TOLLFREE, False, world.clock.now())
    page = office.ann.opens("/lines").text
    assert "provider code 30007" in page and "toll-free" in page
    assert "The line sends again." in office.ann.follows(
        office.ann.sends("/lines", "/lines/start", line=str(world.lines[MASKS[0]]))
    )
    with world.gateway.db.reading() as session:
        assert session.get_one(Line, world.lines[MASKS[0]]).stopped_at is None
