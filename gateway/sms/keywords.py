"""Answers whether a whole text is a command (STOP, START, HELP, PAUSE, REPORT), in English or French.

It must never find a command inside a sentence, and never miss a STOP for the way it is dressed.
"""

from dataclasses import dataclass
from enum import StrEnum

from gateway.sms.folding import fold, unmask
from gateway.sms.revocations import reads_like_stop

__all__ = ["Command", "Keyword", "fold", "read_keyword", "reads_like_stop"]


class Keyword(StrEnum):
    """What a command asks for. PAUSE rests the program's prompts and leaves the match alone.

    REPORT tells staff, in private, that something is wrong; REPORT STAFF, that it is about one of them.
    """

    STOP = "stop"
    START = "start"
    HELP = "help"
    PAUSE = "pause"
    REPORT = "report"
    REPORT_STAFF = "report_staff"


@dataclass(frozen=True)
class Command:
    """A keyword and the language of its word: "en", "fr", or None for a word of both."""

    keyword: Keyword
    language: str | None


# English: Twilio's defaults for long codes, except YES, which is an ordinary answer. French: ours
# alone, since the networks know no French word. FIN is left out: people end stories with it.
_WORDS = {
    (Keyword.STOP, "en"): "stop stopall unsubscribe cancel end quit revoke optout",
    (Keyword.STOP, "fr"): "arret arrett arrete arretez arreter desabonner desabonnement",
    (Keyword.START, "en"): "start unstop",
    (Keyword.START, "fr"): "debut commencer reprendre",
    (Keyword.HELP, "en"): "help",
    (Keyword.HELP, "fr"): "aide",
    (Keyword.HELP, None): "info",
    (Keyword.PAUSE, None): "pause",
    (Keyword.REPORT, "en"): "report",
    (Keyword.REPORT, "fr"): "signaler signalement",
    (Keyword.REPORT_STAFF, "en"): "reportstaff",
    (Keyword.REPORT_STAFF, "fr"): "signalerequipe",
}
_COMMANDS = {word: Command(*key) for key, words in _WORDS.items() for word in words.split()}

_PAIRS = {
    "stop all": "stopall",
    "opt out": "optout",
    "report staff": "reportstaff",
    "signaler l equipe": "signalerequipe",
    "signaler equipe": "signalerequipe",
}
# Longest first, so that "s il vous plait" goes before any shorter ending of it.
_POLITE = (
    *("s il vous plait", "s il te plait", "sil vous plait", "sil te plait", "silvousplait", "siltevousplait"),
    *("s v p", "s t p", "svp", "stp", "please", "plz", "pls", "plse"),
    *("merci beaucoup", "merci", "thank you", "thanks", "thx", "ty"),
)
# Folded characters; the longest polite command is well below.
_LONGEST = 60
# Characters as received; no network delivers so many, and a page that posts more is no phone.
_LONGEST_RAW = 4000


def read_keyword(text: str) -> Command | None:
    """Return the command that the whole of `text` is, or None for anything else.

    Case, accents, width, invisible characters, punctuation, emoji, polite words and repetition do
    not matter. Look-alike letters count for STOP only: a doubt ends in fewer texts, never in more.
    Ask `reads_like_stop` about what this returns None for.
    """
    if len(text) > _LONGEST_RAW:
        return None
    folded = fold(text)
    if len(folded) > _LONGEST:
        return None
    found = _whole(folded)
    if found is None:
        found = _whole(_spelled(unmask(text)))
        return found if found and found.keyword is Keyword.STOP else None
    return found


def _whole(folded: str) -> Command | None:
    """The command, if every word is one and all ask for the same; the first gives the language."""
    bare = _without_manners(folded)
    for pair, word in _PAIRS.items():
        bare = bare.replace(pair, word)
    found = [_COMMANDS.get(word) for word in bare.split()]
    first = found[0] if found else None
    if first is None or any(other is None or other.keyword is not first.keyword for other in found):
        return None
    return first


def _without_manners(folded: str) -> str:
    """Take polite words off both ends, however many."""
    before = None
    while before != folded:
        before = folded
        for polite in _POLITE:
            folded = f" {folded} ".removeprefix(f" {polite} ").removesuffix(f" {polite} ").strip()
    return folded


def _spelled(folded: str) -> str:
    """Read "s t o p" (from S.T.O.P.) as one word."""
    letters = folded.split()
    return "".join(letters) if all(len(letter) == 1 for letter in letters) else folded
