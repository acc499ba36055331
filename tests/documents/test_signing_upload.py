"""T17: what an upload may add to a paper, and the exact reason for every refusal."""

import random
import shutil
import subprocess
import time
import tracemalloc
import zlib
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter

from tests.documents.corpus import (
    CHANGES,
    FOUNDED,
    NOON,
    Corpus,
    changed,
    encrypted,
    resaved,
    signed_with,
    without_last_revisions,
)
from tests.documents.papers import ranking
from thidua.documents.rendering import table_pdf
from thidua.documents.signing.authority import create_authority, issue_crl
from thidua.documents.signing.refusals import RefusalCode, UploadRefused
from thidua.documents.signing.trust import Revocation
from thidua.documents.signing.verification import (
    Change,
    Revision,
    RevocationPolicy,
    verify_document,
)


@pytest.fixture(scope="session")
def corpus():
    return Corpus()


@pytest.fixture(scope="session")
def nine():
    """Nine members, one revision per signature, the first without any."""
    corpus = Corpus(members=9)
    revisions = [corpus.first]
    for head in corpus.heads:
        revisions.append(corpus.sign(revisions[-1], head))
    return corpus, revisions


def refusal(call):
    with pytest.raises(UploadRefused) as caught:
        call()
    return caught.value.code, str(caught.value)


def test_T17_good_signature_is_taken_with_its_facts(corpus):
    head = corpus.heads[1]
    uploaded = corpus.sign(corpus.first, head)

    [new] = corpus.check(corpus.first, uploaded)

    assert (new.key, new.field_name, new.organisation) == (
        "head-2",
        "don-vi-02",
        "Thanh tra tỉnh Hưng Yên",
    )
    assert new.signer.der == head.signer.certificate
    assert new.claimed_at == NOON
    assert new.revocation == Revocation.GOOD
    assert new.revision == Revision.of(uploaded)
    assert new.chain == (head.signer.certificate, corpus.authority.certificate)


def test_T17_two_signatures_at_once_are_both_taken(corpus):
    one = corpus.sign(corpus.first, corpus.heads[0])
    two = corpus.sign(one, corpus.heads[2])

    new = corpus.check(corpus.first, two)

    assert [(found.key, found.revision) for found in new] == [
        ("head-1", Revision.of(one)),
        ("head-3", Revision.of(two)),
    ]


def test_T17_signature_of_another_program_is_taken(corpus):
    uploaded = signed_with(
        corpus.first, corpus.heads[0], subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED
    )

    assert [new.key for new in corpus.check(corpus.first, uploaded)] == ["head-1"]


def test_T17_each_of_nine_uploads_is_taken(nine):
    corpus, revisions = nine

    taken = [corpus.check(before, after)[0].field_name for before, after in pairwise(revisions)]

    assert taken == [f"don-vi-{position:02d}" for position in range(1, 10)]


def test_T17_same_file_has_nothing_new(corpus):
    code, sentence = refusal(lambda: corpus.check(corpus.first, corpus.first))

    assert code == RefusalCode.SAME_AS_CURRENT
    assert "chưa có chữ ký nào mới" in sentence


def test_T17_older_copy_has_nothing_new(corpus):
    current = corpus.sign(corpus.first, corpus.heads[0])

    code, sentence = refusal(
        lambda: corpus.check(current, corpus.first, earlier=[Revision.of(corpus.first)])
    )

    assert code == RefusalCode.SAME_AS_CURRENT
    assert "bản cũ" in sentence


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 docx", b"%PD", b"<html>"])
def test_T17_not_a_pdf_is_refused(corpus, data):
    assert refusal(lambda: corpus.check(corpus.first, data))[0] == RefusalCode.NOT_A_PDF


def test_T17_other_paper_is_refused(corpus):
    other = table_pdf(ranking())

    assert refusal(lambda: corpus.check(corpus.first, other))[0] == RefusalCode.OTHER_DOCUMENT


def test_T17_signed_other_pact_is_refused(corpus):
    other = Corpus(members=2)
    uploaded = corpus.sign(other.first, corpus.heads[0])

    code, _ = refusal(lambda: corpus.check(corpus.first, uploaded))

    assert code in {RefusalCode.OTHER_DOCUMENT, RefusalCode.ALTERED}


@pytest.mark.parametrize("place", [0.1, 0.5, 0.9])
def test_T17_changed_byte_is_refused(corpus, place):
    uploaded = bytearray(corpus.sign(corpus.first, corpus.heads[0]))
    uploaded[int(len(corpus.first) * place)] ^= 1

    code, sentence = refusal(lambda: corpus.check(corpus.first, bytes(uploaded)))

    assert code == RefusalCode.ALTERED
    assert "đã bị thay đổi" in sentence


