"""34 voters press the button in the same moment (R09): how long each waits for the receipt.

A server as `thidua serve` starts it (two processes of four threads) on SQLite, or on the PostgreSQL that
DATABASE_URL names; every voter has a connection of their own. The floor is the same number of voters
asking, in the same moment, for a page that reads no ballot. Goal: all accepted, none over a second.

    python benchmarks/bench_votes_at_once.py [CANDIDATES]
"""

import os
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
VOTERS = 34
TOKEN = "a" * 32


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def at_once(jobs: list[Callable[[], bool]]) -> tuple[list[float], int]:
    """Seconds each job took, all begun in one moment, and how many said yes."""
    start = threading.Barrier(len(jobs))
    times: list[float] = []
    said: list[bool] = []

    def run(job: Callable[[], bool]) -> None:
        start.wait()
        began = time.perf_counter()
        yes = job()
        times.append(time.perf_counter() - began)
        said.append(yes)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return times, sum(said)


def main() -> None:
    candidates = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    place = tempfile.mkdtemp(prefix="thidua-bench-")
    Path(place, "static").mkdir()
    port = free_port()
    # As in real use: connections stay, cookies are for https only.
    os.environ.update(
        THIDUA_MODE="production",
        THIDUA_SECRET_KEY=secrets.token_urlsafe(64),
        THIDUA_HOSTS="127.0.0.1",
        THIDUA_DATA=place,
        DJANGO_SETTINGS_MODULE="config.settings",
    )
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute("CREATE SCHEMA public")
    call_command("migrate", verbosity=0, skip_checks=True)
    from tests.ballots.polls import more_members, open_poll
    from tests.factories.world import make_world

    world = make_world()
    more_members(world, VOTERS)
    names = tuple(f"Đơn vị {number}" for number in range(1, candidates + 1))
    poll = open_poll(world, names=names)
    address = f"/bo-phieu/{poll.ballot.year_id}/{poll.ballot.pk}"

    def voter(number: int) -> tuple[str, bytes]:
        """Cookies and the encrypted paper."""
        person = poll.people[number]
        client = Client()
        client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        cookies = f"{settings.SESSION_COOKIE_NAME}={session}; {settings.CSRF_COOKIE_NAME}={TOKEN}"
        choice = [0, *(int(at == number % candidates) for at in range(candidates))]
        body = urllib.parse.urlencode({"ballot": poll.paper(person, choice)}).encode()
        return cookies, body

    voters = [voter(number) for number in range(VOTERS)]

    def asks(path: str, cookies: str, body: bytes | None) -> Callable[[], bool]:
        """A plain socket with the request ready to send: the voters' own machines are not measured."""
        head = [
            f"{'GET' if body is None else 'POST'} {path} HTTP/1.1",
            f"Host: 127.0.0.1:{port}",
            f"Cookie: {cookies}",
            f"X-CSRFToken: {TOKEN}",
            "X-Forwarded-Proto: https",
            f"Referer: https://127.0.0.1:{port}/",
            f"Content-Length: {len(body or b'')}",
            "Content-Type: application/x-www-form-urlencoded",
            "Connection: close",
        ]
        request = "\r\n".join([*head, "", ""]).encode() + (body or b"")

        def ask() -> bool:
            with socket.create_connection(("127.0.0.1", port), timeout=60) as wire:
                wire.sendall(request)
                answer = wire.recv(4096)
                while wire.recv(65536):
                    pass
            return answer.startswith(b"HTTP/1.1 200")

        return ask

    server = subprocess.Popen(
        [sys.executable, "-m", "thidua", "serve", "--port", str(port), "--no-worker"],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    bare = "/tai-khoan/dang-nhap/"
    try:
        for _ in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), timeout=2).close()
                break
            except OSError:
                time.sleep(0.1)
        at_once([asks(bare, "", None) for _ in range(VOTERS)])
        floor, _ = at_once([asks(bare, "", None) for _ in range(VOTERS)])
        # The first reading of the voters' page fills the tables of the key in both processes.
        at_once([asks(f"{address}/phieu/", cookies, None) for cookies, _ in voters])
        times, accepted = at_once(
            [asks(f"{address}/phieu/gui/", cookies, body) for cookies, body in voters]
        )
        again, repeated = at_once(
            [asks(f"{address}/phieu/gui/", cookies, body) for cookies, body in voters]
        )
    finally:
        server.terminate()
        server.wait(timeout=20)
        connection.close()
        shutil.rmtree(place, ignore_errors=True)
    print(f"{VOTERS} voters at once, {candidates} candidates, {connection.vendor}\n")
    print(f"{'':22} {'answered':>9} {'median':>9} {'slowest':>9} {'ratio':>7}")
    base = statistics.median(floor)
    for name, row, yes in (
        ("a page without ballot", floor, VOTERS),
        ("votes", times, accepted),
        ("the same papers again", again, repeated),
    ):
        middle = statistics.median(row)
        print(
            f"{name:22} {yes:6}/{VOTERS} {middle * 1000:7.0f}ms {max(row) * 1000:7.0f}ms "
            f"{middle / base:7.1f}"
        )


if __name__ == "__main__":
    main()
