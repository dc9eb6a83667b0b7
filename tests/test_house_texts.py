"""House rules for what the program says: every key known, both languages, within its budget, and nothing mistaken."""

import re
from pathlib import Path
from shutil import copytree

import pytest

from gateway.authored.texts import OWN_SAMPLES
from gateway.flows.catalogue import read_content
from gateway.i18n import ANYWHERE, PLACEHOLDER, WORDINGS, ContentRefused, Voice
from gateway.sms.encoding import Encoding
from gateway.sms.keywords import read_keyword
from gateway.sms.segments import measure
from gateway.sms.wording import ease

ROOT = Path(__file__).parent.parent
FILE = ROOT / "flows" / "texts.yaml"
CONTENT = read_content(ROOT)
LONGEST = 136  # units, so that a program's longer name or a second hour still fits one segment
NO_BUDGET = {"voice", "alert_mail", "digest_mail"}  # spoken, or by e-mail
HELPLINES = CONTENT.charter.crisis.default
OUR_LINE = "506 555-0101"
SAMPLES = OWN_SAMPLES | {
    "danger": (HELPLINES.danger, HELPLINES.danger),
    "day": ("Wednesday", "mercredi"),
    "number": (OUR_LINE, OUR_LINE),
}
TEXTS = [
    (key, language) for key, by_language in CONTENT.voice.texts.by_key.items() for language in by_language
]


def said(key: str, language: str, voice: Voice = CONTENT.voice) -> str:
    values = {name: sample[language == "fr"] for name, sample in SAMPLES.items()}
    return ease(voice.say(key, language, **values))


def is_justified(key: str) -> bool:
    """Whether a comment that begins with `why:` stands right above the key or inside its entry."""
    found = re.search(
        rf"((?:^#.*\n)*)^{key}:\n((?:^[ #].*\n?)*)", FILE.read_text(encoding="utf-8"), re.MULTILINE
    )
    return found is not None and "# why:" in found[0]


@pytest.mark.parametrize(("key", "language"), TEXTS, ids=str)
class TestTexts:
    def test_it_fits_its_budget_or_says_why_not(self, key: str, language: str) -> None:
        size = measure(said(key, language))
        fits = size.encoding is Encoding.GSM7 and size.units <= LONGEST
        assert key in NO_BUDGET or fits or is_justified(key), f"{size.units} units, {size.offenders}"

    def test_it_reads_like_no_command(self, key: str, language: str) -> None:
        assert read_keyword(said(key, language)) is None

    def test_it_names_only_numbers_of_the_program(self, key: str, language: str) -> None:
        digits = re.findall(r"[\d-]{7,}", said(key, language).replace(OUR_LINE, ""))
        assert set(digits) <= {CONTENT.charter.contact.phone, HELPLINES.voice_line}

    def test_it_is_not_loud(self, key: str, language: str) -> None:
        assert said(key, language).count("!") <= 1


def test_every_text_is_said_in_english_and_french() -> None:
    assert {
        key for key, by_language in CONTENT.voice.texts.by_key.items() if not {"en", "fr"} <= set(by_language)
    } == set()


def test_every_key_in_the_file_is_said_and_the_reverse() -> None:
    assert set(CONTENT.voice.texts.by_key) == set(WORDINGS)


def test_every_key_is_named_in_the_code() -> None:
    sources = [file for file in (ROOT / "gateway").rglob("*.py") if file.name != "i18n.py"]
    code = "".join(file.read_text(encoding="utf-8") for file in sources)
    assert {key for key in WORDINGS if f'"{key}"' not in code} == set()


def test_every_placeholder_that_is_allowed_has_a_sample_here() -> None:
    assert {name for names in WORDINGS.values() for name in names} == set(SAMPLES)
    used = {
        name
        for key, _ in TEXTS
        for text in CONTENT.voice.texts.by_key[key].values()
        for name in PLACEHOLDER.findall(text)
    }
    assert used <= {*ANYWHERE, *SAMPLES}


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        pytest.param("stop_done:\n", "stop_dune:\n", "stop_done: is missing", id="a key with a slip"),
        pytest.param(
            "Done: no more",
            "Done, {day}: no more",
            "{day} is not a placeholder here",
            id="a placeholder from elsewhere",
        ),
        pytest.param(
            "{program}: texts are on",
            "{youth.phone}: texts are on",
            "{youth.phone} is not",
            id="a placeholder that reaches for data",
        ),
        pytest.param(
            "late_words:\n  en:",
            "late_words:\n  no: x\n  de:",
            "needs a text in en and in fr",
            id="a language that is missing",
        ),
        pytest.param("stop_done:\n", "stop_done: &a\n", "anchors and aliases", id="an anchor"),
        pytest.param("stop_done:\n", "help:\n", "stands twice", id="a key twice"),
        pytest.param(
            'en: "Done',
            'en: !!python/object:os.system "Done',
            "texts.yaml:\\d+|could not determine|tag",
            id="a tag",
        ),
        pytest.param('  en: "Done', '  en: 7\n  cr: "Done', "must be text", id="a number"),
    ],
)
def test_a_file_that_cannot_be_said_is_refused_whole(tmp_path: Path, old: str, new: str, why: str) -> None:
    copytree(ROOT / "flows", tmp_path / "flows")
    file = tmp_path / "flows" / "texts.yaml"
    before = file.read_text(encoding="utf-8")
    assert old in before
    file.write_text(before.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentRefused) as refused:
        read_content(tmp_path)
    assert re.search(why, str(refused.value)) or why in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        pytest.param('night: "21:30"', "night: 2130", "write the time in quotes", id="a time without quotes"),
        pytest.param("    fr: lundi", "    cr: lundi", "say it in en and in fr", id="hours in one language"),
        pytest.param(
            "  fr: Passerelle", "  cr: Passerelle", "say it in en and in fr", id="a name in one language"
        ),
        pytest.param("language: en", "language: English", "no language code", id="a language"),
        pytest.param("timezone: America/Toronto", "timezone: Toronto", "no time zone", id="a zone"),
        pytest.param(
            "language: en",
            "langage: en",
            "program.yaml:16: langage: this key is not known",
            id="a field with a slip",
        ),
        pytest.param(
            "keep_trying_hours: 48", "keep_trying_hours: 0", "keep_trying_hours", id="a number out of bounds"
        ),
        pytest.param(
            "copies_days: 30",
            "copies_days: 6",
            "is needed for a week and is gone after 400 days",
            id="copies at the provider that are needed longer",
        ),
        pytest.param("copies_days: 30", "copies_days: 401", "write 7 to 400", id="copies that are gone"),
    ],
)
def test_a_charter_that_cannot_work_is_refused_with_the_field(
    tmp_path: Path, old: str, new: str, why: str
) -> None:
    copytree(ROOT / "flows", tmp_path / "flows")
    file = tmp_path / "flows" / "program.yaml"
    before = file.read_text(encoding="utf-8")
    assert old in before
    file.write_text(before.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ContentRefused, match=re.escape(why)):
        read_content(tmp_path)


def test_values_are_put_in_as_data_and_never_read_again() -> None:
    voice = Voice(
        CONTENT.voice.texts,
        {"en": {"program": "{phone} {{7*7}} %s", "phone": "{code}", "hours": "h", "danger": "d"}},
    )
    assert voice.say("number_code", "en", code="{phone}").startswith(
        "{phone} {{7*7}} %s: your code is {phone}."
    )