def test_T17_resaved_file_is_refused(corpus):
    uploaded = corpus.sign(resaved(corpus.first), corpus.heads[0])

    assert refusal(lambda: corpus.check(corpus.first, uploaded))[0] == RefusalCode.ALTERED


def test_T17_second_of_two_heads_is_told_to_take_the_new_revision(corpus):
    current = corpus.sign(corpus.first, corpus.heads[0])
    late = corpus.sign(corpus.first, corpus.heads[1])

    code, sentence = refusal(
        lambda: corpus.check(current, late, earlier=[Revision.of(corpus.first)])
    )

    assert code == RefusalCode.STALE_REVISION
    assert "ký trước" in sentence
    assert "tải bản mới nhất và ký lại" in sentence


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
@pytest.mark.parametrize("moment", ["before", "within", "after"])
def test_T17_anything_but_a_signature_is_refused(corpus, change, moment):
    head = corpus.heads[0]
    uploaded = {
        "before": lambda: signed_with(changed(corpus.first, change), head),
        "within": lambda: signed_with(corpus.first, head, change),
        "after": lambda: changed(signed_with(corpus.first, head), change),
    }[moment]()

    code, sentence = refusal(lambda: corpus.check(corpus.first, uploaded))

    assert (code, "Hãy tải bản mới nhất" in sentence) == (RefusalCode.ADDED_CONTENT, True)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_T17_change_with_a_later_signature_is_refused(corpus, change):
    current = corpus.sign(corpus.first, corpus.heads[0])
    uploaded = signed_with(changed(current, change), corpus.heads[1])

    code, _ = refusal(lambda: corpus.check(current, uploaded))

    assert code == RefusalCode.ADDED_CONTENT


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_T17_change_without_signature_is_refused(corpus, change):
    uploaded = changed(corpus.first, change)

    assert refusal(lambda: corpus.check(corpus.first, uploaded))[0] == RefusalCode.ADDED_CONTENT


@pytest.mark.parametrize("tail", [b"%", b"\n% note\n", b"\n", b"1 0 obj\n<<>>\nendobj\n%%EOF"])
def test_T17_bytes_after_the_last_signature_are_refused(corpus, tail):
    uploaded = corpus.sign(corpus.first, corpus.heads[0]) + tail

    code, _ = refusal(lambda: corpus.check(corpus.first, uploaded))

    assert code in {RefusalCode.ADDED_CONTENT, RefusalCode.INVALID_SIGNATURE}


def test_T17_revision_that_leads_past_the_current_one_is_refused(corpus):
    current = corpus.sign(corpus.first, corpus.heads[0])
    uploaded = signed_with(without_last_revisions(current, corpus.first), corpus.heads[1])

    code, _ = refusal(lambda: corpus.check(current, uploaded))

    assert code == RefusalCode.ADDED_CONTENT


def test_T17_broken_signature_value_is_refused(corpus):
    uploaded = bytearray(corpus.sign(corpus.first, corpus.heads[0]))
    start = uploaded.index(b"<30", len(corpus.first)) + 1
    size = int(uploaded[start + 4 : start + 8], 16) + 4
    # The signature itself is the last thing in its container.
    place = start + 2 * size - 10
    uploaded[place] = ord("0") if uploaded[place] != ord("0") else ord("1")

    code, _ = refusal(lambda: corpus.check(corpus.first, bytes(uploaded)))

    assert code == RefusalCode.INVALID_SIGNATURE


def test_T17_changed_byte_in_the_new_revision_is_refused(corpus):
    uploaded = bytearray(corpus.sign(corpus.first, corpus.heads[0]))
    start = uploaded.index(b"/M ", len(corpus.first))
    uploaded[start + 10] ^= 1

    code, sentence = refusal(lambda: corpus.check(corpus.first, bytes(uploaded)))

    assert code == RefusalCode.INVALID_SIGNATURE
    assert "không khớp" in sentence


def test_T17_stranger_is_refused(corpus):
    stranger = corpus.head(2)
    uploaded = corpus.sign(corpus.first, stranger)

    code, sentence = refusal(lambda: corpus.check(corpus.first, uploaded))

    assert code == RefusalCode.UNREGISTERED_SIGNER
    assert "chưa được đăng ký" in sentence


def test_T17_lapsed_registration_is_refused(corpus):
    head = corpus.heads[0]
    lapsed = replace(head, registered=replace(head.registered, valid_to=NOON - timedelta(days=1)))
    uploaded = corpus.sign(corpus.first, head)

    code, sentence = refusal(lambda: corpus.check(corpus.first, uploaded, (lapsed,)))

    assert code == RefusalCode.UNREGISTERED_SIGNER
    assert "đã hết hiệu lực" in sentence


