"""`thidua deadline`: one question, one answer with its reasons, or one sentence."""

import argparse
import json
import subprocess
import sys

import pytest

from thidua.reporting import deadline_command
from thidua.rules.deadlines import shipped_clocks

YEAR_2028 = """
year = 2028
status = "official"
documents = ["Công văn 1/VPCP-KGVX"]
[[off]]
from = 2028-01-03
reason = "nghỉ bù Tết Dương lịch"
"""


@pytest.fixture
def thidua(capsys):
    def run(*argv):
        parser = argparse.ArgumentParser()
        deadline_command.add_parser(parser.add_subparsers())
        options = parser.parse_args(["deadline", *argv])
        code = options.run(options)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def test_deadline_prints_the_day_and_how_it_came_about(thidua):
    code, out, err = thidua("complaint-acceptance", "01/07/2026")

    assert (code, err) == (0, "")
    assert out.splitlines()[:5] == [
        "Thụ lý hoặc thông báo không thụ lý khiếu nại (lần đầu, lần hai, kỷ luật)",
        "Hạn: thứ Sáu 10/07/2026",
        "Hết theo cách đếm: thứ Sáu 10/07/2026",
        "Căn cứ: Luật Khiếu nại 02/2011/QH13 (sửa đổi bởi Luật 136/2025/QH15), Luật 136/2025/QH15 "
        "Điều 2 khoản 15 điểm b; Nghị định 155/2026/NĐ-CP Điều 10",
        "Cách tính:",
    ]
    assert "  1. Mốc tính: thứ Tư 01/07/2026, ngày nhận được đơn khiếu nại." in out
    assert "Lưu ý" not in out


def test_deadline_marks_a_setting_and_prints_its_notes(thidua):
    code, out, _ = thidua("inspection-publication", "2026-07-01")

    assert code == 0
    assert "(số ngày là thiết lập, chưa đối chiếu với văn bản)" in out
    assert "Lưu ý:\n  - Cuộc thanh tra bắt đầu trước 01/07/2025" in out


def test_deadline_as_json_carries_everything(thidua):
    code, out, _ = thidua(
        "denunciation-settlement",
        "2026-03-05",
        "--variant",
        "complex",
        "--extensions",
        "1",
        "--json",
    )
    found = json.loads(out)
    trace = found.pop("trace")

    assert code == 0
    assert found == {
        "ok": True,
        "rule": "denunciation-settlement",
        "name": "Giải quyết tố cáo",
        "variant": "complex",
        "length": "60 ngày",
        "start_on": "2026-03-05",
        "first_counted_on": "2026-03-06",
        "raw_end_on": "2026-05-04",
        "due_on": "2026-05-04",
        "due_at": None,
        "law": "Luật Tố cáo 25/2018/QH14, Điều 30",
        "article": "Điều 30",
        "basis": "law",
        "provisional": False,
        "notes": [],
    }
    assert trace[-1] == "Hạn cuối: hết 24 giờ thứ Hai 04/05/2026 (Bộ luật Dân sự 2015, Điều 148)."


def test_suspension_extension_days_hours_and_granted_lengths_are_taken(thidua):
    def due(*argv):
        return json.loads(thidua(*argv, "--json")[1])["due_on"]

    suspended = ("--suspended", "2026-08-10", "--continued", "25/08/2026")
    assert due("complaint-first-settlement", "2026-07-20", *suspended) == "2026-09-03"
    assert (
        due(
            "denunciation-settlement",
            "2026-03-05",
            "--variant",
            "complex",
            "--extension-days",
            "15",
        )
        == "2026-04-20"
    )
    assert due("inspection-granted", "2026-08-03", "--granted", "70 ngày làm việc") == "2026-11-11"
    assert due("inspection-maximum-district", "2025-07-03", "--began", "2025-06-02") == "2025-08-04"


def test_hour_is_printed(thidua):
    argv = ("online-reception-link", "2026-09-07", "--at", "14:00")

    assert "Hạn: 13:00 thứ Hai 07/09/2026" in thidua(*argv)[1]
    found = json.loads(thidua(*argv, "--json")[1])
    assert (found["due_at"], found["first_counted_on"]) == ("13:00", None)


def test_list_names_every_clock_with_its_article(thidua):
    code, out, _ = thidua("--list")

    assert code == 0
    assert [each for each in shipped_clocks() if f"  {each}\n" not in out] == []
    assert "KHIẾU NẠI" in out
    assert (
        "30 ngày (ordinary: thông thường); 30 ngày (complex: phức tạp, gia hạn tối đa 1 lần, mỗi lần "
        "30 ngày)" in out
    )
    assert "Điều 20, từ 01/07/2025 [thiết lập]" in out
    assert "theo quyết định – Luật Thanh tra 84/2025/QH15" in out


def test_list_as_json_gives_versions_variants_and_calendar_years(thidua):
    found = json.loads(thidua("--list", "--json")[1])
    rules = {each["rule"]: each for each in found["rules"]}

    assert list(rules) == list(shipped_clocks())
    assert rules["complaint-acceptance"]["versions"][0] == {
        "from": "2012-07-01",
        "to": "2026-06-30",
        "law": "Luật Khiếu nại 02/2011/QH13, Điều 27, 36, 50",
        "article": "Điều 27, 36, 50",
        "basis": "law",
        "variants": [
            {"variant": "ordinary", "name": "thông thường", "length": "10 ngày", "extensions": []}
        ],
    }
    assert rules["dialogue-notice"]["direction"] == "before"
    assert rules["inspection-conclusion"]["law_chosen_by"] == "case"
    assert [(each["year"], each["status"]) for each in found["calendar"]] == [
        (2023, "official"),
        (2024, "official"),
        (2025, "official"),
        (2026, "official"),
        (2027, "provisional"),
    ]


