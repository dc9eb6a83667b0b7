"""Colleagues and one's own account: inviting, new links, closing, password, phone, recovery codes."""

import re

import pytest
from sqlmodel import select

from gateway.models import RecoveryCode, Staff, StaffRole
from tests.web.conftest import World
from tests.web.console import PASSWORD, Office, Seat

NEW = "seven blue kettles sing"


def uid_of(world: World, seat: Seat) -> str:
    with world.gateway.db.reading() as session:
        return session.get_one(Staff, seat.staff_id).uid


def invite(seat: Seat, role: str, email: str = "new@example.org") -> str:
    return seat.sends(
        "/staff/new", "/staff/new", name="New Person", email=email, role=role, language="fr"
    ).text


def test_an_invitation_shows_its_link_once_and_it_lets_in(world: World, office: Office) -> None:
    page = invite(office.ann, "coordinator")
    token = re.search(r"/welcome/([\w-]{40,})", page)
    assert token and "shown only this time" in page
    assert token[1] not in office.ann.opens("/staff").text
    assert "new@example.org" in office.ann.client.get(f"/welcome/{token[1]}").text
    with world.gateway.db.reading() as session:
        hired = session.exec(select(Staff).where(Staff.language == "fr")).one()
        ann = session.get_one(Staff, office.ann.staff_id)
    assert (hired.role, hired.community_id) == (StaffRole.COORDINATOR, ann.community_id)


def test_nobody_makes_a_role_above_the_own(world: World, office: Office) -> None:
    assert "Choose one of these." in invite(office.ann, "owner")
    assert "/welcome/" in invite(office.olga, "owner")


def test_an_address_is_on_the_staff_once(office: Office) -> None:
    assert "somebody on the staff has it already" in invite(office.ann, "admin", "ruth@example.org")
    assert "This is no e-mail address" in invite(office.ann, "admin", "ruth")


def test_a_closed_account_is_signed_out_at_once_and_its_matches_are_counted(
    world: World, office: Office
) -> None:
    office.ruth.opens("/today")
    path = f"/staff/{uid_of(world, office.ruth)}"
    page = office.ann.follows(office.ann.sends(path, f"{path}/disable"))
    assert "Hand its matches over: 1 are in its care." in page and "account closed" in page
    assert office.ruth.client.get("/today").status_code == 303
    assert "Make a link" not in office.ann.opens(path).text


def test_nobody_closes_the_own_account(world: World, office: Office) -> None:
    path = f"/staff/{uid_of(world, office.ann)}"
    assert "/disable" not in office.ann.opens(path).text
    kim = f"/staff/{uid_of(world, office.kim)}"
    tokens = office.ann.form(kim, f"{kim}/disable").fields
    answer = office.ann.client.post(f"{path}/disable", data=tokens)
    assert "You cannot close your own account." in office.ann.follows(answer)


def test_a_new_link_goes_round_the_second_factor_only_when_that_is_lost_too(
    world: World, office: Office
) -> None:
    path = f"/staff/{uid_of(world, office.kim)}"
    assert "/welcome/" in office.ann.sends(path, f"{path}/link").text
    assert "Second factor</dt><dd>set<" in office.ann.opens(path).text
    office.ann.sends(path, f"{path}/link", second_factor="yes")
    assert "not set" in office.ann.opens(path).text


def test_ones_own_password_asks_for_the_present_one_and_signs_out_other_browsers(office: Office) -> None:
    office.ruth.signs_in()
    other = office.another_browser("ruth")
    other.signs_in()
    path = "/account/password"
    wrong = office.ruth.sends(path, path, present="x", password=NEW, again=NEW)
    assert wrong.status_code == 422 and "not your present password" in wrong.text
    weak = office.ruth.sends(path, path, present=PASSWORD, password="short", again="short")
    assert weak.status_code == 422
    page = office.ruth.follows(office.ruth.sends(path, path, present=PASSWORD, password=NEW, again=NEW))
    assert "Your password is changed." in page
    assert other.client.get("/today").status_code == 303
    assert office.another_browser("ruth").signs_in(PASSWORD).status_code == 422
    assert office.another_browser("ruth").signs_in(NEW).status_code == 303


def test_guessing_the_present_password_comes_to_an_end(office: Office) -> None:
    path = "/account/password"
    for _ in range(5):
        office.ruth.sends(path, path, present="x", password=NEW, again=NEW)
    right = office.ruth.sends(path, path, present=PASSWORD, password=NEW, again=NEW)
    assert right.status_code == 422 and "too many tries" in right.text


def test_new_recovery_codes_replace_the_old_ones(world: World, office: Office) -> None:
    path = "/account/recovery-codes"
    page = office.ruth.sends(path, path, present=PASSWORD).text
    assert len(re.findall(r"<li><code>", page)) == 10
    office.ruth.sends(path, path, present=PASSWORD)
    with world.gateway.db.reading() as session:
        codes = select(RecoveryCode).where(RecoveryCode.staff_id == office.ruth.staff_id)
        assert len(session.exec(codes).all()) == 10
    assert office.ruth.sends(path, path, present="x").status_code == 422


@pytest.mark.parametrize("phone", ["+1 416 555 0190", "416-555-0190"])
def test_ones_own_phone_and_zone_are_kept_and_the_phone_is_not_shown_whole(
    world: World, office: Office, phone: str
) -> None:
    path = "/account/settings"
    office.ruth.sends(path, path, name="Ruth Morin", timezone="America/Regina", phone=phone)
    page = office.ruth.opens(path).text
    assert "…0190" in page and "555-0190" not in page and "555 0190" not in page
    with world.gateway.db.reading() as session:
        ruth = session.get_one(Staff, office.ruth.staff_id)
        assert ruth.phone_sealed and session.open(ruth, "phone_sealed") == "+14165550190"
        assert ruth.timezone == "America/Regina"
    office.ruth.sends(path, path, name="Ruth Morin", timezone="America/Regina", phone="", forget="yes")
    with world.gateway.db.reading() as session:
        assert session.get_one(Staff, office.ruth.staff_id).phone_sealed is None
