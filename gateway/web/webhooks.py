"""The front door of the provider. It answers 200 only when what came is durable, and never with a cookie or a redirect.

Nothing of a refused request is logged but the name of the route and the reason.
"""

import re
from collections import Counter
from collections.abc import Mapping
from threading import Lock
from typing import NoReturn
from urllib.parse import parse_qs, quote, urlsplit
from xml.sax.saxutils import escape

import structlog
from flask import Blueprint, Response, abort, request
from sqlalchemy.exc import DataError, SQLAlchemyError
from werkzeug.exceptions import HTTPException

from gateway import intake, outreach
from gateway.db import Session
from gateway.providers.protocol import BadWebhook, SignedRequest
from gateway.safety import calls
from gateway.web.current import current_gateway

FORM = "application/x-www-form-urlencoded"
MOST_PARAMETERS = 500  # Twilio sends about 20, and two for each picture
XML = '<?xml version="1.0" encoding="UTF-8"?>'
NOTHING_TO_SAY = f"{XML}<Response/>"
SPOKEN = (("fr", "fr-CA"), ("en", "en-CA"))

log = structlog.get_logger()
blueprint = Blueprint("webhooks", __name__, url_prefix="/webhooks/twilio")


class Refusals:
    """How many webhooks this process has refused, by reason."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._lock = Lock()

    def add(self, reason: str) -> None:
        with self._lock:
            self._counts[reason] += 1

    def total(self) -> int:
        with self._lock:
            return self._counts.total()


refusals = Refusals()


@blueprint.post("/sms", provide_automatic_options=False)
def sms() -> Response:
    """A text arrived: keep it, say so, ring the bell."""
    gateway = current_gateway()
    text = gateway.provider.read_inbound(_verified().form)

    def keep(session: Session) -> bool:
        return intake.record(session, text, gateway.provider.name, gateway.clock.now())

    gateway.db.together(keep)
    gateway.bell.inbox()
    return _xml(NOTHING_TO_SAY)


@blueprint.post("/status", provide_automatic_options=False)
def status() -> Response:
    """A delivery receipt, with our own id of the text in the query."""
    gateway = current_gateway()
    form = _verified().form
    receipt = gateway.provider.read_receipt(form, _reference())
    with gateway.db.transaction() as session:
        lines = outreach.record_receipt(session, gateway, receipt, gateway.clock.now())
    for line in lines:
        gateway.bell.line(line)
    return _xml(NOTHING_TO_SAY)


@blueprint.post("/voice", provide_automatic_options=False)
def voice() -> Response:
    """Somebody calls a line: a spoken notice, then the end. Calls are never put through to anyone.

    The call is kept for staff, but whoever calls hears the numbers that help even when nothing can be kept.
    """
    _keep_call(_verified().form)
    program = current_gateway().content.voice
    said = "".join(
        f'<Say language="{spoken}">{escape(program.say("voice", language))}</Say>'
        for language, spoken in SPOKEN
    )
    return _xml(f"{XML}<Response>{said}<Hangup/></Response>")


def _keep_call(form: Mapping[str, list[str]]) -> None:
    gateway = current_gateway()
    try:
        call = gateway.provider.read_call(form)
        with gateway.db.transaction() as session:
            calls.record(session, call, gateway.provider.name, gateway.clock.now())
    except (BadWebhook, SQLAlchemyError, OSError) as error:
        log.error("call_not_kept", trouble=type(error).__name__)  # noqa: TRY400 - a traceback may hold the number


@blueprint.errorhandler(HTTPException)
def _refused(error: HTTPException) -> Response:
    return _empty(error.code or 500)


@blueprint.errorhandler(BadWebhook)
@blueprint.errorhandler(DataError)
def _makes_no_sense(_error: Exception) -> Response:
    _count("makes no sense")
    return _empty(400)


@blueprint.errorhandler(SQLAlchemyError)
@blueprint.errorhandler(OSError)
def _cannot_keep(error: Exception) -> Response:
    """The provider must try again, or use its fallback: nothing was kept."""
    log.error("webhook_not_kept", route=request.endpoint, trouble=type(error).__name__)
    response = _empty(503)
    response.headers["Retry-After"] = "2"
    return response


def _verified() -> SignedRequest:
    """The request as it was signed. Aborts with 403, 413 or 415."""
    if request.mimetype != FORM:
        _refuse("not a form", 415)
    signed = SignedRequest(*_raw_address(), form=_form(), headers=dict(request.headers))
    if not current_gateway().provider.verify(signed):
        _refuse("signature", 403)
    return signed


def _form() -> dict[str, list[str]]:
    """Every value of every parameter, blanks too; bytes that are not UTF-8 become U+FFFD."""
    body = request.get_data(cache=False, as_text=False).decode("utf-8", "replace")
    try:
        return parse_qs(body, keep_blank_values=True, errors="replace", max_num_fields=MOST_PARAMETERS)
    except ValueError:
        _refuse("too many parameters", 413)


def _reference() -> str | None:
    """Our own id of the text that a receipt is about, as we put it into the callback's address."""
    given = request.args.get("ref", "")
    return given if re.fullmatch(r"[0-9a-f]{32}", given, re.ASCII) else None


def _raw_address() -> tuple[str, str]:
    """Path and query exactly as they came over the wire; `request.url` decodes what was signed encoded."""
    environ = request.environ
    raw = (
        environ.get("RAW_URI")
        or environ.get("REQUEST_URI")
        or quote(environ["PATH_INFO"], encoding="latin-1")
    )
    path = urlsplit(raw).path if "://" in raw.partition("?")[0] else raw.partition("?")[0]
    return path, environ.get("QUERY_STRING", "")


def _refuse(reason: str, code: int) -> NoReturn:
    _count(reason)
    abort(code)


def _count(reason: str) -> None:
    refusals.add(reason)
    log.warning("webhook_refused", route=request.endpoint, reason=reason)


def _xml(body: str) -> Response:
    return Response(body, mimetype="text/xml")


def _empty(code: int) -> Response:
    return Response(status=code, mimetype="text/xml")
