"""`thidua sheet` as a person runs it: files in, sentences or JSON out, exit codes."""

import io
import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from tests.workbooks.files import scale_workbook
from tests.workbooks.sheet_forms import YEAR, filled_for, form, mixed_table
from thidua import cli
from thidua.rules.scoring import Claim, Limit, fingerprint
from thidua.workbooks.scale import read_scale, write_scale
from thidua.workbooks.sheets import Filled, layout, read_form
from thidua.workbooks.sheets.check import FormLimit

TABLE = read_scale(scale_workbook()).table
SOUND = Filled(claims={"C/C1": Claim(Decimal("4.5")), "C/C2": Claim(Decimal(5), Decimal("0.5"))})


@pytest.fixture
def scale(tmp_path):
    path = tmp_path / "bảng.xlsx"
    path.write_bytes(scale_workbook())
    return path


@pytest.fixture
def sheet(scale, tmp_path, capsys):
    """Runs `thidua sheet check` on a form of these bytes; exit code and what was printed."""

    def run(data, *options):
        path = tmp_path / "phiếu.xlsx"
        path.write_bytes(data)
        code = cli.run(["sheet", "check", str(scale), str(path), *options])
        return code, capsys.readouterr().out

    return run


def test_sheet_new_makes_a_form_with_the_unit_and_the_year(scale, tmp_path, capsys):
    path = tmp_path / "phiếu.xlsx"

    code = cli.run(
        ["sheet", "new", str(scale), "--out", str(path), "--unit", "=Sở A", "--year", str(YEAR)]
    )

    assert (code, capsys.readouterr().out) == (0, f"Đã tạo {path}.\n")
    read = read_form(path.read_bytes(), TABLE)
    assert (read.unit, read.year, read.claims) == ("=Sở A", YEAR, {})
    assert load_workbook(path)["Thông tin"]["B2"].data_type == "s"


def test_sheet_new_of_no_table_or_to_no_place_says_so(scale, tmp_path, capsys):
    lost = str(tmp_path / "không" / "có.xlsx")

    assert cli.run(["sheet", "new", lost, "--out", str(tmp_path / "a.xlsx")]) == 2
    assert cli.run(["sheet", "new", str(scale), "--out", lost]) == 1

    said = capsys.readouterr().err
    assert "Không mở được tệp" in said
    assert "Không ghi được tệp" in said


def test_sheet_check_of_a_sound_form_is_clean(sheet):
    code, said = sheet(form(TABLE, SOUND))

    assert code == 0
    assert said.splitlines() == [
        "2 tiêu chí: 0 chỗ sai quy tắc, 0 tiêu chí còn thiếu, 0 cần người quyết định,"
        " 0 chờ số liệu đơn vị khác.",
        "Tổng tự chấm 10; theo quy tắc 10; chênh lệch 0; tối đa 10.",
        "Phiếu khớp với bảng chấm điểm.",
    ]


def test_sheet_check_lists_breaches_and_what_is_missing(sheet):
    code, said = sheet(form(TABLE, Filled(claims={"C/C2": Claim(Decimal(6))})))

    assert code == 1
    assert said.splitlines()[:4] == [
        "C/C1  Thu gom: đề nghị chưa có; theo quy tắc chưa tính được",
        "    THIẾU: chưa chấm.",
        "C/C2  Xử lý: đề nghị 6; theo quy tắc 5",
        "    SAI: Tiêu chí C2 (Xử lý): điểm chuẩn 6 vượt mức tối đa 5. (ô H4)",
    ]


def test_sheet_check_of_a_cell_that_cannot_be_read_still_checks_the_rest(sheet):
    edits = [("Tự chấm", "C/C1", "Điểm chuẩn", "năm")]

    code, said = sheet(form(TABLE, SOUND, edits=edits))

    assert code == 2
    assert said.startswith("LỖI: Trang tính “Tự chấm”, ô H3: Tiêu chí C/C1, điểm chuẩn: “năm”")
    assert "Tổng tự chấm 5,5; theo quy tắc 5,5" in said
    assert "Có chỗ không đọc được" in said


def test_sheet_check_json_has_one_shape_for_machines(sheet):
    code, said = sheet(form(TABLE, Filled(claims={"C/C2": Claim(Decimal(6))})), "--json")

    report = json.loads(said)
    assert code == 1
    assert report["ok"] is False
    assert report["table"] == {"title": "Bảng A", "fingerprint": fingerprint(TABLE)}
    assert report["problems"] == []
    assert report["totals"] == {
        "claimed": "6",
        "allowed": "5",
        "difference": "1",
        "maximum": "10",
        "complete": False,
        "breaches": [],
        "notes": [],
        "award": None,
        "class": None,
        "class_trace": [],
    }
    assert report["leaves"] == [
        {
            "path": "C/C1",
            "code": "C1",
            "title": "Thu gom",
            "claimed": None,
            "allowed": None,
            "base": None,
            "bonus": None,
            "deduction": None,
            "breaches": [],
            "needs_person": [],
            "missing": ["chưa chấm"],
            "waits": [],
            "explanation": "",
            "trace": ["C1: chưa chấm."],
        },
        {
            "path": "C/C2",
            "code": "C2",
            "title": "Xử lý",
            "claimed": "6",
            "allowed": "5",
            "base": "5",
            "bonus": "0",
            "deduction": "0",
            "breaches": [
                {
                    "field": "base",
                    "limit": "base",
                    "sentence": "Tiêu chí C2 (Xử lý): điểm chuẩn 6 vượt mức tối đa 5.",
                    "claimed": "6",
                    "allowed": "5",
                    "difference": "1",
                    "cell": "H4",
                }
            ],
            "needs_person": [],
            "missing": [],
            "waits": [],
            "explanation": "",
            "trace": report["leaves"][1]["trace"],
        },
    ]
    assert len(report["leaves"][1]["trace"]) == 2


