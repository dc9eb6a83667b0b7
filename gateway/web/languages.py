"""Which language a page speaks: what the address asks for, else the reader's own choice (staff), the browser's, the program's."""

from collections.abc import Iterator
from contextlib import contextmanager

import flask_babel  # type: ignore[import-untyped]
from flask import Flask, request, url_for

from gateway.web.current import current_gateway, current_viewer

LANGUAGES = ("en", "fr")
KEPT = frozenset({"with", "next", "page", "what", "in", "said"})


def set_up(app: Flask) -> None:
    """Give every template the page's language and a way to link that keeps it."""
    flask_babel.Babel(app, default_locale="en", locale_selector=page_language)

    def words() -> dict[str, object]:
        return {
            "language": current_language(),
            "link": link,
            "switch": switch_link,
            "viewer": current_viewer(),
        }

    app.context_processor(words)


def page_language() -> str:
    """The language of this request."""
    asked = request.args.get("lang", "")
    if asked in LANGUAGES:
        return asked
    viewer = current_viewer()
    if viewer and (chosen := viewer.language.partition("-")[0]) in LANGUAGES:
        return chosen
    own = current_gateway().content.charter.language.partition("-")[0]
    default = own if own in LANGUAGES else LANGUAGES[0]
    return request.accept_languages.best_match(LANGUAGES, default=default) or default


def current_language() -> str:
    """The language being spoken, which an error page changes midway."""
    return str(flask_babel.get_locale())


def link(endpoint: str, **values: object) -> str:
    """An address on this site; a language that was asked for by hand stays."""
    asked = request.args.get("lang")
    kept = {"lang": asked} if asked in LANGUAGES else {}
    return url_for(endpoint, **(kept | values))  # type: ignore[arg-type]


def switch_link() -> str | None:
    """The same page in the other language; None where there is no page to show again."""
    if request.endpoint is None or request.method != "GET":
        return None
    other = LANGUAGES[1 - LANGUAGES.index(page_language())]
    values = {name: found for name, found in request.args.to_dict(flat=False).items() if name in KEPT}
    return url_for(request.endpoint, **(request.view_args or {}), **values, lang=other)  # type: ignore[arg-type]


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak `language` for a while."""
    with flask_babel.force_locale(language):
        yield


def gettext(text: str, **values: object) -> str:
    """`text` in the language being spoken; the catalogues are in `translations/`."""
    return str(flask_babel.gettext(text, **values))


def later(text: str) -> str:
    """`text` itself, marked for the catalogues: it is translated when it is said."""
    return text


def ngettext(one: str, many: str, num: int, **values: object) -> str:
    """`one` or `many`, as `num` asks in the language being spoken."""
    return str(flask_babel.ngettext(one, many, num, **values))
