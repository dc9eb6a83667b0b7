"""Gunicorn's threads, given only to requests that have arrived whole.

A phone on one bar sends its form in crumbs, and an attacker does so on purpose; a thread that reads such a request waits
as long as they like, and sixteen of them would leave none for a webhook. Here a request waits in the kernel's buffer, where
it costs no thread, until all of it is there or its time is over. (hardening, abuse case 7)
"""

import re
import socket
from contextlib import suppress
from enum import Enum
from time import monotonic
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

from gateway.limits import LARGEST_BODY_BYTES

LARGEST_HEAD_BYTES = 16 * 1024
LARGEST = LARGEST_HEAD_BYTES + LARGEST_BODY_BYTES
BUFFER_BYTES = 2 * LARGEST  # the kernel counts its own overhead in it
PATIENCE_SECONDS = 30.0  # 64 KB at 2G take about ten
STOPPING_SECONDS = 2.0
LOOK_AGAIN_SECONDS = 0.05
_LENGTH = re.compile(rb"^content-length:[ \t]*(\d{1,12})[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_CHUNKED = re.compile(rb"^transfer-encoding:", re.IGNORECASE | re.MULTILINE)


class Arrival(Enum):
    """How much of a request is there. The value is the answer to one that will not be read."""

    WHOLE = "whole"
    PART = "408 Request Timeout"
    GONE = "gone"
    TOO_LARGE = "431 Request Header Fields Too Large"
    NO_LENGTH = "411 Length Required"


class PatientWorker(ThreadWorker):
    """Waits for slow clients without a thread."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._arriving: list[tuple[float, Any]] = []  # (until when, connection)

    def init_process(self) -> None:
        for listener in self.sockets:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER_BYTES)
        super().init_process()

    def enqueue_req(self, conn: Any) -> None:
        """A connection has something to say, or is new."""
        self._take(monotonic() + PATIENCE_SECONDS, conn)

    def wait_for_and_dispatch_events(self, timeout: float | None) -> None:
        super().wait_for_and_dispatch_events(LOOK_AGAIN_SECONDS if self._arriving else timeout)
        waiting, self._arriving = self._arriving, []
        for until, conn in waiting:
            self._take(until if self.alive else min(until, monotonic() + STOPPING_SECONDS), conn)

    def _take(self, until: float, conn: Any) -> None:
        arrival = self._arrival(conn)
        if arrival is Arrival.WHOLE:
            conn.data_ready = True
            super().enqueue_req(conn)
        elif arrival is Arrival.PART and monotonic() < until:
            self._arriving.append((until, conn))
        else:
            self._turn_away(conn, arrival)

    def _arrival(self, conn: Any) -> Arrival:
        if conn.parser is not None and conn.parser.unreader.buf.getvalue():
            return Arrival.WHOLE  # its next request was read with the last one
        conn.sock.setblocking(False)
        return arrival_of(conn.sock)

    def _turn_away(self, conn: Any, arrival: Arrival) -> None:
        if arrival is not Arrival.GONE:
            with suppress(OSError):  # whoever it was has left
                conn.sock.send(
                    f"HTTP/1.1 {arrival.value}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()
                )
        self.nr_conns -= 1
        conn.close()


def arrival_of(connection: socket.socket) -> Arrival:
    """How much of a request has come. `connection` does not block; what is looked at stays in the kernel's buffer."""
    try:
        arrived = connection.recv(LARGEST, socket.MSG_PEEK)
    except BlockingIOError:
        return Arrival.PART
    except OSError:
        return Arrival.GONE
    head, end, body = arrived.partition(b"\r\n\r\n")
    if not arrived:
        return Arrival.GONE
    if not end:
        return Arrival.PART if len(arrived) < LARGEST_HEAD_BYTES else Arrival.TOO_LARGE
    if _CHUNKED.search(head):
        return Arrival.NO_LENGTH
    said = _LENGTH.search(head)
    length = int(said[1]) if said else 0
    is_whole = len(body) >= length or length > LARGEST_BODY_BYTES  # a larger one is refused unread
    return Arrival.WHOLE if is_whole else Arrival.PART
