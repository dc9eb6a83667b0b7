"""One Chromium for the whole run, and a gateway that it reaches over a real socket. On SQLite alone: pages are in question."""

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_MS = 10_000


def chromium_path() -> str:
    """Where Chromium is."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    assert path, "Install Chromium, or leave these tests out: scripts/test -m 'not browser'"
    return path


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser; each test opens a context of its own in it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path())
        yield browser
        browser.close()
