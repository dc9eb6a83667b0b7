"""Any conversation or prompt is played on one phone: answered, skipped ahead, in either language, with nothing kept."""

import re
from html import unescape

import pytest
from sqlmodel import func, select

from gateway.authored.reading import yaml_files
from gateway.library import store
from gateway.models import ContentKind, OutboundMessage, Run
from tests.web.conftest import World
from tests.world import REPOSITORY


@pytest.fixture
def shipped(world: World) -> World:
    """What is shipped is in use."""
    with world.gateway.db.transaction() as session:
        for kind in ContentKind:
            files = yaml_files(REPOSITORY / kind.value)
            own = {name: source for name, source in files.items() if b"\nsteps:" in source or kind != "flows"}
            store(session, kind, own, world.gateway.clock.now())
    return world


def page(world: World, **asked: object) -> str:
    answer = world.client.get("/phones/play", query_string=asked)
    assert answer.status_code == 200
    return unescape(answer.text)


def texts(html: str) -> list[str]:
    return re.findall(r'<p class="say"[^>]*>([^<]+)</p>', html)


def test_a_conversation_goes_on_with_each_answer_and_keeps_nothing(shipped: World) -> None:
    html = page(shipped, what="flow/checkin-youth", said=["4", "1", "2"])
    assert texts(html)[0].startswith("Passerelle: hi Maya. How are your texts going")
    assert texts(html)[-1] == "All right. A person answers here if you ever want one: 1-800-555-0100"
    assert "Kept for staff: going = 4" in html
    assert "The conversation has ended." in html
    assert 'name="said" rows' not in html
    with shipped.gateway.db.reading() as session:
        for table in (Run, OutboundMessage):
            assert session.exec(select(func.count()).select_from(table)).one() == 0


def test_skipping_ahead_brings_the_reminder_and_then_the_end(shipped: World) -> None:
    html = page(shipped, what="flow/checkin-youth")
    assert "Skip ahead to Fri" in html
    reminded = page(shipped, what="flow/checkin-youth", said=["~"])
    assert texts(reminded)[-1].startswith("Passerelle: if you feel like it")
    assert "The conversation has ended." in page(shipped, what="flow/checkin-youth", said=["~", "~"])


def test_a_prompt_is_played_with_its_reminder_and_its_question(shipped: World) -> None:
    html = page(shipped, what="prompt/five-lines", said=["~", "~", "3"])
    assert [text[:24] for text in texts(html)] == [
        "Passerelle: Five lines a",
        "Passerelle: Your five li",
        "Passerelle: Your five li",
        "3",
        "Good that you ask. Staff",
    ]
    assert "Staff are alerted: somebody asked for help with a task" in html


def test_the_texts_and_the_page_each_have_their_language(shipped: World) -> None:
    html = page(shipped, what="flow/welcome-youth", **{"in": "fr"})
    assert texts(html)[0].startswith("Passerelle : bonjour Maya.")
    assert '<p class="say" lang="fr"' in html
    assert "Essayer une conversation" in page(shipped, what="flow/welcome-youth", lang="fr")


@pytest.mark.parametrize(
    "what", ["flow/nowhere", "prompt/nowhere", "nowhere", "flow/", "task/five-lines", "%00"]
)
def test_what_is_not_there_cannot_be_played(shipped: World, what: str) -> None:
    assert shipped.client.get("/phones/play", query_string={"what": what}).status_code == 404


def test_what_is_typed_is_shown_as_text_and_bounded(shipped: World) -> None:
    said = ["<script>alert(1)</script>", *["x" * 5000] * 200]
    answer = shipped.client.get("/phones/play", query_string={"what": "flow/checkin-youth", "said": said[:1]})
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text


def test_before_anything_is_in_use_the_page_says_what_to_do(world: World) -> None:
    assert "gateway flows load flows" in page(world)


def test_every_conversation_can_be_picked_and_the_page_stays_light(shipped: World) -> None:
    html = page(shipped)
    assert html.count('<option value="flow/') == 20
    answer = shipped.client.get("/phones/play", headers={"Accept-Encoding": "br"})
    assert len(answer.data) < 4 * 1024
