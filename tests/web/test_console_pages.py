"""What every page of the console keeps to: light, in the reader's language, without scripts, names or numbers in the wrong place."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from gateway.models import Match, Participant
from gateway.work import jobs
from tests.web.conftest import close_world, enrol_the_cast, open_world, settings_for
from tests.web.console import PASSWORD, Office, open_office
from tests.web.program import write_the_program

OWN = (
    "/account",
    "/account/second-factor",
    "/account/settings",
    "/account/password",
    "/account/recovery-codes",
)
MATCH_PAGES = ("/matches", "/matches/{match}", "/matches/{match}/about", "/matches/{match}/close")
PERSON_PAGES = tuple(f"/people/{{maya}}{end}" for end in ("", "/settings", "/consent", "/number"))
PROGRAM_PAGES = (
    *("/program", "/program/flows", "/program/charter", "/program/answers", "/program/screen"),
    *("/program/prompts/good-thing", "/program/flows/hello", "/matches/{match}/calendar"),
    *("/insight", "/insight/caseloads", "/insight/communities", "/insight/matches"),
)
DAY_PAGES = ("/today", "/review", "/alerts", "/alerts/duty")
PAGES = (*DAY_PAGES, *OWN, *MATCH_PAGES, "/people", *PERSON_PAGES, *PROGRAM_PAGES)
NAMES = ("Maya", "Ben", "Tremblay", "Okafor", "ruth")


@pytest.fixture(scope="module")
def open_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office with a program, for tests that only look. Ruth has signed in."""
    world = open_world(settings_for(tmp_path_factory.mktemp("open-house")))
    enrol_the_cast(world)
    office = open_office(world, world.app)
    write_the_program(office)
    office.ruth.signs_in()
    yield office
    close_world(world)


@pytest.fixture(params=PAGES)
def path(request: pytest.FixtureRequest, open_house: Office) -> str:
    """The address of each page, as Ruth opens it."""
    return address_in(open_house, request.param)


def address_in(office: Office, page: str) -> str:
    with office.place.gateway.db.reading() as session:
        maya = session.exec(select(Participant.uid).where(Participant.key == "maya")).one()
        return page.format(match=session.exec(select(Match.uid)).one(), maya=maya)


def test_a_page_weighs_little_and_loads_only_its_stylesheet(open_house: Office, path: str) -> None:
    office = open_house
    answer = office.ruth.client.get(path, headers={"Accept-Encoding": "br"})
    assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, "br")
    assert len(answer.data) <= 14_000
    page = office.ruth.opens(path).text
    loaded = re.findall(r'<(?:link|img|script|iframe|source)[^>]+(?:href|src)="(?!data:)([^"]+)"', page)
    assert len(loaded) == 1 and loaded[0].startswith("/static/passerelle.")
    assert "<script" not in page and not re.search(r"<[^>]+\s(?:on[a-z]+|style)=", page)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_speaks_the_language_that_its_reader_chose_last(office: Office, page: str) -> None:
    write_the_program(office)
    path = address_in(office, page)
    office.ruth.signs_in()
    answer = office.ruth.sends(path, "/account/language", language="fr")
    assert answer.headers["Location"] == path
    shown = office.ruth.follows(answer)
    assert '<html lang="fr">' in shown
    assert "Quitter" in shown and "Sign out" not in shown
    office.ruth.sends(path, "/sign-out")
    office.ruth.is_in = False
    assert '<html lang="fr">' in office.ruth.opens(path).text


def test_no_name_and_no_number_stands_in_a_title_or_an_address(open_house: Office, path: str) -> None:
    page = open_house.ruth.opens(path).text
    title = re.search(r"<title>([^<]+)</title>", page)
    addresses = re.findall(r'(?:href|action)="([^"]+)"', page)
    assert title
    said = " ".join([title[1], *addresses])
    assert [name for name in NAMES if name in said] == []
    assert not re.search(r"\d{7}", re.sub(r"[0-9a-f]{32}|passerelle\.[0-9a-f]{12}|data:\S+", "", said))


