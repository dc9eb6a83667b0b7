"""Segments of 1,000 ordinary French texts: as a phone or a word processor writes them, against what the gateway sends.

A person's words keep every accent and every sign; all that may change is their Unicode form (NFC). What the program
says itself is eased to GSM-7 where that costs no letter. Run: .venv/bin/python -m scripts.bench.french
"""

import random
import unicodedata
from collections.abc import Iterator

from gateway.sms.segments import measure
from gateway.sms.wording import clean, ease

OPENINGS = ("Salut", "Bonjour", "Allo", "Coucou", "Bon matin", "Bonsoir")
MIDDLES = (
    "j’ai fini mon devoir de maths, c’était moins dur que prévu",
    "la pratique de hockey est annulée à cause de la tempête",
    "on est allés à la pêche avec mon oncle en fin de semaine",
    "est-ce que tu as déjà rempli une demande pour le cégep\u202f?",
    "mon frère a réparé la motoneige, on repart samedi",
    "j’hésite entre deux programmes, ça me stresse un peu",
    "merci pour ton idée, je l’ai essayée et ça marche",
    "ma grand-mère dit que la glace n’est pas encore prête",
    "j’ai eu une bonne note en français, 82\u00a0% !",
    "je travaille au magasin jusqu’à 18\u00a0h mardi",
    "peux-tu m’aider à préparer l’entrevue de vendredi\u202f?",
    "je n’ai presque plus de batterie, je réponds demain",
)
ENDINGS = (
    "Bonne journée !",
    "À bientôt",
    "Dis-moi ce que tu en penses…",
    "Pas de presse.",
    "",
    "« Lâche pas », comme tu dis.",
)


def texts(count: int) -> Iterator[str]:
    """Ordinary texts; four in ten come decomposed, as some phones and all Macs' file names write accents."""
    dice = random.Random(2026)
    for _ in range(count):
        words = f"{dice.choice(OPENINGS)}, {dice.choice(MIDDLES)}. {dice.choice(ENDINGS)}".strip()
        yield unicodedata.normalize("NFD", words) if dice.random() < 0.4 else words


def main() -> None:
    written = list(texts(1000))
    as_is = sum(_segments_as_is(text) for text in written)
    relayed = sum(measure(clean(text)).segments for text in written)
    said = sum(measure(ease(clean(text))).segments for text in written)
    print(f"as is:                      {as_is} segments")
    print(f"a person's words, relayed:  {relayed} ({relayed / as_is:.2f} of as is; every letter kept)")
    print(f"our own words, eased:       {said} ({said / as_is:.2f} of as is)")


def _segments_as_is(text: str) -> int:
    """Without NFC: a decomposed text costs a unit for each mark, and 70 units a segment."""
    units = len(text.encode("utf-16-le")) // 2
    if text == unicodedata.normalize("NFC", text):
        return measure(text).segments
    return 1 if units <= 70 else -(-units // 67)


if __name__ == "__main__":
    main()
