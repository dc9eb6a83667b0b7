"""Answers how words may be touched before they are sent: our own are eased, a person's only made safe.

It must never change a letter, an accent, a quote or a syllabic that a person wrote.
"""

import regex

from gateway.sms.encoding import normalise
from gateway.sms.reactions import is_folded_reaction

__all__ = ["clean", "ease", "in_group", "is_folded_reaction"]

# Typographic signs, and the GSM-7 ones that read the same.
_PLAIN = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u2007\u2008\u2009\u200a\u202f", " "),
        **dict.fromkeys("\u00ad\u200b\u2060\ufeff", None),
        "…": "...",
        "•": "-",
    }
)
_GUILLEMET_SPACES = regex.compile(r"(?<=«)\s+|\s+(?=»)")

_LINES = regex.compile(r"\r\n?|\u0085")
# Control characters but the new line, and the marks that override the order of reading (CVE-2021-42574).
_UNSAFE = regex.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# Tłı̨chǫ and Kwak̓wala stack two or three marks on a letter; nothing honest stacks nine.
_PILE = regex.compile(r"(\p{M}{8})\p{M}+")


def ease(text: str) -> str:
    """Return our own wording with typographic signs as GSM-7 ones, and every letter as it was.

    Letters that cost UCS-2 (ç, ê, œ) stay: whoever writes the words decides. Not for people's
    words, nor for a language in which ’ is a letter.
    """
    return _GUILLEMET_SPACES.sub("", normalise(text)).translate(_PLAIN)


def clean(text: str) -> str:
    """Return a person's words in NFC, without what could break a phone, a page or a log.

    A tab becomes a space, every line end a new line; other control characters and bidirectional
    overrides go; half a surrogate pair becomes U+FFFD; a ninth mark on one letter and what follows
    it go. Joiners stay, since emoji families and some scripts need them. Cleaning twice adds nothing.
    """
    text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = _UNSAFE.sub("", _LINES.sub("\n", text.replace("\t", " ")))
    return _PILE.sub(r"\1", normalise(text))


def in_group(first_name: str, text: str) -> str:
    """Return "Maya: text", for a match of several people; count segments after this."""
    return f"{first_name.strip()}: {text}"