@pytest.mark.parametrize("data", [b"", b"abc", scale_workbook(), form(mixed_table(3))])
def test_sheet_check_json_of_what_is_no_form_of_this_table_keeps_its_shape(sheet, data):
    code, said = sheet(data, "--json")

    report = json.loads(said)
    assert code == 2
    assert report.keys() == {"ok", "table", "leaves", "problems", "totals"}
    assert (report["ok"], report["leaves"]) == (False, [])
    assert report["totals"]["claimed"] is None
    assert {each["severity"] for each in report["problems"]} == {"error"}


def test_sheet_check_without_the_table_says_which_file(tmp_path, capsys):
    lost = tmp_path / "không-có.xlsx"

    assert cli.run(["sheet", "check", str(lost), str(lost)]) == 2

    assert capsys.readouterr().out.startswith(f"LỖI: {lost}: Không mở được tệp")


def test_sheet_check_takes_the_year_from_the_command_line(tmp_path, capsys):
    table = mixed_table(24)
    scale, sheet = tmp_path / "b.xlsx", tmp_path / "p.xlsx"
    scale.write_bytes(write_scale(table))
    data = load_workbook(io.BytesIO(form(table, filled_for(table))))
    data["Thông tin"]["B3"] = None
    data.save(sheet)
    check = ["sheet", "check", str(scale), str(sheet)]

    assert cli.run(check) == 2
    assert "hoặc chạy lệnh với --year" in capsys.readouterr().out
    assert cli.run([*check, "--year", str(YEAR)]) == 0


@pytest.mark.parametrize("year", ["26", "hai", "1e3", "-1"])
def test_sheet_check_of_no_year_is_wrong_usage(year, capsys):
    with pytest.raises(SystemExit) as caught:
        cli.run(["sheet", "check", "a", "b", "--year", year])

    assert caught.value.code == 2


def test_sheet_check_of_a_big_table_agrees_with_itself(tmp_path, capsys):
    table = mixed_table(480)
    scale, sheet = tmp_path / "b.xlsx", tmp_path / "p.xlsx"
    scale.write_bytes(write_scale(table))
    sheet.write_bytes(form(table, filled_for(table)))

    assert cli.run(["sheet", "check", str(scale), str(sheet), "--json"]) == 0

    report = json.loads(capsys.readouterr().out)
    assert len(report["leaves"]) == 480
    assert sum(bool(leaf["waits"]) for leaf in report["leaves"]) == 40
    known = [Decimal(leaf["allowed"]) for leaf in report["leaves"] if leaf["allowed"]]
    assert Decimal(report["totals"]["allowed"]) == sum(known)


def test_sheet_check_imports_nothing_of_the_server(scale, tmp_path):
    sheet = tmp_path / "phiếu.xlsx"
    sheet.write_bytes(form(TABLE, SOUND))
    program = (
        "import sys; from thidua import cli;"
        f"code = cli.run(['sheet', 'check', {str(scale)!r}, {str(sheet)!r}]);"
        "heavy = {'django', 'pyhanko', 'weasyprint', 'config'} & set(sys.modules);"
        "sys.exit(code or len(heavy))"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)

    assert done.returncode == 0, done.stderr.decode()


def test_the_documentation_names_every_sheet_limit_and_way_to_fill_in():
    docs = (Path(__file__).resolve().parents[2] / "docs" / "tu-cham.md").read_text("utf-8")
    sheets = (layout.ABOUT, layout.FACTS, layout.TARGETS, layout.TIERS, layout.UNASSIGNED)

    assert [name for name in (*sheets, layout.CLAIMS) if f"\n| {name} |" not in docs] == []
    assert [each for each in (*Limit, *FormLimit) if f"`{each.value}`" not in docs] == []


def test_sheet_new_never_writes_over_a_form_that_may_be_filled_in(tmp_path, capsys):
    table, out = tmp_path / "bang.xlsx", tmp_path / "phieu.xlsx"
    table.write_bytes(write_scale(TABLE))
    out.write_bytes(b"da dien")
    arguments = ["sheet", "new", str(table), "--out", str(out)]

    assert cli.run(arguments) == 1
    assert out.read_bytes() == b"da dien"
    assert "tệp đã có" in capsys.readouterr().err

    assert cli.run([*arguments, "--overwrite"]) == 0
    assert out.read_bytes() != b"da dien"
