"""A day's work in a real browser without JavaScript: Ruth looks after Maya and Ben, Ann enrols and keeps the program.

Each walk is weighed as Chromium counts it. In both languages, on a phone and on a desk, and once without a mouse.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize

from gateway.library import live_files
from gateway.models import ContentKind
from tests.authored.test_bad_yaml import PROMPT
from tests.browser.conftest import PATIENCE_MS
from tests.browser.hands import Hands, Keys
from tests.browser.scene import MEETING, at_work, speak
from tests.browser.wire import Wire
from tests.parts import serving
from tests.web.conftest import PHONES, World
from tests.web.console import PASSWORD, Office, Seat

pytestmark = [pytest.mark.browser, pytest.mark.thorough]

PHONE, DESK = ViewportSize(width=360, height=740), ViewportSize(width=1280, height=800)
DAYS = [("en", PHONE, Hands), ("fr", DESK, Hands), ("en", DESK, Keys)]
NAMES = ("English on a phone", "French at a desk", "with the keyboard alone")
FRENCH = {"en": "French", "fr": "français"}  # as the reader calls it
NOTE = "Meetings go through us first."
NEW_PHONE = "+1 514 555 0188"


@dataclass(repr=False)
class Day:
    """One tab in which a day is worked, and what it weighs."""

    world: World
    office: Office
    hands: Hands
    wire: Wire

    def signs_in(self, seat: Seat) -> None:
        """From the address that everybody knows, with password and second factor."""
        self.hands.opens("/today")
        self.hands.writes("E-mail", seat.email)
        self.hands.writes("Password", PASSWORD)
        self.hands.presses("Sign in")
        self.hands.writes("Code", seat.code())
        self.hands.presses("Go on")

    def hears(self, number: str) -> str:
        """The last text on this phone, two minutes later: a line has its pace."""
        self.world.clock.wait(120)
        self.world.work()
        return self.world.network.inbox(number)[-1].body


@pytest.fixture(params=DAYS, ids=NAMES)
def day(request: pytest.FixtureRequest, chromium: Browser, tmp_path: Path) -> Iterator[Day]:
    language, screen, hands = request.param
    with at_work(tmp_path) as (world, office), serving(office.app) as home:
        speak(office, language)
        locale = {"en": "en-CA", "fr": "fr-CA"}[language]
        with chromium.new_context(java_script_enabled=False, viewport=screen, locale=locale) as context:
            context.set_default_timeout(PATIENCE_MS)
            page = context.new_page()
            yield Day(world, office, hands(page, home, language), Wire(page))


def test_a_day_is_worked_without_javascript_and_within_150_kilobytes(day: Day, tmp_path: Path) -> None:
    ruth_decides_what_is_urgent(day)
    ruth_looks_after_her_match(day)
    ruth_changes_a_number_and_goes_home(day)
    ann_enrols_and_matches(day)
    ann_puts_an_activity_in_use(day, tmp_path)
    assert_it_was_light(day.wire)


def ruth_decides_what_is_urgent(day: Day) -> None:
    ruth = day.hands
    day.signs_in(day.office.ruth)
    ruth.reads("Now")
    ruth.reads("%(count)s until you decide, since %(when)s.")

    ruth.follows("Alerts")
    ruth.presses("I am on it")
    ruth.reads("%(who)s is on it")

    ruth.follows("Review")
    ruth.reads(MEETING)
    ruth.writes("Note to the writer, in private (at most %(num)d characters)", NOTE)
    ruth.presses("Release with this note")
    ruth.reads("Released, and its writer gets your note in private.")
    assert day.hears(PHONES["maya"]) == MEETING and day.hears(PHONES["ben"]).endswith(NOTE)


def ruth_looks_after_her_match(day: Day) -> None:
    ruth = day.hands
    ruth.follows("Today")
    ruth.follows("Maya + Ben")
    ruth.reads(MEETING)
    ruth.chooses("To whom", "Maya")
    ruth.writes("Text from the program to", "Ruth here. May I call at four?")
    ruth.presses("Send")
    assert day.hears(PHONES["maya"]).endswith("May I call at four?")
    ruth.chooses("I spoke with", "Ben")
    ruth.chooses("How", "in person")
    ruth.presses("Log")
    ruth.reads("The talk is noted.")
    ruth.presses("Mark as read up to here")
    ruth.presses("Pause")
    day.world.says("maya", "hello?")
    ruth.presses("Resume")
    ruth.reads("The match goes on: texts are passed on again.")

    ruth.follows("Calendar")
    ruth.reads("Nothing is due at this moment.")


def ruth_changes_a_number_and_goes_home(day: Day) -> None:
    ruth = day.hands
    ruth.follows("Matches")
    ruth.follows("Maya + Ben")
    ruth.follows("Ben")
    ruth.follows("Change the number")
    ruth.writes("The new number", NEW_PHONE)
    ruth.presses("Text a code")
    code = re.search(r"\d{6}", day.hears(NEW_PHONE.replace(" ", "")))
    assert code
    ruth.writes("The six digits", code[0])
    ruth.presses("Make it the number")
    ruth.reads("The number is now %(number)s; the old one reaches nobody.")

    ruth.follows("Insight")
    ruth.saves("weeks (CSV)", "weeks.csv")
    ruth.presses("Sign out")
    ruth.reads("You are signed out.")


def ann_enrols_and_matches(day: Day) -> None:
    ann = day.hands
    day.signs_in(day.office.ann)
    ann.follows("People")
    ann.follows("Add somebody")
    ann.writes("Name", "Ivy Bear")
    ann.writes("Key", "ivy")
    ann.chooses("Role", "youth")
    ann.writes("Phone", "+1 705 555 0131")
    ann.chooses("Language", FRENCH[ann.language])
    ann.presses("Enrol")
    ann.follows("Record a consent")
    ann.presses("Record it")
    ann.reads("Newest first; the newest of each kind counts. Nothing here is ever changed.")

    ann.follows("Matches")
    ann.follows("Propose matches")
    ann.follows("Decide")
    ann.chooses("In the care of", "Ruth")
    ann.presses("Match them")
    ann.reads("They are matched. %(one)s texts %(first)s; %(two)s texts %(second)s.")


def ann_puts_an_activity_in_use(day: Day, folder: Path) -> None:
    ann, file = day.hands, folder / "fine-thing.yaml"
    file.write_text(PROMPT.replace("good", "fine"), encoding="utf-8")
    ann.follows("Program")
    ann.follows("Send files")
    ann.attaches("YAML files", file)
    ann.presses("Read them through")
    ann.reads("A change to look at")
    ann.presses("Put it in use")
    ann.reads("It is in use from now on.")
    with day.world.gateway.db.reading() as session:
        assert any("fine-thing" in name for name in live_files(session, ContentKind.PROMPTS))
    ann.presses("Sign out")


def assert_it_was_light(wire: Wire) -> None:
    """No page over 14 KB, two requests for the first and one for every other; 150 KB for both people's day."""
    assert [load for load in wire.loads if load.received_bytes > 14_000] == []
    assert [load.requests for load in wire.loads] == [2] + [1] * (len(wire.loads) - 1)
    assert wire.received_bytes <= 150_000
