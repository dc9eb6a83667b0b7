"""A form may be sent twice: it is done once, and told the same."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from flask import Blueprint, Response
from sqlmodel import select

from gateway.db import Session
from gateway.models import Alert, Participant, Submission
from gateway.people.access import Act, Viewer
from gateway.web.console.guard import guarded
from gateway.web.console.once import Done, NotDone, form_id, once
from tests.web.console import Office, Seat, open_office
from tests.world import Phone, World

blueprint = Blueprint("acts", __name__)


@blueprint.post("/acts/<word>")
@guarded(Act.CARE)
def act(viewer: Viewer, word: str) -> Response:
    """Leaves one row, and refuses one word after it was written."""

    def do(session: Session, now: datetime) -> Done:
        person = session.exec(select(Participant.id)).first()
        session.add(Alert(participant_id=person or 0, reason=word, at=now))
        session.flush()
        if word == "impossible":
            raise NotDone("That cannot be.", "/today")
        return Done(f"Done: {word}.", "/today", lines=frozenset({7}))

    return once(viewer, do)


@pytest.fixture
def office(world: World, pair: int) -> Office:
    opened = open_office(world)
    opened.app.register_blueprint(blueprint)
    return opened


@pytest.fixture
def ruth(office: Office) -> Seat:
    office.ruth.signs_in()
    return office.ruth


def send(seat: Seat, word: str, form: str) -> str:
    """Send one form; the page that follows it."""
    token = seat.form("/account", "/sign-out").fields["csrf_token"]
    answer = seat.client.post(f"/acts/{word}", data={"csrf_token": token, "form_id": form})
    assert answer.headers["Location"] == "/today"
    return seat.client.get("/today").text


def alerts(world: World) -> list[str]:
    with world.gateway.db.reading() as session:
        return list(session.exec(select(Alert.reason)))


def test_a_form_sent_again_does_nothing_again_and_says_the_same(world: World, ruth: Seat) -> None:
    form = form_id()
    for _ in range(3):
        assert "Done: hello." in send(ruth, "hello", form)
    assert alerts(world) == ["hello"]
    assert "Done: hello." not in ruth.client.get("/today").text


def test_another_form_is_another_act(world: World, ruth: Seat) -> None:
    send(ruth, "hello", form_id())
    send(ruth, "hello", form_id())
    assert alerts(world) == ["hello", "hello"]


def test_an_act_that_cannot_be_leaves_nothing_and_says_why(world: World, ruth: Seat) -> None:
    form = form_id()
    for _ in range(2):
        page = send(ruth, "impossible", form)
        assert '<p class="told bad" role="status">That cannot be.</p>' in page
    assert alerts(world) == []


def test_the_bell_rings_after_the_act(world: World, ruth: Seat) -> None:
    send(ruth, "hello", form_id())
    assert world.gateway.bell.rang == ["line:7"]  # type: ignore[attr-defined]


def test_eight_copies_at_the_same_moment_are_one_act(world: World, ruth: Seat) -> None:
    form, token = form_id(), ruth.form("/account", "/sign-out").fields["csrf_token"]
    cookie = ruth.client.get_cookie("passerelle")
    assert cookie

    def copy(_number: int) -> int:
        browser = ruth.client.application.test_client()
        browser.set_cookie("passerelle", cookie.value)
        return browser.post("/acts/hello", data={"csrf_token": token, "form_id": form}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(copy, range(8))) == [303] * 8
    assert alerts(world) == ["hello"]


def test_a_form_without_an_id_of_its_own_is_refused(world: World, ruth: Seat) -> None:
    token = ruth.form("/account", "/sign-out").fields["csrf_token"]
    for form in ("", "1", "x" * 32):
        answer = ruth.client.post("/acts/hello", data={"csrf_token": token, "form_id": form})
        assert answer.status_code == 400
    assert alerts(world) == []


def test_what_was_told_to_one_is_never_told_to_another(world: World, office: Office, ruth: Seat) -> None:
    form = form_id()
    send(ruth, "hello", form)
    office.kim.signs_in()
    with office.kim.client.session_transaction() as cookie:
        cookie["told"] = form
    assert "Done:" not in office.kim.client.get("/today").text
    assert "Done: good evening." in send(office.kim, "good evening", form)
    assert alerts(world) == ["hello", "good evening"]


def test_what_was_told_is_sealed_and_forgotten_after_two_days(world: World, ruth: Seat, maya: Phone) -> None:
    send(ruth, "hello", form_id())
    with world.gateway.db.reading() as session:
        (row,) = session.exec(select(Submission)).all()
    assert b"hello" not in row.said_sealed
    world.clock.wait(3 * 24 * 3600)
    ruth.signs_in()
    send(ruth, "later", form_id())
    with world.gateway.db.reading() as session:
        assert len(session.exec(select(Submission)).all()) == 1
