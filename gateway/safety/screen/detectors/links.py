"""E-mail addresses, links and @names: plain, spelled out, taken apart, and in pieces over several texts."""

import re
from collections.abc import Sequence

from gateway.safety.screen.folding import Plain
from gateway.safety.screen.listing import words

Span = tuple[int, int]
LONGEST_PIECE = 40  # letters of a text that may hold a piece of an address
_HOSTS = (
    r"(?:gmail|g ?mail|hotmail|hot ?mail|outlook|yahoo|icloud|msn|proton|protonmail|videotron|sympatico|aol|"
    r"telus|shaw|eastlink|cgocable|ymail|gmx)"
)
_TLD = r"(?:com|ca|org|net|fr|edu|gov|io|gg|tv|ly|xyz|info|link|site|online|dev|qc|app|biz|club|chat|social|shop|uk|us)"
_DOT = r"(?:\s?\.\s?|\s?[(\[{<]\s?(?:dot|point|\.)\s?[)\]}>]\s?|\s+(?:dot|point|period|pt)\s+|(?:dot|point)(?=com\b|ca\b|net\b|org\b))"
_AT = (
    r"(?:\s?@\s?|\s?[(\[{<]\s?(?:at|arobase|arobas|a|@|chez)\s?[)\]}>]\s?"
    r"|\s+(?:arobase|arobas|arobasse|arrobas|arrobase|arobaz|a commercial|aroba)\s+)"
)
_WEAK_AT = r"\s+(?:at|chez|a)\s+"  # also ordinary words: look at example.ca
_SAID_DOT = r"\s+(?:dot|point|period|pt)\s+"
_SIGN = re.compile(rf"{_AT}|{_WEAK_AT}")
_BEFORE = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_+-.")
_AFTER_AT = re.compile(
    rf"(?:[\w\-]{{1,40}}{_DOT}){{1,3}}{_TLD}\b|{_HOSTS}(?:{_DOT}{_TLD})?\b|[\w\-]{{2,40}}(?:\.[\w\-]{{2,40}}){{1,4}}"
)
_AFTER_WEAK_AT = re.compile(rf"{_HOSTS}(?:{_DOT}{_TLD})?\b|[\w\-]{{1,40}}{_SAID_DOT}{_TLD}\b")
_LONGEST_NAME = 64  # letters before the sign, as RFC 5321 has it
_SPACED = re.compile(r"(?<!\w)(?:\w[ \-]){2,20}@(?:[ \-]?\w){2,20}(?:[ \-]?\.[ \-]?\w(?:[ \-]?\w){1,3})?")
_HOST_ALONE = re.compile(rf"(?<![\w.])(?:gmail|hotmail|outlook|icloud|yahoo|videotron){_DOT}(?:com|ca|fr)\b")
_SCHEME = re.compile(
    r"\bh(?:tt|xx|\*\*|tx|xt)ps?\s?(?:\[?:\]?|\s)\s?//\s?\S{2,}|\bwww\s?\.\s?[\w\-]{2,}|\bwww (?:dot|point) [\w\-]{2,}"
)
_DOMAIN = re.compile(
    rf"(?<![\w@.\-])(?:[a-z0-9][\w\-]{{0,40}}(?:\.|\[\.\]|\(\.\)|\[dot\]|\(dot\)| \. | \.(?=com\b))){{1,4}}{_TLD}(?![\w\-])(?:/\S*)?"
)
_SPELLED = re.compile(
    r"(?<![\w@])(?P<host>[a-z0-9][\w\-]{1,40}) (?:dot|point|period|pt) (?P<tld>com|ca|org|net|fr|gg|io|tv|ly|me)\b(?:(?: | ?/ ?| slash | barre oblique )[\w\-]+)?"
)
_SHORT_HOSTS = re.compile(
    r"\b(?:t|wa|fb|m|bit|youtu|linktr|discord|snap|insta)\.(?:me|ly|be|ee|gg|co|st|ai)/\S+", re.ASCII
)
_AT_NAME = re.compile(r"(?<![\w@.])@ ?(?!\d{1,2}(?:[:h ]|$|am|pm))(?P<name>[a-z_][\w.]{2,40}|\d\w*[a-z_]\w+)")
_EVERYONE = words(
    "everyone here all channel tous toutes home work school the our my this that least first night"
)
_FRENCH_POINT = words(
    "ce le un ton mon au du quel tel bon chaque aucun tout autre de des faible fort dernier premier "
    "meme zero rendu mise a quelque moins plus deux trois dix cinq"
)
_NOT_TLD = re.compile(r"\.(?:doc|docx|pdf|txt|jpg|png|mp3|mp4|py|js|html|exe)$")


