"""Every route and every role, against a frozen table. A new route without a row here fails.

To add a page: a row in ROUTES with one word for each person in the order of PEOPLE, and, when its address holds an id, a
value in `places`. Rows of forms are sent with everything that the guard wants and nothing else.
"""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlmodel import select

from gateway.models import (
    Alert,
    ContentKind,
    ContentVersion,
    InboundMessage,
    Match,
    Participant,
    Staff,
    StaffSession,
)
from gateway.web.console.guard import act_of
from gateway.web.console.once import form_id
from tests.web.conftest import PROGRAM_LINE, World
from tests.web.console import Office, Seat, let_go
from tests.web.forms import forms_of
from tests.web.program import a_proposal, write_the_program

PEOPLE = ("nobody", "ruth", "kim", "sam", "ann", "abe", "otto", "olga", "dan")
# ok: a page; on: a form was taken and another page follows; door: off to sign in; no: not this role's work (403);
# hidden: not there, or not theirs (404); faulty: the form lacks something (400, 422)
ROUTES = {
    "GET /today": "door ok ok ok ok ok no ok door",
    "GET /matches/<uid>": "door ok hidden hidden ok hidden no ok door",
    "GET /matches": "door ok ok ok ok ok no ok door",
    "GET /matches/<uid>/about": "door ok hidden hidden ok hidden no ok door",
    "POST /matches/<uid>/pause": "door on hidden hidden on hidden no on door",
    "POST /matches/<uid>/resume": "door on hidden hidden on hidden no on door",
    "POST /matches/<uid>/transfer": "door on hidden hidden on hidden no on door",
    "POST /matches/<uid>/waive": "door no no no on hidden no on door",
    "POST /matches/<uid>/members": "door no no no on hidden no on door",
    "POST /matches/<uid>/members/<person_uid>/remove": "door on hidden hidden on hidden no on door",
    "GET /matches/<uid>/close": "door ok hidden hidden ok hidden no ok door",
    "POST /matches/<uid>/close/planned": "door on hidden hidden on hidden no on door",
    "POST /matches/<uid>/close/sudden": "door on hidden hidden on hidden no on door",
    "POST /matches/<uid>/close/unreachable": "door on hidden hidden on hidden no on door",
    "POST /matches/<uid>/call-off": "door on hidden hidden on hidden no on door",
    "GET /matches/propose": "door no no no ok ok no ok door",
    "GET /matches/propose/<uid>": "door no no no ok hidden no ok door",
    "POST /matches/propose/<uid>": "door no no no on hidden no on door",
    "GET /people": "door ok ok ok ok ok no ok door",
    "POST /people/search": "door ok ok ok ok ok no ok door",
    "GET /people/<uid>": "door ok hidden hidden ok hidden no ok door",
    "POST /people/<uid>/reveal": "door ok hidden hidden ok hidden no ok door",
    "POST /people/<uid>/texts": "door faulty faulty faulty faulty faulty no faulty door",
    "POST /people/<uid>/verify": "door on hidden hidden on hidden no on door",
    "POST /people/<uid>/guardians": "door no no no on hidden no on door",
    "POST /people/<uid>/guardians/<guardian_uid>/remove": "door no no no on hidden no on door",
    "GET /people/<uid>/settings": "door ok hidden hidden ok hidden no ok door",
    "POST /people/<uid>/settings": "door faulty hidden hidden faulty hidden no faulty door",
    "GET /people/<uid>/enrolment": "door no no no ok hidden no ok door",
    "POST /people/<uid>/enrolment": "door no no no faulty hidden no faulty door",
    "GET /people/<uid>/consent": "door ok hidden hidden ok hidden no ok door",
    "POST /people/<uid>/consent": "door faulty faulty faulty faulty faulty no faulty door",
    "GET /people/<uid>/number": "door ok hidden hidden ok hidden no ok door",
    "POST /people/<uid>/number": "door faulty hidden hidden faulty hidden no faulty door",
    "POST /people/<uid>/number/confirm": "door on hidden hidden on hidden no on door",
    "GET /people/new": "door no no no ok ok no ok door",
    "POST /people/new": "door no no no faulty faulty no faulty door",
    "GET /people/import": "door no no no ok ok no ok door",
    "POST /people/import": "door no no no faulty faulty no faulty door",
    "POST /people/import/<uid>": "door no no no hidden hidden no hidden door",  # nobody's list
    "GET /people/export": "door no no no ok ok no ok door",
    "POST /people/export": "door no no no faulty faulty no faulty door",
    "GET /lines": "door no no no ok ok no ok door",
    "POST /lines/start": "door no no no faulty faulty no faulty door",
    "GET /staff": "door no no no ok ok no ok door",
    "GET /staff/new": "door no no no ok ok no ok door",
    "POST /staff/new": "door no no no faulty faulty no faulty door",
    "GET /staff/<uid>": "door no no no ok hidden no ok door",
    "POST /staff/<uid>/link": "door no no no ok hidden no ok door",
    "GET /account/settings": "door ok ok ok ok ok ok ok door",
    "POST /account/settings": "door faulty faulty faulty faulty faulty faulty faulty door",
    "GET /account/password": "door ok ok ok ok ok ok ok door",
    "POST /account/password": "door faulty faulty faulty faulty faulty faulty faulty door",
    "GET /account/recovery-codes": "door ok ok ok ok ok ok ok door",
    "POST /account/recovery-codes": "door faulty faulty faulty faulty faulty faulty faulty door",
    "GET /matches/<uid>/calendar": "door ok hidden hidden ok hidden no ok door",
    "GET /program": "door ok ok ok ok ok no ok door",
    "GET /program/flows": "door ok ok ok ok ok no ok door",
    "GET /program/charter": "door ok ok ok ok ok no ok door",
    "GET /program/answers": "door ok ok ok ok ok no ok door",
    "GET /program/screen": "door ok ok ok ok ok no ok door",
    "POST /program/screen": "door ok ok ok ok ok no ok door",
    "GET /program/prompts/<slug>": "door ok ok ok ok ok no ok door",
    "GET /program/flows/<slug>": "door ok ok ok ok ok no ok door",
    "GET /program/change": "door no no no ok ok no ok door",
    "POST /program/change": "door no no no hidden hidden no hidden door",
    "GET /program/<kind>/<slug>/edit": "door no no no ok ok no ok door",
    "POST /program/<kind>/<slug>/edit": "door no no no faulty faulty no faulty door",
    "GET /program/versions/<kind>": "door no no no ok ok no ok door",
    "POST /program/versions/<kind>/<digest>/back": "door no no no on on no on door",
    "GET /program/proposals/<uid>": "door no no no ok ok no ok door",
    "POST /program/proposals/<uid>/use": "door no no no on on no on door",
    "GET /insight": "door ok ok ok ok ok ok ok door",
    "GET /insight/caseloads": "door ok ok ok ok ok ok ok door",
    "GET /insight/communities": "door ok ok ok ok ok ok ok door",
    "GET /insight/matches": "door ok ok ok ok ok no ok door",
    "GET /insight/export.json": "door ok ok ok ok ok ok ok door",
    "GET /insight/<name>.csv": "door ok ok ok ok ok hidden ok door",
    "GET /audit": "door no no no ok ok ok ok door",
    "GET /audit/chain": "door no no no ok ok ok ok door",
    "GET /audit/export.<any(csv, json):kind>": "door no no no ok ok ok ok door",
    "POST /matches/<uid>/seen": "door on hidden hidden on hidden no on door",
    "POST /matches/<uid>/later": "door on hidden hidden on hidden no on door",
    "POST /matches/<uid>/notes": "door on hidden hidden on hidden no on door",
    "POST /matches/<uid>/contacts": "door on hidden hidden on hidden no on door",
    "POST /matches/<uid>/read": "door on hidden hidden on hidden no on door",
    "POST /matches/<uid>/text": "door on hidden hidden on hidden no on door",
    "POST /matches/<uid>/rest": "door faulty faulty faulty faulty faulty no faulty door",
    "GET /review": "door ok ok ok ok ok no ok door",
    "GET /review/<uid>": "door ok hidden hidden ok hidden no ok door",
    "POST /review/<uid>": "door faulty faulty faulty faulty faulty no faulty door",
    "GET /alerts": "door ok ok ok ok ok no ok door",
    "GET /alerts/<uid>": "door ok ok ok ok ok no ok door",  # a stranger's words: everyone's who answers alerts
    "POST /alerts/<uid>/reveal": "door ok ok ok ok ok no ok door",
    "POST /alerts/<uid>/take": "door on on hidden on hidden no on door",
    "POST /alerts/<uid>/close": "door on on hidden on hidden no on door",
    "GET /alerts/duty": "door ok ok ok ok ok no ok door",
    "POST /alerts/duty": "door no no no on on no on door",
    "POST /alerts/duty/remove": "door no no no hidden hidden no hidden door",
    "POST /alerts/duty/phone": "door on on on on on no on door",
    "GET /account": "door ok ok ok ok ok ok ok door",
    "POST /account/language": "door faulty faulty faulty faulty faulty faulty faulty door",
    "POST /account/sessions/<uid>/end": "door on hidden hidden hidden hidden hidden hidden door",
    "GET /account/second-factor": "door ok ok ok ok ok ok ok door",
    "POST /account/second-factor": "door ok ok ok ok ok ok ok door",
    # Last: with nothing typed it takes the match out of Ruth's hands.
    "POST /matches/<uid>/caseload": "door no no no on hidden no on door",
    "POST /staff/<uid>/disable": "door no no no on hidden no on door",  # the last row: it closes Kim's account
}
PUBLIC = {
    "GET /",
    "GET /healthz",
    "GET /sign-in",
    "POST /sign-in",
    "GET /sign-in/code",  # asks for a session that has come half way
    "POST /sign-in/code",
    "POST /sign-out",
    "GET /welcome/<token>",  # asks for a link
    "POST /welcome/<token>",
    "GET /phones",
    "GET /phones/play",  # only where the network is simulated
    "POST /phones/send",
    "POST /phones/signal",
    "POST /webhooks/twilio/sms",  # ask for a signature
    "POST /webhooks/twilio/status",
    "POST /webhooks/twilio/voice",
}


