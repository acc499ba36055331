"""`thidua trust`: authorities come in by the administrator's hand, never by themselves."""

import json

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.factories.world import NOON
from thidua.cli import run
from thidua.documents.models import TrustAnchor
from thidua.documents.signing.authority import create_authority, issue_crl, issue_signer

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def authority():
    return create_authority(name="CA thử", at=NOON)


def pem(der: bytes) -> bytes:
    return x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)


def test_trust_add_takes_pem_and_der_and_renews_the_list(authority, tmp_path, capsys):
    certificate = tmp_path / "ca.pem"
    certificate.write_bytes(pem(authority.certificate))
    crl = tmp_path / "ca.crl"
    crl.write_bytes(issue_crl(authority, at=NOON))

    assert run(["trust", "add", str(certificate)]) == 0
    assert "Chưa có danh sách thu hồi" in capsys.readouterr().out
    assert run(["trust", "add", str(certificate), "--crl", str(crl)]) == 0

    anchor = TrustAnchor.objects.get()
    assert (bytes(anchor.der), bytes(anchor.crl)) == (authority.certificate, crl.read_bytes())
    capsys.readouterr()
    assert run(["trust", "list", "--json"]) == 0
    assert [row["subject"] for row in json.loads(capsys.readouterr().out)] == ["CA thử"]


def test_T17_trust_add_refuses_who_is_no_authority(authority, tmp_path, capsys):
    signer = issue_signer(authority, name="A", organisation="B", at=NOON, passphrase=b"x" * 12)
    path = tmp_path / "nguoi-ky.cer"
    path.write_bytes(signer.certificate)

    assert run(["trust", "add", str(path)]) == 1

    assert "không phải của tổ chức chứng thực" in capsys.readouterr().out
    assert not TrustAnchor.objects.exists()


def test_T17_trust_add_refuses_a_list_of_another_authority(authority, tmp_path, capsys):
    path = tmp_path / "ca.cer"
    path.write_bytes(authority.certificate)
    foreign = tmp_path / "la.crl"
    foreign.write_bytes(issue_crl(create_authority(name="CA lạ", at=NOON), at=NOON))

    assert run(["trust", "add", str(path), "--crl", str(foreign)]) == 1

    assert "không do tổ chức chứng thực đó ký" in capsys.readouterr().out
    assert not TrustAnchor.objects.exists()


@pytest.mark.parametrize("name", ["thieu.cer", "rac.cer"])
def test_trust_add_names_what_it_cannot_read(tmp_path, capsys, name):
    (tmp_path / "rac.cer").write_bytes(b"rac")

    assert run(["trust", "add", str(tmp_path / name)]) == 1

    said = capsys.readouterr().out
    assert "Không mở được tệp" in said or "Không đọc được chứng thư" in said
