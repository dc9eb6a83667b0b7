"""A coordinator's day: who needs her, the thread, what she does about it. Others can't."""

import re
from datetime import timedelta
from random import Random

import pytest
from sqlmodel import col, select

from gateway.models import (
    AuditEntry,
    Match,
    MatchState,
    Need,
    Note,
    Reviewed,
    Role,
    Sample,
    SetAside,
    Staff,
    StaffContact,
)
from gateway.people import guardians
from gateway.people.alerts import raise_alert
from gateway.people.directory import NewPerson, community_named, enrol, person_with_key
from gateway.work import jobs
from tests.insight.rows import add_match
from tests.web.conftest import PHONES, PROGRAM_LINE, World
from tests.web.console import Office, Seat
from tests.web.threads import fill
from tests.world import REPOSITORY

MEETING = "Meet me at the library on Saturday at 2"


@pytest.fixture
def uid(world: World, office: Office) -> str:
    """The match of Maya and Ben."""
    with world.gateway.db.reading() as session:
        return session.exec(select(Match.uid)).one()


@pytest.fixture
def silent(world: World, office: Office, uid: str) -> str:
    """The same, three weeks after the last word."""
    world.says("maya", "hi Ben")
    world.clock.wait(21 * 86_400)
    jobs.measure_all(world.gateway, [1])
    return uid


def rows(world: World, table: type) -> list[object]:
    with world.gateway.db.reading() as session:
        return list(session.exec(select(table)))


def does(seat: Seat, uid: str, deed: str, page: str = "", /, **typed: str) -> str:
    """Fill in the form of an act on the thread (or another page), and read the page that follows."""
    return seat.follows(seat.sends(page or f"/matches/{uid}", f"/matches/{uid}/{deed}", **typed))


# Today


def test_a_quiet_day_says_so_and_what_is_coming(world: World, office: Office) -> None:
    world.says("maya", "hi Ben")
    jobs.measure_all(world.gateway, [1])
    page = office.ruth.opens("/today").text
    assert "Nobody needs you this minute." in page
    assert "Coming in the next days" in page and "the thread to be read for the first time" in page
    assert "Coming in the next days" not in office.kim.opens("/today").text


def test_each_match_in_need_stands_there_with_its_reasons_the_urgent_ones_apart(
    world: World, office: Office, silent: str
) -> None:
    page = office.ruth.opens("/today").text
    assert "Nobody has written for 21 days." in page and "When you can" in page
    assert ">1 unread<" in page
    assert 'id="now"' not in page
    world.says("ben", MEETING)
    page = office.ruth.opens("/today").text
    assert 'id="now"' in page and "1 text is held until you decide" in page
    for other in ("kim", "sam"):
        assert "Maya" not in office.seats[other].opens("/today").text
    assert "Maya" in office.ann.opens("/today").text


def test_a_reason_is_seen_and_another_put_off_in_one_step_each(
    world: World, office: Office, silent: str
) -> None:
    page = does(office.ruth, silent, "seen", "/today", reason="no_exchange")
    assert "Seen. It comes back when it gets worse" in page
    assert "Nobody has written for" not in page and "Not a word from Ben" in page
    day = (world.clock.now() + timedelta(days=5)).date().isoformat()
    page = does(office.ruth, silent, "later", "/today", reason="mentor_quiet", until=day)
    assert "Put off until" in page and "Not a word from Ben" not in page
    assert len(rows(world, SetAside)) == 2


@pytest.mark.parametrize(
    ("act", "typed", "said"),
    [
        ("later", {"until": "2020-01-01"}, "Choose a day after today"),
        ("later", {"until": "x"}, "Choose a day after today"),
        ("seen", {"reason": "held"}, "goes away only when it is dealt with"),
        ("seen", {"reason": "nonsense"}, "goes away only when it is dealt with"),
        ("notes", {"note": "  "}, "Write a note of 1 to 2000 characters."),
        ("contacts", {"how": "pigeon"}, "Say with whom, how"),
        ("contacts", {"on": "2999-01-01"}, "Say with whom, how"),
        ("contacts", {"who": "0" * 32}, "Say with whom, how"),
    ],
)
def test_what_cannot_be_is_said_in_plain_words_and_changes_nothing(
    world: World, office: Office, silent: str, act: str, typed: dict[str, str], said: str
) -> None:
    assert said in does(office.ruth, silent, act, "/today", **typed)
    assert [rows(world, table) for table in (SetAside, Note, StaffContact)] == [[], [], []]


