"""Roll-up from the database says what the rules say, unit by unit and name by name."""

from decimal import Decimal
from random import Random

import pytest
from django.db import transaction

from tests.factories.world import make_world
from tests.reporting.made import open_periods
from tests.reporting.rolled import NOON, STATE, columns, keys, put
from thidua.reporting.models import OwnForms, Report
from thidua.reporting.queries.rollup import (
    ACCEPTED,
    HANDED_IN,
    Asked,
    counting,
    forms_of,
    in_order,
    rolled_up,
)
from thidua.rules.reporting import (
    Amount,
    Filled,
    Qualifier,
    edition,
    over_units,
    over_units_and_time,
)

FORMS = ["ttr1", "ttr2", "tcd1", "xld2", "gqkn3", "kqth5"]


@pytest.fixture
def one(db):
    return make_world(5).one


@pytest.fixture
def periods(one):
    return open_periods(one)


def asked(one, periods, form, codes, states=ACCEPTED, members=None):
    """What the lead asks for."""
    last = periods[codes[-1]]
    forms = forms_of(one.year, last)
    everybody = in_order(one.year)
    chosen = everybody if members is None else tuple(everybody[each] for each in members)
    return Asked(
        forms=forms,
        template=forms.template(form),
        periods=tuple(periods[each] for each in codes),
        members=chosen,
        reports=counting(one.lead_officer, one.year, states),
        all_members=members is None,
    )


def drawn(random, template):
    """Figures of one report: most have all typed cells, some lack some, some type sums too."""
    style = random.choice(["usual", "usual", "usual", "typed sums", "holes", "blank"])
    values = {}
    for each in template.numbers:
        if each.is_computed and style not in {"typed sums", "holes"}:
            continue
        if style == "blank" or (style == "holes" and random.random() < 0.3):
            continue
        number = Decimal(random.randrange(0, 10**6)) / (10 ** min(each.places, 3))
        kind = random.choice(list(Qualifier)) if random.random() < 0.05 else Qualifier.EXACT
        values[each.key] = Amount(number, kind)
    return values


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("codes", [["q1"], ["q1", "q2", "q3"]])
def test_the_database_answers_as_the_rules_do(one, periods, codes, form):
    # Worlds drawn from a seed: the database and its savepoints are no place for shrinking.
    for seed in range(5):
        answers_alike(one, periods, codes, form, Random(seed))


def answers_alike(one, periods, codes, form, random):
    point = transaction.savepoint()
    told = drawn_world(one, periods, codes, random, form)

    found = rolled_up(asked(one, periods, form, codes))
    transaction.savepoint_rollback(point)

    assert found == expected(periods, codes, form, told)


def drawn_world(one, periods, codes, random, form):
    """Reports of all units, most of them there; out: by unit and period what each says."""
    template = edition("TT06-2025").template(form)
    told = {each.organisation.short_name: {} for each in one.memberships}
    for place, reports in enumerate(told.values()):
        for code in codes:
            if random.random() < 0.85:
                reports[code] = drawn(random, template)
                put(one, place, periods[code], reports[code])
    return told


def expected(periods, codes, form, told):
    forms = edition("TT06-2025")
    filled = {
        name: {code: Filled(values) for code, values in given.items()}
        for name, given in told.items()
    }
    if len(codes) == 1:
        reports = {name: given.get(codes[0]) for name, given in filled.items()}
        return over_units(forms, reports, templates={form})
    parts = {
        name: [(periods[code].name, given.get(code)) for code in codes]
        for name, given in filled.items()
    }
    return over_units_and_time(forms, parts, templates={form})


def test_a_unit_that_is_missing_is_named_in_every_total_that_lacks_it(one, periods):
    put(one, 0, periods["q1"], columns("ttr1", c6=3, c7=0))
    put(one, 2, periods["q1"], columns("ttr1", c6=4))

    totals = rolled_up(asked(one, periods, "ttr1", ["q1"]))

    made, units = totals[keys("ttr1")["6"]], totals[keys("ttr1")["7"]]
    assert made.amount == Amount(Decimal(7))
    assert made.counted == ("An", "Cường")
    assert made.missing == ("Bình", "Dũng", "Giang")
    assert units.amount == Amount(Decimal(0))
    assert units.missing == ("Bình", "Cường", "Dũng", "Giang")


def test_flows_add_over_the_quarters_and_opening_stock_does_not(one, periods):
    for code, before, new in (("q1", 5, 10), ("q2", 7, 20)):
        put(one, 0, periods[code], columns("ttr1", c2=before, c3=new))

    totals = rolled_up(asked(one, periods, "ttr1", ["q1", "q2"], members=[0]))

    known = keys("ttr1")
    assert totals[known["2"]].amount == Amount(Decimal(5))
    assert totals[known["3"]].amount == Amount(Decimal(30))
    assert totals[known["1"]].amount == Amount(Decimal(35))