def test_unknown_year_is_no_guess_and_no_wrong_usage(thidua):
    code, out, err = thidua("accountability", "2028-01-01")
    assert (code, out) == (1, "")
    assert err.startswith("Chưa nạp lịch làm việc năm 2028")

    code, out, _ = thidua("accountability", "2028-01-01", "--json")
    assert code == 1
    assert json.loads(out) == {
        "ok": False,
        "error": "calendar_not_loaded",
        "message": err.strip(),
        "rule": "accountability",
        "year": 2028,
    }


def test_year_is_added_from_a_file(thidua, tmp_path):
    path = tmp_path / "2028.toml"
    path.write_bytes(b"\xef\xbb\xbf" + YEAR_2028.encode())

    code, out, _ = thidua("accountability", "2027-12-19", "--calendar", str(path), "--json")

    assert (code, json.loads(out)["due_on"]) == (0, "2028-01-04")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\xff\xfe\x00", "phải là chữ mã hóa UTF-8"),
        (b"year = 2028", "2028.toml: Tệp lịch phải ghi status"),
        (None, "Không mở được tệp lịch"),
    ],
)
def test_bad_calendar_file_is_named(thidua, tmp_path, content, sentence):
    path = tmp_path / "2028.toml"
    if content is not None:
        path.write_bytes(content)

    code, out, err = thidua("accountability", "2026-01-05", "--calendar", str(path))

    assert (code, out) == (2, "")
    assert sentence in err


def test_too_many_calendar_files_are_refused(thidua):
    code, _, err = thidua("accountability", "2026-01-05", *["--calendar", "x"] * 21)

    assert (code, err) == (2, "Chỉ nhận không quá 20 tệp lịch.\n")


@pytest.mark.parametrize(
    ("argv", "code", "error", "sentence"),
    [
        ([], 2, "wrong_usage", "Hãy viết: thidua deadline"),
        (["accountability"], 2, "wrong_usage", "Hãy viết: thidua deadline"),
        (["lạ", "2026-01-05"], 2, "unknown_rule", "Không có thời hạn mang mã “lạ”"),
        (["accountability", "31/02/2026"], 2, "bad_date", "Không có ngày"),
        (["accountability", "hôm qua"], 2, "bad_date", "không phải là ngày"),
        (["dialogue-notice", "2026-06-30"], 1, "outside_validity", "chỉ áp dụng từ 01/07/2026"),
        (
            ["accountability", "2026-01-05", "--variant", "remote"],
            2,
            "bad_circumstances",
            "không có trường hợp “remote”",
        ),
        (
            ["accountability", "2026-01-05", "--extensions", "một"],
            2,
            "wrong_usage",
            "--extensions phải là số nguyên",
        ),
        (
            ["accountability", "2026-01-05", "--extensions", "-1"],
            2,
            "wrong_usage",
            "--extensions phải là số nguyên",
        ),
        (
            ["accountability", "2026-01-05", "--extensions", "99999"],
            2,
            "wrong_usage",
            "--extensions phải là số nguyên",
        ),
        (
            ["accountability", "2026-01-05", "--extensions", "2", "--extension-days", "5"],
            2,
            "wrong_usage",
            "ghi 2 lần nhưng --extension-days ghi 1 lần",
        ),
        (
            ["denunciation-settlement", "2026-01-05", "--suspended", "2026-01-09"],
            2,
            "wrong_usage",
            "chưa có ngày tiếp tục",
        ),
        (
            ["denunciation-settlement", "2026-01-05", "--continued", "2026-01-09"],
            2,
            "wrong_usage",
            "phải đi với một --suspended",
        ),
        (["inspection-granted", "2026-01-05", "--granted", "70"], 2, "bad_circumstances", "“70”"),
        (["online-reception-link", "2026-09-05", "--at", "30"], 2, "bad_date", "không phải là giờ"),
    ],
)
def test_bad_input_is_one_vietnamese_sentence_also_in_json(thidua, argv, code, error, sentence):
    plain, as_json = thidua(*argv), thidua(*argv, "--json")

    assert (plain[0], as_json[0]) == (code, code)
    assert sentence in plain[2]
    assert plain[1] == ""
    assert plain[2].count("\n") == 1
    assert json.loads(as_json[1]) == {"ok": False, "error": error, "message": plain[2].strip()}


@pytest.mark.parametrize("junk", ["\udcff", "--\udcff\n", "x" * 10_000, "🙂", "'; DROP"])
def test_junk_is_answered_in_one_line(thidua, junk):
    for argv in ((junk, "2026-01-05"), ("accountability", junk)):
        for more in ((), ("--json",)):
            code, out, err = thidua(*more, "--", *argv)

            assert code == 2
            assert "\udcff" not in out + err
            assert len(out + err) < 600


def test_junk_date_of_suspension_is_repeated_shortly(thidua):
    _, _, err = thidua("denunciation-settlement", "2026-01-05", "--suspended", "x" * 999)

    assert len(err) < 300


def test_command_loads_nothing_heavy():
    script = (
        "import sys\n"
        "import argparse\n"
        "from thidua.reporting import deadline_command\n"
        "parser = argparse.ArgumentParser()\n"
        "deadline_command.add_parser(parser.add_subparsers())\n"
        "options = parser.parse_args(['deadline', 'accountability', '2026-01-05', '--json'])\n"
        "code = options.run(options)\n"
        "heavy = {'django', 'openpyxl', 'difflib', 'decimal', 'typst'} & set(sys.modules)\n"
        "sys.exit(f'{heavy}' if heavy else code)\n"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)

    assert (done.returncode, done.stderr) == (0, b"")
