"""The command line: set up, check files, and what it refuses."""

import io
import json

import pytest

from tests.config.test_settings import run as run_process
from thidua import cli
from thidua.accounts.models import User
from thidua.audit.models import Action, Entry
from thidua.demo.models import DemoMark
from thidua.documents import storage
from thidua.documents.models import StoredFile
from thidua.organisations.models import Assignment, Organisation
from thidua.rules.errors import RuleError

GOOD = "mua-xuan-tren-song-hong"


@pytest.fixture
def setup(db, settings, tmp_path, monkeypatch, capsys):
    """`thidua setup …` with a password coming through a pipe: exit status and what was said."""
    settings.STATIC_ROOT = tmp_path / "static"

    def act(*arguments, password=GOOD):
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        status = cli.run(["setup", *arguments])
        return status, capsys.readouterr().out

    return act


def test_help_names_every_command(capsys):
    with pytest.raises(SystemExit) as left:
        cli.run(["--help"])

    assert left.value.code == 0
    said = capsys.readouterr().out
    for command in ("setup", "serve", "files", "demo", "scale", "sign", "manage"):
        assert command in said


@pytest.mark.parametrize("arguments", [[], ["bay-len-trang"], ["demo"], ["demo", "reset"]])
def test_wrong_usage_ends_with_status_two_and_a_sentence(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        cli.run(arguments)

    assert left.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("Lệnh chưa đúng: ")
    assert "--help" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["sheet", "check"], "còn thiếu BẢNG.xlsx, PHIẾU.xlsx"),
        (["deadline", "--nhanh"], "không có tham số “--nhanh”"),
        (["sheet", "new", "a.xlsx", "--out"], "--out cần một giá trị"),
        (["bay"], "LỆNH không có “bay”; hãy chọn một trong: manage"),
    ],
)
def test_wrong_usage_says_in_vietnamese_what_is_wrong(arguments, said, capsys):
    with pytest.raises(SystemExit):
        cli.run(arguments)

    assert said in capsys.readouterr().err


def test_setup_makes_the_first_administrator_who_may_sign_in(setup):
    status, said = setup("--admin", "quan-tri", "--full-name", "Nguyễn Quản Trị")

    assert (status, "Đã tạo người quản trị “quan-tri”" in said) == (0, True)
    user = User.objects.get(username="quan-tri")
    assert user.check_password(GOOD)
    assert user.assignments.get().role == Assignment.Role.ADMINISTRATOR
    assert Organisation.objects.filter(short_name="TTCP").exists()
    assert set(Entry.objects.values_list("action", flat=True)) == {
        Action.PERSON_ADDED,
        Action.ASSIGNMENT_GIVEN,
    }


def test_setup_again_changes_nobody(setup):
    setup("--admin", "quan-tri")

    status, said = setup("--admin", "ke-khac")

    assert (status, "Người quản trị đã có sẵn" in said) == (0, True)
    assert not User.objects.filter(username="ke-khac").exists()


def test_setup_without_a_name_says_what_to_type(setup):
    status, said = setup()

    assert status == 1
    assert "thidua setup --admin" in said


@pytest.mark.parametrize(
    ("name", "password", "said"),
    [
        ("quan-tri", "ngan", "Mật khẩu chưa đạt"),
        ("quan-tri", "", "Mật khẩu chưa đạt"),
        ("quan-tri-he-thong", "quan-tri-he-thong", "gần giống tên đăng nhập"),
        ("Quản trị", GOOD, "chỉ gồm chữ thường không dấu"),
    ],
)
def test_setup_refuses_with_the_reason(setup, name, password, said):
    status, printed = setup("--admin", name, password=password)

    assert (status, said in printed) == (1, True)
    assert not User.objects.exists()


def test_setup_works_in_an_empty_folder_in_production(tmp_path):
    program = f"import io, sys; sys.stdin = io.StringIO('{GOOD}\\n'); from thidua.cli import run; "
    program += "sys.exit(run(['setup', '--admin', 'quan-tri']))"

    done = run_process(tmp_path, "-c", program, THIDUA_MODE="production")

    assert done.returncode == 0, done.stderr
    assert "Đã tạo người quản trị “quan-tri”" in done.stdout
    assert (tmp_path / "data" / "thidua.sqlite3").exists()


def test_real_commands_refuse_a_database_of_the_demo(db, settings, capsys):
    DemoMark.objects.create(pk=1, made_at="2026-01-01T00:00:00+07:00")
    settings.PRODUCTION = True

    assert cli.run(["setup", "--admin", "quan-tri"]) == 1

    assert "Cơ sở dữ liệu này là bản dùng thử" in capsys.readouterr().err
    assert not User.objects.exists()


@pytest.fixture
def kept(world, files_dir):
    """Two received files."""
    found = []
    for content in (b"mot", b"hai"):
        sha256 = storage.put(content)
        StoredFile.objects.create(
            sha256=sha256,
            name=f"{content.decode()}.pdf",
            size=3,
            media_type="application/pdf",
            received_by=world.stranger,
            received_at="2026-03-02T12:00:00+07:00",
        )
        found.append(sha256)
    return found


def files(capsys, *arguments):
    status = cli.run(["files", *arguments])
    return status, capsys.readouterr().out


def test_T04_files_that_are_whole_are_said_to_be(kept, capsys):
    assert files(capsys) == (0, "Mọi tệp còn nguyên, cả hai bản.\n")
    assert files(capsys, "--json") == (0, '{"healed": [], "lost": []}\n')


def test_T04_a_flipped_byte_is_found_and_healed(kept, capsys):
    first, second = storage.places(kept[0])
    first.write_bytes(b"mOt")

    status, said = files(capsys)

    assert (status, said) == (0, f"{kept[0]}: đã khôi phục từ bản thứ hai\n")
    assert first.read_bytes() == second.read_bytes() == b"mot"
    assert files(capsys)[1] == "Mọi tệp còn nguyên, cả hai bản.\n"


def test_T04_both_copies_changed_is_an_alarm(kept, capsys):
    for path in storage.places(kept[1]):
        path.write_bytes(b"hAi")

    status, said = files(capsys, "--json")

    assert status == 1
    assert json.loads(said) == {"healed": [], "lost": [kept[1]]}
    assert "MẤT, cả hai bản đều hỏng" in files(capsys)[1]
    with pytest.raises(RuleError):
        storage.get(kept[1])
