"""A link to the console from elsewhere: whoever is signed in stays so, and nobody is sent off this site."""

import pytest

from tests.web.conftest import World
from tests.web.console import Office

ELSEWHERE = {"Sec-Fetch-Site": "cross-site"}


@pytest.mark.parametrize("path", ["/today", "/matches/abc?page=2", "/sign-in?next=/people"])
def test_a_link_from_elsewhere_goes_on_to_the_same_address_and_keeps_the_cookie(
    world: World, path: str
) -> None:
    answer = world.client.get(path, headers=ELSEWHERE)
    assert answer.status_code == 200
    assert f'<meta http-equiv="refresh" content="0;url={path}">' in answer.text
    assert f'<a class="button" href="{path}">' in answer.text
    assert "Set-Cookie" not in answer.headers  # it would replace the one that the browser kept back
    assert answer.headers["Cache-Control"] == "no-store"


def test_going_on_leads_to_the_door_when_nobody_is_signed_in(world: World) -> None:
    answer = world.client.get("/today", headers={"Sec-Fetch-Site": "same-origin"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/sign-in?next=/today")


def test_whoever_comes_with_a_cookie_needs_no_second_step(office: Office) -> None:
    office.ruth.signs_in()
    assert "<h1>Today</h1>" in office.ruth.client.get("/today", headers=ELSEWHERE).text


def test_an_address_cannot_lead_to_another_site_or_break_out_of_the_page(world: World) -> None:
    page = world.client.get('/today?x="><b>&next=//evil.example', headers=ELSEWHERE).text
    assert "url=/today?x=" in page and "<b>" not in page
    odd = world.client.get("/", headers=ELSEWHERE, environ_overrides={"PATH_INFO": "//evil.example/today"})
    assert odd.status_code == 404