def emails_in(plain: Plain) -> list[Span]:
    """Places (in folded letters) of e-mail addresses, whole or spelled."""
    spans = [found.span() for pattern in (_SPACED, _HOST_ALONE) for found in pattern.finditer(plain.text)]
    for sign in _SIGN.finditer(plain.text):
        if span := _around(plain.text, sign):
            spans.append(span)
    return _apart(spans)


def _around(text: str, sign: re.Match[str]) -> Span | None:
    """The address around an @ or "at", when what stands before and after it makes one."""
    is_weak = sign[0].strip() in {"at", "chez", "a"}
    after = (_AFTER_WEAK_AT if is_weak else _AFTER_AT).match(text, sign.end())
    start = sign.start()
    while start > max(0, sign.start() - _LONGEST_NAME) and text[start - 1] in _BEFORE:
        start -= 1
    return (start, after.end()) if after and start < sign.start() else None


def links_in(plain: Plain, emails: Sequence[Span]) -> list[Span]:
    """Places of links, with a scheme or without, defanged or spelled. What belongs to an e-mail address is none."""
    spans = [found.span() for pattern in (_SCHEME, _SHORT_HOSTS) for found in pattern.finditer(plain.text)]
    spans += [found.span() for found in _DOMAIN.finditer(plain.text) if _is_domain(found[0])]
    spans += [found.span() for found in _SPELLED.finditer(plain.text) if _is_spelled_link(found)]
    return [span for span in _apart(spans) if not any(_touch(span, email) for email in emails)]


def handles_in(plain: Plain, emails: Sequence[Span]) -> list[Span]:
    """Places of @names."""
    return [
        found.span()
        for found in _AT_NAME.finditer(plain.text)
        if _is_name(found) and not any(_touch(found.span(), email) for email in emails)
    ]


def address_in_pieces(plain: Plain, recent: Sequence[Plain]) -> Span | None:
    """The place of this text's piece of an e-mail address or link that earlier short texts began."""
    pieces = [piece.text.strip() for piece in recent]
    short = pieces[
        next((n + 1 for n in range(len(pieces) - 1, -1, -1) if len(pieces[n]) > LONGEST_PIECE), 0) :
    ]
    here = plain.text.strip()
    if not short or not here or len(here) > LONGEST_PIECE:
        return None
    starts_with_sign = bool(re.match(r"[.@]|dot |point |at |arobase ", here))
    ends_with_sign = bool(re.search(r"@$|@\S+\.?$| (?:at|arobase|dot|point)$", short[-1]))
    if not (starts_with_sign or ends_with_sign):
        return None
    border = len("".join(short))
    for joint in ("", " "):
        joined = joint.join((*short, here))
        border = len(joined) - len(here)
        whole = Plain(joined, tuple(range(len(joined))))
        emails = emails_in(whole)
        for start, end in (*emails, *links_in(whole, emails)):
            if start < border < end:
                return 0, len(plain.text)
    return None


def _is_domain(text: str) -> bool:
    host = text.partition("/")[0]
    return any(letter.isalpha() for letter in re.split(r"[.\[(]", host)[0]) and not _NOT_TLD.search(host)


def _is_spelled_link(found: re.Match[str]) -> bool:
    """ "point ca" is also how "point, ça" is written in a hurry."""
    return (found["tld"] != "ca" and found["tld"] != "me") or (
        found["host"] not in _FRENCH_POINT and len(found["host"]) > 2
    )


def _is_name(found: re.Match[str]) -> bool:
    is_apart = found[0].startswith("@ ")
    name = found["name"].rstrip(".")
    return name not in _EVERYONE and not (is_apart and not re.search(r"[\d_]", name))


def _touch(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _apart(spans: list[Span]) -> list[Span]:
    """Without those that lie over an earlier one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda place: (place[0], -place[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept
