"""`thidua sign` and the parts it stands on: key store, certificate, choice of the box."""

import json
from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.documents.corpus import FOUNDED, NOON, PASSPHRASE, VIETNAM, Corpus, encrypted
from thidua.documents.signing.certificates import certificate_facts, read_certificate
from thidua.documents.signing.command import sign_command
from thidua.documents.signing.fields import SignatureField, open_fields
from thidua.documents.signing.signer import choose_field
from thidua.rules.errors import RuleError


@pytest.fixture(scope="module")
def corpus():
    return Corpus()


@pytest.fixture
def desk(corpus, tmp_path, monkeypatch):
    """The signer's machine: the paper, the key, and the passphrase in the environment."""
    monkeypatch.setenv("THIDUA_PASSPHRASE", PASSPHRASE.decode())
    (tmp_path / "giao-uoc.pdf").write_bytes(corpus.first)
    (tmp_path / "khoa.p12").write_bytes(corpus.heads[1].signer.pkcs12)
    return tmp_path


def sign(desk, *more):
    return sign_command([str(desk / "giao-uoc.pdf"), "--pkcs12", str(desk / "khoa.p12"), *more])


def test_sign_writes_a_file_that_the_server_takes(corpus, desk, capsys):
    code = sign(desk)

    signed = (desk / "giao-uoc-da-ky.pdf").read_bytes()
    [new] = corpus.check(corpus.first, signed, at=NOON)
    told = capsys.readouterr().out
    assert code == 0
    assert new.field_name == "don-vi-02"
    assert "Đã ký vào ô “Thanh tra tỉnh Hưng Yên” bằng chứng thư của Trần Văn Quyết." in told
    assert "chứng thư dùng thử" in told
    assert "tải tệp này lên hệ thống" in told


def test_sign_with_revocation_list_needs_none_from_the_server(corpus, desk):
    (desk / "thu-hoi.crl").write_bytes(corpus.crl)

    sign(desk, "--crl", str(desk / "thu-hoi.crl"))

    signed = (desk / "giao-uoc-da-ky.pdf").read_bytes()
    assert [new.key for new in corpus.check(corpus.first, signed, crls=[])] == ["head-2"]


def test_sign_tells_machines_in_json(desk, capsys):
    code = sign(desk, "--json", "--out", str(desk / "ra.pdf"), "--reason", "Ký giao ước")

    told = json.loads(capsys.readouterr().out)
    assert code == 0
    assert (told["ok"], told["field"], told["signer"], told["demo"]) == (
        True,
        "don-vi-02",
        "Trần Văn Quyết",
        True,
    )


def test_sign_with_wrong_passphrase_is_refused(desk, monkeypatch, capsys):
    monkeypatch.setenv("THIDUA_PASSPHRASE", "sai")

    code = sign(desk)

    assert code == 1
    assert "mật khẩu không đúng" in capsys.readouterr().err
    assert not (desk / "giao-uoc-da-ky.pdf").exists()


def test_sign_reads_the_passphrase_from_a_file(desk, monkeypatch):
    monkeypatch.delenv("THIDUA_PASSPHRASE")
    (desk / "mat-khau.txt").write_bytes(PASSPHRASE + b"\r\n")

    assert sign(desk, "--passphrase-file", str(desk / "mat-khau.txt")) == 0


@pytest.mark.parametrize(
    ("prepare", "arguments", "sentence"),
    [
        (lambda desk, corpus: (desk / "giao-uoc.pdf").write_bytes(b"x"), [], "không phải PDF"),
        (lambda desk, corpus: (desk / "giao-uoc.pdf").write_bytes(b"%PDF-1.7"), [], "bị hỏng"),
        (
            lambda desk, corpus: (desk / "giao-uoc.pdf").write_bytes(encrypted(corpus.first)),
            [],
            "đặt mật khẩu",
        ),
        (lambda desk, corpus: (desk / "giao-uoc.pdf").unlink(), [], "Không đọc được tệp văn bản"),
        (lambda desk, corpus: (desk / "khoa.p12").write_bytes(b"x"), [], "không phải PKCS#12"),
        (lambda desk, corpus: None, ["--field", "la"], "không có ô ký “la”"),
        (
            lambda desk, corpus: (desk / "giao-uoc.pdf").write_bytes(
                corpus.sign(corpus.first, corpus.heads[1])
            ),
            ["--field", "don-vi-02"],
            "đã có chữ ký",
        ),
        (
            lambda desk, corpus: (desk / "giao-uoc-da-ky.pdf").write_bytes(b""),
            [],
            "thêm --overwrite",
        ),
    ],
)
def test_sign_refuses_with_a_reason(corpus, desk, capsys, prepare, arguments, sentence):
    prepare(desk, corpus)

    code = sign(desk, *arguments)

    assert code == 1
    assert sentence in capsys.readouterr().err


