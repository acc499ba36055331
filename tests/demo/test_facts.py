"""What of the demo is real, and the script it is played from."""

from datetime import datetime
from pathlib import Path

import pytest

from thidua.demo.facts import as_markdown, demo_facts
from thidua.demo.people import YEARS, demo_data, plain
from thidua.demo.stages import WORDS, Stage

ROOT = Path(__file__).parents[2]


def test_docs_and_page_say_the_same():
    assert (ROOT / "docs" / "demo.md").read_text(encoding="utf-8") == as_markdown()


def test_every_fact_is_real_or_made_up_and_has_a_source():
    facts = [fact for part in demo_facts() for fact in part["fact"]]

    assert {fact["real"] for fact in facts} == {True, False}
    assert all(fact["what"] and fact["source"] for fact in facts)


@pytest.mark.parametrize("year", YEARS)
def test_script_gives_every_member_a_stage_and_each_figure_a_value(year):
    script = demo_data()[year]

    assert len(script["stages"]) == len(script["members"])
    assert {len(values) for values in script["figures"].values()} == {len(script["members"])}
    for row in [*script["appraisals"], *script.get("claims", []), *script.get("evidence", [])]:
        assert row["unit"] in script["members"]


def test_script_of_the_base_case_has_a_moment_in_2024_for_every_step():
    moments = demo_data()["year_2024"]["moments"].values()

    assert all(isinstance(at, datetime) and at.tzinfo and at.year == 2024 for at in moments)


def test_every_stage_has_its_words():
    assert set(WORDS) == set(Stage)
    assert len(set(WORDS.values())) == len(Stage)


@pytest.mark.parametrize(
    ("name", "written"),
    [("Vĩnh Phúc", "vinh-phuc"), ("Đồng Nai", "dong-nai"), ("Hải Phòng", "hai-phong")],
)
def test_plain_names_are_fit_for_accounts_and_files(name, written):
    assert plain(name) == written
