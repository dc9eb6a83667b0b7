"""A link to the console in an e-mail that is read on the web: a real browser keeps its cookie back on the first step."""

from pathlib import Path
from wsgiref.types import WSGIApplication

import pytest
from playwright.sync_api import Browser, expect
from werkzeug import Request, Response

from tests.browser.conftest import PATIENCE_MS
from tests.browser.scene import at_work, cookie_of
from tests.parts import serving


@pytest.mark.browser
@pytest.mark.thorough
@pytest.mark.parametrize("javascript", [True, False], ids=("with JavaScript", "without"))
def test_a_link_in_webmail_opens_its_page_for_whoever_is_signed_in(
    chromium: Browser, tmp_path: Path, javascript: bool
) -> None:
    with (
        at_work(tmp_path) as (_world, office),
        serving(office.app) as home,
        serving(_letter_to(home)) as mail,
        chromium.new_context(java_script_enabled=javascript) as context,
    ):
        context.set_default_timeout(PATIENCE_MS)
        cookie = cookie_of(office.ruth)
        context.add_cookies([{"name": "passerelle", "value": cookie, "url": home, "sameSite": "Strict"}])
        page = context.new_page()
        page.goto(mail.replace("127.0.0.1", "localhost"))
        page.get_by_role("link").click()
        expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()
        page.get_by_role("link", name="Matches").click()
        expect(page.get_by_role("heading", name="Matches", exact=True)).to_be_visible()


def _letter_to(home: str) -> WSGIApplication:
    """Somebody's webmail, at another site."""

    @Request.application
    def letter(_request: Request) -> Response:
        return Response(f'<a href="{home}/today">Who needs you today</a>', mimetype="text/html")

    return letter