def test_sign_without_arguments_shows_usage(capsys):
    assert sign_command([]) == 2


def test_choose_field_asks_when_no_label_fits(corpus):
    stranger = certificate_facts(corpus.authority.certificate)

    with pytest.raises(RuleError, match=r"--field.*don-vi-01 \(Thanh tra tỉnh Bắc Ninh\)"):
        choose_field(open_fields(corpus.first), stranger)


def test_choose_field_takes_the_last_open_one(corpus):
    stranger = certificate_facts(corpus.authority.certificate)
    fields = [SignatureField("a", "A", True), SignatureField("b", "B", False)]

    assert choose_field(fields, stranger).name == "b"


def test_choose_field_in_a_full_paper_is_refused(corpus):
    stranger = certificate_facts(corpus.authority.certificate)

    with pytest.raises(RuleError, match="không còn ô ký"):
        choose_field([SignatureField("a", "A", True)], stranger)


def pem(der):
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


@pytest.mark.parametrize("form", [bytes, pem])
def test_read_certificate_tells_its_facts(corpus, form):
    head = corpus.heads[0]

    facts = read_certificate(form(head.signer.certificate), at=NOON)

    assert facts.der == head.signer.certificate
    assert (facts.subject_name, facts.organisation, facts.issuer_name) == (
        "Nguyễn Thị Hương Giang",
        "Thanh tra tỉnh Bắc Ninh",
        "CA thử nghiệm",
    )
    assert facts.serial == f"{head.signer.serial:X}"
    assert facts.valid_from == FOUNDED
    assert facts.valid_to == FOUNDED + timedelta(days=1825)
    assert (facts.is_ca, facts.usable_for_signing, facts.demo) == (False, True, True)


@pytest.mark.parametrize(
    ("take", "at", "sentence"),
    [
        (lambda corpus: corpus.authority.key, NOON, "khoá bí mật"),
        (lambda corpus: corpus.heads[0].signer.pkcs12, NOON, "PKCS#12"),
        (lambda corpus: corpus.authority.certificate, NOON, "tổ chức cấp chứng thư"),
        (
            lambda corpus: pem(corpus.heads[0].signer.certificate) + corpus.authority.key,
            NOON,
            "khoá bí mật",
        ),
        (
            lambda corpus: corpus.heads[0].signer.certificate,
            datetime(2040, 1, 1, tzinfo=VIETNAM),
            "đã hết hạn ngày 30/12/2030",
        ),
        (
            lambda corpus: corpus.heads[0].signer.certificate,
            datetime(2020, 1, 1, tzinfo=VIETNAM),
            "mới có hiệu lực",
        ),
        (lambda corpus: b"", NOON, "Không đọc được chứng thư"),
        (lambda corpus: b"\x30\x82xyz", NOON, "Không đọc được chứng thư"),
        (lambda corpus: b"-----BEGIN CERTIFICATE-----\nAAAA\n", NOON, "Không đọc được chứng thư"),
        (lambda corpus: corpus.crl, NOON, "Không đọc được chứng thư"),
        (lambda corpus: bytes(70_000), NOON, "quá lớn"),
    ],
)
def test_read_certificate_refuses_what_must_not_be_registered(corpus, take, at, sentence):
    with pytest.raises(RuleError, match=sentence):
        read_certificate(take(corpus), at=at)