def test_a_talk_is_noted_and_is_then_no_longer_due(world: World, office: Office, silent: str) -> None:
    assert "A talk with Maya was due" in office.ruth.opens("/today").text
    for key in ("maya", "ben"):
        who = world.uids[key]
        assert "The talk is noted." in does(office.ruth, silent, "contacts", "/today", who=who, how="call")
    assert "A talk with" not in office.ruth.opens("/today").text
    assert len(rows(world, StaffContact)) == 2


@pytest.mark.parametrize("page", ["/today", "/matches/{uid}"])
def test_a_talk_with_a_guardian_is_noted(world: World, office: Office, silent: str, page: str) -> None:
    now = world.clock.now()
    with world.gateway.db.transaction() as session:
        community = community_named(session, "sample", now)
        aunt = NewPerson("jo", Role.GUARDIAN, "Jo Tremblay", "+17055550161", "en", "America/Toronto")
        row = enrol(session, community, aunt, now)
        guardians.tie(session, row, person_with_key(session, "maya"), now)
        jo, jo_id = row.uid, row.id
    shown = office.ruth.opens(page.format(uid=silent)).text
    assert (
        shown.count(f'<option value="{jo}">Jo (guardian)</option>') == 1
    )  # to talk with, not to text from here
    assert "The talk is noted." in does(
        office.ruth, silent, "contacts", page.format(uid=silent), who=jo, how="call"
    )
    with world.gateway.db.reading() as session:
        assert session.exec(select(StaffContact.participant_id)).all() == [jo_id]


def test_a_note_sent_twice_is_kept_once(world: World, office: Office, silent: str) -> None:
    office.ruth.signs_in()
    form = office.ruth.form("/today", f"/matches/{silent}/notes").fields | {"note": "Called her aunt."}
    for _ in range(2):
        answer = office.ruth.client.post(f"/matches/{silent}/notes", data=form)
        assert "Your note stands in the thread" in office.ruth.follows(answer)
    assert len(rows(world, Note)) == 1
    assert "Called her aunt." in office.ruth.opens(f"/matches/{silent}").text


def test_an_admin_hands_a_match_to_a_colleague_of_the_same_community_alone(
    world: World, office: Office, silent: str
) -> None:
    assert "caseload" not in office.ruth.opens("/today").text
    kim, sam = (_staff_uid(world, office.seats[name]) for name in ("kim", "sam"))
    assert "in other hands" in does(office.ann, silent, "caseload", "/today", staff=kim)
    assert "Maya" in office.kim.opens("/today").text and "Maya" not in office.ruth.opens("/today").text
    token = office.ann.form("/today", f"/matches/{silent}/caseload").fields
    answer = office.ann.client.post(f"/matches/{silent}/caseload", data=token | {"staff": sam})
    assert answer.status_code == 404


def _staff_uid(world: World, seat: Seat) -> str:
    with world.gateway.db.reading() as session:
        return session.get_one(Staff, seat.staff_id).uid


def test_an_alert_without_a_match_stands_first_and_a_report_about_staff_for_admins_alone(
    world: World, office: Office
) -> None:
    world.says("ada", "REPORT STAFF", PROGRAM_LINE)
    with world.gateway.db.transaction() as session:
        raise_alert(session, None, "line_stopped", world.clock.now())
    assert "A line has stopped" in office.ruth.opens("/today").text
    for name, sees in (("ruth", False), ("kim", False), ("ann", True), ("sam", False)):
        for path in ("/today", "/alerts"):
            page = office.seats[name].opens(path).text
            assert ("A member reported somebody on the staff" in page) == sees


def test_a_thread_that_chance_picked_is_asked_for_until_it_is_read(
    world: World, office: Office, uid: str
) -> None:
    world.says("maya", "hi Ben")
    with world.gateway.db.transaction() as session:
        session.add(Sample(match_id=1, picked_on=world.clock.now().date()))
    assert "Picked by chance for a look" in office.ruth.opens("/today").text
    assert "Picked by chance" not in office.kim.opens("/today").text
    assert "Marked as read up to here." in does(office.ruth, uid, "read")
    assert "Picked by chance" not in office.ruth.opens("/today").text


# The thread


