"""What a browser loads, as Chromium itself counts it: one Load for each page, with every byte that came, heads included."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page

Event = dict[str, Any]


@dataclass
class Load:
    """One page and what it asked for. `hops` are the redirects on the way, such as after a form."""

    path: str
    requests: int = 0
    hops: int = 0
    received_bytes: int = 0


class Wire:
    """Listens to one tab from now on."""

    def __init__(self, page: Page) -> None:
        self.loads: list[Load] = []
        self._of: dict[str, Load] = {}  # by the id of the request
        self._cached: set[str] = set()
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", self._asks)
        session.on("Network.requestServedFromCache", lambda event: self._cached.add(event["requestId"]))
        session.on("Network.loadingFinished", self._has)
        session.send("Network.enable")

    @property
    def received_bytes(self) -> int:
        """All that came since the beginning."""
        return sum(load.received_bytes for load in self.loads)

    def _asks(self, event: Event) -> None:
        address = urlsplit(event["request"]["url"])
        if address.scheme == "data":
            return
        if hop := event.get("redirectResponse"):
            load = self._of[event["requestId"]]
            load.path, load.hops = address.path, load.hops + 1
            load.received_bytes += int(hop["encodedDataLength"])
            return
        if event["requestId"] == event["loaderId"]:  # a page, not what it loads
            self.loads.append(Load(address.path))
        self._of[event["requestId"]] = self.loads[-1]
        self.loads[-1].requests += 1

    def _has(self, event: Event) -> None:
        load = self._of.get(event["requestId"])
        if load is None:
            return
        if event["requestId"] in self._cached:
            load.requests -= 1
        else:
            load.received_bytes += int(event["encodedDataLength"])