def test_a_page_is_never_kept_by_the_browser(open_house: Office, path: str) -> None:
    headers = open_house.ruth.opens(path).headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_way_around_shows_what_each_role_may_open(office: Office) -> None:
    care = ["Today", "Matches", "People", "Review", "Alerts", "Program", "Insight"]
    for name, expected in (
        ("ruth", [*care, "Account"]),
        ("otto", ["Insight", "Audit", "Account"]),
        ("olga", [*care, "Audit", "Account"]),
    ):
        nav = re.search(r'<nav class="places".*?</nav>', office.seats[name].opens("/account").text, re.DOTALL)
        assert nav
        assert re.findall(r">([^<]+)</a>", nav[0]) == expected
        assert nav[0].count('aria-current="page"') == 1


def test_a_page_that_is_no_part_of_ones_work_is_said_so_in_plain_words(office: Office) -> None:
    answer = office.otto.opens("/today")
    assert answer.status_code == 403
    assert "This page is not part of your work here" in answer.text


def test_another_browser_of_ones_own_can_be_signed_out(office: Office) -> None:
    office.ruth.signs_in()
    other = office.another_browser("ruth")
    other.signs_in()
    action = next(form for form in _actions(office.ruth.opens("/account").text) if form.endswith("/end"))
    page = office.ruth.follows(office.ruth.sends("/account", action))
    assert "That browser is signed out." in page
    assert other.client.get("/account").status_code == 303
    assert office.ruth.client.get("/account").status_code == 200


def _actions(page: str) -> list[str]:
    return re.findall(r'action="([^"]+)"', page)


def test_a_long_caseload_comes_page_by_page(office: Office) -> None:
    assert 'class="pager"' not in office.ruth.opens("/today").text
    with office.place.gateway.db.transaction() as session:
        first = session.exec(select(Match)).one()
        more = first.model_dump(exclude={"id", "uid"})
        more["created_at"] -= timedelta(days=30)  # and nobody has written since
        session.add_all(Match(**more) for _ in range(60))
    jobs.measure_all(office.place.gateway, range(2, 62))
    seen: list[str] = []
    path, count = "/today", 0
    while path:
        page = office.ruth.opens(path).text
        seen += re.findall(r'<h3><a href="/matches/([0-9a-f]{32})"', page)
        after = re.search(r'<a href="([^"]+)" rel="next">', page)
        path, count = (after[1] if after else ""), count + 1
    assert (count, len(seen), len(set(seen))) == (3, 60, 60)
    for odd in ("0", "-1", "x", "99999999999", "77"):
        assert office.ruth.opens(f"/today?page={odd}").status_code == 200


def test_opening_names_is_on_record(open_house: Office, path: str) -> None:
    before = len(open_house.ruth.acts())
    open_house.ruth.opens(path)
    known = {
        r"/today": "matches.list",
        r"/matches": "matches.list",
        r"/alerts": "alerts.read",
        r"/people": "people.list",
        r"/matches/[0-9a-f]{32}(/about|/close)?": "match.read",
        r"/people/[0-9a-f]{32}": "person.read",
        r"/matches/[0-9a-f]{32}/calendar": "calendar.read",
        r"/insight/matches": "insight.matches",
        r"/program/answers": "answers.read",
    }
    expected = [act for rule, act in known.items() if re.fullmatch(rule, path)]
    assert open_house.ruth.acts()[before:] == expected


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/matches/nobody", 404),
        ("GET", "/staff/new", 403),
        ("GET", "/sign-out", 405),
        ("POST", "/sign-out", 400),
    ],
)
def test_an_error_leaves_staff_their_way_around_and_their_language(
    office: Office, method: str, path: str, code: int
) -> None:
    office.ruth.sends("/account", "/account/language", language="fr")
    answer = office.ruth.client.open(path, method=method, headers={"Accept-Language": "en"})
    assert answer.status_code == code
    assert '<html lang="fr">' in answer.text and 'lang="en"' not in answer.text.partition("<main")[2]
    assert 'href="/today"' in answer.text and "Quitter" in answer.text


def test_half_way_in_an_error_shows_nothing_of_the_console(office: Office) -> None:
    seat = office.ruth
    seat.fills("/sign-in", "/sign-in", email=seat.email, password=PASSWORD)
    page = seat.client.get("/nowhere").text
    assert "/today" not in page and "Ruth" not in page
