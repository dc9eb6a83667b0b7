"""What people read when something is wrong: plain words, and nothing of what went wrong inside.

In both languages; for staff who are signed in, in theirs, with the way around the console.
"""

from dataclasses import dataclass

import structlog
from flask import Flask, Response, make_response, render_template, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from gateway.web.console.guard import recognise
from gateway.web.current import current_viewer
from gateway.web.languages import LANGUAGES, page_language, speaking
from gateway.web.languages import gettext as _

log = structlog.get_logger()


@dataclass(frozen=True)
class Trouble:
    """One error in one language."""

    language: str
    title: str
    remedy: str


def set_up(app: Flask) -> None:
    """Answer every error of every route."""
    app.register_error_handler(HTTPException, on_http)
    app.register_error_handler(SQLAlchemyError, on_database)
    app.register_error_handler(OSError, on_database)
    app.register_error_handler(Exception, on_bug)


def on_http(error: HTTPException) -> Response:
    response = page(error.code or 500)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After"}:
            response.headers[name] = value
    return response


def on_database(error: Exception) -> Response:
    log.error("page_failed", route=request.endpoint, trouble=type(error).__name__)
    return page(503)


def on_bug(error: Exception) -> Response:
    log.error("page_failed", route=request.endpoint, trouble=type(error).__name__, exc_info=True)
    return page(500)


def page(code: int) -> Response:
    """The page for an error; webhooks get none, since a machine reads them."""
    if request.path.startswith("/webhooks/"):
        return Response(status=code, mimetype="text/xml")
    if _is_staff(code):
        languages = [page_language()]
    else:
        languages = sorted(LANGUAGES, key=lambda language: language != page_language())
    return make_response(
        render_template("error.html", code=code, troubles=[_spoken(code, one) for one in languages]), code
    )


def _is_staff(code: int) -> bool:
    """Whether staff are looking. Where the trouble is our own, nothing new is asked of the database."""
    if code >= 500:
        return current_viewer() is not None
    try:
        return recognise() is not None
    except SQLAlchemyError:
        return False


def _spoken(code: int, language: str) -> Trouble:
    with speaking(language):
        return Trouble(language, *_sentences(code))


def _sentences(code: int) -> tuple[str, str]:
    known = {
        400: (_("That did not arrive whole"), _("Go back, open the page again and send it once more.")),
        403: (
            _("This page is not part of your work here"),
            _("If it should be, ask an admin of your program."),
        ),
        404: (_("There is nothing at this address"), _("It may have been mistyped, or the page has moved.")),
        405: (
            _("This address is not a page"),
            _("It is there for machines, or for a form. Start from the home page."),
        ),
        413: (_("That is too much at once"), _("Shorten it and send it again.")),
        503: (
            _("The gateway cannot answer right now"),
            _("Texts that it accepted are safe. Wait a minute, then open the page again."),
        ),
    }
    fallback = (
        _("Something went wrong on our side"),
        _("It has been noted. Try again in a minute."),
    )
    return known.get(code, fallback)
