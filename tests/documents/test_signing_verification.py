"""T17: what the verification page says of any PDF."""

import time
from datetime import timedelta

import pytest
from pyhanko.pdf_utils import generic

from tests.documents.corpus import (
    CHANGES,
    FOUNDED,
    NOON,
    Corpus,
    changed,
    encrypted,
    signed_with,
)
from tests.documents.papers import ranking
from thidua.documents.rendering import table_pdf
from thidua.documents.signing.authority import issue_crl
from thidua.documents.signing.refusals import RefusalCode
from thidua.documents.signing.trust import Revocation
from thidua.documents.signing.verification import (
    Change,
    Revision,
    RevocationPolicy,
    verify_document,
)


@pytest.fixture(scope="module")
def corpus():
    return Corpus()


def verify(corpus, pdf, **settings):
    given = {"trust_anchors": [corpus.authority.certificate], "crls": [corpus.crl], "at": NOON}
    return verify_document(pdf, **{**given, **settings})


def test_verify_tells_who_signed_and_that_nothing_changed(corpus):
    pdf = corpus.sign(corpus.first, corpus.heads[0])

    report = verify(corpus, pdf)

    assert report.valid
    assert report.revision == Revision.of(pdf)
    assert report.empty_fields == 2
    assert report.sentences == (
        "HỢP LỆ: văn bản có 1 chữ ký số, tất cả đều hợp lệ; từ chữ ký đầu tiên, nội dung không thay "
        "đổi.",
        "Chữ ký 1: Nguyễn Thị Hương Giang, Thanh tra tỉnh Bắc Ninh; ô ký “Thanh tra tỉnh Bắc Ninh”; "
        "giờ ký theo máy của người ký 12:00:00 ngày 05/02/2026.",
        "Hợp lệ; chứng thư không bị thu hồi.",
        "Sau chữ ký này văn bản không thay đổi.",
        "Chứng thư dùng thử, không có giá trị pháp lý.",
    )


def test_verify_unsigned_paper_is_not_valid(corpus):
    report = verify(corpus, table_pdf(ranking()))

    assert not report.valid
    assert report.summary == "Văn bản này chưa có chữ ký số nào."


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_T17_verify_change_after_a_signature_is_told(corpus, change):
    pdf = changed(corpus.sign(corpus.first, corpus.heads[0]), change)

    report = verify(corpus, pdf)

    assert not report.valid
    assert report.problem == RefusalCode.ADDED_CONTENT
    [signature] = report.signatures
    assert signature.intact
    assert signature.changed_after == Change.CONTENT
    assert "Sau chữ ký này nội dung văn bản đã bị thay đổi." in signature.sentences


def test_T17_verify_change_hidden_under_a_later_signature_is_told(corpus):
    one = signed_with(corpus.first, corpus.heads[0])
    pdf = signed_with(changed(one, CHANGES["written-on-page"]), corpus.heads[1])

    report = verify(corpus, pdf, at=corpus.heads[0].registered.valid_from + timedelta(days=360))

    assert not report.valid
    assert [one.changed_after for one in report.signatures] == [Change.CONTENT, Change.NOTHING]


def test_T17_verify_changed_byte_is_told(corpus):
    pdf = bytearray(corpus.sign(corpus.first, corpus.heads[0]))
    stream = pdf.index(b"stream", 2000) + 40
    pdf[stream] ^= 1

    report = verify(corpus, bytes(pdf))

    assert not report.valid
    assert report.problem == RefusalCode.INVALID_SIGNATURE


def test_T17_verify_unknown_revocation_is_not_valid_unless_allowed(corpus):
    pdf = corpus.sign(corpus.first, corpus.heads[0])

    strict = verify(corpus, pdf, crls=[])
    lenient = verify(corpus, pdf, crls=[], revocation=RevocationPolicy.ACCEPT_UNKNOWN)

    assert (strict.valid, strict.problem) == (False, RefusalCode.REVOCATION_UNKNOWN)
    assert lenient.valid
    assert lenient.signatures[0].revocation == Revocation.UNKNOWN
    assert "không rõ chứng thư có bị thu hồi hay không" in lenient.signatures[0].sentences[1]


def test_T17_verify_untrusted_is_not_valid(corpus):
    report = verify(corpus, corpus.sign(corpus.first, corpus.heads[0]), trust_anchors=[])

    assert (report.valid, report.problem) == (False, RefusalCode.UNTRUSTED)


def test_verify_judges_at_the_moment_of_reception(corpus):
    head = corpus.head(1, days=60)
    pdf = corpus.sign(corpus.first, head)
    later = FOUNDED + timedelta(days=200)

    now = verify(corpus, pdf, at=later)
    kept = verify(corpus, pdf, at=later, received_at={"don-vi-01": NOON})

    assert now.problem == RefusalCode.EXPIRED
    assert kept.valid


def test_verify_revocation_after_reception_does_not_undo_a_signature(corpus):
    head = corpus.heads[0]
    pdf = corpus.sign(corpus.first, head)
    crl = issue_crl(
        corpus.authority,
        at=NOON + timedelta(days=30),
        revoked={head.signer.serial: NOON + timedelta(days=20)},
    )
    later = NOON + timedelta(days=40)

    now = verify(corpus, pdf, crls=[crl], at=later)
    kept = verify(corpus, pdf, crls=[crl], at=later, received_at={"don-vi-01": NOON})

    assert now.problem == RefusalCode.REVOKED
    assert kept.valid


@pytest.mark.parametrize(
    ("make", "problem"),
    [
        (lambda corpus: b"xin chao", RefusalCode.NOT_A_PDF),
        (lambda corpus: b"%PDF-1.7 hong", RefusalCode.INVALID_SIGNATURE),
        (lambda corpus: encrypted(corpus.first), RefusalCode.ENCRYPTED),
        (lambda corpus: b"%PDF-" + bytes(20_000_001), RefusalCode.TOO_LARGE),
        (lambda corpus: corpus.first[:20_000], RefusalCode.INVALID_SIGNATURE),
    ],
)
def test_T17_verify_never_fails_on_a_bad_file(corpus, make, problem):
    report = verify(corpus, make(corpus))

    assert (report.valid, report.problem, report.signatures) == (False, problem, ())
    assert report.summary


def entangle(writer):
    """Forty small objects that can be walked through in a billion ways."""
    reference = writer.add_object(generic.DictionaryObject())
    for _ in range(40):
        reference = writer.add_object(generic.ArrayObject([reference, reference]))
    writer.root["/Names"] = reference
    writer.update_root()


def test_T14_verify_entangled_file_ends_quickly(corpus):
    pdf = changed(corpus.first, entangle)
    for head in corpus.heads[:2]:
        pdf = corpus.sign(pdf, head)
    began = time.process_time()

    report = verify(corpus, pdf)

    assert (report.valid, report.problem) == (False, RefusalCode.INVALID_SIGNATURE)
    assert time.process_time() - began < 2


def test_verify_thirty_four_signatures(corpus):
    large = Corpus(members=34)
    pdf = large.first
    for head in large.heads:
        pdf = large.sign(pdf, head)

    report = verify(large, pdf)

    assert report.valid
    assert len(report.signatures) == 34
