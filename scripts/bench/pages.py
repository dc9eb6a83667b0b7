"""What each page weighs on the wire, and how soon Today and a thread are painted over a poor link.

Run: nice .venv/bin/python -m scripts.bench.pages [--language fr] [--times N]

Needs Chromium (CHROMIUM names it, else it is looked for). Bytes are those that Chromium received, heads included; cold is a
browser that was never here, warm one that has the stylesheet. The office is the busy one of the browser tests. First paint
is First Contentful Paint, the median of the times, under the emulation of Chromium's own developer tools, which delays each
request by the round trip; the opening of the connection is not delayed. Slow 2G and 2G are the bounds of the Network
Information API (its table of effective connection types); regular 2G is WebPageTest's.
"""

import argparse
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import structlog
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from scripts.bench.rig import scratch
from tests.browser.conftest import chromium_path
from tests.browser.house import make_busy
from tests.browser.scene import at_work, cookie_of
from tests.browser.states import NOBODY, STATES, State
from tests.browser.wire import Load, Wire
from tests.parts import serving
from tests.web.console import Office

PAINT = """() => new Promise(done => new PerformanceObserver(
  list => list.getEntriesByName("first-contentful-paint").forEach(it => done(it.startTime))
).observe({ type: "paint", buffered: true }))"""
PAINTED_MS = 60_000
PAINTED = (State("/today", "ruth"), State("/matches/{match}", "ruth"))
PHONE = ViewportSize(width=360, height=740)


@dataclass(frozen=True)
class Network:
    """One kind of link. The round trip is that of a request, in milliseconds."""

    name: str
    kilobits_per_second: int
    round_trip_ms: int


NETWORKS = (Network("slow 2G", 50, 2_000), Network("2G", 70, 1_400), Network("regular 2G", 256, 800))


@dataclass(frozen=True)
class House:
    """The busy office, served, and a browser."""

    office: Office
    home: str
    places: dict[str, str]
    browser: Browser
    language: str

    @contextmanager
    def tab(self, who: str) -> Iterator[Page]:
        """A browser that was never here, with this person signed in."""
        with self.browser.new_context(viewport=PHONE) as context:
            if who != NOBODY:
                cookie = cookie_of(self.office.seats[who])
                context.add_cookies([{"name": "passerelle", "value": cookie, "url": self.home}])
            yield context.new_page()

    def address(self, state: State) -> str:
        path = state.path.format(**self.places)
        return f"{self.home}{path}{'&' if '?' in path else '?'}lang={self.language}"


@contextmanager
def open_house(folder: Path, language: str) -> Iterator[House]:
    with (
        sync_playwright() as playwright,
        at_work(folder) as (world, office),
        serving(office.app) as home,
    ):
        browser = playwright.chromium.launch(executable_path=chromium_path())
        yield House(office, home, make_busy(world, office), browser, language)
        browser.close()


def weigh(house: House, state: State) -> tuple[Load, Load]:
    """The page in a browser that was never here, and once more."""
    with house.tab(state.who) as page:
        wire = Wire(page)
        for _ in range(2):
            page.goto(house.address(state))
            page.wait_for_timeout(50)  # the events of the wire come after the page
        cold, warm = wire.loads
        return cold, warm


def first_paint_ms(house: House, state: State, network: Network, *, is_warm: bool) -> float:
    with house.tab(state.who) as page:
        if is_warm:
            page.goto(house.address(State("/account", state.who)))
        bytes_per_second = network.kilobits_per_second * 1000 / 8
        link = {
            "offline": False,
            "latency": network.round_trip_ms,
            "downloadThroughput": bytes_per_second,
            "uploadThroughput": bytes_per_second,
        }
        page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", link)
        page.goto(house.address(state), timeout=PAINTED_MS)
        return float(page.evaluate(PAINT))


def report_weights(house: House) -> None:
    print(f"{'page':44}{'who':8}{'warm':>8}{'requests':>9}{'cold':>8}{'requests':>9}")
    for state in STATES:
        if not state.sends and state.who in {NOBODY, *house.office.seats}:
            cold, warm = weigh(house, state)
            print(
                f"{state.path:44}{state.who:8}{warm.received_bytes:8,}{warm.requests:9}"
                f"{cold.received_bytes:8,}{cold.requests:9}"
            )


def report_paint(house: House, times: int) -> None:
    print(f"\n{'first paint':20}{'link':>14}{'kbit/s':>8}{'round trip':>12}{'cold':>9}{'warm':>9}")
    for state in PAINTED:
        for network in NETWORKS:
            cold, warm = (
                median(first_paint_ms(house, state, network, is_warm=is_warm) for _ in range(times)) / 1000
                for is_warm in (False, True)
            )
            print(
                f"{state.path:20}{network.name:>14}{network.kilobits_per_second:8}"
                f"{network.round_trip_ms:9} ms{cold:7.1f} s{warm:7.1f} s"
            )


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--language", choices=["en", "fr"], default="en")
    asked.add_argument("--times", type=int, default=3)
    given = asked.parse_args()
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with scratch() as folder, open_house(folder, given.language) as house:
        report_weights(house)
        report_paint(house, given.times)


if __name__ == "__main__":
    main()
