"""What every answer says about itself. A page runs nothing, loads only its own stylesheet, and is never stored."""

from urllib.parse import urlsplit

from flask import Response, request

from gateway.web.current import current_gateway

POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self' data:",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
    )
)
ALWAYS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
TWO_YEARS = 63_072_000


def add_headers(response: Response) -> Response:
    """Put the security headers on any answer, errors included."""
    response.headers.update(ALWAYS)
    if urlsplit(current_gateway().settings.gateway_public_url).scheme == "https":
        response.headers["Strict-Transport-Security"] = f"max-age={TWO_YEARS}; includeSubDomains"
    if request.endpoint != "stylesheet" or response.status_code != 200:
        response.headers["Cache-Control"] = "no-store"
    return response
