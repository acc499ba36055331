"""`thidua trust`: which certification authorities the server believes, and their revocations."""

import argparse
import json
from pathlib import Path


def add_parser(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Register `trust` with its two acts."""
    trust = commands.add_parser("trust", help="tổ chức chứng thực được tin cậy")
    acts = trust.add_subparsers(dest="act", required=True, metavar="VIỆC")
    add = acts.add_parser("add", help="thêm, hoặc cập nhật danh sách thu hồi")
    add.add_argument("certificate", type=Path, metavar="CA.cer", help="chứng thư gốc, PEM hoặc DER")
    add.add_argument("--crl", type=Path, metavar="CA.crl", help="danh sách thu hồi, PEM hoặc DER")
    add.set_defaults(run=run_add, needs_django=True)
    shown = acts.add_parser("list", help="xem danh sách")
    shown.add_argument("--json", action="store_true")
    shown.set_defaults(run=run_list, needs_django=True)


def say(line: str) -> None:
    """One line to the terminal."""
    print(line, flush=True)  # noqa: T201


def run_add(arguments: argparse.Namespace) -> int:
    """0 added or renewed; 1 refused, with the reason."""
    from django.utils import timezone

    from thidua.documents.services import add_trust_anchor
    from thidua.rules.errors import RuleError

    try:
        anchor = add_trust_anchor(
            certificate=arguments.certificate.read_bytes(),
            crl=arguments.crl.read_bytes() if arguments.crl else None,
            actor=None,
            at=timezone.now(),
        )
    except OSError as error:
        say(f"Không mở được tệp “{error.filename}”.")
        return 1
    except RuleError as error:
        say(str(error))
        return 1
    say(f"Đã tin cậy: {anchor.subject}")
    if anchor.crl is None:
        say("Chưa có danh sách thu hồi: chữ ký chưa thể coi là hợp lệ. Hãy chạy lại với --crl.")
    return 0


def run_list(arguments: argparse.Namespace) -> int:
    """The authorities, with the age of their revocation lists."""
    from thidua.documents.models import TrustAnchor

    anchors = list(TrustAnchor.objects.all())
    if arguments.json:
        rows = [
            {
                "subject": anchor.subject,
                "fingerprint": anchor.fingerprint,
                "is_demo": anchor.is_demo,
                "crl_updated_at": anchor.crl_updated_at and anchor.crl_updated_at.isoformat(),
            }
            for anchor in anchors
        ]
        say(json.dumps(rows, ensure_ascii=False))
        return 0
    for anchor in anchors:
        crl = (
            f"thu hồi cập nhật {anchor.crl_updated_at:%d/%m/%Y}"
            if anchor.crl_updated_at
            else "chưa có danh sách thu hồi"
        )
        demo = " (chỉ để dùng thử)" if anchor.is_demo else ""
        say(f"{anchor.subject}{demo}: {crl}")
    if not anchors:
        say("Chưa tin cậy tổ chức chứng thực nào. Hãy chạy: thidua trust add CA.cer --crl CA.crl")
    return 0
