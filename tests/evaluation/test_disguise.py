"""What the evaluation set hides is still there: a person who reads it gets the number, or the address, back."""

import random
import unicodedata

import pytest

from tests.evaluation import disguise, spoken

NUMBER = "8195550142"
WORDS = {
    word: str(digit)
    for said in (*spoken.DIGITS.values(), *spoken.MISSPELT.values())
    for digit, word in enumerate(said)
}
LETTERS = str.maketrans({letter: digit for digit, letters in disguise.LEET.items() for letter in letters})


def read_back(text: str) -> str:
    """The digits of a text, those of other alphabets and those in words too."""
    for sign in "-.,":
        text = text.replace(sign, " ")
    told = (WORDS.get(word, word) for word in text.split())
    return "".join(str(unicodedata.digit(sign)) for sign in "".join(told) if unicodedata.digit(sign, -1) >= 0)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("how", ["words", "byear", "mixed", "spaced", "keycaps", "alike", "hidden", "filled"])
def test_a_hidden_number_can_be_read_back(how: str, language: str) -> None:
    dice = random.Random(4)
    made = [disguise.digits(NUMBER, how, language, dice) for _ in range(50)]
    assert {read_back(text) for text in made} == {NUMBER}
    assert NUMBER not in made


def test_letters_for_digits_can_be_read_back_and_are_there() -> None:
    dice = random.Random(5)
    made = [disguise.digits(NUMBER, "leet", "en", dice) for _ in range(50)]
    assert {read_back(text.translate(LETTERS)) for text in made} == {NUMBER}
    assert all(any(letter.isalpha() for letter in text) for text in made)


def test_a_number_is_said_aloud_in_two_languages() -> None:
    said = {
        language: {disguise.digits(NUMBER, "said", language, random.Random(seed)) for seed in range(20)}
        for language in ("en", "fr")
    }
    assert "eight nineteen five fifty-five oh one forty-two" in said["en"]
    assert "huit cent dix-neuf, trois fois cinq, zéro un quarante-deux" in said["fr"]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_an_address_that_is_spelled_has_no_sign_of_one(language: str) -> None:
    dice = random.Random(6)
    made = [disguise.mail("spelled", language, dice) for _ in range(50)]
    assert not any("@" in text or "example.com" in text for text in made)
    links = [disguise.link("spelled", language, dice) for _ in range(50)]
    assert not any("." in text or "/" in text for text in links)


def test_a_way_that_nobody_knows_is_refused() -> None:
    with pytest.raises(KeyError, match="upside"):
        disguise.digits(NUMBER, "upside", "en", random.Random(7))


@pytest.mark.parametrize(
    ("number", "english", "french"),
    [
        (7, "seven", "sept"),
        (15, "fifteen", "quinze"),
        (21, "twenty-one", "vingt-et-un"),
        (60, "sixty", "soixante"),
        (71, "seventy-one", "soixante-et-onze"),
        (77, "seventy-seven", "soixante-dix-sept"),
        (81, "eighty-one", "quatre-vingt-un"),
        (95, "ninety-five", "quatre-vingt-quinze"),
    ],
)
def test_numbers_are_said_as_people_say_them(number: int, english: str, french: str) -> None:
    assert spoken.below_hundred(number, "en") == english
    assert spoken.below_hundred(number, "fr") == french


def test_an_area_code_is_said_in_hundreds() -> None:
    assert spoken.in_hundreds("819", "en") == "eight nineteen"
    assert spoken.in_hundreds("819", "fr") == "huit cent dix-neuf"
