"""The customary dates of a year, and how far they may be moved."""

from datetime import date

import pytest

from thidua.organisations.models import Milestone
from thidua.rules.milestones import allowed_days, default_milestones


def test_every_kind_of_milestone_has_one_default_in_order_of_date():
    defaults = default_milestones(2026)

    assert [found.kind for found in defaults] == list(Milestone.Kind.values)
    assert [found.due_on for found in defaults] == [
        date(2026, 3, 15),
        date(2026, 3, 25),
        date(2026, 6, 30),
        date(2026, 11, 10),
        date(2026, 11, 20),
        date(2026, 11, 30),
        date(2026, 12, 20),
        date(2026, 12, 25),
    ]


def test_every_default_names_its_source_or_says_that_it_is_a_proposal():
    sources = {found.kind: found.source for found in default_milestones(2026)}

    assert "575/QĐ-TTCP" in sources["pact"]
    assert "01/2016/TT-TTCP" in sources["cluster_dossier"]
    assert "01/2016/TT-TTCP" in sources["unit_dossier"]
    for kind in ("launch", "mid_year_review", "annual_review"):
        assert sources[kind].startswith("Thông lệ")
    for kind in ("self_score", "appraisal"):
        assert sources[kind].startswith("Đề xuất của phần mềm")


@pytest.mark.parametrize("year", [2024, 2026, 2100])
def test_every_default_lies_within_the_allowed_days(year):
    first, last = allowed_days(year)

    assert (first, last) == (date(year, 1, 1), date(year + 1, 3, 31))
    assert all(first <= found.due_on <= last for found in default_milestones(year))
