"""The public page: what a file is, in plain words, for anybody; nothing is stored."""

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.documents.corpus import add_page, changed, resaved
from tests.documents.rounds import paper, signing_in, stored_files
from tests.factories.world import NOON
from tests.movements.browser import words
from thidua.audit.models import Entry
from thidua.documents.models import SigningRound, StoredFile
from thidua.documents.queries import Match, _common_length, _identity_in_store, examine
from thidua.documents.services import accept_signed_pdf
from thidua.documents.signing.refusals import RefusalCode
from thidua.documents.storage import places

VERIFY = "/van-ban/kiem-tra/"


@pytest.fixture
def signing(world, files_dir):
    """Two of three heads have signed."""
    signing = signing_in(world)
    for position in (0, 1):
        accept_signed_pdf(
            signing=signing.round,
            pdf=signing.sign(position),
            actor=world.one.heads[position],
            at=NOON,
        )
    return signing


def drop(pdf, page=VERIFY):
    file = SimpleUploadedFile("van-ban.pdf", pdf, content_type="application/pdf")
    return Client().post(page, {"pdf": file})


def by_token(signing):
    return reverse("documents:verify_token", args=[signing.round.token])


def flipped(pdf, at=5000):
    data = bytearray(pdf)
    data[at] ^= 1
    return bytes(data)


def test_verify_is_open_to_anybody(db):
    answer = Client().get(VERIFY)

    assert answer.status_code == 200
    assert "không lưu lại trên máy chủ" in words(answer)


def test_verify_the_current_revision_names_the_paper_and_who_signed_when(signing):
    text = words(drop(signing.current()))

    assert "Đúng bản hiện hành, không sai một byte" in text
    assert "Giao ước thi đua năm 2026" in text
    assert "HỢP LỆ: văn bản có 2 chữ ký số" in text
    assert "2/3" in text
    assert "12:00, 02/03/2026" in text
    assert signing.round.content_fingerprint in text


def test_verify_an_earlier_revision_says_what_is_missing(signing):
    text = words(drop(paper(3)))

    assert "Đúng văn bản nhưng là bản cũ" in text
    assert "bản hiện hành là bản số 2" in text


def test_verify_a_signature_not_yet_handed_in_is_told_apart(signing):
    finding = examine(signing.sign(2), at=NOON)

    assert (finding.match, finding.report.valid) == (Match.EXTENDED, True)
    assert "chữ ký mà hệ thống chưa tiếp nhận" in words(drop(signing.sign(2)))


def test_T17_verify_a_copy_with_an_added_page_says_so(signing):
    text = words(drop(changed(signing.current(), add_page)))

    assert "Tệp đã bị thêm vào sau bản của hệ thống" in text
    assert "KHÔNG HỢP LỆ" in text
    assert "Đúng bản hiện hành" not in text


@pytest.mark.parametrize("at", [700, 5000, -200])
def test_T17_verify_a_copy_with_one_changed_byte_says_where(signing, at):
    current = signing.current()
    position = at % len(current)

    finding = examine(flipped(current, position), at=NOON)

    assert finding.match in {Match.ALTERED, Match.EXTENDED}
    assert not finding.report.valid
    if finding.match == Match.ALTERED:
        assert finding.differs_at == position + 1
        assert f"từ byte thứ {position + 1}" in words(drop(flipped(current, position)))


def test_T17_verify_a_copy_saved_again_is_recognised_as_altered(signing):
    finding = examine(resaved(signing.current()), at=NOON)

    assert (finding.match, finding.signing) == (Match.ALTERED, signing.round)
    assert "Tệp đã bị thay đổi so với văn bản gốc" in words(drop(resaved(signing.current())))


def test_T17_an_altered_copy_is_recognised_again_once_the_kept_file_can_be_read(signing):
    _identity_in_store.cache_clear()
    altered = resaved(signing.current())
    kept = places(signing.round.revisions.get(number=0).file.sha256)
    for path in kept:
        path.rename(path.with_suffix(".away"))
    examine(altered, at=NOON)
    for path in kept:
        path.with_suffix(".away").rename(path)

    assert examine(altered, at=NOON).match == Match.ALTERED


def test_T17_verify_a_copy_cut_short_is_recognised(signing):
    finding = examine(signing.current()[:-500], at=NOON)

    assert finding.match in {Match.ALTERED, Match.EXTENDED}
    assert not finding.report.valid