def test_T17_untrusted_authority_is_refused_even_when_registered(corpus):
    foreign = create_authority(name="CA lạ", at=FOUNDED)
    head = corpus.head(1, authority=foreign)
    uploaded = corpus.sign(corpus.first, head)
    crls = [corpus.crl, issue_crl(foreign, at=FOUNDED)]

    code, sentence = refusal(lambda: corpus.check(corpus.first, uploaded, (head,), crls=crls))

    assert code == RefusalCode.UNTRUSTED
    assert "CA lạ" in sentence


def test_T17_expired_certificate_is_refused(corpus):
    head = corpus.head(1, days=10)
    uploaded = corpus.sign(corpus.first, head, at=FOUNDED + timedelta(days=5))

    code, sentence = refusal(lambda: corpus.check(corpus.first, uploaded, (head,)))

    assert code == RefusalCode.EXPIRED
    assert "hết hạn ngày 10/01/2026" in sentence


def test_T17_certificate_not_yet_valid_is_refused(corpus):
    head = corpus.head(1, at=NOON + timedelta(days=2))
    uploaded = corpus.sign(corpus.first, head)

    assert refusal(lambda: corpus.check(corpus.first, uploaded, (head,)))[0] == (
        RefusalCode.NOT_YET_VALID
    )


def test_T17_revoked_certificate_is_refused(corpus):
    head = corpus.heads[0]
    crl = issue_crl(
        corpus.authority, at=FOUNDED, revoked={head.signer.serial: NOON - timedelta(days=3)}
    )
    uploaded = corpus.sign(corpus.first, head)

    code, sentence = refusal(lambda: corpus.check(corpus.first, uploaded, crls=[crl]))

    assert code == RefusalCode.REVOKED
    assert "thu hồi ngày 02/02/2026" in sentence


@pytest.mark.parametrize("days", [None, 10])
def test_T17_missing_or_stale_revocation_data_is_not_valid(corpus, days):
    uploaded = corpus.sign(corpus.first, corpus.heads[0])
    crls = [] if days is None else [issue_crl(corpus.authority, at=FOUNDED, days=days)]

    code, _ = refusal(lambda: corpus.check(corpus.first, uploaded, crls=crls))
    [accepted] = corpus.check(
        corpus.first, uploaded, crls=crls, revocation=RevocationPolicy.ACCEPT_UNKNOWN
    )

    assert code == RefusalCode.REVOCATION_UNKNOWN
    assert accepted.revocation == Revocation.UNKNOWN


def test_T17_second_signature_of_one_head_is_refused(corpus):
    head = corpus.heads[0]
    current = corpus.sign(corpus.first, head)
    signed = replace(head, registered=replace(head.registered, has_signed=True))
    uploaded = corpus.sign(current, head, field="don-vi-02")

    code, sentence = refusal(lambda: corpus.check(current, uploaded, (signed,)))

    assert code == RefusalCode.ALREADY_SIGNED
    assert "chỉ ký một lần" in sentence


def test_T17_two_new_signatures_of_one_head_are_refused(corpus):
    head = corpus.heads[0]
    uploaded = corpus.sign(corpus.sign(corpus.first, head), head, field="don-vi-02")

    assert refusal(lambda: corpus.check(corpus.first, uploaded))[0] == RefusalCode.ALREADY_SIGNED


def test_T17_box_of_another_head_is_refused(corpus):
    uploaded = corpus.sign(corpus.first, corpus.heads[0], field="don-vi-02")

    code, sentence = refusal(lambda: corpus.check(corpus.first, uploaded))

    assert code == RefusalCode.WRONG_FIELD
    assert "Thanh tra tỉnh Hưng Yên" in sentence


@pytest.mark.parametrize("box", [None, (10, 10, 200, 100)])
def test_T17_field_made_by_the_signing_program_is_refused(corpus, box):
    uploaded = signed_with(
        corpus.first, corpus.heads[0], new_field=SigFieldSpec("Signature1", box=box)
    )

    code, sentence = refusal(lambda: corpus.check(corpus.first, uploaded))

    assert code == RefusalCode.WRONG_FIELD
    assert "ô đã chuẩn bị sẵn" in sentence


def test_T17_signature_that_locks_the_paper_is_refused(corpus):
    uploaded = signed_with(corpus.first, corpus.heads[0], certify=True)

    code, _ = refusal(lambda: corpus.check(corpus.first, uploaded))

    assert code == RefusalCode.LOCKS_DOCUMENT


def test_T17_weak_digest_is_refused(corpus):
    uploaded = signed_with(corpus.first, corpus.heads[0], md_algorithm="sha1")

    with pytest.raises(UploadRefused):
        corpus.check(corpus.first, uploaded)


def test_T17_encrypted_file_is_refused(corpus):
    code, sentence = refusal(lambda: corpus.check(corpus.first, encrypted(corpus.first)))

    assert code == RefusalCode.ENCRYPTED
    assert "mật khẩu" in sentence


