"""The screen takes time in step with a text's length, whatever the text says. Calls are counted, since clocks waver."""

import sys
import time
from types import FrameType

import pytest

from gateway.safety.screen import Writer
from tests.safety.screen.shipped import look

LENGTH = 1600
NASTY = [
    *(
        "a",
        "5 ",
        "5, ",
        "a-",
        "a_",
        "a.",
        "a@",
        "a@a.",
        "i ",
        "(at) ",
        " dot ",
        "one ",
        "cent ",
        "12 a a ",
        "12 rue a ",
    ),
    *(
        "k i l l ",
        "h t t p ",
        "want to die ",
        "i want to be ",
        "you are so ",
        "my dad hits me ",
        "sixone",
        "je ne ",
        "j'",
    ),
    *("..", "💊", "e\u0301", "\u200b", "text me at my 5 ", "lol ", "http://a", "1-", "k1a", "aa"),
]


def calls(text: str) -> int:
    """How many functions run while this text is screened."""
    count = 0

    def count_one(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal count
        count += 1

    look(text)  # what is remembered of letters and areas is remembered now
    sys.setprofile(count_one)
    try:
        look(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("piece", NASTY)
def test_twice_the_text_is_about_twice_the_work(piece: str) -> None:
    whole = (piece * LENGTH)[:LENGTH]
    assert calls(whole) <= 2.6 * calls(whole[: LENGTH // 2]) + 500


@pytest.mark.parametrize("piece", NASTY)
@pytest.mark.parametrize("tail", ["", "!", "z 9"])
def test_no_pattern_explodes(piece: str, tail: str) -> None:
    """What backtracks takes minutes; a second of this thread's own work forgives any machine."""
    look("hi", "fr", Writer.MENTOR)  # the rules are read once
    begun = time.thread_time()
    look((piece * LENGTH)[:LENGTH] + tail, "fr", Writer.MENTOR, (piece * 20,) * 5)
    assert time.thread_time() - begun < 1
