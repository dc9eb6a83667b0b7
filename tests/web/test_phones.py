"""The simulated phones: what a viewer types on one is read on the other, and no number of a person is ever shown."""

import re
from pathlib import Path

import pytest
from werkzeug.test import TestResponse

from gateway.app import create_app, open_gateway
from gateway.db import open_engine
from gateway.migrations import upgrade
from gateway.providers.simulator import SimulatedNetwork
from gateway.web.handsets import STRANGER_NUMBER
from tests.web.conftest import MASKS, PHONES, PROGRAM_LINE, World, close_world, open_world, settings_for


def page(world: World, query: str = "", language: str = "en") -> str:
    answer = world.client.get(f"/phones?lang={language}{query}")
    assert answer.status_code == 200
    return answer.text


def words_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def phone_of(html: str, name: str) -> str:
    """The part of the page that draws one person's phone."""
    parts = (part.split("</article>")[0] for part in html.split('<article class="set"'))
    return next(part for part in parts if f">{name}</h2>" in part)


def post(world: World, path: str, query: str = "", **form: str) -> TestResponse:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page(world))
    assert found
    return world.client.post(f"{path}?lang=en{query}", data={"csrf_token": found[1], **form})


def type_on(world: World, who: str, body: str, line: str) -> TestResponse:
    answer = post(
        world, "/phones/send", phone=world.uids.get(who, who), line=str(world.lines[line]), body=body
    )
    world.work()
    return answer


def test_a_text_typed_on_one_phone_is_read_on_the_other(world: World) -> None:
    answer = type_on(world, "maya", "hi Ben, ça va?", world.mask("maya"))
    assert answer.status_code == 303
    assert answer.location.startswith("/phones?")
    html = page(world)
    assert 'class="mine"' in phone_of(html, "Maya")
    ben = phone_of(html, "Ben")
    assert "hi Ben, ça va?" in ben
    assert "1 text · UCS-2" in ben
    assert "Delivered" in ben


def test_a_viewer_sees_masks_and_no_number_of_anybody(world: World) -> None:
    world.says("maya", "hello")
    world.says("ben", "salut")
    html = page(world)
    for number in PHONES.values():
        assert number[-7:-4] + "-" + number[-4:] not in html
        assert number[2:] not in html
    assert "Maya sees 506 555-010" in words_of(html)
    assert "The real number on the other side (Ben) never appears here." in words_of(html)


def test_no_number_is_in_any_address(world: World) -> None:
    answer = type_on(world, "maya", "hello", world.mask("maya"))
    addresses = [answer.location, *re.findall(r'(?:href|action)="([^"]+)"', page(world))]
    assert not [
        address
        for address in addresses
        if re.search(r"\d{7,}(?![0-9a-f])", re.sub(r"[0-9a-f]{32}", "", address))
    ]


def test_the_panel_tells_the_match_and_each_leg(world: World) -> None:
    world.says("maya", "hello")
    saw = words_of(page(world).split("What the gateway saw")[1])
    assert "Maya + Ben · match active" in saw
    assert "Passed on" in saw
    assert re.search(r"From 506 555-010\d to Ben · Delivered · 1 text · GSM-7", saw)


def test_without_signal_a_text_waits_and_the_page_says_so(world: World) -> None:
    assert post(world, "/phones/signal", phone=world.uids["ben"], on="no").status_code == 303
    world.says("maya", "are you there?")
    ben = phone_of(page(world), "Ben")
    assert "No signal" in ben
    assert "are you there?" not in ben
    assert "1 text is on its way to this phone" in ben
    post(world, "/phones/signal", phone=world.uids["ben"], on="yes")
    world.work()
    assert "are you there?" in phone_of(page(world), "Ben")


def test_a_text_typed_without_signal_has_not_left(world: World) -> None:
    world.network.weather.coverage(PHONES["maya"], False)
    type_on(world, "maya", "from the bush", world.mask("maya"))
    assert "Has not left the phone yet" in phone_of(page(world), "Maya")


def test_a_stranger_reaches_nobody(world: World) -> None:
    type_on(world, "stranger", "who are you?", MASKS[0])
    html = page(world, "&with=stranger")
    assert "who are you?" in phone_of(html, "A stranger")
    assert "Unknown here; went to nobody" in html
    assert "This number does not take texts" in html
    assert STRANGER_NUMBER[-4:] not in html


def test_any_line_may_be_texted_and_the_note_says_who_is_there(world: World) -> None:
    other = next(mask for mask in MASKS if mask != world.mask("maya"))
    wrong = page(world, f"&with={world.uids['maya']}.{world.lines[other]}")
    assert "Maya shares this number with nobody, so a text to it reaches nobody." in words_of(wrong)
    program = page(world, f"&with={world.uids['maya']}.{world.lines[PROGRAM_LINE]}")
    assert "What Maya writes here is for staff and reaches no partner." in words_of(program)