def test_a_thread_is_a_conversation_with_notes_and_what_the_program_said(
    world: World, office: Office, uid: str
) -> None:
    world.says("maya", "Hi Ben, how was the ice?")
    world.says("ben", "Très bien! Et toi?")
    does(office.ruth, uid, "notes", note="They talk about fishing.")
    page = office.ruth.opens(f"/matches/{uid}").text
    said = re.findall(r'<div class="line (\w+)">(?:<b>([^<]*)</b>)?\s*<p class="say"[^>]*>([^<]*)</p>', page)
    assert said == [
        ("youth", "Maya", "Hi Ben, how was the ice?"),
        ("mentor", "Ben", "Très bien! Et toi?"),
        ("note", "Note by Ruth", "They talk about fishing."),
    ]
    assert '<p class="say" lang="fr">Très bien' in page
    assert page.count(">Tue November 24<") == 1 and "12:00 · Delivered" in page


def test_what_the_screen_saw_is_marked_and_nothing_in_a_text_is_executed(
    world: World, office: Office, uid: str
) -> None:
    world.says("maya", "<script>alert(1)</script> \u202egnp.exe & 'q'")
    world.says("ben", f"\u202e{MEETING}")
    page = office.ruth.opens(f"/matches/{uid}").text
    assert "<script" not in page and "&lt;script&gt;" in page
    assert "\u202e" not in page and page.count("⟨U+202E⟩") == 2
    assert "<mark>Meet me at the library" in page
    assert "Held for a look: a place and a time to meet" in page and "/review/" in page


def test_what_is_new_is_marked_until_somebody_has_read_it(world: World, office: Office, uid: str) -> None:
    world.says("maya", "one")
    page = office.ruth.opens(f"/matches/{uid}").text
    assert 'id="unread"' in page and "Last read by" not in page
    form = office.ruth.form(f"/matches/{uid}", f"/matches/{uid}/read")
    world.says("maya", "two")
    office.ruth.client.post(f"/matches/{uid}/read", data=form.fields)
    page = office.ruth.opens(f"/matches/{uid}").text
    assert "Last read by Ruth on Tue November 24" in page
    assert page.index("one") < page.index('id="unread"') < page.index("two")
    does(office.ruth, uid, "read")
    assert 'id="unread"' not in office.ruth.opens(f"/matches/{uid}").text


def test_a_long_thread_is_walked_back_and_forth(world: World, office: Office, uid: str) -> None:
    fill(world, [f"text number {number}" for number in range(120)])
    seen: list[str] = []
    path = f"/matches/{uid}"
    for _ in range(4):
        page = office.ruth.opens(path).text
        seen = re.findall(r"text number \d+", page) + seen
        older = re.search(r'<a href="([^"]+)" rel="prev">', page)
        if older is None:
            break
        path = older[1].replace("&amp;", "&")
    assert seen == [f"text number {number}" for number in range(120)]
    newer = re.search(r'<a href="([^"]+)" rel="next">', page)
    assert newer and "text number 69" in office.ruth.opens(newer[1].replace("&amp;", "&")).text
    assert office.ruth.opens(f"/matches/{uid}?before=x").status_code == 404
    assert office.ruth.opens(f"/matches/{uid}?before=9999999999999.0.1").status_code in (200, 404)


def test_staff_text_one_side_from_the_program_line(world: World, office: Office, uid: str) -> None:
    typed = {"to": world.uids["maya"], "words": "Ruth here. Can I call at four?"}
    page = does(office.ruth, uid, "text", **typed)
    assert "On its way from the program line (1 segment)." in page
    world.work()
    assert [text.body for text in world.network.inbox(PHONES["maya"])][-1].endswith("Can I call at four?")
    assert world.network.inbox(PHONES["ben"]) == []
    assert "Program to Maya" in office.ruth.opens(f"/matches/{uid}").text
    assert "Not sent" in does(office.ruth, uid, "text", **typed | {"words": "x" * 301})
    world.says("maya", "STOP")
    assert "Not sent" in does(office.ruth, uid, "text", **typed)
    assert "Not sent" in does(office.ruth, uid, "text", **typed | {"to": world.uids["ada"]})
    world.work()
    assert world.network.inbox(PHONES["ada"]) == []


