"""A report of all twelve forms of TT06-2025 in which every check holds, and short ways to make one."""

from decimal import Decimal

from thidua.rules.reporting import Amount, Filled, Qualifier, completed, edition

TT06 = edition("TT06-2025")

# Figures of the typed columns in order; a computed column is left out. Reception is that of Thái
# Bình, Q1 2024; inspection that of Thái Bình and follow-up that of Quảng Ninh 2023 where published.
TYPED = {
    "ttr1": "18 11 25 4 12 15 1500 400 733 100 2677 4500 1500 456 10 24 1 1 4",
    "ttr2": (
        "150 95 140 100700 44200 800 400 5000 1000 300 100 136000 57100 45000 45000 2000 500 1500 "
        "400 255 739 246 724 1 1 1 1 6 4"
    ),
    "ttr3": "3 1 1 5 400 19 11 20 10 18 1 1 15 8 12 1 1",
    "tcd1": "600 900 400 6 100 12 200 300 150 4 80 3 176 260 129 3 66",
    "xld2": "1002 950 200 70 10 50 20 10 60 14 40 4 10 20 30 60 30 500 37",
    "gqkn3": "80 10 55 6 4 5 35 5 4 1 850 2700 250 1100 9 25 23 20 1 1 1",
    "gqtc4": "74 5 50 10 5 5 25 10 1 3 1 100 50 20 10 1 2 1 10 8 1 2 1",
    "kqth5": (
        "60 40 500 200 300 100 400 300 200 100 10 8 1 2 1 50 30 500 100 200 50 100 50 80 20 2 10 8 "
        "1 2 1"
    ),
    "ql6": "2 1 1 3 150 8 20 5 2 6 1 1 6 2 4 1 1",
}
SUMS_OF_PCTN = {"33": 12, "43": 12, "82": 18, "84": 24, "91": 12, "92": 12}


def amount(number, qualifier=""):
    """An amount from an int or a text."""
    return Amount(Decimal(number), Qualifier(qualifier))


def key(form, code):
    """The key of a column by its printed number."""
    template = TT06.template(form)
    return next(each.key for each in template.indicators if each.code == str(code))


def figures(**forms):
    """Values from `ttr1={8: "4910"}`; None stays no data."""
    return {
        key(form, code): None if number is None else amount(number)
        for form, columns in forms.items()
        for code, number in columns.items()
    }


def sample_values():
    """Every figure of the sample, computed ones too."""
    values = {}
    for form, written in TYPED.items():
        typed = [each for each in TT06.template(form).numbers if not each.is_computed]
        values |= {
            each.key: amount(number) for each, number in zip(typed, written.split(), strict=True)
        }
    for each in TT06.template("pctn1").numbers:
        values[each.key] = amount(SUMS_OF_PCTN.get(each.code, 6))
    return completed(TT06, values)


def sample():
    """The sample with its list forms: 12 cases as 01/PCTN says, two documents."""
    cases = [{"pctn2-ten-vu": f"Vụ {number}"} for number in range(1, 13)]
    documents = [
        {"pctn3-ten-van-ban": "Quyết định 1", "pctn3-da-khac-phuc": "x"},
        {
            "pctn3-ten-van-ban": "Quyết định 2",
            "pctn3-chua-khac-phuc": "x",
            "pctn3-nguyen-nhan": "Chờ luật mới",
        },
    ]
    return Filled(sample_values(), {"pctn2": cases, "pctn3": documents})


def period_before():
    """The report before the sample: its closing stocks are the sample's opening stocks."""
    return Filled({**sample_values(), **figures(ttr1={6: 11}, ttr2={4: 150})})


def test_sample_gives_every_figure_of_every_form():
    values = sample_values()

    assert {each.key for each in TT06.numbers()} == set(values)
    assert None not in values.values()
