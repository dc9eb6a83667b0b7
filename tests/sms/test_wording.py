"""Our own words are eased; a person's words come through untouched but for what is not writing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sms.encoding import offenders
from gateway.sms.wording import clean, ease, in_group

ANY_TEXT = st.text(st.characters(codec=None))

EASED = {
    "an apostrophe is straight": ("l’été d‘ici", "l'été d'ici"),
    "quotes are straight": ("“hi” „yo‟", '"hi" "yo"'),
    "French quotes lose their inner spaces": ("« mot\u202f»", '"mot"'),
    "dashes are hyphens": ("7–9 pm — here‑now −5", "7-9 pm - here-now -5"),
    "an ellipsis is three dots": ("bon…", "bon..."),
    "no-break spaces are plain": ("Prêt\u202f? Oui\u00a0!", "Prêt ? Oui !"),
    "letters that cost double stay": ("ça être cœur À Î ÿ", "ça être cœur À Î ÿ"),
    "decomposed letters are composed": ("e\u0301te\u0301", "été"),
    "a letter apostrophe of another language stays": ("Kanienʼkéha", "Kanienʼkéha"),
    "an emoji stays": ("bravo 👍🏽", "bravo 👍🏽"),
}


@pytest.mark.parametrize(("text", "wanted"), EASED.values(), ids=EASED.keys())
def test_ease(text: str, wanted: str) -> None:
    assert ease(text) == wanted


@given(ANY_TEXT)
def test_easing_never_drops_a_letter_or_a_mark(text: str) -> None:
    def writing(words: str) -> list[str]:
        return [letter for letter in words if unicodedata.category(letter)[0] in "LMN"]

    assert writing(ease(text)) == writing(unicodedata.normalize("NFC", text))


@given(st.text("aéç’“”«»—–… \u00a0\u202f"))
def test_easing_leaves_only_letters_to_pay_for(text: str) -> None:
    assert set(offenders(ease(text))) <= {"ç"}


UNTOUCHED = [
    *("ᐃᓄᒃᑎᑐᑦ ᖁᕕᐊᓱᒃᐳᖓ", "ᑖᓂᓯ ᓂᑑᑌᒼ ᐊᓄᐦᐨ", "\U00011ab0\U00011ab1\U00011abf", "\u18b0\u18d4\u18ff", "ᐁᔨᒧᐏᐣ᙮"),
    *(
        "tânisi kiyâ ê-miywâsik, mīna ōta",
        "Dëne Sųłıné",
        "Tłı̨chǫ nàowo wegǫ̀",
        "SENĆOŦEN ÍY, SȽÁLEȻ",
        "Kwak̓wala g̱ilakas'la",
    ),
    *("Kanien’kéha, Mi’kmaq, ʼnamgis", "X̱aad Kíl", "Nłeʔkepmxcín", "ʻo‘o", "Hən̓q̓əmin̓əm̓"),
    *(
        "C’est « déjà »… l’été — œuf",
        "👨‍👩‍👧‍👦 🏳️‍🌈 🇨🇦 1️⃣ 👍🏽",
        "می\u200cخواهم",
        "क्\u200dष",
        "two\nlines",
        "a\u200eb\u200f",
        "m² ½ ﬁ",
    ),
]


@pytest.mark.parametrize("text", UNTOUCHED)
def test_what_people_write_is_untouched(text: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", text)


CLEANED = {
    "a NUL goes": ("a\x00b", "ab"),
    "an escape sequence is disarmed": ("\x1b[31mred\x07", "[31mred"),
    "a tab is a space": ("a\tb", "a b"),
    "every line end is a new line": ("a\r\nb\rc\u0085d", "a\nb\nc\nd"),
    "delete and C1 controls go": ("a\x7f\x9bb", "ab"),
    "half a surrogate pair is replaced": ("a\ud83db", "a\ufffdb"),
    "a pair in two halves is made whole": ("\ud83d\ude00", "😀"),
    "bidirectional overrides go": ("\u202eevil\u202c \u2066x\u2069", "evil x"),
    "a letter whose mark a control parted is composed": ("e\x00\u0301", "é"),
    "decomposed text is composed": ("c\u0327a", "ça"),
    "eight marks on a letter stay": ("z" + "\u0313\u0328" * 4, "z" + "\u0328" * 4 + "\u0313" * 4),
    "a pile of marks is cut to eight": ("q" + "\u0301" * 300 + "!", "q" + "\u0301" * 8 + "!"),
    "nothing stays nothing": ("", ""),
}


@pytest.mark.parametrize(("text", "wanted"), CLEANED.values(), ids=CLEANED.keys())
def test_clean(text: str, wanted: str) -> None:
    assert clean(text) == unicodedata.normalize("NFC", wanted)


@given(ANY_TEXT)
def test_clean_words_are_nfc_can_be_sent_and_settle_at_once(text: str) -> None:
    found = clean(text)
    found.encode("utf-8")
    assert unicodedata.is_normalized("NFC", found)
    assert clean(found) == found
    assert not any(unicodedata.category(letter) == "Cc" and letter != "\n" for letter in found)


@given(ANY_TEXT)
def test_cleaning_never_changes_a_letter(text: str) -> None:
    def letters(words: str) -> list[str]:
        return [
            letter
            for letter in unicodedata.normalize("NFD", words)
            if unicodedata.category(letter)[0] in "LN"
        ]

    assert letters(clean(text)) == letters(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


@pytest.mark.parametrize(("name", "wanted"), [("Maya", "Maya: salut\nça va"), (" Zoé ", "Zoé: salut\nça va")])
def test_in_a_group_a_text_opens_with_the_first_name(name: str, wanted: str) -> None:
    assert in_group(name, "salut\nça va") == wanted
