"""The demo as `make run` starts it: another process, workers, real requests."""

import os
import re
import socket
import subprocess
import sys
import time
from http.cookiejar import CookieJar
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

pytestmark = pytest.mark.journey


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    kept = {
        k: v
        for k, v in os.environ.items()
        if k not in {"DATABASE_URL", "DJANGO_ALLOW_ASYNC_UNSAFE"}
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "thidua", "demo", "serve", "--port", str(port), "--before-launch"],
        env={**kept, "THIDUA_MODE": "demo", "THIDUA_DATA": str(tmp_path_factory.mktemp("demo"))},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(timeout=30)


def test_the_server_that_loaded_the_demo_makes_papers(address):
    """Typst ran in the parent while loading; a forked worker would hang on its first paper."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    for _ in range(600):
        try:
            page = browser.open(f"{address}/dung-thu/", timeout=30).read().decode()
            break
        except URLError:
            time.sleep(0.2)
    form = re.search(r'action="(/dung-thu/2/\d+/)"[^>]*>\s*<input[^>]*value="([^"]+)"', page)
    assert form is not None
    data = urlencode({"csrfmiddlewaretoken": form[2]}).encode()
    front = browser.open(f"{address}{form[1]}", data, timeout=30)
    assert front.url.endswith("/nam/2/")

    paper = browser.open(f"{address}/cham-diem/2/xep-hang/pdf/", timeout=60)

    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.read(5) == b"%PDF-"
