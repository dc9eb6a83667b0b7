"""Answers what a text looks like with everything gone that does not change which word it is.

For matching only: what is folded must never be stored, shown or relayed.
"""

import unicodedata

# Letters by category that nobody can see, and letter-like apostrophes, which part words in matching.
_UNSEEN = frozenset("\u115f\u1160\u3164\uffa0")
_APOSTROPHES = frozenset("\u02b9\u02bb\u02bc\u02bd\u02be\u02bf\u02c8\u02ca\u02cb\ua78b\ua78c")
_BLANK = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85")

# Capitals and small letters are apart, since a Greek Ν is an N and a Greek ν is a v.
_LOOKALIKES = {
    "Cyrillic": ("АВЕЅІЈКМНОРСТУХԚԜаеѕіјкмнорстухһԁԛԝѵӏг", "ABESIJKMHOPCTYXQWaesijkmhopctyxhdqwvlr"),
    "Greek": ("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαειικνορτυχ", "ABEZHIKMNOPTYXaeiikvoptux"),
    "Armenian": ("ՏՍՕսոօռցԱ", "SUOunonqU"),
    "Lisu": ("ꓐꓑꓓꓔꓖꓗꓙꓚꓜꓝꓠꓡꓢꓣꓤꓥꓦꓧꓨꓪꓫꓬꓮꓰꓲꓳꓴ", "BPDTGKJCZFNLSRRVVHGWXYAEIOU"),
    "Latin": ("ꜱᴛᴏᴘᴀʀᴇᴜɴᴅʙᴄʟᴋᴠıɑɡ0", "stopareundbclkviago"),
}
_TO_LATIN = {
    ord(odd): plain for odds, plains in _LOOKALIKES.values() for odd, plain in zip(odds, plains, strict=True)
}


def fold(text: str) -> str:
    """Return lower-case words parted by single spaces, for matching only.

    Gone are case, accents and other marks, width and style, invisible characters, and everything
    that is no letter or digit: "« Arrêt ! »" becomes "arret", "s'il" becomes "s il", an emoji nothing.
    """
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(map(_folded, text)).split())


def unmask(text: str) -> str:
    """Return `text` folded, with look-alike letters of other scripts read as Latin (ЅТОР is stop).

    It also misreads honest words of those scripts, so use it only where a mistake does no harm.
    """
    return fold(unicodedata.normalize("NFKD", text).translate(_TO_LATIN))


def _folded(letter: str) -> str:
    if letter in _BLANK or letter in _APOSTROPHES:
        return " "
    if letter in _UNSEEN:
        return ""
    if letter in "œæ":
        return "oe" if letter == "œ" else "ae"
    kind = unicodedata.category(letter)
    if kind[0] in "LN":
        return letter
    return "" if kind[0] == "M" or kind in {"Cc", "Cf"} else " "