@pytest.mark.parametrize("share", [0.01, 0.3, 0.7, 0.99])
def test_T17_truncated_upload_is_refused(corpus, share):
    uploaded = corpus.sign(corpus.first, corpus.heads[0])

    with pytest.raises(UploadRefused):
        corpus.check(corpus.first, uploaded[: int(len(uploaded) * share)])


def test_T14_too_large_file_is_refused_before_it_is_read(corpus):
    code, sentence = refusal(lambda: corpus.check(corpus.first, b"%PDF-" + bytes(21_000_000)))

    assert code == RefusalCode.TOO_LARGE
    assert "21,0 MB" in sentence


def test_T17_random_damage_never_passes_and_never_crashes(corpus):
    good = corpus.sign(corpus.first, corpus.heads[0])
    dice = random.Random(17)

    for _ in range(150):
        bad = bytearray(good)
        for _ in range(dice.choice((1, 3, 20))):
            bad[dice.randrange(len(corpus.first), len(bad))] = dice.randrange(256)
        if bytes(bad) == good:
            continue
        try:
            corpus.check(corpus.first, bytes(bad))
        except UploadRefused:
            continue
        # Only the value's own padding may differ without harm.
        assert _differs_in_padding_only(good, bytes(bad))


def _differs_in_padding_only(good, bad):
    start = good.rindex(b"/Contents")
    end = good.index(b">", start + 12)
    changed_at = [index for index, byte in enumerate(good) if byte != bad[index]]
    return all(start < index < end for index in changed_at)


NESTED = b"[" * 200_000 + b"]" * 200_000
HOSTILE = {
    "deep-trailer": lambda at: b"\nxref\n0 0\ntrailer\n" + NESTED + _end(at),
    "deep-object": lambda at: b"\n900 0 obj\n" + NESTED + b"\nendobj" + _end(at),
    "endless-xref": lambda at: _xref_stream(at, b"/W[0 0 0]/Index[0 1000000000]", b""),
    "lying-size": lambda at: _xref_stream(at, b"/W[1 2 1]/Index[0 2000000000]", bytes(40)),
    "bomb": lambda at: _xref_stream(
        at, b"/W[1 2 1]/Index[0 50000000]/Filter/FlateDecode", zlib.compress(bytes(200_000_000), 9)
    ),
    "crowd": lambda at: _xref_stream(
        at, b"/W[1 2 1]/Index[0 4000000]/Filter/FlateDecode", zlib.compress(bytes(15_900_000), 9)
    ),
    "loop": lambda at: (
        b"\nxref\n0 0\ntrailer\n<</Size 1/Root 1 0 R/Prev %d>>" % (at + 1) + _end(at)
    ),
    "lines": lambda at: b"\nxref\n0 900000\n" + b"0000000009 00000 n \n" * 900_000 + _end(at),
}


def _end(at):
    return b"\nstartxref\n%d\n%%%%EOF" % (at + 1)


def _xref_stream(start, keys, data):
    return (
        b"\n900 0 obj\n<</Type/XRef/Root 1 0 R/Size 901%b/Length %d>>\nstream\n%b\nendstream\nendobj"
        % (keys, len(data), data)
    ) + _end(start)


@pytest.mark.parametrize("ending", HOSTILE.values(), ids=HOSTILE.keys())
def test_T14_hostile_ending_is_refused_quickly_and_in_little_memory(corpus, ending):
    uploaded = corpus.first + ending(len(corpus.first))
    tracemalloc.start()
    began = time.process_time()

    with pytest.raises(UploadRefused):
        corpus.check(corpus.first, uploaded)
    took, (_, peak) = time.process_time() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert took < 2
    assert peak < 200_000_000


def test_T17_nine_signatures_are_valid_for_poppler_and_nothing_else_changed(nine, tmp_path):
    corpus, revisions = nine
    path = tmp_path / "pact.pdf"
    path.write_bytes(revisions[-1])

    report = verify_document(
        revisions[-1], trust_anchors=[corpus.authority.certificate], crls=[corpus.crl], at=NOON
    )

    assert report.valid
    assert report.empty_fields == 0
    assert [found.changed_after for found in report.signatures] == [Change.SIGNATURES] * 8 + [
        Change.NOTHING
    ]
    if shutil.which("pdfsig") is None:
        pytest.skip("pdfsig is missing: apt-get install poppler-utils")
    told = subprocess.run(
        ["pdfsig", "-nocert", str(path)], capture_output=True, text=True, check=False
    ).stdout
    assert told.count("Signature is Valid.") == 9
    assert told.count("Not total document signed") == 8
    assert told.split("Signature #9")[1].count("Total document signed") == 1
