"""A link to the console in an e-mail: the first request has no cookie, since ours are SameSite=Strict, and a cookie that were
set now would replace the one that signs its reader in.

So the answer is a page that goes on to the very same address: that request comes from our own site, with the cookie.
Browsers say where a request comes from in Sec-Fetch-Site (Fetch Metadata); one that does not gets the sign-in page.
"""

from flask import Response, current_app, make_response, render_template, request

from gateway.web.languages import link


def is_from_elsewhere() -> bool:
    """Whether a page was asked for by a link on another site, and nothing can be known about its reader."""
    has_cookie = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    return (
        request.method == "GET" and not has_cookie and request.headers.get("Sec-Fetch-Site") == "cross-site"
    )


def page() -> Response:
    """The page that goes on to where the request was going. It sets no cookie."""
    here = request.full_path.rstrip("?")
    return make_response(
        render_template("console/threshold.html", here=link("home.home") if here.startswith("//") else here)
    )
