"""Every page in every state: axe finds nothing in light or dark, at 200 % nothing is cut off, and it can be printed.

On a phone in English and at a desk in French. axe-core with all rules of WCAG 2.0 to 2.2 at A and AA, and best practice.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, Page, Response, ViewportSize

from tests.browser.conftest import PATIENCE_MS
from tests.browser.house import make_busy
from tests.browser.scene import at_work, cookie_of
from tests.browser.states import NO_PAGES, NOBODY, STATES, State
from tests.parts import serving
from tests.web.console import PASSWORD, Office
from tests.web.test_routes import rules

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]  # what another scheme of colours can break
SCREENS = {"en": ViewportSize(width=360, height=740), "fr": ViewportSize(width=1280, height=800)}
DOUBLED = ViewportSize(width=320, height=400)  # 640 by 800 at 200 %
RUN_AXE = """async only => (await axe.run({
  runOnly: only, resultTypes: ["violations"], preload: false, iframes: false, selectors: false
})).violations.flatMap(
  one => one.nodes.map(node => `${one.id}: ${node.html.slice(0, 160)} ${node.any.map(why => why.message).join("; ")}`))"""
SEND = """([action, letters]) => {
  const form = [...document.forms].find(it => new URL(it.action).pathname === action && it.method === "post")
  form.noValidate = true
  for (const it of form.querySelectorAll("select")) it.selectedIndex = 0
  for (const it of form.querySelectorAll("[type=checkbox]")) it.checked = false
  for (const it of form.querySelectorAll("textarea, input:is([type=text], [type=email], [type=password], [type=tel], [type=date])")) {
    if (!it.readOnly) it.value = ""
  }
  if (letters) form.querySelector("textarea").value = "x".repeat(letters)
  form.requestSubmit(form.querySelector("button"))
}"""
ON_PAPER = """() => {
  const body = getComputedStyle(document.body)
  const shown = [...document.querySelectorAll(".top, .places, .skip, form, .button")].filter(it => it.checkVisibility())
  return [body.color, body.backgroundColor, shown.length]
}"""
NO_ANSWER = {
    "gateway_smtp_url": "smtp://127.0.0.1:9",
    "gateway_mail_from": "gateway@example.org",
}  # a mail server
TOO_MANY = 70_000  # letters; a body may have 64 KiB


@dataclass(repr=False)
class House:
    """The busy office, served; one tab for each person and language."""

    chromium: Browser
    office: Office
    home: str
    places: dict[str, str]
    tabs: dict[tuple[str, str], Page] = field(default_factory=dict)

    def opens(self, state: State, language: str) -> tuple[Page, Response]:
        """This state, and the answer that brought it."""
        page = self._tab(state.who, language)
        page.set_viewport_size(SCREENS[language])
        page.emulate_media(color_scheme="light", media="screen")
        path = state.path.format(**self.places)
        answer = page.goto(f"{self.home}{path}{'&' if '?' in path else '?'}lang={language}")
        if state.sends:
            action = state.sends.format(**self.places)
            with page.expect_navigation() as sent:
                page.evaluate(SEND, [action.rstrip("#"), TOO_MANY if action.endswith("#") else 0])
            answer = sent.value
        assert answer
        return page, answer

    def close(self) -> None:
        for tab in self.tabs.values():
            tab.context.close()

    def _tab(self, who: str, language: str) -> Page:
        if (who, language) not in self.tabs:
            context = self.chromium.new_context(locale=f"{language}-CA", reduced_motion="reduce")
            context.set_default_timeout(PATIENCE_MS)
            context.add_init_script(AXE)
            if who != NOBODY:
                context.add_cookies([{"name": "passerelle", "value": self._cookie(who), "url": self.home}])
            self.tabs[who, language] = context.new_page()
        return self.tabs[who, language]

    def _cookie(self, who: str) -> str:
        if who != "half way":
            return cookie_of(self.office.seats[who])
        seat = self.office.another_browser("ruth")
        seat.fills("/sign-in", "/sign-in", email=seat.email, password=PASSWORD)
        seat.is_in = True
        return cookie_of(seat)


@pytest.fixture(scope="module")
def house(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with at_work(tmp_path_factory.mktemp("house"), **NO_ANSWER) as (world, office):
        places = make_busy(world, office)
        with serving(office.app) as home:
            opened = House(chromium, office, home, places)
            yield opened
            opened.close()


@pytest.mark.parametrize("language", SCREENS)
@pytest.mark.parametrize("state", STATES, ids=str)
def test_a_page_is_open_to_everybody(house: House, state: State, language: str) -> None:
    page, answer = house.opens(state, language)
    assert answer.status == state.status
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator(state.shows).count() > 0
    assert axe(page, {"type": "tag", "values": TAGS}) == []
    page.emulate_media(color_scheme="dark")
    assert axe(page, {"type": "rule", "values": COLOURS}) == []
    page.set_viewport_size(DOUBLED)
    assert page.evaluate("document.documentElement.scrollWidth") <= DOUBLED["width"]
    assert_prints(page)


def test_every_page_has_a_state(house: House) -> None:
    adapter = house.office.app.url_map.bind("localhost")
    seen = set(NO_PAGES)
    for state in STATES:
        if state.status < 404:
            path = state.path.format(**house.places).partition("?")[0]
            seen.add(adapter.match(path, method=None, return_rule=True)[0].rule)
    gets = {rule for method, rule, _ in rules(house.office.app) if method == "GET"}
    assert gets - seen == set() and gets >= NO_PAGES


def axe(page: Page, only: dict[str, Any]) -> list[str]:
    """What axe finds wrong, a line for each place."""
    found: list[str] = page.evaluate(RUN_AXE, only)
    return found


def assert_prints(page: Page) -> None:
    """On paper: black on white, without the way around, even for somebody who reads in the dark."""
    page.emulate_media(media="print")
    assert (found := page.evaluate(ON_PAPER)) == ["rgb(0, 0, 0)", "rgb(255, 255, 255)", 0], found
