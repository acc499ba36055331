"""`thidua periods`: the seven reporting periods, as lines and as JSON."""

import argparse
import json

import pytest

from thidua.reporting import periods_command


@pytest.fixture
def thidua(capsys):
    def run(*argv):
        parser = argparse.ArgumentParser()
        periods_command.add_parser(parser.add_subparsers())
        options = parser.parse_args(["periods", *argv])
        code = options.run(options)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_periods_prints_windows_and_due_dates_with_flags(thidua):
    code, out, err = thidua("2026")

    assert (code, err) == (0, "")
    assert len(out.splitlines()) == 28
    assert out.splitlines()[4:8] == [
        "Quý II 2026: biểu mẫu; Thông tư 06/2025/TT-TTCP",
        "  Số liệu từ 15/03/2026 đến hết 14/06/2026",
        "  Gửi UBND cấp tỉnh: thứ Tư 17/06/2026",
        "  Gửi Thanh tra Chính phủ: thứ Bảy 20/06/2026 – thứ Bảy, ngày nghỉ (nghỉ hằng tuần); giữ nguyên "
        "ngày, không tự dời",
    ]


def test_periods_of_an_older_circular_are_marked_as_unchecked(thidua):
    assert (
        "Quý I 2024: biểu mẫu và đề cương; Thông tư 01/2024/TT-TTCP (theo hiểu biết chung, chưa đối chiếu)"
        in thidua("2024")[1]
    )


def test_periods_as_json(thidua):
    code, out, _ = thidua("2026", "--json")
    found = json.loads(out)

    assert (code, found["ok"], found["year"]) == (0, True, 2026)
    assert [each["period"] for each in found["periods"]] == [
        "q1",
        "q2",
        "6m",
        "q3",
        "9m",
        "q4",
        "year",
    ]
    assert found["periods"][1] == {
        "period": "q2",
        "name": "Quý II",
        "from": "2026-03-15",
        "to": "2026-06-14",
        "local_due_on": "2026-06-17",
        "local_due_is_working_day": True,
        "local_due_flag": "",
        "ttcp_due_on": "2026-06-20",
        "ttcp_due_is_working_day": False,
        "ttcp_due_flag": "thứ Bảy, ngày nghỉ (nghỉ hằng tuần); giữ nguyên ngày, không tự dời",
        "has_narrative": False,
        "law": "Thông tư 06/2025/TT-TTCP, Điều 7",
        "basis": "law",
    }


def test_year_without_a_calendar_is_flagged_and_a_file_settles_it(thidua, tmp_path):
    path = tmp_path / "2028.toml"
    path.write_text('year = 2028\nstatus = "provisional"\n', encoding="utf-8")

    unknown = json.loads(thidua("2028", "--json")[1])["periods"][0]
    known = json.loads(thidua("2028", "--json", "--calendar", str(path))[1])["periods"][0]

    assert (unknown["local_due_is_working_day"], unknown["local_due_flag"]) == (
        None,
        "chưa nạp lịch làm việc năm 2028",
    )
    assert (known["local_due_is_working_day"], known["local_due_flag"]) == (True, "")


@pytest.mark.parametrize(
    ("argv", "code", "error", "sentence"),
    [
        ([], 2, "wrong_usage", "Hãy ghi năm báo cáo"),
        (["26"], 2, "wrong_usage", "đang là “26”"),
        (["hai"], 2, "wrong_usage", "đang là “hai”"),
        (["２０２６"], 2, "wrong_usage", "Hãy ghi năm"),
        (["2020"], 1, "outside_validity", "không tính cho năm 2020"),
        (["9999"], 1, "outside_validity", "không tính cho năm 9999"),
        (["2026", "--calendar", "/không/có"], 2, "wrong_usage", "Không mở được tệp lịch"),
    ],
)
def test_bad_year_is_one_vietnamese_sentence_also_in_json(thidua, argv, code, error, sentence):
    plain, as_json = thidua(*argv), thidua(*argv, "--json")

    assert (plain[0], as_json[0]) == (code, code)
    assert sentence in plain[2]
    assert plain[1] == ""
    assert json.loads(as_json[1]) == {"ok": False, "error": error, "message": plain[2].strip()}