def test_what_is_only_handed_in_counts_by_the_switch_alone(one, periods):
    put(one, 0, periods["q1"], columns("ttr1", c6=3))
    put(one, 1, periods["q1"], columns("ttr1", c6=4), STATE.SUBMITTED)
    put(one, 2, periods["q1"], columns("ttr1", c6=5), STATE.DRAFT)

    accepted = rolled_up(asked(one, periods, "ttr1", ["q1"]))
    handed_in = rolled_up(asked(one, periods, "ttr1", ["q1"], HANDED_IN))

    key = keys("ttr1")["6"]
    assert accepted[key].counted == ("An",)
    assert handed_in[key].counted == ("An", "Bình")
    assert handed_in[key].amount == Amount(Decimal(7))


def test_T01_a_member_rolls_up_nothing_but_its_own(one, periods):
    for member in (0, 1, 2):
        put(one, member, periods["q1"], columns("ttr1", c6=3))

    seen = {
        person.full_name: counting(person, one.year).count()
        for person in (one.officers[1], one.heads[2], one.lead_officer, one.appraiser)
    }

    assert seen == {"Cán bộ Bình": 1, "Trưởng Cường": 1, "Cán bộ An": 3, "Thẩm định một": 0}


def test_qualifiers_stay_with_the_totals(one, periods):
    key = keys("ttr1")["12"]
    put(one, 0, periods["q1"], {key: Amount(Decimal("15.3"), Qualifier.MORE)})
    put(one, 1, periods["q1"], {key: Amount(Decimal("4.7"))})

    totals = rolled_up(asked(one, periods, "ttr1", ["q1"]))

    assert str(totals[key].amount) == "hơn 20"


def test_sums_are_exact_where_floating_point_is_not(one, periods):
    key = keys("ttr1")["12"]
    for member, number in enumerate(["0.1", "0.2", "999999999.000001", "123456789.654321"]):
        put(one, member, periods["q1"], {key: number})

    totals = rolled_up(asked(one, periods, "ttr1", ["q1"]))

    assert totals[key].amount == Amount(Decimal("1123456788.954322"))


def test_a_report_on_other_forms_does_not_count(one, periods):
    put(one, 0, periods["q1"], columns("ttr1", c6=3))
    other = put(one, 1, periods["q1"], columns("ttr1", c6=4), STATE.DRAFT)
    Report.objects.filter(pk=other.pk).update(edition="TT01-2024")
    Report.objects.filter(pk=other.pk).update(
        state=STATE.ACCEPTED,
        submitted_at=other.started_at,
        submitted_by=one.heads[1],
        accepted_at=other.started_at,
        accepted_by=one.lead_officer,
    )

    totals = rolled_up(asked(one, periods, "ttr1", ["q1"]))

    assert totals[keys("ttr1")["6"]].counted == ("An",)


def test_roll_up_asks_as_much_for_five_units_as_for_two(one, periods, django_assert_num_queries):
    put(one, 0, periods["q1"], columns("ttr1", c6=3, c7=1))
    put(one, 1, periods["q1"], columns("ttr1", c6=3))
    question = asked(one, periods, "ttr1", ["q1"])
    with django_assert_num_queries(4):
        rolled_up(question)
    for member in (2, 3, 4):
        put(one, member, periods["q1"], columns("ttr1", c6=3, c7=2, c8="1.5"))

    with django_assert_num_queries(4):
        rolled_up(question)


def test_a_form_of_the_cluster_itself_is_rolled_up_from_the_reports_that_have_it(one, periods):
    own = own_forms(one)
    for member, made in ((0, 2), (1, 5)):
        report = put(one, member, periods["q1"], {"rieng-hoi-nghi": made}, STATE.DRAFT)
        Report.objects.filter(pk=report.pk).update(own_forms=own if member == 0 else None)
        Report.objects.filter(pk=report.pk).update(
            state=STATE.ACCEPTED,
            submitted_at=report.started_at,
            submitted_by=one.heads[member],
            accepted_at=report.started_at,
            accepted_by=one.lead_officer,
        )

    totals = rolled_up(asked(one, periods, "rieng", ["q1"]))

    assert totals["rieng-hoi-nghi"].amount == Amount(Decimal(2))
    assert totals["rieng-hoi-nghi"].counted == ("An",)


def own_forms(one):
    """One version with one form of one figure, in force."""
    template = {
        "key": "rieng",
        "title": "Biểu riêng",
        "indicators": [
            {
                "code": "1",
                "key": "rieng-hoi-nghi",
                "heading": ["Số hội nghị"],
                "measure": "hội nghị",
                "behaviour": "F",
            }
        ],
    }
    return OwnForms.objects.create(
        year=one.year,
        number=1,
        state=OwnForms.State.ISSUED,
        data={"templates": [template]},
        fingerprint="0" * 64,
        started_by=one.lead_officer,
        started_at=NOON,
        changed_by=one.lead_officer,
        changed_at=NOON,
        issued_by=one.lead_head,
        issued_at=NOON,
    )
