"""Answers whether a text is only the wreck of a reaction: a tapback that a phone spelled out in words.

It must never take a person's own sentence for one where the form leaves a doubt.
"""

import regex

# Invisible marks that Google Messages puts around its parts, so that its own phones recognise them.
_INVISIBLE = regex.compile(r"[\u200a-\u200f\u2060\ufeff]")

# What each family of phones writes before the quoted text.
_VERBS = (
    # Apple, English
    *("Liked", "Loved", "Disliked", "Laughed at", "Emphasized", "Emphasised", "Questioned"),
    r"Removed an? (?:like|heart|dislike|laugh|exclamation|exclamation mark|question mark) from",
    r"Reacted \S{1,12} to",
    r"Removed \S{1,12} from",
    # Apple, French
    *(
        "A aimé",
        "A adoré",
        "N['’]a pas aimé",
        "A ri à",
        "A ri de",
        "A souligné",
        "A accentué",
        "A insisté sur",
    ),
    *("A mis en évidence", "A questionné", "A remis en question", "S['’]est interrogée? sur"),
    r"A réagi (?:avec |par )?\S{1,12} à",
    r"A (?:supprimé|retiré) (?:un |une )?\S{1,20} (?:de|sur|à)",
    # Google Messages: the emoji alone
    r"[\p{So}\p{Sk}\p{M}]{1,12}\s+(?:to|à|sur)",
)
_QUOTED = r"“.*”|«.*»|\".*\""
_THINGS = (
    "an? (?:image|photo|picture|movie|video|attachment|audio message)",
    "une? (?:image|photo|vidéo|pièce jointe|message audio)",
)
_REACTION = regex.compile(rf"(?:{'|'.join(_VERBS)})\s+(?:{_QUOTED}|{'|'.join(_THINGS)})", regex.DOTALL)


def is_folded_reaction(text: str) -> bool:
    """Say whether the whole of `text` is a reaction in words, such as Liked “See you soon”."""
    return _REACTION.fullmatch(_INVISIBLE.sub("", text).strip()) is not None
