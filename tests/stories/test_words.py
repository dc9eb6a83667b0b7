"""What a person wrote arrives as it was written: every letter, in order, once, however often the network repeats it."""

import pytest

from gateway.models import Outcome
from gateway.sms.segments import LONGEST_BODY
from tests.world import Phone, World


@pytest.mark.parametrize(
    "words",
    [
        pytest.param("Ça va ? J'ai hâte à la fête, c'était génial « vraiment » œuf", id="French"),
        pytest.param("ᐊᐃᓐᖓᐃ ᖃᓄᐃᑉᐱᑦ ᓄᓇᕗᑦ", id="syllabics"),
        pytest.param("Tłı̨chǫ Kwak̓wala ʔi SḴŚIT", id="marks and letters of Indigenous languages"),
        pytest.param("👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽 🇨🇦", id="emoji families, flags and skin tones"),
        pytest.param("  two spaces  in\nlines ", id="spaces and lines"),
        pytest.param("{phone} {{7*7}} {0.__class__} %s $(x) <b>&amp;", id="what a template might evaluate"),
        pytest.param("' OR 1=1 -- %_\"", id="what a query might evaluate"),
        pytest.param("=HYPERLINK(1) +1 @x", id="what a sheet might evaluate"),
        pytest.param("𝒳 ＡＢＣ ﬁ ²", id="letters that folding would change"),
    ],
)
def test_words_arrive_letter_for_letter(maya: Phone, ben: Phone, pair: int, words: str) -> None:
    maya.texts(words)
    assert ben.received == [words]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        pytest.param(
            "good \u202eevil\u202c and \u2066x\u2069", "good evil and x", id="overrides of the order"
        ),
        pytest.param("a\x00b\x1b[31mc", "ab[31mc", id="NUL and escapes"),
        pytest.param("tab\there", "tab here", id="a tab"),
        pytest.param("e\u0301", "é", id="a letter and its accent are one"),
        pytest.param("z" + "\u0301" * 40, "ź" + "\u0301" * 8, id="a pile of marks"),
    ],
)
def test_only_what_could_harm_a_phone_is_taken_out(
    maya: Phone, ben: Phone, pair: int, typed: str, read: str
) -> None:
    maya.texts(typed)
    (arrived,) = ben.received
    assert arrived.replace("\u0301", "") == read.replace("\u0301", "")
    assert arrived.count("\u0301") <= 8


def test_a_long_text_arrives_whole_and_in_order(world: World, maya: Phone, ben: Phone, pair: int) -> None:
    words = " ".join(f"mot{number:04d}é" for number in range(500))
    maya.texts(words)
    maya.texts("and after it")
    assert " ".join(ben.received[:-1]) == words
    assert all(len(part) <= LONGEST_BODY for part in ben.received)
    assert ben.received[-1] == "and after it"
    assert [row.outcome for row in world.inbound()] == [Outcome.RELAYED] * 2


def test_a_long_text_without_a_space_is_never_cut_inside_an_emoji(maya: Phone, ben: Phone, pair: int) -> None:
    family = "👨‍👩‍👧‍👦"
    maya.texts(family * 400)
    assert "".join(ben.received) == family * 400
    assert all(set(part.replace(family, "")) == set() for part in ben.received)


def test_ten_texts_arrive_in_the_order_in_which_they_were_typed(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    for number in range(10):
        maya.types(f"{number}")
    world.settle()
    assert ben.received == [str(number) for number in range(10)]


def test_a_webhook_that_comes_twenty_times_and_a_month_later_counts_once(
    world: World, maya: Phone, ben: Phone, pair: int
) -> None:
    world.network.weather.repeat(maya.number)
    sid = maya.texts("only once")
    maya.texts("HELP")
    repeat(world, sid, maya, "only once", times=18)
    assert ben.received == ["only once"] and len(maya.received) == 1
    world.clock.wait(30 * 24 * 3600)
    repeat(world, sid, maya, "only once", times=2)
    assert ben.received == ["only once"] and len(maya.received) == 1
    assert len(world.inbound()) == 2 and len(world.outbound()) == 2


def repeat(world: World, sid: str, phone: Phone, words: str, times: int) -> None:
    """The provider delivers the same text again, signed as before."""
    row = world.network._ledger.read("SELECT * FROM texts WHERE id = ?", sid)[0]
    form = world.network._carrier._inbound_form(row)
    assert (form["From"], form["Body"]) == (phone.number, words)
    assert all(world.network._carrier._post("/webhooks/twilio/sms", form) for _ in range(times))
    world.settle()
