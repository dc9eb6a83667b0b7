"""Reads `flows/texts.yaml`: what the gateway says by itself, one key a text, in each language that the program has."""

from collections.abc import Iterator

from gateway.authored.costs import Cost, costs
from gateway.authored.reading import Fault, Page
from gateway.authored.said import Said, Wording
from gateway.i18n import ANYWHERE, PLACEHOLDER, WORDINGS, WRITTEN, Texts, is_language

NO_TEXTS = (
    "voice",
    "alert_mail_subject",
    "alert_mail",
    "digest_mail_subject",
    "digest_mail",
)  # spoken, or by e-mail
# What only some texts may name, at a realistic length: in English, in French.
OWN_SAMPLES = {
    "voice_line": ("1-800-668-6868", "1-800-668-6868"),
    "near": ("health centre (nurse) 24 h", "centre de santé (infirmerie) 24 h"),
    "note": ("Please leave phone numbers out.", "Prière de ne pas donner de numéro."),
    "alert": ("10421", "10421"),
    "alerts": ("12", "12"),
    "held": ("12", "12"),
    "console": ("https://texts.example.org", "https://texts.example.org"),
    "time": ("Wed 21:40", "mer. 21 h 40"),
    "code": ("123456", "123456"),
    "number": ("416-555-0100", "416-555-0100"),
}


def texts_cost(page: Page, texts: Texts) -> list[Cost]:
    """What each text costs. Nobody knows how often: they answer what people do, so a month of them counts as nothing."""
    samples = {name: dict(zip(WRITTEN, pair, strict=True)) for name, pair in OWN_SAMPLES.items()}
    return [
        cost
        for key, by_language in texts.by_key.items()
        if key not in NO_TEXTS
        for cost in costs(key, page, Wording((key,), Said(texts=dict(by_language)), samples, {}), 0)
    ]


def read_texts(page: Page | None, faults: list[Fault]) -> Texts | None:
    """The texts of a page of `key: {language: text}`; None after adding its faults."""
    if page is None:
        return None
    if not isinstance(page.value, dict):
        faults.append(page.fault((), "the file holds no keys", "write each key with its texts by language"))
        return None
    found = [
        page.fault((), f"{key}: is missing", "add it: the program says it")
        for key in WORDINGS
        if key not in page.value
    ]
    for key, texts in page.value.items():
        found += _faults(page, str(key), texts)
    faults += found
    if found:
        return None
    return Texts(
        {key: {code: text.strip() for code, text in texts.items()} for key, texts in page.value.items()}
    )


def _faults(page: Page, key: str, texts: object) -> Iterator[Fault]:
    if key not in WORDINGS:
        yield page.fault((key,), f"{key}: the program never says this", "remove it, or correct its spelling")
    if not isinstance(texts, dict) or not {"en", "fr"} <= texts.keys():
        yield page.fault((key,), f"{key}: needs a text in en and in fr", 'write en: "…" and fr: "…"')
        return
    allowed = (*ANYWHERE, *WORDINGS.get(key, ()))
    for language, text in texts.items():
        place = (key, str(language))
        if not is_language(str(language)):
            yield page.fault(
                place, f"{key}: {language!r} is no language code", "write it as in en, fr or oji"
            )
        elif not isinstance(text, str) or not text.strip():
            yield page.fault(place, f"{key}.{language}: must be text", "put it in quotes")
        else:
            for name in PLACEHOLDER.findall(text):
                if name not in allowed:
                    yield page.fault(
                        place,
                        f"{key}.{language}: {{{name}}} is not a placeholder here",
                        f"use one of {', '.join(allowed)}",
                    )