@pytest.mark.parametrize(
    ("body", "seen"),
    [
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ('"><img src=x onerror=1>', "&#34;&gt;&lt;img src=x onerror=1&gt;"),
        ("{{7*7}} %(name)s {0.__class__}", "{{7*7}} %(name)s {0.__class__}"),
        ("safe\u202egnp.exe", "safe⟨U+202E⟩gnp.exe"),
    ],
    ids=["a script", "a broken attribute", "template signs", "a mark that overrides the order of reading"],
)
def test_what_people_write_is_shown_as_they_wrote_it(world: World, body: str, seen: str) -> None:
    type_on(world, "maya", body, world.mask("maya"))
    maya = phone_of(page(world), "Maya")
    assert seen in maya
    assert "<script" not in maya


def test_words_in_another_language_say_so(world: World) -> None:
    world.says("ben", "Salut Maya")
    assert '<p class="say" lang="fr" dir="auto">Salut Maya</p>' in phone_of(page(world), "Maya")
    assert '<p class="say" dir="auto">Salut Maya</p>' in phone_of(page(world, language="fr"), "Maya")


def test_the_page_speaks_french(world: World) -> None:
    world.says("maya", "hello")
    html = words_of(page(world, language="fr"))
    for said in (
        "Écrivez sur un téléphone, lisez sur l’autre",
        "Transmis",
        "Livré",
        "1 texto · GSM-7",
        "Envoyer",
    ):
        assert said in html
    assert "Delivered" not in html


# Choosing


def test_two_phones_of_the_oldest_match_are_shown_at_first(world: World) -> None:
    assert re.findall(r'<h2 id="who\d">([^<]+)</h2>', page(world)) == ["Maya", "Ben"]


def test_up_to_four_phones_stand_in_the_order_asked(world: World) -> None:
    asked = [
        world.uids["noe"],
        world.uids["noe"],
        "stranger",
        world.uids["maya"],
        world.uids["ben"],
        world.uids["ada"],
    ]
    html = page(world, "".join(f"&with={uid}" for uid in asked))
    assert re.findall(r'<h2 id="who\d">([^<]+)</h2>', html) == ["Noé", "A stranger", "Maya", "Ben"]


@pytest.mark.parametrize("asked", ["nobody", "'; DROP TABLE", "%00", "maya.999999999999", ".", "%F0%9F"])
def test_a_phone_that_is_not_there_is_not_shown(world: World, asked: str) -> None:
    assert "<article" not in page(world, f"&with={asked}")


def test_an_unknown_line_falls_back_to_the_first_conversation(world: World) -> None:
    html = page(world, f"&with={world.uids['maya']}.9999")
    assert f"Texts of Maya with {world.mask('maya')[2:5]}" in html


def test_what_is_still_under_way_is_said_and_the_page_never_reloads_itself(world: World) -> None:
    form = {"phone": world.uids["maya"], "line": str(world.lines[world.mask("maya")]), "body": "hello"}
    answer = post(world, "/phones/send", **form)  # nobody works, so it cannot settle
    assert answer.location.endswith("moving=1")
    html = world.client.get(answer.location).text
    assert "Something is still on its way." in html
    assert "http-equiv" not in html
    assert "Refresh" not in answer.headers
    assert "Something is still on its way." not in page(world)


# Guards


def test_a_form_from_elsewhere_is_refused(world: World) -> None:
    form = {"phone": world.uids["maya"], "line": str(world.lines[MASKS[0]]), "body": "forged"}
    assert world.client.post("/phones/send", data=form).status_code == 400
    assert world.client.post("/phones/signal", data=form).status_code == 400
    assert world.network.handsets() == []


@pytest.mark.parametrize(
    ("change", "code"),
    [({"line": "9999"}, 400), ({"line": "x"}, 400), ({"phone": "nobody"}, 404), ({"body": "x" * 1601}, 413)],
    ids=["a line that is not ours", "a line that is no number", "nobody's phone", "too many words"],
)
def test_a_bad_form_sends_nothing(world: World, change: dict[str, str], code: int) -> None:
    form = {"phone": world.uids["maya"], "line": str(world.lines[MASKS[0]]), "body": "hi"} | change
    assert post(world, "/phones/send", **form).status_code == code
    assert world.network.handsets() == []


def test_an_empty_text_is_not_sent(world: World) -> None:
    assert type_on(world, "maya", "", MASKS[0]).status_code == 303
    assert world.network.handsets() == []


def test_before_anybody_is_enrolled_the_page_says_what_to_do(tmp_path: Path) -> None:
    empty = open_world(settings_for(tmp_path))
    assert "gateway demo" in page(empty)
    close_world(empty)


def test_there_are_no_phones_where_texts_are_real(tmp_path: Path) -> None:
    settings = settings_for(
        tmp_path,
        gateway_provider="twilio",
        twilio_account_sid="AC" + "1" * 32,
        twilio_auth_token="t" * 32,
        gateway_public_url="https://texts.example.org",
    )
    engine = open_engine(settings.gateway_database_url)
    upgrade(engine)
    engine.dispose()
    gateway = open_gateway(settings)
    client = create_app(gateway).test_client()
    assert not isinstance(gateway.provider, SimulatedNetwork)
    assert client.get("/phones").status_code == 404
    assert client.post("/phones/send").status_code == 404
    assert "/phones" not in client.get("/").text
    gateway.db.engine.dispose()
