"""An idle embedded gateway: from the answer to the webhook back to the call of the provider; start-up; memory.

Run: .venv/bin/python -m scripts.bench.latency [texts]
"""

import re
import sys
from pathlib import Path
from subprocess import run as run_command
from time import monotonic, sleep

from scripts.bench.rig import enrol, environment, milliseconds, post_all, process, scratch, signed_text
from tests.twilio_server import TwilioServer
from tests.world import lettered

PORT = 8463


def main() -> None:
    texts = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    with scratch() as folder, TwilioServer(post=lambda *_: 200) as twilio:
        env = environment(folder, twilio.url)
        youth, mask, mentor, _ = enrol(env, folder, pairs=1, pace=1000)[0]
        began = monotonic()
        with process(
            [sys.executable, "-m", "gateway", "serve", "--port", str(PORT)], env, folder, PORT
        ) as pid:
            print(f"cold start until /healthz answers: {monotonic() - began:.1f} s")
            took = [_one(twilio, youth, mask, mentor, number) for number in range(texts)]
            print(f"webhook to provider call, idle:    {milliseconds(took)}")
            print(f"memory after {texts} texts:         {_memory(pid)}")


def _one(twilio: TwilioServer, youth: str, mask: str, mentor: str, number: int) -> float:
    body = f"text {lettered(number)}"
    request = signed_text(youth, mask, body)
    began = monotonic()
    post_all(PORT, [request], 1)
    while body not in twilio.got(mentor)[-1:]:
        if monotonic() > began + 10:
            raise TimeoutError(body)
        sleep(0.001)
    took = monotonic() - began
    sleep(0.05)
    return took


def _memory(pid: int) -> str:
    """Of the whole process group: resident, and the share that is its own (proportional set size)."""
    group = run_command(["pgrep", "-g", str(pid)], capture_output=True, text=True, check=True).stdout.split()
    kilobytes = {"Rss": 0, "Pss": 0}
    for member in group:
        facts = Path(f"/proc/{member}/smaps_rollup").read_text()
        for name in kilobytes:
            found = re.search(rf"^{name}:\s+(\d+)", facts, re.MULTILINE)
            kilobytes[name] += int(found[1]) if found else 0
    return f"{kilobytes['Rss'] / 1024:.0f} MB resident, {kilobytes['Pss'] / 1024:.0f} MB proportional, {len(group)} processes"


if __name__ == "__main__":
    main()
