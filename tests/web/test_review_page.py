"""The queue of review, the alerts and the duty list, as staff use them; others can't."""

from datetime import timedelta

import pytest
from sqlmodel import select

from gateway.models import Alert, Decision, DutyShift, Staff
from gateway.models.safety import Act
from gateway.people.alerts import raise_alert
from gateway.people.directory import person_with_key
from tests.web.conftest import PHONES, PROGRAM_LINE, World
from tests.web.console import Office, Seat

MEETING = "Meet me at the library on Saturday at 2"
NUMBER = "my number is 613-555-0142"


@pytest.fixture
def held(world: World, office: Office) -> str:
    """The path of Ben's text that is held; Maya's, which came first, was passed on and flagged."""
    world.says("maya", NUMBER)
    world.clock.wait(60)
    world.says("ben", MEETING)
    return next(
        path for path in paths(office.ruth) if "Ben" in office.ruth.opens(path).text.partition("<h2")[2][:80]
    )


def paths(seat: Seat) -> list[str]:
    """The texts that wait for this person, the one at hand first."""
    page = seat.opens("/review").text
    found = dict.fromkeys(part[:40] for part in page.split('"') if part.startswith("/review/"))
    return list(found)


def decides(seat: Seat, path: str, act: str, **typed: str) -> str:
    return seat.follows(seat.sends(path, path, act=act, **typed))


def decisions(world: World) -> list[Act]:
    with world.gateway.db.reading() as session:
        return [row.act for row in session.exec(select(Decision))]


def heard(world: World, who: str) -> list[str]:
    world.work()
    return [text.body for text in world.network.inbox(PHONES[who])]


def test_the_oldest_text_is_at_hand_with_its_evidence_and_the_words_around_it(
    world: World, office: Office, held: str
) -> None:
    page = office.ruth.opens("/review").text
    assert "2 texts wait for your look" in page
    assert page.index("Maya (youth) · passed on, flagged") < page.index(">Then<") < page.index("Ben (mentor)")
    assert "613-555-0142</mark>" in page and "A way to meet outside the program" in page
    page = office.ruth.opens(held).text
    assert "<mark>Meet me at the library" in page and "Proposes to meet in person." in page
    assert NUMBER in page, "the words before it"
    french = office.ruth.opens(f"{held}?lang=fr").text
    assert "Propose de se voir en personne." in french and "Proposes to meet" not in french
    assert "text.read" in office.ruth.acts()


def test_a_released_text_arrives_and_the_next_one_is_shown(world: World, office: Office, held: str) -> None:
    page = decides(office.ruth, held, "release")
    assert "Released: it is on its way." in page and "Maya (youth) · passed on, flagged" in page
    assert heard(world, "maya") == [MEETING]
    page = decides(office.ruth, paths(office.ruth)[0], "looked")
    assert "Noted: you have looked" in page and "Nothing waits for your look." in page
    assert decisions(world) == [Act.RELEASED, Act.LOOKED]


def test_after_an_act_the_focus_is_on_the_next_text(office: Office, held: str) -> None:
    first = next(path for path in paths(office.ruth) if path != held)
    answer = office.ruth.sends(first, first, act="looked")
    assert answer.headers["Location"] == f"{held}#text"
    assert 'id="text" tabindex="-1"' in office.ruth.opens(held).text


def test_a_note_goes_to_the_writer_alone_and_a_discarded_text_to_nobody(
    world: World, office: Office, held: str
) -> None:
    assert "write a note of 1 to 300" in decides(office.ruth, held, "note", note=" ")
    page = decides(office.ruth, held, "note", note="Meetings go through us first.")
    assert "gets your note in private" in page
    assert heard(world, "maya") == [MEETING]
    assert heard(world, "ben")[-1].endswith("Meetings go through us first.")
    world.says("ben", f"{MEETING} please")
    page = decides(office.ruth, paths(office.ruth)[-1], "discard")
    assert "Discarded" in page and heard(world, "maya") == [MEETING]


