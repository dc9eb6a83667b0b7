"""Answers how many segments a text costs, and cuts one that is too long for a single send.

It must never cut inside a character as people see it, nor drop anything but white space at a cut.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from gateway.sms.encoding import EXTENSION, Encoding, graphemes, normalise, offenders

# Room in units, alone and as one of several (six octets of each part then go to the header).
ROOM = {Encoding.GSM7: (160, 153), Encoding.UCS2: (70, 67)}
# Twilio refuses a longer body with error 21617.
LONGEST_BODY = 1600

_NO_BREAK = frozenset("\u00a0\u2007\u202f")


@dataclass(frozen=True)
class Measure:
    """The cost of one text. `units` are septets in GSM-7 and UTF-16 code units in UCS-2."""

    encoding: Encoding
    segments: int
    units: int
    offenders: tuple[str, ...]


def measure(text: str) -> Measure:
    """Count as Twilio's calculator does (npm `sms-segments-calculator` 1.3.0), after NFC.

    Segments are packed, not divided: an escape pair, a surrogate pair or a grapheme stays in one
    segment, which may leave a unit or more unused. Empty text is one segment of no units.

    Known differences, which matter only at the edge of a segment: graphemes follow today's Unicode
    (the calculator's table dates from 2017, so it may cut newer emoji and Indic conjuncts), and a
    grapheme larger than a whole segment is cut between code points, where the calculator overfills.
    """
    text = normalise(text)
    found = tuple(offenders(text))
    encoding = Encoding.UCS2 if found else Encoding.GSM7
    alone, chained = ROOM[encoding]
    count = _utf16 if found else _septets
    sizes = [count(piece) for piece in _pieces(text, chained)]
    units = sum(sizes)
    return Measure(encoding, 1 if units <= alone else _pack(sizes, chained), units, found)


def split(text: str, limit: int = LONGEST_BODY) -> list[str]:
    """Return `text` in order, in parts of at most `limit` UTF-16 code units, none of them empty.

    Cuts fall at white space where there is any (never at a no-break space), else between graphemes,
    and inside a grapheme only if it alone exceeds `limit`. Nothing is lost but the white space at
    the cuts, and nothing is normalised. Empty text has no parts.
    """
    if limit < 2:
        raise ValueError("A part needs room for at least 2 UTF-16 code units.")
    pieces = _pieces(text, limit)
    parts: list[str] = []
    start = 0
    while start < len(pieces):
        end = _fit(pieces, start, limit)
        after = end
        if end < len(pieces):
            end = _last_break(pieces, start, end)
            after = end
            while after < len(pieces) and _is_break(pieces[after]):
                after += 1
            while end > start and _is_break(pieces[end - 1]):
                end -= 1
        parts.append("".join(pieces[start:end]))
        start = after
    return [part for part in parts if part]


def _utf16(text: str) -> int:
    return len(text) + sum(letter > "\uffff" for letter in text)


def _septets(text: str) -> int:
    return len(text) + sum(letter in EXTENSION for letter in text)


def _pieces(text: str, limit: int) -> list[str]:
    """Graphemes, save that one of more than `limit` units is given as its code points."""
    pieces: list[str] = []
    for seen in graphemes(text):
        pieces.extend([seen] if _utf16(seen) <= limit else seen)
    return pieces


def _pack(sizes: Iterable[int], room: int) -> int:
    segments, used = 1, 0
    for size in sizes:
        if used + size > room:
            segments, used = segments + 1, 0
        used += size
    return segments


def _fit(pieces: list[str], start: int, limit: int) -> int:
    """The index after the last piece, from `start`, that fits in `limit` units."""
    used = 0
    for index in range(start, len(pieces)):
        used += _utf16(pieces[index])
        if used > limit:
            return index
    return len(pieces)


def _is_break(piece: str) -> bool:
    return piece.isspace() and piece not in _NO_BREAK


def _last_break(pieces: list[str], start: int, end: int) -> int:
    """The last white space in `pieces[start + 1 : end + 1]`, or `end` where there is none."""
    return next((index for index in range(end, start, -1) if _is_break(pieces[index])), end)
