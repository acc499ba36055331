"""`thidua scale` on files, without a database."""

import argparse
import json
from dataclasses import replace

import pytest

from tests.workbooks.files import row, scale_workbook
from thidua.rules.scoring import fingerprint
from thidua.workbooks.command import add_parser
from thidua.workbooks.scale import read_scale, shipped_scale, write_scale


def run(*argv):
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers(required=True))
    options = parser.parse_args(["scale", *map(str, argv)])
    return options.run(options)


def test_scale_template_then_check_tells_what_is_missing(tmp_path, capsys):
    path = tmp_path / "mẫu.xlsx"

    assert run("template", "--out", path) == 0
    assert run("check", path) == 1

    assert capsys.readouterr().out.splitlines() == [
        f"Đã tạo {path}.",
        "LỖI: Trang tính “Thông tin”, ô B2: thiếu tên bảng.",
        "LỖI: Trang tính “Thông tin”, ô B3: thiếu thang điểm.",
        "LỖI: Trang tính “Tiêu chí”: Bảng chưa có tiêu chí nào.",
        f"{path}: có 3 lỗi, chưa nhập được.",
    ]


def test_scale_template_with_the_example_checks_with_its_warnings(tmp_path, capsys):
    path = tmp_path / "bảng-a.xlsx"

    assert run("template", "--example", "--out", path) == 0
    assert run("check", path) == 0

    table = shipped_scale("table_a_2022")
    assert read_scale(path.read_bytes()).table == table
    lines = capsys.readouterr().out.splitlines()[1:]
    assert [line for line in lines if line.startswith("LỖI")] == []
    assert lines[5:] == [
        f"{path}: nhập được, 36 tiêu chí để chấm, 5 cảnh báo.",
        "Cả 53 ví dụ của bảng đều ra đúng kết quả.",
        f"Mã băm SHA-256: {fingerprint(table)}",
    ]


@pytest.mark.parametrize(
    ("data", "code"), [(scale_workbook(), 0), (scale_workbook(*row(1, maximum=-1)), 1)]
)
def test_scale_check_json_is_for_machines(tmp_path, capsys, data, code):
    path = tmp_path / "b.xlsx"
    path.write_bytes(data)

    assert run("check", path, "--json") == code

    report = json.loads(capsys.readouterr().out)
    assert report["ok"] is (code == 0)
    if code:
        assert report["problems"] == [
            {
                "sheet": "Tiêu chí",
                "cell": "D3",
                "severity": "error",
                "sentence": "Điểm chuẩn: số phải từ 0 trở lên, đang là -1.",
            }
        ]
    else:
        assert report["problems"] == []
        assert (report["table"]["title"], report["table"]["criteria"]) == ("Bảng A", 2)


def test_scale_check_of_no_file_or_no_workbook_says_so(tmp_path, capsys):
    path = tmp_path / "b.xlsx"
    path.write_bytes(b"abc")

    assert run("check", tmp_path / "không-có.xlsx") == 1
    assert run("check", path) == 1

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("LỖI: Không mở được tệp ")
    assert lines[2].startswith("LỖI: Tệp không phải là bảng tính .xlsx.")


def test_scale_template_to_no_place_says_so(tmp_path, capsys):
    assert run("template", "--out", tmp_path / "không" / "có.xlsx") == 1

    assert "Không ghi được tệp" in capsys.readouterr().err


def spoiled(points):
    """Table B with a first example that says other points."""
    table = shipped_scale("table_b_2008")
    first, *rest = table.rules["cases"]
    return replace(table, rules={**table.rules, "cases": [{**first, "points": points}, *rest]})


def test_scale_check_stops_at_an_example_that_does_not_come_out(tmp_path, capsys):
    path = tmp_path / "b.xlsx"
    path.write_bytes(write_scale(spoiled("9")))

    assert run("check", path) == 1

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(
        "LỖI: Trang tính “Kiểm thử”, ô A2: Ví dụ “01: người chấm cho 8,5”: ví dụ ghi 9 điểm,"
        " phần mềm tính 8,5."
    )
    assert lines[2] == "1 trong 2 ví dụ không ra đúng kết quả nên chưa ban hành được."


def test_scale_check_json_lists_the_examples(tmp_path, capsys):
    path = tmp_path / "b.xlsx"
    path.write_bytes(write_scale(spoiled("9")))

    assert run("check", path, "--json") == 1

    report = json.loads(capsys.readouterr().out)
    assert report["ok"] is False
    assert [(each["passed"], each["points"]) for each in report["cases"]] == [
        (False, "8.5"),
        (True, "20"),
    ]
    assert [each["severity"] for each in report["problems"]] == ["error"]
