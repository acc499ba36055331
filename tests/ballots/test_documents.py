"""Minutes and papers, opened by an independent program."""

import io
import re
import subprocess

import pytest
from pypdf import PdfReader

from tests.ballots.polls import counted_poll, set_up
from tests.factories.world import NOON
from thidua.ballots import services
from thidua.ballots.archives import archive_sha256
from thidua.ballots.documents import ballot_paper_pdf, minutes_of, minutes_pdf
from thidua.ballots.models import Ballot, Question

pytestmark = pytest.mark.django_db


def said(pdf: bytes) -> str:
    found = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True
    )
    return re.sub(r"\s+", " ", found.stdout.decode())


def test_minutes_hold_composition_counts_base_and_fingerprints(world):
    poll = counted_poll(world)
    poll.tally(1, 3)

    words = said(minutes_pdf(poll.ballot))

    for part in (
        "BIÊN BẢN KIỂM PHIẾU",
        "Tổng số thành viên: 3; trong danh sách bỏ phiếu: 3; có mặt khi mở: 3 (phải có từ 2/3)",
        "không tham gia mở phiếu: Trưởng Bình",
        "Cộng 3 3 2 1 0",
        "1 An 2 66,67 % Đạt",
        "2 Bình 0 0",
        archive_sha256(poll.ballot),
        poll.ballot.script_sha256,
    ):
        assert part in words, part


def test_minutes_are_the_same_bytes_each_time(world):
    poll = counted_poll(world)
    poll.tally(1, 3)

    assert minutes_pdf(poll.ballot) == minutes_pdf(poll.ballot)


def test_T06_minutes_of_a_withheld_total_have_no_number_of_it(world):
    poll = counted_poll(world, reveal=Question.Reveal.PASSED)
    poll.tally(1, 3)

    section = next(one for one in minutes_of(poll.ballot).sections if "Kết quả" in one.title)

    assert len(section.panels) == 1
    assert [row.cells for row in section.panels[0].rows] == [
        ("1", "An", "Đạt"),
        ("2", "Bình", "Không đạt"),
    ]
    assert section.notes == ()


def test_minutes_name_substitutes_absentees_and_who_withdrew(world):
    ballot = set_up(world, names=("An", "Bình", "Cảnh"))
    elector = ballot.electors.get(user=world.one.heads[1])
    services.substitute_elector(
        elector=elector,
        user=world.one.officers[1],
        post="Phó",
        mandate="01/GUQ",
        actor=world.one.lead_officer,
        at=NOON,
    )
    services.withdraw_candidate(
        candidate=ballot.questions.get().candidates.get(name="Cảnh"),
        reason="Nhường bạn",
        actor=world.one.lead_officer,
        at=NOON,
    )
    services.freeze_ballot(
        ballot=ballot, script_sha256="0" * 64, actor=world.one.lead_officer, at=NOON
    )
    present = {one.pk for one in ballot.electors.all()[:2]}
    services.call_roll(ballot=ballot, present=present, actor=world.one.lead_officer, at=NOON)
    services.open_ballot(ballot=ballot, actor=world.one.lead_head, at=NOON)
    services.close_ballot(ballot=ballot, actor=world.one.lead_head, at=NOON)

    words = said(minutes_pdf(Ballot.objects.get(pk=ballot.pk)))

    assert "bỏ phiếu thay theo 01/GUQ" in words
    assert "Vắng mặt: Trưởng Cường" in words
    assert "Cảnh xin rút: Nhường bạn" in words
    assert "mọi phiếu là phiếu giấy" in words


def test_papers_are_all_alike_two_to_a_page(world):
    ballot = set_up(world)
    pages = PdfReader(io.BytesIO(ballot_paper_pdf(ballot))).pages

    texts = [page.extract_text() for page in pages]

    assert sum(one.count("PHIẾU BẦU") for one in texts) == 5
    assert len(set(texts[:2])) == 1
    assert "BẢN THỬ" in texts[0]


def test_papers_of_a_frozen_list_are_no_trial(world):
    ballot = set_up(world)
    services.freeze_ballot(ballot=ballot, script_sha256="", actor=world.one.lead_officer, at=NOON)

    assert "BẢN THỬ" not in said(ballot_paper_pdf(Ballot.objects.get(pk=ballot.pk)))


def test_a_long_list_fills_pages_of_its_own(world):
    names = tuple(f"Thanh tra tỉnh {number}" for number in range(34))
    ballot = set_up(world, names=names)

    pages = PdfReader(io.BytesIO(ballot_paper_pdf(ballot))).pages

    assert sum("PHIẾU BẦU" in page.extract_text() for page in pages) == 5
    assert "Thanh tra tỉnh 33" in "".join(page.extract_text() for page in pages)


def test_minutes_of_an_annulled_ballot_give_the_reason_and_no_count(world):
    poll = counted_poll(world)
    poll.tally(1)
    services.annul_ballot(
        ballot=poll.ballot, reason="Hai người mất tệp khóa", actor=world.one.lead_head, at=NOON
    )

    words = said(minutes_pdf(poll.fresh()))

    assert "Lý do: Hai người mất tệp khóa." in words
    assert "không kết quả nào được tính" in words
    assert "Kết quả:" not in words
