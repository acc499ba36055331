"""`thidua sign`: signs a paper on the signer's own machine, without Django and without the network."""

import argparse
import getpass
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from thidua.documents.signing.certificates import CertificateFacts
from thidua.documents.signing.fields import open_fields
from thidua.documents.signing.signer import (
    choose_field,
    open_key_store,
    read_paper,
    sign_pdf,
    signer_facts,
)
from thidua.rules.errors import RuleError

PASSPHRASE_VARIABLE = "THIDUA_PASSPHRASE"  # noqa: S105 a name, not a secret
REFUSED = 1
ABOUT = "Ký số văn bản PDF trên máy của chính người ký. Khoá không rời khỏi máy này."
NEXT_STEP = "Bước tiếp theo: tải tệp này lên hệ thống, tại trang ký giao ước của đơn vị."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `thidua sign`, for the parser of the whole command line."""
    parser.add_argument("file", type=Path, metavar="TỆP.pdf", help="văn bản tải về từ hệ thống")
    parser.add_argument(
        "--pkcs12", type=Path, required=True, metavar="KHOÁ.p12", help="tệp khoá của người ký"
    )
    parser.add_argument("--field", help="tên ô ký, ví dụ don-vi-01; bỏ trống để tự chọn")
    parser.add_argument("--out", type=Path, help="tệp kết quả; mặc định là TỆP-da-ky.pdf")
    parser.add_argument("--reason", help="lý do ký, in trên dấu chữ ký")
    parser.add_argument(
        "--crl", type=Path, action="append", default=[], help="danh sách thu hồi (DER) để kèm theo"
    )
    parser.add_argument("--passphrase-file", type=Path, help="tệp chứa mật khẩu của tệp khoá")
    parser.add_argument("--overwrite", action="store_true", help="ghi đè tệp kết quả đã có")
    parser.add_argument("--json", action="store_true", help="in kết quả cho máy đọc")


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Puts `sign` into the whole command line."""
    parser = commands.add_parser("sign", help="ký số văn bản PDF trên máy này", description=ABOUT)
    add_arguments(parser)
    parser.set_defaults(run=run_sign)


def sign_command(argv: Sequence[str]) -> int:
    """Runs `thidua sign`; 0 signed, 1 refused, 2 wrong arguments."""
    parser = argparse.ArgumentParser(prog="thidua sign", description=ABOUT)
    add_arguments(parser)
    try:
        arguments = parser.parse_args(argv)
    except SystemExit as stopped:
        return stopped.code if isinstance(stopped.code, int) else 2
    return run_sign(arguments)


def run_sign(arguments: argparse.Namespace) -> int:
    """Signs as told by parsed arguments and prints what came of it."""
    try:
        signed = _sign(arguments)
    except RuleError as error:
        _print_refusal(str(error), as_json=arguments.json)
        return REFUSED
    _print_result(signed, as_json=arguments.json)
    return 0


@dataclass(frozen=True, slots=True)
class _Signed:
    path: Path
    field_name: str
    label: str
    signer: CertificateFacts


def _sign(arguments: argparse.Namespace) -> _Signed:
    pdf = _read(arguments.file, "tệp văn bản")
    read_paper(pdf)
    store = _read(arguments.pkcs12, "tệp khoá")
    crls = [_read(path, "danh sách thu hồi") for path in arguments.crl]
    out = arguments.out or arguments.file.with_name(f"{arguments.file.stem}-da-ky.pdf")
    _check_free(out, arguments.overwrite)
    passphrase = _passphrase(arguments.passphrase_file)
    signer = signer_facts(open_key_store(store, passphrase))
    field = choose_field(open_fields(pdf), signer, arguments.field)
    signed = sign_pdf(
        pdf,
        pkcs12=store,
        passphrase=passphrase,
        at=datetime.now().astimezone(),
        field_name=field.name,
        reason=arguments.reason,
        crls=crls,
    )
    _write(out, signed)
    return _Signed(path=out, field_name=field.name, label=field.label, signer=signer)


def _read(path: Path, what: str) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise RuleError(f"Không đọc được {what} “{path}”. Hãy kiểm tra lại đường dẫn.") from error


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise RuleError(f"Không ghi được tệp “{path}”. Hãy chọn nơi khác bằng --out.") from error


def _check_free(path: Path, overwrite: bool) -> None:
    if path.exists() and not overwrite:
        raise RuleError(f"Tệp “{path}” đã có. Hãy chọn tên khác bằng --out hoặc thêm --overwrite.")


def _passphrase(path: Path | None) -> bytes:
    """From the file, else from the environment, else asked without echo."""
    if path is not None:
        return _read(path, "tệp mật khẩu").rstrip(b"\r\n")
    if PASSPHRASE_VARIABLE in os.environ:
        return os.environ[PASSPHRASE_VARIABLE].encode()
    try:
        return getpass.getpass("Mật khẩu của tệp khoá: ").encode()
    except (EOFError, KeyboardInterrupt) as error:
        raise RuleError("Chưa nhập mật khẩu nên chưa ký.") from error


def _print_result(signed: _Signed, *, as_json: bool) -> None:
    if as_json:
        _print_json(
            {
                "ok": True,
                "file": str(signed.path),
                "field": signed.field_name,
                "label": signed.label,
                "signer": signed.signer.subject_name,
                "certificate_sha256": signed.signer.fingerprint,
                "demo": signed.signer.demo,
            }
        )
        return
    lines = [
        f"Đã ký vào ô “{signed.label or signed.field_name}” bằng chứng thư của "
        f"{signed.signer.subject_name}.",
        f"Tệp đã ký: {signed.path}",
        NEXT_STEP,
    ]
    if signed.signer.demo:
        lines.insert(1, "Đây là chứng thư dùng thử, không có giá trị pháp lý.")
    sys.stdout.write("\n".join(lines) + "\n")


def _print_refusal(sentence: str, *, as_json: bool) -> None:
    if as_json:
        _print_json({"ok": False, "error": sentence})
    else:
        sys.stderr.write(f"Không ký được. {sentence}\n")


def _print_json(value: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
