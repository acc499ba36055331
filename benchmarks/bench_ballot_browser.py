"""One ballot encrypted in chromium: 10 candidates (goal under 1 s) and 34 (goal under 3 s).

The floor is one power modulo the group's prime in the same browser, by the plain method. Times are
medians, the first ballot of a page apart: it also fills the tables.

    python benchmarks/bench_ballot_browser.py
"""

import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.browser import ARGUMENTS, executable  # noqa: E402
from tests.rules.ballots.elections import ceremony  # noqa: E402
from thidua.rules.ballots import belenios  # noqa: E402

STATIC = ROOT / "thidua" / "ballots" / "static" / "ballots"
REPEAT = 7
FLOOR = """() => {
  const p = (1n << 2048n) - 1942289n, started = performance.now();
  let x = 3n;
  for (let i = 0; i < 256; i += 1) x = x * x % p;
  return performance.now() - started;
}"""
BALLOT = """([election, code, choices]) => {
  const started = performance.now();
  Belenios.encryptBallot(election, code, choices);
  return performance.now() - started;
}"""


def main() -> None:
    key = ceremony(2, 3).key
    with tempfile.TemporaryDirectory() as place, sync_playwright() as playwright:
        page_file = Path(place, "page.html")
        page_file.write_text("<!doctype html><title>bench</title>")
        browser = playwright.chromium.launch(executable_path=executable(), args=ARGUMENTS)
        rows = []
        for candidates, most, limit in ((10, 1, 1.0), (10, 10, 1.0), (34, 1, 3.0), (34, 34, 3.0)):
            names = tuple(f"Đơn vị {place}" for place in range(1, candidates + 1))
            question = belenios.Question("Ai?", names, 1, most)
            election = belenios.Election(belenios.new_uuid(), "Bầu", "d", key, (question,))
            page = browser.new_page()
            page.goto(page_file.as_uri())
            for name in ("sjcl.js", "belenios.js"):
                page.add_script_tag(path=str(STATIC / name))
            floor = statistics.median(page.evaluate(FLOOR) for _ in range(REPEAT))
            choices = [[0, *(int(place < most) for place in range(candidates))]]
            asked = [election.text, belenios.new_credential(), choices]
            first, *others = [page.evaluate(BALLOT, asked) for _ in range(REPEAT)]
            rows.append((candidates, most, first, statistics.median(others), floor, limit))
            page.close()
        browser.close()
    print("256 squarings modulo a number of 2048 bits, median: the floor\n")
    print(
        f"{'candidates':>10} {'most':>5} {'first':>8} {'next':>8} {'floor':>8} {'ratio':>7} {'goal':>7}"
    )
    for candidates, most, first, after, floor, limit in rows:
        print(
            f"{candidates:10} {most:5} {first:6.0f}ms {after:6.0f}ms {floor:6.2f}ms "
            f"{first / floor:7.0f} {limit * 1000:5.0f}ms"
        )


if __name__ == "__main__":
    main()
