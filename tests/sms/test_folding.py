"""What folding takes away, and that it settles."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sms.folding import fold, unmask

FOLDED = {
    "case goes": ("StOp", "stop"),
    "accents go, composed or not": ("ARRÊT arre\u0302t", "arret arret"),
    "French quotes and spaces go": ("«\u00a0Arrêt\u202f!\u00a0»", "arret"),
    "full width goes": ("ＳＴＯＰ", "stop"),
    "mathematical letters are letters": ("𝐒𝐓𝐎𝐏", "stop"),
    "zero-width characters vanish inside a word": ("S\u200bT\u200dO\ufeffP", "stop"),
    "bidirectional marks vanish": ("\u202estop\u2069", "stop"),
    "variation selectors and soft hyphens vanish": ("st\ufe0fo\u00adp", "stop"),
    "invisible Hangul fillers vanish": ("\u3164stop\uffa0", "stop"),
    "an apostrophe of any kind parts words": ("s'il s’il sʼil", "s il s il s il"),
    "an emoji is nothing": ("🛑 👨‍👩‍👧 ✋🏽", ""),
    "a ligature is its letters": ("cœur", "coeur"),
    "digits stay": ("5️⃣ ②", "5 2"),
    "syllabics stay": ("ᐃᓄᒃ!", "ᐃᓄᒃ"),
    "control characters vanish but a new line parts": ("st\x00op\nnow", "stop now"),
    "half a surrogate pair is nothing": ("stop \ud83d", "stop"),
}


@pytest.mark.parametrize(("text", "wanted"), FOLDED.values(), ids=FOLDED.keys())
def test_fold(text: str, wanted: str) -> None:
    assert fold(text) == wanted


LOOKALIKES = ["ЅТОР", "ѕтор", "SΤΟΡ", "STΟP", "ꓢꓔꓳꓑ", "ꜱᴛᴏᴘ", "ST0P", "ՏTՕP"]


@pytest.mark.parametrize("text", LOOKALIKES)
def test_look_alike_letters_are_read_as_latin(text: str) -> None:
    assert unmask(text) == "stop"


@given(st.text(st.characters(codec=None)))
def test_folding_settles_at_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(st.characters(codec=None)))
def test_folded_words_are_parted_by_single_spaces(text: str) -> None:
    assert fold(text) == " ".join(fold(text).split())
