"""Which texts are only a reaction that a phone spelled out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.sms.wording import is_folded_reaction

REACTIONS = [
    *("Liked “See you Tuesday”", "Loved “ok”", "Disliked “…”", "Laughed at “two\nlines”", "Emphasized “now”"),
    *(
        "Questioned “really?”",
        "Loved an image",
        "Liked a photo",
        "Laughed at an attachment",
        "Reacted 👍🏽 to “ok”",
    ),
    *(
        "Removed a like from “ok”",
        "Removed an exclamation mark from “ok”",
        "Removed ❤️ from “ok”",
        ' Liked "ok" ',
    ),
    *(
        "A aimé « À mardi »",
        "A aimé «\u00a0ok\u00a0»",
        "A adoré “ok”",
        "N’a pas aimé « ok »",
        "A ri de « ok »",
        "A adoré une image",
    ),
    *(
        "A réagi avec 👍 à « ok »",
        "👍 to “ok”",
        "\u200a\u200b👍\u200b to “\u200aok\u200a”\u200a",
        "❤️ to “see “you””",
    ),
]
WORDS = [
    *(
        "",
        "Liked",
        "Liked it",
        "I liked “Dune”",
        "Loved “Dune” so much",
        "liked “ok”",
        "Loved the image you sent",
        "👍",
        "👍 to you",
    ),
    *(
        "A aimé le film",
        "A aimé",
        "“ok”",
        "Reacted badly",
        "Liked “ok",
        "Laughed at him",
        "Loved an image of us",
        "Salut « toi »",
    ),
]


@pytest.mark.parametrize("text", REACTIONS)
def test_a_reaction_in_words_is_one(text: str) -> None:
    assert is_folded_reaction(text)


@pytest.mark.parametrize("text", WORDS)
def test_a_sentence_of_a_person_is_none(text: str) -> None:
    assert not is_folded_reaction(text)


@given(st.text(st.characters(codec=None)))
def test_no_text_breaks_the_reading(text: str) -> None:
    is_folded_reaction(text)
