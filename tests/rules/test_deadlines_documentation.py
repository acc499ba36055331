"""The guide names every clock, and its example of a calendar file can be read."""

import re
from pathlib import Path

from thidua.rules.deadlines import read_calendar_year, shipped_clocks

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "thoi-han.md").read_text(encoding="utf-8")


def test_guide_names_every_clock_with_its_lengths_and_article():
    for code, clock in shipped_clocks().items():
        row = next(line for line in GUIDE.splitlines() if line.startswith(f"| `{code}` |"))
        version = clock.versions[-1]

        assert clock.name in row
        assert version.citation in row
        assert all(str(period) in row for period in version.lengths.values())
        assert ("(thiết lập)" in row) == any(each.basis == "setting" for each in clock.versions)


def test_example_of_a_calendar_file_in_the_guide_can_be_read():
    example = re.search(r"```toml\n(.*?)```", GUIDE, re.DOTALL)

    year = read_calendar_year(example[1])

    assert (year.year, len(year.blocks), len(year.swaps), len(year.open_days)) == (2028, 1, 1, 1)