def test_a_match_rests_and_goes_on(world: World, office: Office, uid: str) -> None:
    assert "on pause" in does(office.ruth, uid, "rest", act="pause")
    world.says("maya", "hello?")
    assert world.network.inbox(PHONES["ben"]) == []
    form = office.ruth.form(f"/matches/{uid}", f"/matches/{uid}/rest").fields
    assert "The match goes on" in does(office.ruth, uid, "rest", act="resume")
    late = office.ruth.client.post(f"/matches/{uid}/rest", data=form | {"act": "resume"})
    assert "Its state has changed meanwhile" in office.ruth.follows(late)
    assert [match.state for match in rows(world, Match)] == [MatchState.ACTIVE]  # type: ignore[attr-defined]


def test_a_sensitive_thread_asks_for_a_reason_which_the_audit_keeps(
    world: World, office: Office, uid: str
) -> None:
    with world.gateway.db.transaction() as session:
        raise_alert(session, person_with_key(session, "maya").id, "crisis", world.clock.now(), match_id=1)
    world.says("maya", "secret words")
    page = office.ruth.opens(f"/matches/{uid}").text
    assert "Before you read" in page and "secret words" not in page
    assert "match.read" not in office.ruth.acts()
    assert "Before you read" in office.ruth.opens(f"/matches/{uid}?why=curious").text
    page = office.ruth.opens(f"/matches/{uid}?why=alert").text
    assert "secret words" in page
    with world.gateway.db.reading() as session:
        entry = session.exec(select(AuditEntry).order_by(col(AuditEntry.id).desc())).first()
    assert entry and (entry.action, entry.detail) == ("match.read", '{"why": "alert"}')


def test_a_report_about_her_is_shown_to_nobody_but_an_admin(world: World, office: Office, uid: str) -> None:
    world.says("maya", "hi Ben")
    world.says("maya", "REPORT STAFF")
    world.says("maya", "Ruth scares me")
    page = office.ruth.opens(f"/matches/{uid}").text
    assert (
        "hi Ben" in page and "scares" not in page and "REPORT" not in page and "Before you read" not in page
    )
    assert "scares" not in office.ruth.opens("/review").text
    assert "Before you read" in office.ann.opens(f"/matches/{uid}").text
    assert "scares" in office.ann.opens(f"/matches/{uid}?why=alert").text


@pytest.mark.parametrize("act", ["seen", "later", "notes", "contacts", "read", "text", "rest"])
def test_nobody_acts_on_a_match_of_somebody_else(world: World, office: Office, silent: str, act: str) -> None:
    office.ruth.signs_in()
    for name in ("kim", "sam"):
        seat = office.seats[name]
        fields = (
            {"csrf_token": seat.form("/account", "/sign-out").fields["csrf_token"]} if seat.signs_in() else {}
        )
        typed = {
            "form_id": "0" * 32,
            "note": "x",
            "act": "pause",
            "up_to": "1",
            "words": "x",
            "reason": "no_exchange",
        }
        assert seat.client.post(f"/matches/{silent}/{act}", data=fields | typed).status_code == 404
    assert rows(world, Note) == [] and rows(world, Reviewed) == []


# Weight


def chatter(count: int) -> list[str]:
    """Texts of a hundred letters or so that have little in common: words of a French page, and emoji."""
    dice = Random(4)
    words = (REPOSITORY / "README.fr.md").read_text(encoding="utf-8").split()
    return [
        " ".join(dice.choices(words, k=15) + dice.choices("🙂🏒❄️😂🎣🔥💛🙏", k=2))[:160] for _ in range(count)
    ]


def test_25_matches_in_need_and_50_texts_are_light_pages(world: World, office: Office, uid: str) -> None:
    with world.gateway.db.transaction() as session:
        people = [person_with_key(session, key) for key in ("maya", "ben", "ada", "noe")]
        for number in range(30):
            match_id = add_match(session, people[number % 2 :: 2], world.clock.now() - timedelta(days=60))
            match = session.get_one(Match, match_id)
            match.coordinator_id = office.ruth.staff_id
            session.add(match)
    fill(world, chatter(60))
    jobs.measure_all(world.gateway, range(1, 32))
    assert len(rows(world, Need)) > 30
    for path in ("/today", "/today?lang=fr", f"/matches/{uid}", f"/matches/{uid}?lang=fr"):
        office.ann.opens("/account")
        answer = office.ann.client.get(path, headers={"Accept-Encoding": "br"})
        assert answer.headers["Content-Encoding"] == "br"
        assert len(answer.data) <= 14_000, path
    assert len(re.findall('<article class="card tie', office.ruth.opens("/today").text)) == 25
    assert len(re.findall('<p class="say"', office.ruth.opens(f"/matches/{uid}").text)) == 50