def test_escalating_rings_and_leaves_the_text_held(world: World, office: Office, held: str) -> None:
    assert "whoever is on duty is told now" in decides(office.ruth, held, "escalate")
    with world.gateway.db.reading() as session:
        assert "escalated" in list(session.exec(select(Alert.reason)))
    assert heard(world, "maya") == [] and held in paths(office.ruth)


def test_a_form_sent_twice_decides_once_and_a_colleague_who_comes_late_is_told(
    world: World, office: Office, held: str
) -> None:
    form = office.ruth.form(held, held).fields | {"act": "release"}
    late = office.ann.form(held, held).fields if office.ann.signs_in() else {}
    for _ in range(2):
        assert "Released" in office.ruth.follows(office.ruth.client.post(held, data=form))
    answer = office.ann.client.post(held, data=late | {"act": "discard"})
    assert "Somebody has decided on this text already." in office.ann.follows(answer)
    assert decisions(world) == [Act.RELEASED]


def test_what_waits_past_the_limit_is_marked_loudly(world: World, office: Office, held: str) -> None:
    assert "past the limit" not in office.ruth.opens(held).text
    world.clock.wait(13 * 3600)
    office.ruth.signs_in()
    assert "waiting for 13 hours: past the limit" in office.ruth.opens(held).text


def test_a_flagged_text_cannot_be_released_nor_a_held_one_waved_through(
    world: World, office: Office, held: str
) -> None:
    flagged = next(path for path in paths(office.ruth) if path != held)
    assert "not held any more" in decides(office.ruth, flagged, "release")
    assert "not held any more" in decides(office.ruth, held, "looked")
    assert decisions(world) == []
    token = office.ruth.form(held, held).fields
    assert office.ruth.client.post(held, data=token | {"act": "burn"}).status_code == 400


def test_nobody_sees_or_decides_on_the_texts_of_others(world: World, office: Office, held: str) -> None:
    for name in ("kim", "sam"):
        seat = office.seats[name]
        assert "Nothing waits for your look." in seat.opens("/review").text
        assert seat.opens(held).status_code == 404
        token = seat.form("/account", "/sign-out").fields["csrf_token"]
        form = {"csrf_token": token, "form_id": "0" * 32, "act": "release"}
        assert seat.client.post(held, data=form).status_code == 404
    assert office.otto.opens("/review").status_code == 403
    assert decisions(world) == []


def test_keys_are_told_and_nothing_is_chosen_before(office: Office, held: str) -> None:
    page = office.ruth.opens(held).text
    assert [f'accesskey="{key}"' in page for key in "1234"] == [True] * 4
    assert "checked" not in page and "autofocus" not in page


# Alerts and duty


@pytest.fixture
def crisis(world: World, office: Office) -> str:
    """The uid of an open alert about Maya."""
    with world.gateway.db.transaction() as session:
        maya = person_with_key(session, "maya")
        return raise_alert(session, maya.id, "crisis", world.clock.now(), match_id=1).uid


def test_an_alert_is_taken_on_once_and_closed_with_a_word(world: World, office: Office, crisis: str) -> None:
    page = office.ruth.opens("/alerts").text
    assert "Words that may mean a crisis" in page and ">Maya</a>" in page and "· raised" in page
    assert "You are on it" in office.ruth.follows(office.ruth.sends("/alerts", f"/alerts/{crisis}/take"))
    assert "Ruth is on it" in office.ann.opens("/alerts").text
    close = f"/alerts/{crisis}/close"
    assert "Say first how it ended." in office.ruth.follows(office.ruth.sends("/alerts", close, ending=""))
    assert "The alert is closed." in office.ruth.follows(office.ruth.sends("/alerts", close, ending="spoken"))
    assert "No alert is open." in office.ruth.opens("/alerts").text
    assert office.ruth.acts()[-1:] == ["alerts.read"] and "alert.close" in office.ruth.acts()