def test_verify_a_foreign_paper_says_it_is_not_ours(signing):
    text = words(drop(paper(2)))

    assert "Không phải văn bản do hệ thống này phát hành" in text
    assert "2/3" not in text


def test_T14_verify_of_what_is_no_pdf_says_so(signing):
    text = words(drop(b"<svg onload=alert(1)>"))

    assert "không phải là PDF" in text
    assert "onload" not in text


def test_T14_verify_without_a_file_asks_for_one(db):
    answer = Client().post(VERIFY)

    assert answer.status_code == 422
    assert "Hãy chọn tệp PDF cần kiểm tra." in words(answer)


def test_verify_stores_nothing(signing):
    before = stored_files(), StoredFile.objects.count(), Entry.objects.count()

    drop(signing.sign(2))
    drop(flipped(signing.current()))

    assert (stored_files(), StoredFile.objects.count(), Entry.objects.count()) == before


def test_T14_verify_takes_one_pdf_from_who_is_not_signed_in_and_no_more(db):
    over = settings.SIGNED_PDF_LIMIT + 65 * 1024

    refused = drop(b"%PDF-" + b"x" * over)

    assert refused.status_code == 413
    assert "frame-ancestors 'none'" in refused.headers["Content-Security-Policy"]
    assert drop(b"%PDF-" + b"x" * (70 * 1024)).status_code == 200


def test_verify_token_says_what_the_server_knows(signing):
    text = words(Client().get(by_token(signing)))

    assert "Giao ước thi đua năm 2026" in text
    assert "2/3" in text
    assert text.count("Đã ký</span>") == 2
    assert signing.round.content_fingerprint in text
    assert "dùng thử" in text


def test_verify_token_of_a_replaced_paper_says_so(signing):
    SigningRound.objects.update(is_closed=True)

    assert "Đã có phiên bản mới thay thế" in words(Client().get(by_token(signing)))


def test_verify_token_compares_a_file_with_its_paper(signing, world):
    other = signing_in_again(world)

    same = words(drop(signing.current(), by_token(signing)))
    different = words(drop(signing.current(), by_token(other)))

    assert "Đúng bản hiện hành" in same
    assert "không phải văn bản mang mã QR" not in same
    assert "Tệp này không phải văn bản mang mã QR bạn đã quét" in different


def signing_in_again(world):
    """A second paper of the year; the certificates are registered already."""
    from dataclasses import replace

    from tests.documents.papers import pact
    from tests.documents.rounds import Signing
    from thidua.documents.models import new_token
    from thidua.documents.rendering import pact_pdf
    from thidua.documents.services import open_signing_round
    from thidua.documents.signing.fields import add_signature_fields

    rendered = pact_pdf(replace(pact(3), title="Giao ước bổ sung"))
    opened = open_signing_round(
        year=world.one.year,
        title="Giao ước bổ sung năm 2026",
        token=new_token(),
        pdf=add_signature_fields(rendered.pdf, rendered.boxes),
        content_fingerprint="b" * 64,
        places=[],
        at=NOON,
        actor=world.one.lead_head,
    )
    return Signing(world.one, opened)


def test_verify_tells_two_papers_of_one_year_apart(signing, world):
    other = signing_in_again(world)

    for paper_of in (signing, other):
        assert examine(paper_of.current(), at=NOON).signing == paper_of.round
        assert examine(resaved(paper_of.current()), at=NOON).signing == paper_of.round


def test_verify_token_unknown_does_not_exist(db):
    assert Client().get(f"{VERIFY}khong-co/").status_code == 404


def test_T04_verify_when_the_kept_file_is_damaged_still_judges_the_signatures(signing):
    current = signing.current()
    for revision in signing.round.revisions.select_related("file"):
        for path in places(revision.file.sha256):
            path.write_bytes(b"hong")

    finding = examine(current, at=NOON)
    altered = examine(flipped(current), at=NOON)

    assert (finding.match, finding.report.valid) == (Match.CURRENT, True)
    assert altered.report.problem == RefusalCode.INVALID_SIGNATURE or not altered.report.valid


@pytest.mark.parametrize(
    ("one", "other", "length"),
    [
        (b"", b"", 0),
        (b"abc", b"abc", 3),
        (b"abc", b"abd", 2),
        (b"xbc", b"abc", 0),
        (b"ab", b"abc", 2),
    ],
)
def test_common_length(one, other, length):
    assert _common_length(one, other) == length
