"""T14: hostile files are refused by their content, with a reason, before anything is stored."""

import io
import struct
import zipfile

import pytest

from tests.documents.rounds import stored_files
from tests.factories.world import NOON
from thidua.documents import archives
from thidua.documents.models import StoredFile
from thidua.documents.receiving import DOCX, JPEG, PDF, PNG, XLSX, media_type_of, safe_name
from thidua.documents.services import receive_file
from thidua.rules.errors import RuleError

LIMIT = 1024 * 1024
PDF_BYTES = b"%PDF-1.7\n%%EOF\n"
PNG_BYTES = b"\x89PNG\r\n\x1a\n" + b"\0" * 20
JPEG_BYTES = b"\xff\xd8\xff\xe0" + b"\0" * 20


def archive(**entries):
    """A ZIP of the named entries; `__` in a name stands for `/`, `_dot_` for `.`."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in entries.items():
            file.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return output.getvalue()


def with_password():
    """The encryption flag set in both headers of the first entry."""
    data = bytearray(archive(word__document_dot_xml="x"))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def lying_size():
    """The directory promises an entry that unpacks to 4 GB."""
    data = bytearray(archive(word__document_dot_xml="x" * 100))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = struct.pack("<I", 0xFFFFFFFE)
    return bytes(data)


HOSTILE = {
    "empty": ("a.pdf", b"", "rỗng"),
    "over-limit": ("a.pdf", PDF_BYTES + b"x" * LIMIT, "lớn hơn 1 MB"),
    "svg": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "không thuộc loại được nhận"),
    "html": ("a.html", b"<!doctype html><script>alert(1)</script>", "không thuộc loại được nhận"),
    "program-named-pdf": ("a.pdf", b"MZ\x90\x00" + b"\0" * 60, "không thuộc loại được nhận"),
    "html-named-pdf": ("a.pdf", b"<html>", "không thuộc loại được nhận"),
    "old-word": ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 60, "không thuộc loại"),
    "plain-zip-named-docx": ("a.docx", archive(ghi_chu_dot_txt="x"), "không thuộc loại được nhận"),
    "broken-zip": ("a.docx", b"PK\x03\x04" + b"rac" * 40, "bị hỏng"),
    "zip-bomb": ("a.docx", archive(word__document_dot_xml=b"\0" * 20_000_000), "nén bất thường"),
    "lying-size": ("a.docx", lying_size(), "nén bất thường"),
    "password": ("a.docx", with_password(), "đặt mật khẩu"),
    "macro-word": (
        "a.docm",
        archive(word__document_dot_xml="x", word__vbaProject_dot_bin="x"),
        "có macro hoặc liên kết ra ngoài",
    ),
    "macro-named-xlsx": (
        "a.xlsx",
        archive(xl__workbook_dot_xml="x", xl__vbaProject_dot_bin="x"),
        "có macro hoặc liên kết ra ngoài",
    ),
    "active-x": (
        "a.docx",
        archive(word__document_dot_xml="x", word__activeX__activeX1_dot_xml="x"),
        "có macro hoặc liên kết ra ngoài",
    ),
    "external-links": (
        "a.xlsx",
        archive(xl__workbook_dot_xml="x", xl__externalLinks__externalLink1_dot_xml="x"),
        "có macro hoặc liên kết ra ngoài",
    ),
}


@pytest.mark.parametrize(("name", "data", "said"), HOSTILE.values(), ids=HOSTILE)
def test_T14_a_hostile_file_is_refused_and_nothing_is_stored(world, files_dir, name, data, said):
    with pytest.raises(RuleError, match=said) as refusal:
        receive_file(
            data=data,
            name=name,
            organisation=None,
            actor=world.superior,
            at=NOON,
            limit=LIMIT,
        )

    assert name in str(refusal.value)
    assert stored_files() == []
    assert not StoredFile.objects.exists()


def test_T14_an_archive_with_too_many_entries_is_refused(monkeypatch):
    monkeypatch.setattr(archives, "MAX_ENTRIES", 2)
    many = archive(word__document_dot_xml="x", a="x", b="x")

    with pytest.raises(RuleError, match="quá nhiều thành phần"):
        media_type_of(many, "a.docx", LIMIT)


@pytest.mark.parametrize(
    ("data", "media_type"),
    [
        (PDF_BYTES, PDF),
        (PNG_BYTES, PNG),
        (JPEG_BYTES, JPEG),
        (archive(word__document_dot_xml="x"), DOCX),
        (archive(xl__workbook_dot_xml="x"), XLSX),
    ],
)
def test_T14_the_type_is_told_by_the_content_whatever_the_name_says(data, media_type):
    assert media_type_of(data, "bat-ky.exe", LIMIT) == media_type


@pytest.mark.parametrize(
    ("name", "media_type", "kept"),
    [
        ("Báo cáo.pdf", PDF, "Báo cáo.pdf"),
        ("../../etc/passwd", PDF, "passwd.pdf"),
        ("C:\\Tài liệu\\ảnh.exe", PNG, "ảnh.png"),
        ("a\r\nSet-Cookie: x.pdf", PDF, "aSet-Cookie: x.pdf"),
        ("phieu\u202efdp.exe", PDF, "phieufdp.pdf"),
        ("...", JPEG, "tep.jpg"),
        ("x" * 300 + ".docx", DOCX, "x" * 150 + ".docx"),
    ],
)
def test_T14_a_name_is_one_line_without_path_and_ends_truly(name, media_type, kept):
    assert safe_name(name, media_type) == kept


def test_receive_file_keeps_fingerprint_time_and_sender(world, files_dir):
    unit = world.one.memberships[0].organisation

    stored = receive_file(
        data=PDF_BYTES,
        name="minh chứng.exe",
        organisation=unit,
        actor=world.one.officers[0],
        at=NOON,
        limit=LIMIT,
    )

    assert (stored.name, stored.media_type, stored.size) == ("minh chứng.pdf", PDF, len(PDF_BYTES))
    assert (stored.received_at, stored.received_by, stored.organisation) == (
        NOON,
        world.one.officers[0],
        unit,
    )
    assert len(stored_files()) == 2


def test_T04_the_same_content_from_two_units_is_two_receptions_of_one_content(world, files_dir):
    stored = [
        receive_file(
            data=PDF_BYTES,
            name="a.pdf",
            organisation=world.one.memberships[position].organisation,
            actor=world.one.officers[position],
            at=NOON,
            limit=LIMIT,
        )
        for position in (0, 1)
    ]

    assert stored[0].sha256 == stored[1].sha256
    assert StoredFile.objects.filter(sha256=stored[0].sha256).count() == 2
    assert len(stored_files()) == 2


def test_receive_file_of_an_accepted_type_in_the_wrong_place_is_refused(world, files_dir):
    with pytest.raises(RuleError, match="không đúng loại cần gửi ở đây"):
        receive_file(
            data=PNG_BYTES,
            name="a.png",
            organisation=None,
            actor=None,
            at=NOON,
            limit=LIMIT,
            only=[PDF],
        )

    assert stored_files() == []


def test_T14_an_archive_of_countless_entries_is_refused_before_its_directory_is_read(monkeypatch):
    def read(*args):
        raise AssertionError("the directory was read")

    entry = b"PK\x01\x02" + b"\0" * 43
    monkeypatch.setattr(archives.zipfile, "ZipFile", read)

    with pytest.raises(RuleError, match="quá nhiều thành phần"):
        media_type_of(b"PK\x03\x04" + entry * 400_000, "a.docx", 20_000_000)
