"""Answers which of the two SMS alphabets a text needs, and because of which characters.

It must never change a letter or an accent: it normalises to NFC and nothing more.
"""

import unicodedata
from enum import StrEnum

import regex

# GSM 03.38 (3GPP TS 23.038) clause 6.2.1, the default alphabet, without its escape position.
BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Clause 6.2.1.1, the extension table: an escape and a character, two septets.
EXTENSION = frozenset("\f^{}\\[~]|€")
GSM = BASIC | EXTENSION

_GRAPHEME = regex.compile(r"\X")


class Encoding(StrEnum):
    """The alphabet in which the networks carry a text: septets, or UTF-16 code units."""

    GSM7 = "GSM-7"
    UCS2 = "UCS-2"


def normalise(text: str) -> str:
    """Return `text` in NFC, so that e and a combining acute count as the é that people see.

    Never NFKC: it would turn ² into 2 and change what a person wrote.
    """
    return unicodedata.normalize("NFC", text)


def graphemes(text: str) -> list[str]:
    """Return what people see as characters, in order (UAX #29 extended grapheme clusters).

    The one exception is CR LF, which is two GSM-7 characters and so counts as two here.
    """
    found: list[str] = []
    for cluster in _GRAPHEME.findall(text):
        found.extend(cluster if cluster == "\r\n" else [cluster])
    return found


def offenders(text: str) -> list[str]:
    """Return the distinct characters, as people see them, that force UCS-2; first seen, first listed.

    Empty means that the text fits GSM-7. An emoji family or a letter with its marks is one entry.
    """
    return list(dict.fromkeys(seen for seen in graphemes(normalise(text)) if not GSM.issuperset(seen)))
