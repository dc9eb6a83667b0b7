"""How hard a text is to read: a rough, published measure in each of two languages, good for comparing texts.

English: Flesch-Kincaid grade (Kincaid 1975), years of school. French: the ease of Kandel and Moles (1958), 0 to 100,
Flesch's formula with French coefficients. Both count words in a sentence and syllables in a word.
"""

import re

VOWELS = {
    "en": re.compile(r"[aeiouy]+", re.IGNORECASE),
    "fr": re.compile(r"[aeiouyàâäéèêëîïôöùûüœæ]+", re.IGNORECASE),
}
SILENT = {
    "en": re.compile(r"(?<=[^aeiouy])e$", re.IGNORECASE),
    "fr": re.compile(r"(?:es?|ent)$", re.IGNORECASE),
}
WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def reading_level(text: str, language: str) -> str | None:
    """ "grade 3.1" in English, "ease 84" in French; None in a language without a measure, or without words."""
    language = language.partition("-")[0]
    words = WORD.findall(text)
    if language not in VOWELS or not words:
        return None
    sentences = max(1, len(re.findall(r"[.!?:;]+(?:\s|$)", text)))
    length = len(words) / sentences
    syllables = sum(_syllables(word, language) for word in words) / len(words)
    if language == "en":
        return f"grade {max(0.0, 0.39 * length + 11.8 * syllables - 15.59):.1f}"
    return f"ease {min(100.0, 207 - 1.015 * length - 73.6 * syllables):.0f}"


def _syllables(word: str, language: str) -> int:
    spoken = SILENT[language].sub("", word) or word
    return max(1, len(VOWELS[language].findall(spoken)))
