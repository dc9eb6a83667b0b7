"""What forces a text out of GSM-7, and what must not be changed to find out."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sms.encoding import BASIC, EXTENSION, GSM, graphemes, normalise, offenders

ANY_TEXT = st.text(st.characters(codec=None))

OFFENDERS = {
    "empty text fits": ("", []),
    "plain English fits": ("Hi Maya! How was practice?", []),
    "the French letters of GSM-7 fit": ("É é è à ù Ç ä ö ü æ", []),
    "the extension table fits": ("^{}\\[~]|€\f", []),
    "a small c cedilla does not fit though the capital does": ("Ça, ça", ["ç"]),
    "a capital A grave does not fit though the small one does": ("À là", ["À"]),
    "each one is listed once, in order of appearance": ("être, ça, être, cœur", ["ê", "ç", "œ"]),
    "a decomposed acute is the letter that people see": ("cafe\u0301", []),
    "a decomposed cedilla is listed composed": ("c\u0327a", ["ç"]),
    "typographic signs do not fit": ("« l’été… »", ["«", "’", "…", "»"]),
    "a family of emoji is one": ("hi 👨‍👩‍👧‍👦!", ["👨‍👩‍👧‍👦"]),
    "a flag is one": ("🇨🇦", ["🇨🇦"]),
    "a letter with marks that have no composed form is one": ("Tłı̨chǫ", ["ł", "ı̨", "ǫ"]),
    "syllabics do not fit": ("ᐃᓄᒃ", ["ᐃ", "ᓄ", "ᒃ"]),
    "a carriage return and line feed are two that fit": ("a\r\nb", []),
    "a tab and a backtick do not fit": ("\t`", ["\t", "`"]),
    "an escape by itself does not fit": ("\x1b", ["\x1b"]),
}


@pytest.mark.parametrize(("text", "wanted"), OFFENDERS.values(), ids=OFFENDERS.keys())
def test_offenders(text: str, wanted: list[str]) -> None:
    assert offenders(text) == wanted


def test_the_alphabet_has_the_size_that_the_standard_gives() -> None:
    assert (len(BASIC), len(EXTENSION), BASIC & EXTENSION) == (127, 10, frozenset())


def test_compatibility_forms_are_not_replaced() -> None:
    assert normalise("m² ﬁn ½ Ａ") == "m² ﬁn ½ Ａ"


@given(ANY_TEXT)
def test_normalising_is_nfc_and_settles_at_once(text: str) -> None:
    assert normalise(text) == unicodedata.normalize("NFC", text) == normalise(normalise(text))


@given(ANY_TEXT)
def test_no_offender_means_that_every_character_is_in_the_table(text: str) -> None:
    assert (offenders(text) == []) == GSM.issuperset(normalise(text))


@given(ANY_TEXT)
def test_graphemes_lose_nothing(text: str) -> None:
    assert "".join(graphemes(text)) == text
