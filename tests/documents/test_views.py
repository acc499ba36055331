"""The signing board in the browser: who sees what, what is downloaded, what an upload answers."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.documents.corpus import add_page, changed
from tests.documents.rounds import signing_in, stored_files
from tests.factories.world import NOON, make_organisation
from tests.movements.browser import Browser, words
from thidua.audit.models import Action, Entry
from thidua.documents import storage
from thidua.documents.downloads import plain_name
from thidua.documents.models import Signature, SignerCertificate, SigningPlace, SigningRound
from thidua.documents.queries import current_revision
from thidua.documents.services import accept_signed_pdf


@pytest.fixture
def signing(world, files_dir):
    return signing_in(world)


def address(name, signing):
    return reverse(f"documents:{name}", args=[signing.world.year.pk, signing.round.pk])


def upload(browser, signing, pdf, name="ky.pdf"):
    file = SimpleUploadedFile(name, pdf, content_type="application/pdf")
    return browser.client.post(address("signing_upload", signing), {"pdf": file})


def test_signing_shows_who_has_signed_and_who_has_not(signing, world):
    accept_signed_pdf(signing=signing.round, pdf=signing.sign(0), actor=world.one.heads[0], at=NOON)

    text = Browser(world.superior).text(address("signing", signing))

    assert "1/3" in text
    assert text.count("Chưa ký</span>") == 2
    assert "12:00, 02/03/2026" in text
    assert "Chứng thư dùng thử" in text


@pytest.mark.parametrize(
    ("who", "said"),
    [("heads", "Đang chờ chữ ký của bạn"), ("officers", "Đang chờ chữ ký của thủ trưởng")],
)
def test_signing_says_whose_turn_it_is(signing, world, who, said):
    text = Browser(getattr(world.one, who)[1]).text(address("signing", signing))

    assert said in text
    assert address("signing_upload", signing) in text
    assert "thidua sign giao-uoc-thi-dua-nam-2026-ban-0.pdf --pkcs12" in text


def test_signing_offers_no_upload_to_who_only_reads(signing, world):
    for reader in (world.superior, world.administrator, world.one.appraiser):
        assert address("signing_upload", signing) not in Browser(reader).text(
            address("signing", signing)
        )


def test_signing_warns_the_member_without_a_certificate(signing, world):
    SignerCertificate.objects.update(withdrawn_at=NOON)

    text = Browser(world.one.heads[1]).text(address("signing", signing))

    assert "chưa có chứng thư số còn hiệu lực" in text


def test_signing_of_a_closed_round_takes_no_more(signing, world):
    SigningRound.objects.update(is_closed=True)
    browser = Browser(world.one.heads[1])

    assert "đã ngừng nhận chữ ký" in browser.text(address("signing", signing))
    answer = upload(browser, signing, signing.sign(1))
    assert answer.status_code == 422
    assert "đã ngừng nhận chữ ký" in words(answer)


def test_signing_of_another_cluster_does_not_exist(signing, world):
    signed = signing.sign(0)
    for other in (world.two.lead_head, world.stranger):
        browser = Browser(other)
        assert browser.get(address("signing", signing)).status_code == 404
        assert browser.get(address("signing_download", signing)).status_code == 404
        assert upload(browser, signing, signed).status_code == 404
    other_year = reverse("documents:signing", args=[world.two.year.pk, signing.round.pk])
    assert Browser(world.two.lead_head).get(other_year).status_code == 404


def test_signing_download_is_an_attachment_that_no_browser_runs(signing, world):
    answer = Browser(world.one.heads[0]).get(address("signing_download", signing))

    assert answer.content == signing.current()
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == (
        'attachment; filename="giao-uoc-thi-dua-nam-2026-ban-0.pdf"'
    )
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == (
        "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'"
    )


def test_T04_signing_download_of_a_damaged_file_says_so(signing, world):
    for path in storage.places(current_revision(signing.round).file.sha256):
        path.write_bytes(b"x" * 100)
    browser = Browser(world.one.heads[0])

    answer = browser.get(address("signing_download", signing))

    assert "không còn khớp mã băm" in browser.said(answer)[0]


def test_signing_upload_is_acknowledged_with_name_and_count(signing, world):
    browser = Browser(world.one.heads[1])

    answer = upload(browser, signing, signing.sign(1))

    assert browser.said(answer) == [
        "Đã tiếp nhận chữ ký hợp lệ của Thanh tra tỉnh Bình. Đã ký 1/3."
    ]


def test_R11_signing_upload_sent_twice_is_one_signature(signing, world):
    browser, signed = Browser(world.one.heads[1]), signing.sign(1)

    answers = [upload(browser, signing, signed) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Signature.objects.count() == 1


def test_T17_signing_upload_refused_shows_the_reason_and_keeps_it_in_the_journal(signing, world):
    browser, kept = Browser(world.one.heads[0]), stored_files()

    answer = upload(browser, signing, changed(signing.sign(0), add_page))

    assert answer.status_code == 422
    assert "phần được thêm vào sau chữ ký cuối cùng" in words(answer)
    assert Entry.objects.filter(action=Action.SIGNATURE_REFUSED).count() == 1
    assert stored_files() == kept
    assert "Lý do:" in browser.text(address("signing", signing))


def test_signing_upload_without_a_file_says_what_to_do(signing, world):
    answer = Browser(world.one.heads[0]).client.post(address("signing_upload", signing))

    assert answer.status_code == 422
    assert "Hãy chọn tệp PDF đã ký." in words(answer)


def test_T14_signing_upload_of_an_empty_file_is_refused(signing, world):
    answer = upload(Browser(world.one.heads[0]), signing, b"")

    assert answer.status_code == 422
    assert "không phải là PDF" in words(answer)


def test_signing_upload_by_who_only_reads_is_forbidden(signing, world):
    signed = signing.sign(0)

    for reader in (world.superior, world.administrator, world.one.appraiser):
        assert upload(Browser(reader), signing, signed).status_code == 403

    assert not Signature.objects.exists()


def test_signing_asks_as_many_queries_for_six_places_as_for_three(signing, world):
    browser, page = Browser(world.superior), address("signing", signing)
    few = browser.queries(page)

    for order, name in enumerate(["Dũng", "Giang", "Hà"], start=4):
        SigningPlace.objects.create(
            round=signing.round,
            organisation=make_organisation(name),
            order=order,
            field_name=f"don-vi-0{order}",
            post="Chánh Thanh tra",
            signer_name=name,
        )

    assert browser.queries(page) == few


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Giao ước thi đua năm 2026 (phiên bản 1)", "giao-uoc-thi-dua-nam-2026-phien-ban-1"),
        ("Đ/đ: “x”", "dd-x"),
        ("…", "van-ban"),
    ],
)
def test_plain_name_is_one_word_of_plain_letters(title, name):
    assert plain_name(title) == name
