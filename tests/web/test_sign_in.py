"""Signing in, and what whoever should not get in may try."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlmodel import col, select

from gateway.models import AuditEntry, SignInTry, Staff
from gateway.people.staff import accounts, second_factor, tries
from tests.web.conftest import World, close_world, enrol_the_cast, open_world, settings_for
from tests.web.console import PASSWORD, Office, Seat, let_go, open_office

WRONG = "This address and this password do not belong together."
WAIT = "There were too many tries. You can try again at 12:15."


def guess(seat: Seat, email: str, password: str = "not the right one", **more: str) -> tuple[int, str]:
    """Try a password from an address of the open net; the status and the page without its own tokens."""
    fields = seat.form("/sign-in", "/sign-in").fields | {"email": email, "password": password}
    remote = {"REMOTE_ADDR": more.pop("address", "203.0.113.9")}
    answer = seat.client.post("/sign-in", data=fields, headers=more, environ_base=remote)
    return answer.status_code, re.sub(r'value="[^"]*"', "", answer.text)


def audit_of(office: Office) -> list[str]:
    with office.place.gateway.db.reading() as session:
        return list(session.exec(select(AuditEntry.action).order_by(col(AuditEntry.id))))


# The way in


def test_password_and_code_lead_to_the_page_that_was_asked_for(office: Office) -> None:
    asked = office.ruth.client.get("/today?page=1")
    assert asked.headers["Location"].startswith("/sign-in?next=")
    fields = office.ruth.form(asked.headers["Location"], "/sign-in").fields
    answer = office.ruth.client.post(
        "/sign-in", data=fields | {"email": "RUTH@example.org ", "password": PASSWORD}
    )
    answer = office.ruth.fills(answer.headers["Location"], "/sign-in/code", code=office.ruth.code())
    assert answer.headers["Location"] == "/today?page=1"
    page = office.ruth.client.get("/today").text
    assert "<h1>Today</h1>" in page
    assert 'aria-current="page">Today</a>' in page
    assert office.ruth.acts() == ["sign_in.password", "sign_in.code", "matches.list"]


def test_the_home_page_takes_staff_to_their_work(office: Office) -> None:
    office.ruth.signs_in()
    office.otto.signs_in()
    assert office.ruth.client.get("/").headers["Location"] == "/today"
    assert office.otto.client.get("/").headers["Location"] == "/insight"
    assert office.another_browser("kim").client.get("/").status_code == 200


def test_half_way_in_nothing_opens(office: Office) -> None:
    office.ruth.fills("/sign-in", "/sign-in", email=office.ruth.email, password=PASSWORD)
    for path in ("/today", "/account", "/account/second-factor"):
        assert office.ruth.client.get(path).headers["Location"] == "/sign-in/code"
    office.place.clock.wait(601)
    assert office.ruth.client.get("/today").headers["Location"].startswith("/sign-in?")


def test_signing_out_ends_the_session_itself_and_not_the_cookie_only(office: Office) -> None:
    office.ruth.signs_in()
    cookie = office.ruth.client.get_cookie("passerelle")
    assert cookie
    page = office.ruth.follows(office.ruth.sends("/today", "/sign-out"))
    assert "You are signed out." in page
    office.ruth.client.set_cookie("passerelle", cookie.value)
    assert office.ruth.client.get("/today").status_code == 303


# Guessing


def test_a_refusal_tells_nothing_about_who_exists(office: Office) -> None:
    known, unknown = guess(office.ruth, "ruth@example.org"), guess(office.ruth, "nobody@example.org")
    let_go(office.kim)
    gone = guess(office.ruth, "kim@example.org", PASSWORD)
    assert known == unknown == gone
    assert known[0] == 422 and WRONG in known[1]


def test_a_refusal_takes_as_long_whoever_is_named(office: Office) -> None:
    def seconds(email: str) -> float:
        began = time.perf_counter()
        guess(office.ruth, email)
        return time.perf_counter() - began

    guess(office.ruth, "warm@example.org")
    known = min(seconds("ruth@example.org") for _ in range(4))
    unknown = min(seconds("nobody@example.org") for _ in range(4))
    assert 0.5 < known / unknown < 2


@pytest.mark.parametrize("email", ["ruth@example.org", "nobody@example.org"])
def test_after_five_wrong_tries_an_account_waits_and_is_told_until_when(office: Office, email: str) -> None:
    for _ in range(5):
        assert guess(office.ruth, email)[0] == 422
    status, page = guess(office.ruth, email, PASSWORD)
    assert (status, WAIT in page) == (429, True)
    office.place.clock.wait(16 * 60)
    assert guess(office.ruth, email)[0] == 422


def test_waiting_does_not_grow_by_knocking(office: Office) -> None:
    for _ in range(5):
        guess(office.ruth, "ruth@example.org")
    office.place.clock.wait(14 * 60)
    assert guess(office.ruth, "ruth@example.org")[0] == 429
    office.place.clock.wait(2 * 60)
    assert office.ruth.signs_in().headers["Location"] == "/"


def test_many_guesses_at_the_same_moment_count_before_any_is_answered(world: World) -> None:
    with world.gateway.db.transaction() as session:
        begun = [tries.begin(session, "ruth@example.org", None, world.clock.now()) for _ in range(7)]
    assert [guess.row_id is not None for guess in begun] == [True] * 5 + [False] * 2


def test_one_address_cannot_go_through_everybody(office: Office) -> None:
    for number in range(20):
        assert guess(office.ruth, f"p{number}@example.org")[0] == 422
    assert guess(office.ruth, "ruth@example.org")[0] == 429
    assert guess(office.ruth, "ruth@example.org", address="203.0.113.10")[0] == 422


def test_nobody_escapes_by_inventing_a_forwarded_address(office: Office) -> None:
    for number in range(20):
        guess(office.ruth, f"p{number}@example.org", **{"X-Forwarded-For": f"198.51.100.{number}"})
    assert guess(office.ruth, "q@example.org", **{"X-Forwarded-For": "198.51.100.99"})[0] == 429


def test_right_codes_and_passwords_do_not_forgive_an_address(world: World) -> None:
    now = world.clock.now()
    with world.gateway.db.transaction() as session:
        for number in range(20):
            tries.begin(session, f"p{number}@example.org", "2001:db8:0:1::1", now)
        assert tries.begin(session, "x@example.org", "2001:db8:0:1:ffff::2", now).wait_until
        assert not tries.begin(session, "x@example.org", "2001:db8:0:2::1", now).wait_until


@pytest.fixture
def behind_a_proxy(tmp_path: Path) -> Iterator[Office]:
    world = open_world(settings_for(tmp_path, gateway_trusted_proxies=1))
    enrol_the_cast(world)
    yield open_office(world)
    close_world(world)


def test_behind_a_proxy_the_last_address_that_it_heard_counts(behind_a_proxy: Office) -> None:
    office = behind_a_proxy
    for number in range(20):
        heard = f"198.51.100.{number}, 203.0.113.77"
        guess(office.ruth, f"p{number}@example.org", address="127.0.0.1", **{"X-Forwarded-For": heard})
    same, other = ({"X-Forwarded-For": f"1.1.1.1, 203.0.113.{last}"} for last in (77, 78))
    assert guess(office.ruth, "q@example.org", address="127.0.0.1", **same)[0] == 429
    assert guess(office.ruth, "q@example.org", address="127.0.0.1", **other)[0] == 422


def test_a_known_password_does_not_buy_more_guesses_at_the_code(office: Office) -> None:
    for _ in range(5):
        office.ruth.fills("/sign-in", "/sign-in", email=office.ruth.email, password=PASSWORD)
        assert office.ruth.fills("/sign-in/code", "/sign-in/code", code="000000").status_code == 422
    again = office.ruth.fills("/sign-in/code", "/sign-in/code", code=office.ruth.code())
    assert again.status_code == 429
    assert int(again.headers["Retry-After"]) <= 15 * 60


def test_every_try_is_on_record_without_the_address_that_was_typed(office: Office) -> None:
    guess(office.ruth, "ruth@example.org")
    guess(office.ruth, "nobody@example.org")
    assert audit_of(office) == ["sign_in.wrong", "sign_in.wrong"]
    office.place.clock.wait(timedelta(days=1, seconds=1).total_seconds())
    guess(office.ruth, "ruth@example.org")
    with office.place.gateway.db.reading() as session:
        assert len(session.exec(select(SignInTry)).all()) == 1


# Sessions


def test_a_session_that_was_planted_before_signing_in_is_worth_nothing(office: Office) -> None:
    office.ruth.client.get("/sign-in")
    planted = office.ruth.client.get_cookie("passerelle")
    assert planted
    office.ruth.signs_in()
    thief = office.another_browser("ruth")
    thief.client.set_cookie("passerelle", planted.value)
    assert thief.client.get("/today").status_code == 303


def test_the_token_changes_with_each_step(office: Office) -> None:
    def token() -> str:
        with office.ruth.client.session_transaction() as cookie:
            return str(cookie["token"])

    office.ruth.fills("/sign-in", "/sign-in", email=office.ruth.email, password=PASSWORD)
    half = token()
    office.ruth.fills("/sign-in/code", "/sign-in/code", code=office.ruth.code())
    assert token() != half
    with office.ruth.client.session_transaction() as cookie:
        cookie["token"] = half
    assert office.ruth.client.get("/today").status_code == 303


def test_a_session_ends_when_nobody_is_there_and_after_a_working_day_in_any_case(office: Office) -> None:
    office.ruth.signs_in()
    office.place.clock.wait(31 * 60)
    assert office.ruth.client.get("/today").status_code == 303
    office.ruth.signs_in()
    for _ in range(25):
        office.place.clock.wait(28 * 60)
        assert office.ruth.client.get("/account").status_code == 200
    office.place.clock.wait(28 * 60)
    assert office.ruth.client.get("/account").status_code == 303


def test_whoever_leaves_is_signed_out_at_once(office: Office) -> None:
    assert office.ruth.opens("/today").status_code == 200
    let_go(office.ruth)
    assert office.ruth.client.get("/today").status_code == 303
    assert office.ruth.signs_in().status_code == 422


def test_a_new_password_signs_out_every_browser(office: Office) -> None:
    office.ruth.signs_in()
    with office.place.gateway.db.transaction() as session:
        staff = session.get_one(Staff, office.ruth.staff_id)
        accounts.set_password(session, staff, "another hash", office.place.clock.now())
    assert office.ruth.client.get("/today").status_code == 303


@pytest.mark.parametrize(
    "target",
    [
        pytest.param("https://evil.example/", id="another site"),
        pytest.param("//evil.example/", id="another site, same scheme"),
        pytest.param("/\\evil.example/", id="a backslash that browsers mend"),
        pytest.param("javascript:alert(1)", id="a script"),
        pytest.param("/a\r\nX: y", id="a second header"),
        pytest.param("evil.example", id="no path"),
        pytest.param("/" + "a" * 500, id="too long"),
    ],
)
def test_signing_in_leads_nowhere_else(office: Office, target: str) -> None:
    office.ruth.fills("/sign-in", "/sign-in", email=office.ruth.email, password=PASSWORD, next=target)
    fields = office.ruth.form("/sign-in/code", "/sign-in/code").fields
    answer = office.ruth.client.post(
        "/sign-in/code", data=fields | {"next": target, "code": office.ruth.code()}
    )
    assert answer.headers["Location"] == "/"


# The second factor


def test_a_code_is_good_once(office: Office) -> None:
    code = office.ruth.code()
    other = office.another_browser("ruth")
    for seat, status in ((office.ruth, 303), (other, 422)):
        seat.fills("/sign-in", "/sign-in", email=seat.email, password=PASSWORD)
        assert seat.fills("/sign-in/code", "/sign-in/code", code=code).status_code == status


def test_a_recovery_code_stands_in_for_the_phone_once(office: Office) -> None:
    with office.place.gateway.db.transaction() as session:
        code = second_factor.new_recovery_codes(session, office.ruth.staff_id, office.place.clock.now())[3]
    written = f" {code[:4]}-{code[4:8].upper()} {code[8:]}"
    for status in (303, 422):
        seat = office.another_browser("ruth")
        seat.fills("/sign-in", "/sign-in", email=seat.email, password=PASSWORD)
        assert seat.fills("/sign-in/code", "/sign-in/code", code=written).status_code == status


def without_second_factor(office: Office, name: str) -> Seat:
    with office.place.gateway.db.transaction() as session:
        accounts.forget_second_factor(session, session.get_one(Staff, office.seats[name].staff_id))
    office.seats[name].secret = None
    return office.seats[name]


def test_no_private_page_opens_before_there_is_a_second_factor(office: Office) -> None:
    ruth = without_second_factor(office, "ruth")
    ruth.signs_in()
    assert ruth.client.get("/today").headers["Location"] == "/account/second-factor"
    page = ruth.client.get("/account/second-factor").text
    assert "<svg" in page and 'class="places"' not in page
    ruth.secret = "".join(re.search(r"<code>([a-z2-7 ]+)</code>", page)[1].split()).upper()  # type: ignore[index]
    assert ruth.sends("/account/second-factor", "/account/second-factor", code="123456").status_code == 422
    shown = ruth.sends("/account/second-factor", "/account/second-factor", code=ruth.code())
    codes = re.findall(r"<code>([a-z2-9 ]{14})</code>", shown.text)
    assert len(set(codes)) == 10
    assert ruth.client.get("/today").status_code == 200
    assert "10 recovery codes left" in ruth.client.get("/account/second-factor").text
    again = office.another_browser("ruth")
    assert again.signs_in().headers["Location"] == "/"


def test_a_trial_may_do_without_a_second_factor(tmp_path: Path) -> None:
    world = open_world(settings_for(tmp_path, gateway_second_factor="optional"))
    enrol_the_cast(world)
    ruth = without_second_factor(open_office(world), "ruth")
    assert ruth.opens("/today").status_code == 200
    close_world(world)


# At rest


def test_nothing_that_lets_somebody_in_can_be_read_in_the_database(office: Office) -> None:
    office.ruth.signs_in()
    with office.place.gateway.db.transaction() as session:
        codes = second_factor.new_recovery_codes(session, office.ruth.staff_id, office.place.clock.now())
        credential = accounts.credential_of(session, session.get_one(Staff, office.ruth.staff_id))
        hashed = session.open(credential, "password_sealed")
    with office.ruth.client.session_transaction() as cookie:
        token = cookie["token"]
    secrets = [PASSWORD, hashed, token, office.ruth.secret or "", *codes, "ruth@example.org"]
    file = Path(str(office.place.gateway.db.engine.url.database))
    kept = b"".join(part.read_bytes() for part in file.parent.glob("gateway.db*"))
    assert [secret for secret in secrets if secret.encode() in kept] == []