def rules(app: Flask) -> Iterator[tuple[str, str, str]]:
    """(method, rule, endpoint) of every route but the stylesheet."""
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}:
            if rule.endpoint != "stylesheet":
                yield method, rule.rule, rule.endpoint


@pytest.fixture
def places(world: World, office: Office) -> dict[str, str]:
    """Addresses with ids in them: of rows that are Ruth's. One of Ben's texts is held."""
    write_the_program(office)
    world.says("ben", "Meet me at the library on Saturday at 2")
    world.network.text("+16135550199", PROGRAM_LINE, "i want to die")
    world.work()
    spare = office.another_browser("ruth")
    spare.signs_in()
    with office.place.gateway.db.reading() as session:
        match = session.exec(select(Match.uid)).one()
        digest = session.exec(
            select(ContentVersion.hash).where(ContentVersion.kind == ContentKind.PROMPTS)
        ).one()
        browser = session.exec(select(StaffSession.uid)).one()
        maya = session.exec(select(Participant.uid).where(Participant.key == "maya")).one()
        kim = session.get_one(Staff, office.kim.staff_id).uid
        text = session.exec(select(InboundMessage.uid).where(InboundMessage.match_id == 1)).one()
        alert = session.exec(select(Alert.uid).where(Alert.match_id == 1)).one()
        cry = session.exec(select(Alert.uid).where(Alert.reason == "crisis")).one()
    own = {
        "/matches/propose/<uid>": f"/matches/propose/{maya}",
        "/insight/<name>.csv": "/insight/matches.csv",
        "/audit/export.<any(csv, json):kind>": "/audit/export.csv",
        "/program/prompts/<slug>": "/program/prompts/good-thing",
        "/program/flows/<slug>": "/program/flows/hello",
        "/program/<kind>/<slug>/edit": "/program/prompts/good-thing/edit",
        "/program/versions/<kind>": "/program/versions/prompts",
        "/program/versions/<kind>/<digest>/back": f"/program/versions/prompts/{digest}/back",
        "/program/proposals/<uid>": f"/program/proposals/{a_proposal(office)}",
        "/program/proposals/<uid>/use": f"/program/proposals/{a_proposal(office)}/use",
        "/review/<uid>": f"/review/{text}",
        "/alerts/<uid>": f"/alerts/{cry}",
        "/alerts/<uid>/reveal": f"/alerts/{cry}/reveal",
        "/alerts/<uid>/take": f"/alerts/{alert}/take",
        "/alerts/<uid>/close": f"/alerts/{alert}/close",
        "/account/sessions/<uid>/end": f"/account/sessions/{browser}/end",
        "/people/import/<uid>": f"/people/import/{'0' * 32}",
    }
    starts = {"/matches/<uid>": match, "/people/<uid>": maya, "/staff/<uid>": kim}
    for _, rule, _ in rules(office.app):
        for start, uid in starts.items():
            if rule.startswith(start):
                path = rule.replace("<uid>", uid)
                own[rule] = path.replace("<person_uid>", maya).replace("<guardian_uid>", maya)
    return own


