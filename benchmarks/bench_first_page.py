"""The first page after `make run` on a warm machine: how soon it answers, and what it costs.

Starts `thidua demo serve` twice on an empty data directory: the first start loads the demo year,
the second keeps it. Each figure is set against a floor in the same run: a Python process that
imports Django and does nothing, and an answer of the same server that reads no database.
"""

import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REPEAT = 30


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=30) as answer:
        return answer.read()


def start(data: str, port: int) -> tuple[subprocess.Popen[bytes], float]:
    """The server, and the seconds until its first page was whole."""
    began = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "thidua", "demo", "serve", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "THIDUA_MODE": "demo", "THIDUA_DATA": data},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while time.perf_counter() - began < 120:
        try:
            get(f"http://127.0.0.1:{port}/dung-thu/")
        except OSError:
            time.sleep(0.02)
        else:
            return server, time.perf_counter() - began
    server.kill()
    raise SystemExit("the server did not answer within two minutes")


def median_ms(url: str) -> float:
    times = []
    for _ in range(REPEAT):
        began = time.perf_counter()
        get(url)
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def main() -> None:
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import django.core.management"], check=True)
    floor = time.perf_counter() - began
    rows: list[tuple[str, float, str, float]] = [("import Django and exit", floor, "s", 1.0)]
    with tempfile.TemporaryDirectory() as data:
        port = free_port()
        for name in ("first start, demo year loaded", "second start, data kept"):
            server, seconds = start(data, port)
            rows.append((name, seconds, "s", seconds / floor))
            if name.startswith("second"):
                page = get(f"http://127.0.0.1:{port}/tai-khoan/dang-nhap/").decode()
                style = re.search(r'href="(/static/ui/[^"]+\.css)"', page)
                assert style is not None
                bare = median_ms(f"http://127.0.0.1:{port}{style[1]}")
                rows.append(("a style sheet of the server", bare, "ms", 1.0))
                for label, path in (
                    ("sign-in page", "/tai-khoan/dang-nhap/"),
                    ("roles page", "/dung-thu/"),
                ):
                    cost = median_ms(f"http://127.0.0.1:{port}{path}")
                    rows.append((label, cost, "ms", cost / bare))
            server.terminate()
            server.wait(timeout=30)
    print(f"{'':34} {'median':>10}    ratio")
    for name, value, unit, ratio in rows:
        print(f"{name:34} {value:10.2f} {unit:2} {ratio:7.1f}")


if __name__ == "__main__":
    main()
