"""Invitations and new passwords: a link is good once, not for long, and goes round no second factor."""

from pathlib import Path

import pytest

from gateway.models import Staff, TokenKind
from gateway.people.staff import links
from tests.web.console import PASSWORD, Office, Seat, let_go

NEW = "seven blue kettles sing"


def link_for(office: Office, name: str, kind: TokenKind = TokenKind.RESET) -> str:
    with office.place.gateway.db.transaction() as session:
        staff = session.get_one(Staff, office.seats[name].staff_id)
        return f"/welcome/{links.make(session, staff, kind, office.place.clock.now())}"


def sets(seat: Seat, link: str, password: str = NEW, again: str | None = None) -> int:
    return seat.fills(link, link, password=password, again=password if again is None else again).status_code


def test_a_link_sets_a_password_and_then_asks_to_sign_in_with_it(office: Office) -> None:
    link = link_for(office, "ruth")
    page = office.ruth.client.get(link).text
    assert "ruth@example.org" in page
    answer = office.ruth.fills(link, link, password=NEW, again=NEW)
    assert "Your password is set. Sign in with it." in office.ruth.follows(answer)
    assert office.ruth.client.get("/today").status_code == 303
    assert office.ruth.signs_in(PASSWORD).status_code == 422
    assert office.ruth.signs_in(NEW).headers["Location"] == "/"


def test_a_new_password_still_needs_the_second_factor(office: Office) -> None:
    sets(office.ruth, link_for(office, "ruth"))
    answer = office.ruth.fills("/sign-in", "/sign-in", email=office.ruth.email, password=NEW)
    assert answer.headers["Location"] == "/sign-in/code"


def test_opening_a_link_does_not_use_it_up_and_using_it_does(office: Office) -> None:
    link = link_for(office, "ruth")
    for _ in range(3):
        assert office.ruth.client.get(link).status_code == 200
    form = office.ruth.form(link, link)
    assert sets(office.ruth, link) == 303
    assert office.ruth.client.get(link).status_code == 410
    token = office.ruth.form("/sign-in", "/sign-in").fields["csrf_token"]
    again = form.fields | {"csrf_token": token, "password": NEW, "again": NEW}
    assert office.ruth.client.post(link, data=again).status_code == 410


@pytest.mark.parametrize(
    ("kind", "hours"), [(TokenKind.INVITATION, 72), (TokenKind.RESET, 1)], ids=["invitation", "reset"]
)
def test_a_link_grows_old(office: Office, kind: TokenKind, hours: int) -> None:
    link = link_for(office, "ruth", kind)
    office.place.clock.wait(hours * 3600 - 1)
    assert office.ruth.client.get(link).status_code == 200
    office.place.clock.wait(2)
    assert office.ruth.client.get(link).status_code == 410


def test_only_the_newest_link_of_an_account_works(office: Office) -> None:
    old, new = link_for(office, "ruth"), link_for(office, "ruth")
    assert [office.ruth.client.get(link).status_code for link in (old, new)] == [410, 200]


def test_whoever_has_left_has_no_link(office: Office) -> None:
    link = link_for(office, "ruth")
    let_go(office.ruth)
    assert office.ruth.client.get(link).status_code == 410
    assert office.ruth.client.get("/welcome/nothing").status_code == 410


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("short", "short", "Use at least 12 characters."),
        ("a" * 200, "a" * 200, "Use at most 128 characters."),
        ("motdepasse2026", "motdepasse2026", "would be guessed early"),
        ("ruthexample.org-passerelle", "ruthexample.org-passerelle", "Leave your own name"),
        (NEW, NEW + "!", "The two are not the same."),
    ],
    ids=["short", "long", "common", "names", "mistyped"],
)
def test_a_password_that_will_not_do_is_refused_with_the_reason(
    office: Office, password: str, again: str, said: str
) -> None:
    link = link_for(office, "ruth")
    answer = office.ruth.fills(link, link, password=password, again=again)
    assert (answer.status_code, said in answer.text) == (422, True)
    assert password not in answer.text
    assert office.ruth.client.get(link).status_code == 200


def test_a_link_is_not_kept_where_it_could_be_read(office: Office) -> None:
    token = link_for(office, "ruth").rpartition("/")[2]
    file = Path(str(office.place.gateway.db.engine.url.database))
    kept = b"".join(part.read_bytes() for part in file.parent.glob("gateway.db*"))
    assert token.encode() not in kept
