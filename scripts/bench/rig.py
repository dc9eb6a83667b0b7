"""What the measurements share: a gateway in a process of its own, signed texts, and honest percentiles."""

import http.client
import json
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from urllib.parse import urlencode
from uuid import uuid4

from gateway.providers.twilio_webhook import SIGNATURE, sign
from tests.providers.twilio_messages import ACCOUNT_SID, AUTH_TOKEN

ROOT = Path(__file__).resolve().parents[2]
ACCOUNT, TOKEN = ACCOUNT_SID, AUTH_TOKEN
PUBLIC_URL = "http://127.0.0.1:8000"  # what webhooks are signed against; nothing listens there
SMS_PATH = "/webhooks/twilio/sms"


def environment(folder: Path, api_url: str, **more: str) -> dict[str, str]:
    """The settings of a gateway that believes to be at Twilio's, kept in `folder`."""
    return {
        "PATH": os.environ["PATH"],
        "GATEWAY_DATABASE_URL": f"sqlite:///{folder}/gateway.db",
        "GATEWAY_PROVIDER": "twilio",
        "GATEWAY_PUBLIC_URL": PUBLIC_URL,
        "GATEWAY_SECRET_KEY": "s" * 40,
        "GATEWAY_DATA_KEYS": "k1:" + "A" * 43,
        "GATEWAY_INDEX_KEY": "B" * 43,
        "GATEWAY_CONTENT": str(ROOT),
        "GATEWAY_LOG_LEVEL": "ERROR",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "GATEWAY_TWILIO_API_URL": api_url,
        "PYTHONPATH": str(ROOT),
    } | more


def run(env: Mapping[str, str], *arguments: str, folder: Path) -> str:
    """Run one `gateway` command and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", "gateway", *arguments],
        env=dict(env),
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def enrol(env: Mapping[str, str], folder: Path, pairs: int, pace: float) -> list[tuple[str, str, str, str]]:
    """Two lines of this pace, and so many pairs: (youth's phone, the mask she texts, mentor's phone, his mask)."""
    people = [("youth", 5550000), ("mentor", 5560000)]
    rows = [f"{role[0]}{n},{role},P{n},+1613{base + n}" for n in range(pairs) for role, base in people]
    (folder / "people.csv").write_text("\n".join(["key,role,name,phone", *rows]))
    run(env, "migrate", folder=folder)
    for line in ("+14165550101", "+14165550102"):
        run(env, "lines", "add", line, folder=folder)
        run(env, "lines", "pace", line, "--per-second", str(pace), folder=folder)
    run(env, "people", "import", "people.csv", folder=folder)
    made = []
    for n in range(pairs):
        words = ("match", "create", "--youth", f"y{n}", "--mentor", f"m{n}", "--json")
        masks = json.loads(run(env, *words, folder=folder))["masks"]
        made.append((f"+1613{5550000 + n}", masks[f"y{n}"], f"+1613{5560000 + n}", masks[f"m{n}"]))
    return made


def fill(env: Mapping[str, str], folder: Path, count: int, lines: int = 2) -> None:
    """Queue so many prompts, from so many lines in turn: in a process with the settings of the gateway, as we have none."""
    command = [sys.executable, "-m", "scripts.bench.queue_prompts", str(count), str(lines)]
    subprocess.run(command, env=dict(env), cwd=folder, check=True)


@contextmanager
def process(command: Sequence[str], env: Mapping[str, str], folder: Path, port: int) -> Iterator[int]:
    """Start a server, wait until it answers, and end its whole group at the end. Gives its process id."""
    with started(command, env, folder) as pid:
        wait_for(port)
        yield pid


@contextmanager
def started(command: Sequence[str], env: Mapping[str, str], folder: Path) -> Iterator[int]:
    """Start a program, and end its whole group at the end. Gives its process id."""
    with (folder / "log").open("ab") as log:
        running = subprocess.Popen(
            command, env=dict(env), cwd=folder, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield running.pid
        finally:
            os.killpg(running.pid, signal.SIGTERM)
            try:
                running.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()


def wait_for(port: int, seconds: float = 20) -> None:
    """Return when something answers on the port."""
    until = monotonic() + seconds
    while monotonic() < until:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
            connection.request("GET", "/healthz")
            connection.getresponse().read()
        except OSError:
            sleep(0.02)
        else:
            return
    raise TimeoutError(f"nothing answers on port {port}")


def signed_text(from_number: str, to_number: str, body: str) -> tuple[bytes, dict[str, str]]:
    """The body and headers of a webhook with Twilio's usual fields."""
    sid = f"SM{uuid4().hex}"
    form = {
        "MessageSid": sid,
        "SmsSid": sid,
        "SmsMessageSid": sid,
        "AccountSid": ACCOUNT,
        "From": from_number,
        "To": to_number,
        "Body": body,
        "NumMedia": "0",
        "NumSegments": "1",
        "SmsStatus": "received",
        "ApiVersion": "2010-04-01",
        "FromCountry": "CA",
        "ToCountry": "CA",
    }
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        SIGNATURE: sign(TOKEN, PUBLIC_URL + SMS_PATH, form),
    }
    return urlencode(form).encode(), headers


def post_all(port: int, requests: Sequence[tuple[bytes, dict[str, str]]], connections: int) -> list[float]:
    """Post them all over so many connections at once; the seconds that each took. Anything but 200 is an error."""
    took: list[list[float]] = [[] for _ in range(connections)]

    def client(share: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        for body, headers in requests[share::connections]:
            began = monotonic()
            connection.request("POST", SMS_PATH, body, headers)
            answer = connection.getresponse()
            answer.read()
            took[share].append(monotonic() - began)
            if answer.status != 200:
                raise RuntimeError(f"the server answered {answer.status}")
        connection.close()

    in_parallel(client, connections)
    return [seconds for share in took for seconds in share]


def in_parallel(work: Callable[[int], None], count: int) -> None:
    """Run `work(0)` … `work(count - 1)` in threads; the first error is raised at the end."""
    errors: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except Exception as error:  # noqa: BLE001 - raised below, in the thread that asked
            errors.append(error)

    threads = [Thread(target=guarded, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def milliseconds(values: Sequence[float]) -> str:
    """p50, p95 and p99 in milliseconds."""
    return "  ".join(f"p{share} {percentile(values, share / 100) * 1000:.1f} ms" for share in (50, 95, 99))


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder of its own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="passerelle-bench-") as folder:
        yield Path(folder)
