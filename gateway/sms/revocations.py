"""Answers whether a whole text is a plain sentence that asks for no more texts.

It must never act: staff look at what it finds. It would rather miss one than read a joke as a wish.
"""

import re

from gateway.sms.folding import fold

# Everything below is matched against folded words: no accents, and a space for each apostrophe.
_TEXTS = "(?:texts?|messages?|text messages|txts?|sms)"
_ANY = "(?:any more |any |more |these |those |your |ur )?"
_ENDING = "(?: (?:any ?more|again|ever again|ever|now))?"
_WISH = "(?:i want to |i wanna |i would like to |i d like to |how do i )?"

_ENGLISH = (
    rf"(?:can you |could you |u |you )?(?:just )?stop (?:texting|messaging|txting|msging|contacting) (?:me|us){_ENDING}",
    rf"(?:can you |could you )?stop sending (?:me |us )?{_ANY}{_TEXTS}(?: to me)?{_ENDING}",
    rf"(?:do not|don ?t|never) (?:text|message|txt|msg|contact) me{_ENDING}",
    rf"(?:do not|don ?t) send me {_ANY}{_TEXTS}{_ENDING}",
    rf"i (?:do not|don ?t) (?:want|wanna) (?:to )?(?:get |receive )?{_ANY}{_TEXTS}(?: from (?:you|u))?{_ENDING}",
    rf"i (?:want|wanna|would like) (?:to )?stop (?:getting|receiving) {_ANY}{_TEXTS}",
    rf"{_WISH}unsubscribe(?: me)?(?: from (?:this|these texts|all|everything))?",
    rf"{_WISH}opt out|opt me out|no more {_TEXTS}",
    r"(?:take|get|remove) me (?:off|from) (?:of )?(?:this|your|the|ur) list",
)

_TEXTOS = "(?:textos?|messages? textes?|messages?|textes?|sms)"
_CEASE = "(?:arrete[zr]?|cesse[zr]?|stop)"
_NO_MORE = "(?:plus|pu|pus|plus jamais)"
_I_WANT = "(?:je |j )?(?:ne |n )?(?:veux|voudrais|souhaite)"
_OF = "(?:de |d |des |de vos |de tes |de ces |vos |tes |ces |les )?(?:autres? )?"

# Left out, because they may also ask for more: "écris-moi plus", "plus de textos", and "je veux
# plus de textos" without its "ne" ("pu" is never more).
_FRENCH = (
    rf"{_CEASE} (?:de |d )?(?:m ?|me |nous )?(?:ecrire|texter|contacter)",
    rf"{_CEASE} (?:de |d )?(?:m ?|me |nous )?envoyer (?:des|les|tes|vos|ces|de) {_TEXTOS}",
    rf"{_I_WANT} {_NO_MORE} (?:recevoir|avoir) {_OF}{_TEXTOS}(?: de (?:vous|toi))?",
    rf"(?:{_I_WANT} (?:pu|pus)|(?:je )?ne veux {_NO_MORE}) {_OF}{_TEXTOS}",
    rf"{_I_WANT} {_NO_MORE} que (?:tu m ?ecrives|vous m ?ecriviez|tu me textes|vous me textiez)",
    rf"(?:ne )?(?:m ?ecris|m ?ecrivez|me texte|me textez|me contacte|me contactez) {_NO_MORE}",
    rf"(?:ne )?m ?(?:envoie|envoyez) {_NO_MORE} {_OF}{_TEXTOS}",
    r"(?:je veux |je voudrais |j aimerais |jveux |comment )?me (?:desabonner|desinscrire)",
    r"(?:desabonne[zr]?|desinscris|desinscrivez) moi(?: de (?:la|ta|votre|cette) liste)?",
    r"(?:enleve[zr]?|retire[zr]?|ote[zr]?) moi de (?:la|ta|votre|cette) liste",
)

_POLITE = "(?:please|pls|plz|svp|stp|s v p|s t p|s ?il (?:te|vous) plait|merci|thanks|thank you|thx|ok)"
_STOP = re.compile(rf"(?:{_POLITE} )*(?:{'|'.join(_ENGLISH + _FRENCH)})(?: {_POLITE})*")
# Folded characters; the longest sentence above is shorter.
_LONGEST = 100


def reads_like_stop(text: str) -> bool:
    """Say whether the whole of `text` plainly asks, in a sentence, for no more texts.

    A bare keyword is none of these sentences: ask `read_keyword` first. A true answer is for staff,
    with a pause meanwhile; it is no opt-out by itself.
    """
    if len(text) > _LONGEST * 4:
        return False
    folded = fold(text)
    return len(folded) <= _LONGEST and _STOP.fullmatch(folded) is not None
