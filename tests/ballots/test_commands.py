"""`thidua ballot verify` and `thidua teller`: files in, files out, sentences for people."""

import json
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.ballots.polls import counted_poll, set_up
from tests.ballots.test_pages import get, post, signed_in
from tests.factories.world import NOON
from thidua.ballots import services
from thidua.ballots.archives import archive_of
from thidua.ballots.models import Ballot
from thidua.cli import run
from thidua.rules.ballots import belenios

pytestmark = pytest.mark.django_db
PASSPHRASE = "đồng lúa chín vàng"


@pytest.fixture
def secret(tmp_path) -> Path:
    path = tmp_path / "mat-khau"
    path.write_text(PASSPHRASE + "\n")
    return path


def test_verify_says_what_the_archive_holds(world, tmp_path, capsys):
    poll = counted_poll(world)
    poll.tally(1, 2)
    path = tmp_path / "ho-so.bel"
    path.write_bytes(archive_of(poll.ballot))

    assert run(["ballot", "verify", str(path)]) == 0
    assert "An: 2" in capsys.readouterr().out
    assert run(["ballot", "verify", "--json", str(path)]) == 0
    said = json.loads(capsys.readouterr().out)
    assert said["ok"] is True
    assert said["questions"][0]["votes"][0] == {"name": "An", "votes": 2}


@pytest.mark.parametrize("content", [b"", b"rac", b"\x00" * 1024, b"%PDF-1.7"])
def test_verify_refuses_what_is_no_archive(tmp_path, capsys, content):
    path = tmp_path / "rac.bel"
    path.write_bytes(content)

    assert run(["ballot", "verify", str(path)]) == 1
    assert capsys.readouterr().err.strip()


def test_verify_says_that_a_file_is_not_there(tmp_path, capsys):
    assert run(["ballot", "verify", str(tmp_path / "khong-co.bel")]) == 2
    assert "không có tệp" in capsys.readouterr().err


def work_of(teller, ballot, into: Path) -> Path:
    """The work file as the teller's page hands it out."""
    address = get(teller.user, "keys_json", ballot).wsgi_request.path
    answer = signed_in(teller.user).get(address, {"tep": "1"})
    assert answer.headers["Content-Disposition"].startswith("attachment")
    path = into / f"viec-{teller.order}.json"
    path.write_bytes(answer.content)
    return path


def hand_in(teller, ballot, path: Path):
    sent = SimpleUploadedFile("tra-loi.json", path.read_bytes())
    return post(teller.user, "keys_answer", ballot, answer=sent)


def teller_does(act, teller, ballot, into: Path, secret: Path, *more: str) -> int:
    work = work_of(teller, ballot, into)
    out = into / "tra-loi.json"
    key = into / f"khoa-{teller.order}.json"
    arguments = [str(work), "--key", str(key), "--passphrase-file", str(secret)]
    code = run(["teller", act, *arguments, "--out", str(out), "--overwrite", *more])
    if code == 0:
        assert hand_in(teller, ballot, out).status_code == 302
    return code


def fresh_ballot(world) -> Ballot:
    ballot = set_up(world)
    services.start_key_again(ballot=ballot, reason="Lập lại", actor=world.one.lead_officer, at=NOON)
    return Ballot.objects.get(pk=ballot.pk)


def test_tellers_make_rehearse_and_use_their_key_by_files_only(world, tmp_path, secret, capsys):
    ballot = fresh_ballot(world)
    tellers = list(ballot.tellers.select_related("user"))
    for teller in tellers:
        assert teller_does("new", teller, ballot, tmp_path, secret) == 0
    for _ in range(3):
        for teller in tellers:
            assert teller_does("step", teller, ballot, tmp_path, secret) == 0

    ballot.refresh_from_db()
    assert ballot.trustees
    assert not ballot.tellers.filter(rehearsal="").exists()
    key = tmp_path / "khoa-1.json"
    assert key.stat().st_mode & 0o077 == 0
    assert PASSPHRASE not in key.read_text()
    capsys.readouterr()
    # Nothing is left to do, and says so.
    assert teller_does("step", tellers[0], ballot, tmp_path, secret) == 1
    assert "không còn việc gì" in capsys.readouterr().err


def test_a_key_that_is_there_is_never_written_over(world, tmp_path, secret, capsys):
    ballot = fresh_ballot(world)
    teller = ballot.tellers.select_related("user").first()
    (tmp_path / "khoa-1.json").write_text("khóa cũ")

    assert teller_does("new", teller, ballot, tmp_path, secret) == 1
    assert "không bị ghi đè" in capsys.readouterr().err
    assert (tmp_path / "khoa-1.json").read_text() == "khóa cũ"


@pytest.mark.parametrize("content", ["", "{", "[]", '{"step": "certificate"}', '{"step": 1}'])
def test_a_damaged_work_file_is_refused_in_words(tmp_path, secret, capsys, content):
    work = tmp_path / "viec.json"
    work.write_text(content)
    key, out = tmp_path / "khoa.json", tmp_path / "out.json"

    given = ["--key", str(key), "--passphrase-file", str(secret), "--out", str(out)]
    code = run(["teller", "new", str(work), *given])

    assert code == 1
    assert "Tệp việc không đúng khuôn dạng" in capsys.readouterr().err
    assert not out.exists()


def test_opening_another_number_of_papers_than_voted_is_refused(world, tmp_path, secret, capsys):
    poll = counted_poll(world)
    teller = poll.ballot.tellers.select_related("user").first()
    (tmp_path / "khoa-1.json").write_text(
        belenios.lock_key(poll.seeds[0], PASSPHRASE, poll.ballot.uuid, 1)
    )

    assert teller_does("open", teller, poll.ballot, tmp_path, secret, "--ballots", "2") == 1
    assert "Hòm có 3 lá phiếu nhưng bạn ghi 2" in capsys.readouterr().err
    assert teller_does("open", teller, poll.ballot, tmp_path, secret, "--ballots", "3") == 0
    assert poll.ballot.tellers.exclude(partial="").count() == 1


@pytest.mark.parametrize(
    "content", [b"", b"rac", b"[]", b'{"step":"x","text":"y"}', b'{"step":"partial","text":1}']
)
def test_a_file_that_is_no_answer_changes_nothing(world, content):
    ballot = fresh_ballot(world)
    teller = ballot.tellers.select_related("user").first()

    sent = SimpleUploadedFile("x.json", content)
    post(teller.user, "keys_answer", ballot, answer=sent)

    assert not ballot.tellers.exclude(certificate="").exists()