def test_a_colleague_learns_of_an_alert_but_not_about_whom(world: World, office: Office, crisis: str) -> None:
    page = office.kim.opens("/alerts").text
    assert "Words that may mean a crisis" in page and "somebody in another caseload" in page
    assert "Maya" not in page and "/matches/" not in page
    assert "No alert is open." in office.sam.opens("/alerts").text
    token = office.sam.form("/account", "/sign-out").fields["csrf_token"]
    form = {"csrf_token": token, "form_id": "0" * 32}
    assert office.sam.client.post(f"/alerts/{crisis}/take", data=form).status_code == 404


def test_an_alert_about_a_member_of_staff_is_not_hers_to_see_or_close(world: World, office: Office) -> None:
    world.says("maya", "REPORT STAFF")
    with world.gateway.db.reading() as session:
        uid = session.exec(select(Alert.uid).where(Alert.reason == "report_staff")).one()
    token = office.ruth.form("/account", "/sign-out").fields["csrf_token"] if office.ruth.signs_in() else ""
    form = {"csrf_token": token, "form_id": "0" * 32, "ending": "nothing"}
    assert office.ruth.client.post(f"/alerts/{uid}/close", data=form).status_code == 404
    assert "A member reported somebody on the staff" in office.ann.opens("/alerts").text


def test_an_admin_plans_duty_and_whoever_is_on_it_stands_there(world: World, office: Office) -> None:
    ruth = _uid(world, office.ruth)
    local = world.clock.now() - timedelta(hours=6)  # an hour ago in Toronto
    form = {"who": ruth, "begins": local.strftime("%Y-%m-%dT%H:%M"), "rank": "1"}
    late = (local + timedelta(hours=12)).strftime("%Y-%m-%dT%H:%M")
    page = office.ann.follows(office.ann.sends("/alerts/duty", "/alerts/duty", **form, ends=form["begins"]))
    assert "Duty must end after it begins." in page
    assert "The shift is noted." in office.ann.follows(
        office.ann.sends("/alerts/duty", "/alerts/duty", **form, ends=late)
    )
    assert "On duty now: <b>Ruth</b>" in office.ruth.opens("/alerts").text
    page = office.ruth.opens("/alerts/duty").text
    assert "no phone yet" in page and "Plan a shift" not in page
    shift = _shifts(world)[0]
    page = office.ann.follows(office.ann.sends("/alerts/duty", "/alerts/duty/remove", shift=str(shift)))
    assert "off the list" in page and _shifts(world) == []


def test_an_admin_elsewhere_neither_sees_nor_removes_a_shift(world: World, office: Office) -> None:
    form = {
        "who": _uid(world, office.ruth),
        "begins": "2026-11-24T09:00",
        "ends": "2026-11-25T09:00",
        "rank": "1",
    }
    office.ann.sends("/alerts/duty", "/alerts/duty", **form)
    (shift,) = _shifts(world)
    assert "Ruth" not in office.abe.opens("/alerts/duty").text
    token = office.abe.form("/account", "/sign-out").fields["csrf_token"]
    gone = {"csrf_token": token, "form_id": "0" * 32, "shift": str(shift)}
    assert office.abe.client.post("/alerts/duty/remove", data=gone).status_code == 404
    assert "Say who" in office.abe.follows(office.abe.sends("/alerts/duty", "/alerts/duty", **form))
    assert _shifts(world) == [shift]


def test_ones_phone_for_alerts_is_kept_sealed_and_shown_by_its_last_digits(
    world: World, office: Office
) -> None:
    for typed, said in (("12", "no number that can be texted"), (PROGRAM_LINE, "one of our own lines")):
        page = office.ruth.follows(office.ruth.sends("/alerts/duty", "/alerts/duty/phone", phone=typed))
        assert said in page
    page = office.ruth.follows(office.ruth.sends("/alerts/duty", "/alerts/duty/phone", phone="613 555 0188"))
    assert "Urgent alerts go to this phone now." in page and "0188" in page and "555" not in page


def _uid(world: World, seat: Seat) -> str:
    with world.gateway.db.reading() as session:
        return session.get_one(Staff, seat.staff_id).uid


def _shifts(world: World) -> list[int | None]:
    with world.gateway.db.reading() as session:
        return list(session.exec(select(DutyShift.id)))
