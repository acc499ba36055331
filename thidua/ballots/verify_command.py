"""`thidua ballot verify`: counts an archive again, without a database, a server or the network."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from thidua.rules.errors import RuleError, why_not

if TYPE_CHECKING:
    from thidua.rules.ballots.belenios import Verified

HOLDS, FALSE, UNREADABLE = 0, 1, 2
TOO_LARGE = "Tệp quá lớn, không phải hồ sơ của một cuộc bỏ phiếu."
LARGEST = 200 * 1024 * 1024


def add_parser(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add `ballot`; its acts set `run`, which returns the exit code."""
    ballot = commands.add_parser("ballot", help="kiểm phiếu lại từ hồ sơ kiểm chứng")
    acts = ballot.add_subparsers(dest="act", required=True, metavar="VIỆC")
    verify = acts.add_parser(
        "verify",
        help="kiểm mọi chữ ký, chứng minh và kết quả của một hồ sơ .bel",
        epilog="Mã kết thúc: 0 hồ sơ đúng; 1 hồ sơ sai; 2 không đọc được tệp.",
    )
    verify.add_argument("archive", type=Path, metavar="HỒ-SƠ.bel", help="hồ sơ đã tải về")
    verify.add_argument("--json", action="store_true", help="in kết quả cho máy đọc")
    verify.set_defaults(run=run_verify)


def run_verify(options: argparse.Namespace) -> int:
    """Print what the archive holds; 0 it holds, 1 it does not, 2 unreadable."""
    from thidua.rules.ballots.belenios import verify_archive

    try:
        data = options.archive.read_bytes()
    except OSError as error:
        sentence = f"Không đọc được “{options.archive}”: {why_not(error)}."
        return _refuse(sentence, UNREADABLE, as_json=options.json)
    if len(data) > LARGEST:
        return _refuse(TOO_LARGE, FALSE, as_json=options.json)
    try:
        found = verify_archive(data)
    except RuleError as error:
        return _refuse(str(error), FALSE, as_json=options.json)
    if options.json:
        _say(json.dumps(_data(found), ensure_ascii=False, indent=2))
    else:
        for line in _lines(found):
            _say(line)
    return HOLDS


def _data(found: "Verified") -> dict[str, Any]:
    election = found.election
    result = found.result
    return {
        "ok": True,
        "uuid": election.uuid,
        "name": election.name,
        "election_fingerprint": election.fingerprint,
        "archive_sha256": found.fingerprint,
        "credentials": len(found.archive.credentials),
        "ballots": len(found.trackers),
        "trackers": list(found.trackers),
        "threshold": found.trustees.threshold,
        "tellers": len(found.trustees.keys),
        "questions": [
            {
                "question": one.text,
                "blank": result[place][0] if result else None,
                "votes": [
                    {"name": name, "votes": result[place][at] if result else None}
                    for at, name in enumerate(one.answers, 1)
                ],
            }
            for place, one in enumerate(election.questions)
        ],
    }


def _lines(found: "Verified") -> list[str]:
    election = found.election
    lines = [
        f"Hồ sơ đúng: {election.name} ({election.uuid})",
        f"  {len(found.trackers)} lá phiếu, {len(found.archive.credentials)} mã phiếu; "
        f"mỗi mã nhiều nhất một lá; cần {found.trustees.threshold}/{len(found.trustees.keys)} người "
        "kiểm phiếu.",
        f"  SHA-256 của hồ sơ: {found.fingerprint}",
    ]
    for place, one in enumerate(election.questions):
        lines.append(f"{place + 1}. {one.text}")
        if found.result is None:
            lines.append("  Chưa kiểm phiếu xong.")
            continue
        lines.append(f"  Phiếu trắng: {found.result[place][0]}")
        lines += [f"  {name}: {found.result[place][at]}" for at, name in enumerate(one.answers, 1)]
    return lines


def _refuse(sentence: str, code: int, *, as_json: bool) -> int:
    if as_json:
        _say(json.dumps({"ok": False, "error": sentence}, ensure_ascii=False))
    else:
        print(sentence, file=sys.stderr)  # noqa: T201
    return code


def _say(line: str) -> None:
    print(line)  # noqa: T201
