"""Log lines as JSON on standard error: ids, never a number, a name or a body.

A line cannot be forged: JSON escapes line feeds and control characters (hardening, abuse case 43).
"""

import logging
import re
import sys

import structlog
from structlog.tracebacks import ExceptionDictTransformer
from structlog.typing import EventDict, WrappedLogger

PHONE = re.compile(r"\+?\d[\d\s().-]{8,}\d")


def set_up_logs(level: str) -> None:
    """Send every log line of this process through one JSON renderer."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(ExceptionDictTransformer(show_locals=False)),
            hide_numbers,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),  # whatever it is by then
        cache_logger_on_first_use=False,
    )


def hide_numbers(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The last guard: whatever looks like a phone number in any field is struck out."""
    return {key: _hide(key, value) for key, value in event.items()}


def _hide(key: str, value: object) -> object:
    if key == "timestamp" or value is None or isinstance(value, bool):
        return value
    if isinstance(value, int | float):
        return "[number]" if PHONE.search(str(value)) else value
    if isinstance(value, list):
        return [_hide("", item) for item in value]
    if isinstance(value, dict):
        return {name: _hide(name, item) for name, item in value.items()}
    return PHONE.sub("[number]", str(value))