def visit(seat: Seat, method: str, path: str) -> str:
    """What this person gets, in one word. A form is sent with its tokens and nothing typed."""
    answer = seat.client.get(path) if method == "GET" else seat.client.post(path, data=tokens(seat))
    if answer.status_code == 303:
        return "door" if answer.headers["Location"].startswith("/sign-in") else "on"
    words = {200: "ok", 400: "faulty", 403: "no", 404: "hidden", 422: "faulty"}
    return words[answer.status_code]


def tokens(seat: Seat) -> dict[str, str]:
    carried = forms_of(seat.client.get("/account", follow_redirects=True).text)[0].fields
    return {"csrf_token": carried["csrf_token"], "form_id": form_id()}


def test_every_route_has_a_guard_or_is_public(world: World) -> None:
    views = world.app.view_functions
    unguarded = {
        f"{method} {rule}" for method, rule, endpoint in rules(world.app) if act_of(views[endpoint]) is None
    }
    assert unguarded == PUBLIC


def test_every_guarded_route_has_a_row(world: World) -> None:
    guarded = {f"{method} {rule}" for method, rule, _ in rules(world.app)} - PUBLIC
    assert guarded == set(ROUTES)


def test_each_person_gets_what_the_table_says(office: Office, places: dict[str, str]) -> None:
    seats = [office.another_browser("ruth"), *(office.seats[name] for name in PEOPLE[1:])]
    for seat in seats[1:]:
        seat.signs_in()
    let_go(office.dan)
    found = {}
    for row in ROUTES:
        method, _, rule = row.partition(" ")
        found[row] = " ".join(visit(seat, method, places.get(rule, rule)) for seat in seats)
    assert found == ROUTES


def test_no_form_is_taken_without_its_token(office: Office, places: dict[str, str]) -> None:
    office.ruth.signs_in()
    posts = {rule for method, rule, _ in rules(office.app) if method == "POST"}
    answers = {
        rule: office.ruth.client.post(places.get(rule, rule)).status_code
        for rule in posts
        if not rule.startswith("/webhooks/")
    }
    assert set(answers.values()) == {400}


def test_head_tells_no_more_than_get(office: Office, places: dict[str, str]) -> None:
    path = places["/matches/<uid>"]
    office.sam.signs_in()
    assert office.sam.client.head(path).status_code == 404
    assert office.another_browser("sam").client.head(path).status_code == 303
