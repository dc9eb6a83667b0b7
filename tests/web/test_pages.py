"""The pages: their headers, their errors, their weight, and both languages."""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import gateway
from tests.web.conftest import MASKS, PHONES, World, close_world, enrol_the_cast, open_world, settings_for

PACKAGE = Path(str(gateway.__file__)).parent
PAGES = ("/", "/phones", "/healthz", "/nowhere")
POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"


@pytest.fixture
def secure_world(tmp_path: Path) -> Iterator[World]:
    opened = open_world(settings_for(tmp_path, gateway_public_url="https://texts.example.org"))
    enrol_the_cast(opened)
    yield opened
    close_world(opened)


def stylesheet_of(page: str) -> str:
    found = re.search(r'<link rel="stylesheet" href="([^"]+)">', page)
    assert found
    return found[1]


# Headers


@pytest.mark.parametrize("path", [*PAGES, "/webhooks/twilio/sms"])
def test_every_answer_has_the_security_headers(world: World, path: str) -> None:
    headers = world.client.get(path).headers
    assert headers["Content-Security-Policy"] == POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers
    assert "Server" not in headers


def test_https_brings_hsts_and_a_host_cookie(secure_world: World) -> None:
    answer = secure_world.client.get("/phones", base_url="https://texts.example.org")
    assert answer.headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-passerelle=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Strict"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


def test_a_page_without_a_form_sets_no_cookie(world: World) -> None:
    assert "Set-Cookie" not in world.client.get("/").headers


def test_the_stylesheet_may_be_kept_for_a_year(world: World) -> None:
    answer = world.client.get(stylesheet_of(world.client.get("/").text))
    assert answer.mimetype == "text/css"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert "Set-Cookie" not in answer.headers
    assert world.client.get("/static/passerelle.000000000000.css").status_code == 404


# Errors


@pytest.mark.parametrize(
    ("method", "path", "code", "words"),
    [
        ("GET", "/nowhere", 404, "There is nothing at this address"),
        ("POST", "/", 405, "This address is not a page"),
        ("POST", "/phones/send", 400, "That did not arrive whole"),
        ("GET", "/static/../../etc/passwd", 404, "There is nothing at this address"),
    ],
)
def test_an_error_is_told_plainly_in_both_languages(
    world: World, method: str, path: str, code: int, words: str
) -> None:
    answer = world.client.open(path, method=method)
    assert answer.status_code == code
    assert words in answer.text
    assert '<section class="trouble" lang="fr">' in answer.text
    assert "Traceback" not in answer.text
    assert "Werkzeug" not in answer.text


def test_a_large_form_is_told_plainly(world: World) -> None:
    answer = world.client.post("/phones/send", data={"body": "x" * 70_000})
    assert (answer.status_code, "That is too much at once" in answer.text) == (413, True)


def test_a_page_tells_when_the_database_is_gone(world: World) -> None:
    file = Path(str(world.gateway.db.engine.url.database))
    world.gateway.db.engine.dispose()
    for part in file.parent.glob("gateway.db*"):
        part.unlink()
    file.mkdir()
    answer = world.client.get("/phones?lang=fr")
    assert answer.status_code == 503
    assert "La passerelle ne peut pas répondre en ce moment" in answer.text
    assert "sqlite" not in answer.text.lower()
    assert world.client.get("/healthz").status_code == 503
    assert "cannot reach its database" in world.client.get("/?lang=en").text


# Languages


@pytest.mark.parametrize(
    ("asked", "preferred", "language"),
    [
        ("", "", "en"),
        ("", "fr-CA,fr;q=0.9,en;q=0.5", "fr"),
        ("en", "fr", "en"),
        ("fr", "en", "fr"),
        ("cree", "cr", "en"),
    ],
)
def test_the_address_goes_before_the_browser_and_the_program(
    world: World, asked: str, preferred: str, language: str
) -> None:
    query = {"lang": asked} if asked else {}
    page = world.client.get("/", query_string=query, headers={"Accept-Language": preferred}).text
    assert f'<html lang="{language}">' in page


@pytest.mark.parametrize("path", ["/", "/phones"])
def test_each_page_links_to_itself_in_the_other_language(world: World, path: str) -> None:
    assert f'href="{path}?lang=fr"' in world.client.get(path).text
    assert f'href="{path}?lang=en"' in world.client.get(f"{path}?lang=fr").text


def test_the_french_catalogue_is_whole_and_compiled() -> None:
    folder = PACKAGE / "translations" / "fr" / "LC_MESSAGES"
    with (folder / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale="fr")
    lacking = [message.id for message in catalogue if message.id and not message.string]
    assert (lacking, list(catalogue.obsolete)) == ([], [])
    assert (folder / "messages.mo").stat().st_size > 4000


def test_every_sentence_of_the_pages_is_in_the_catalogue_and_no_other() -> None:
    with (PACKAGE / "translations" / "fr" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale="fr")
    kinds = [("**.py", "python"), ("templates/**.html", "jinja2")]
    words: dict[str, Any] = {"_": None, "gettext": None, "later": None, "ngettext": (1, 2)}
    found = [line[2] for line in extract_from_dir(PACKAGE, kinds, keywords=words)]
    used = {said[0] if isinstance(said, tuple) else said for said in found}
    kept = {message.id[0] if isinstance(message.id, tuple) else message.id for message in catalogue} - {""}
    assert (used - kept, kept - used) == (set(), set())


# Weight


def test_the_pages_are_light(world: World) -> None:
    for number in range(40):
        world.network.text(
            PHONES["maya"], MASKS[0], f"text number {number} of a long evening, with some words in it"
        )
        world.clock.wait(40)
    world.work()
    everyone = "&".join(f"with={uid}" for uid in world.uids.values())
    for path in ("/", "/phones", f"/phones?{everyone}&lang=fr"):
        answer = world.client.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.headers["Content-Encoding"] == "gzip"
        assert len(answer.data) <= 14_000
        assert len(gzip.decompress(answer.data)) > len(answer.data)


def test_the_stylesheet_is_light_and_the_only_thing_loaded(world: World) -> None:
    page = world.client.get("/phones").text
    css = world.client.get(stylesheet_of(page), headers={"Accept-Encoding": "gzip"})
    assert css.headers["Content-Encoding"] == "gzip"
    assert len(css.data) <= 4_000
    loaded = re.findall(r'<(?:link|img|script|iframe|source)[^>]+(?:href|src)="(?!data:)([^"]+)"', page)
    assert loaded == [stylesheet_of(page)]


def test_no_page_needs_or_has_javascript(world: World) -> None:
    for path in PAGES:
        page = world.client.get(path).text.lower()
        assert "<script" not in page
        assert "javascript:" not in page
        assert not re.search(r"<[^>]+\s(?:on[a-z]+|style)=", page)
