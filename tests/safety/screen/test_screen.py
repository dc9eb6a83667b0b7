"""What the shipped rules find, and what they leave alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.safety.screen import Category, Verdict, Writer, explain
from tests.safety.screen.shipped import found, look, ordinary, rules, wanted

NUMBER = "705 555 0142"


@pytest.mark.parametrize("language", ["en", "fr"])
def test_what_must_be_found_is_found(language: str) -> None:
    texts = list(wanted(language))
    missed = [text for category, text in texts if category not in found(look(text, language, Writer.MENTOR))]
    assert len(missed) <= len(texts) // 50, missed


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("writer", list(Writer))
def test_everyday_life_is_left_alone(language: str, writer: Writer) -> None:
    texts = ordinary(language)
    alarms = [text for text in texts if look(text, language, writer).findings]
    assert len(alarms) <= len(texts) // 50, alarms
    assert not [text for text in texts if "crisis" in found(look(text, language, writer))]


@pytest.mark.parametrize(
    ("text", "writer", "verdict", "is_held"),
    [
        (f"call me {NUMBER}", Writer.MENTOR, Verdict.HOLD, True),
        (f"call me {NUMBER}", Writer.YOUTH, Verdict.FLAG, False),
        ("send me a pic of you", Writer.MENTOR, Verdict.ESCALATE, True),
        ("i want to die", Writer.YOUTH, Verdict.ESCALATE, False),
        ("my dad hits me", Writer.YOUTH, Verdict.ESCALATE, False),
        ("how was practice", Writer.MENTOR, Verdict.ALLOW, False),
    ],
)
def test_the_policy_says_what_happens(text: str, writer: Writer, verdict: Verdict, is_held: bool) -> None:
    screened = look(text, writer=writer)
    assert (screened.verdict, screened.is_held) == (verdict, is_held)


def test_a_cry_for_help_weighs_more_than_a_number_beside_it() -> None:
    screened = look(f"i want to die, call me {NUMBER}")
    assert (screened.verdict, screened.is_held) == (Verdict.ESCALATE, False)
    assert found(screened) == {"contact", "crisis"}


@pytest.mark.parametrize(
    ("recent", "text"),
    [
        (("416", "555"), "0142"),
        (("my number is 416", "ok?", "five five five"), "oh one four two"),
        (("4", "16", "55", "50", "14"), "2"),
        (("mon num commence par 514", "cinq cinq cinq"), "puis 0142"),
        (("maya99", "@gmail"), ".com"),
    ],
)
def test_what_comes_in_pieces_is_joined_and_the_last_piece_is_shown(
    recent: tuple[str, ...], text: str
) -> None:
    screened = look(text, recent=recent)
    assert found(screened) == {"contact"}
    start, end = screened.findings[0].span
    assert 0 <= start < end <= len(text)
    assert not look(text).findings


def test_six_texts_ago_is_too_long_ago() -> None:
    assert not look("0142", recent=("416", "555", "ok", "hm", "yes", "no", "so")).findings


@pytest.mark.parametrize(
    "number", ["988", "911", "811", "686868", "1-800-668-6868", "1 866 277-3553", "535353"]
)
@pytest.mark.parametrize("words", ["you can call or text {} any time", "tu peux appeler ou texter le {}"])
def test_help_lines_may_be_passed_on(number: str, words: str) -> None:
    assert not look(words.format(number), writer=Writer.MENTOR).findings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("ok ⑦⓪⑤ ⑤⑤⑤ ⓪①④② bye", "⑦⓪⑤ ⑤⑤⑤ ⓪①④②"),
        ("ok 7\u200b05-5\u200b55-0142 bye", "7\u200b05-5\u200b55-0142"),
        ("é̂é̂ 7️⃣0️⃣5️⃣5️⃣5️⃣5️⃣0️⃣1️⃣4️⃣2️⃣", "7️⃣0️⃣5️⃣5️⃣5️⃣5️⃣0️⃣1️⃣4️⃣2"),
        ("ﬁne 705 555 0142", "705 555 0142"),
        ("ѕυісіdе", "ѕυісіdе"),
    ],
)
def test_a_finding_lies_where_it_was_written(text: str, words: str) -> None:
    start, end = look(text).findings[0].span
    assert text[start:end] == words


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300), st.lists(st.text(max_size=40), max_size=5), st.sampled_from(list(Writer)))
def test_any_text_can_be_screened_and_every_span_lies_in_it(
    text: str, recent: list[str], writer: Writer
) -> None:
    screened = look(text, "fr", writer, tuple(recent))
    assert all(0 <= one.span[0] < one.span[1] <= len(text) for one in screened.findings)
    assert screened == look(text, "fr", writer, tuple(recent))


def test_a_finding_is_explained_with_its_words_and_its_reason() -> None:
    text = f"hey, my real number is {NUMBER} ok"
    number = explain(rules(), look(text), text)[-1]
    assert (number.category, number.rule, number.words) == (Category.CONTACT, "phone-number", NUMBER)
    assert number.before.endswith("number is ")
    assert "program" in number.why


@pytest.mark.parametrize(
    "text",
    [
        "jveux mourir",
        "JE VEUX MOURIR",
        "j e veux mourrir",
        "je veux m0urir",
        "je veux mourir 😭",
        "i want to die pis jveux mourir",
    ],
)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_french_is_found_however_it_is_spelled_and_whatever_language_was_expected(
    text: str, language: str
) -> None:
    assert "crisis" in found(look(text, language))


def test_every_rule_says_why_in_both_languages() -> None:
    for rule in (*rules().phrased, *rules().detected.values()):
        english, french = rules().why(rule.slug, "en"), rules().why(rule.slug, "fr")
        assert english and french and english != french, rule.slug
