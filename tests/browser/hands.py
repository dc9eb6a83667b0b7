"""Somebody at a browser, who knows a page only by what it says: `ruth.presses("Release")`.

Words are given in English and looked for in the language that the page speaks, as the catalogue has it. With a mouse or,
`Keys`, with nothing but the keyboard.
"""

import re
from functools import cache
from pathlib import Path
from typing import Literal

from babel.support import NullTranslations, Translations
from playwright.sync_api import Locator, Page, expect

from tests.world import REPOSITORY

MOST_TABS = 400
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")


class Hands:
    """One person at one tab, with a mouse."""

    def __init__(self, page: Page, home: str, language: str) -> None:
        self.page, self.home, self.language = page, home, language
        self.within: Locator | None = None  # the part of the page that is looked at; None is all of it

    def opens(self, path: str) -> None:
        """Type an address."""
        self.within = None
        self.page.goto(f"{self.home}{path}")

    def turns_to(self, words: str, of: str = "section, article") -> None:
        """Look only at the part of the page that holds these words, until the next page."""
        self.within = self.page.locator(of).filter(has_text=self.says(words)).last

    def follows(self, words: str) -> None:
        """A link that begins with these words."""
        self._leaves(self._named("link", words))

    def presses(self, words: str) -> None:
        """A button that begins with these words."""
        self._leaves(self._named("button", words))

    def saves(self, words: str, name: str) -> None:
        """The file behind a link."""
        with self.page.expect_download() as asked:
            self.press(self._named("link", words))
        assert asked.value.suggested_filename.endswith(name) and asked.value.path().stat().st_size > 0

    def unfolds(self, words: str) -> None:
        """What is folded under these words."""
        self.press(self._here().locator("summary").filter(has_text=self.says(words)).first)

    def writes(self, label: str, text: str) -> None:
        """Text into the field with this label."""
        self.write(self._field(label), text)

    def chooses(self, label: str, option: str) -> None:
        """The entry of a list that begins with this."""
        field = self._field(label)
        said = field.locator("option").filter(has_text=self._pattern(option, "^")).first
        self.pick(field, said.inner_text())

    def ticks(self, label: str) -> None:
        """A box."""
        self.tick(self._field(label))

    def attaches(self, label: str, file: Path) -> None:
        """A file of this computer."""
        self.attach(self._field(label), file)

    def reads(self, words: str) -> None:
        """These words stand on the page and can be seen."""
        expect(self._here().get_by_text(self._pattern(words)).first).to_be_visible()

    def says(self, words: str) -> str:
        """The words in the language of the page; words that the catalogue lacks are names, and stay."""
        return str(_french().gettext(words)) if self.language == "fr" else words

    def _here(self) -> Locator:
        return self.within or self.page.locator("body")

    def _pattern(self, words: str, before: str = "", after: str = "") -> re.Pattern[str]:
        """Whatever stands in place of their `%(…)s`."""
        said = ".+".join(map(re.escape, PLACEHOLDER.split(self.says(words))))
        return re.compile(before + said + after)

    def _named(self, role: Literal["link", "button"], words: str) -> Locator:
        return self._here().get_by_role(role, name=self._pattern(words, "^", r"(?!\w)")).first

    def _field(self, label: str) -> Locator:
        return self._here().get_by_label(self._pattern(label, "^")).first

    def _leaves(self, target: Locator) -> None:
        with self.page.expect_navigation():
            self.press(target)
        self.within = None

    # What differs with the keyboard.

    def press(self, target: Locator) -> None:
        target.click()

    def write(self, target: Locator, text: str) -> None:
        target.fill(text)

    def pick(self, target: Locator, option: str) -> None:
        target.select_option(label=option)

    def tick(self, target: Locator) -> None:
        target.check()

    def attach(self, target: Locator, file: Path) -> None:
        target.set_input_files(file)


class Keys(Hands):
    """The same person without a mouse: everything is reached with Tab, and must show where the focus is."""

    def press(self, target: Locator) -> None:
        self._reach(target)
        self.page.keyboard.press("Enter")

    def write(self, target: Locator, text: str) -> None:
        self._reach(target)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def pick(self, target: Locator, option: str) -> None:
        self._reach(target)
        self.page.keyboard.press("Home")
        for _ in range(target.locator("option").count()):
            if target.locator("option:checked").inner_text() == option:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"the keyboard does not reach “{option}”")

    def tick(self, target: Locator) -> None:
        self._reach(target)
        self.page.keyboard.press("Space")

    def attach(self, target: Locator, file: Path) -> None:
        self._reach(target)
        with self.page.expect_file_chooser() as asked:
            self.page.keyboard.press("Space")
        asked.value.set_files(file)

    def _reach(self, target: Locator) -> None:
        target.wait_for()
        for _ in range(MOST_TABS):
            if target.evaluate("it => it === document.activeElement"):
                break
            self.page.keyboard.press("Tab")
        else:
            raise AssertionError(f"Tab does not reach {target}")
        width = target.evaluate("it => parseFloat(getComputedStyle(it).outlineWidth)")
        assert width >= 2, f"nothing shows that the focus is on {target}"


@cache
def _french() -> NullTranslations:
    return Translations.load(str(REPOSITORY / "gateway/translations"), ["fr"])
