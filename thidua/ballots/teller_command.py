"""`thidua teller`: a teller's part of the key made and used on the teller's own machine, without a browser.

The teller's page hands out a work file (what the others sent) and takes the answer file back. The
key stays in a file under a passphrase, the same format as the browser's.
"""

import argparse
import getpass
import json
import os
import sys
from pathlib import Path
from typing import Any

from thidua.arguments import add_out, write_out
from thidua.rules.errors import RuleError, why_not

PASSPHRASE_VARIABLE = "THIDUA_PASSPHRASE"  # noqa: S105 a name, not a secret
DONE, REFUSED = 0, 1
STEPS = {
    "certificate": "bước 1: khóa công khai",
    "polynomial": "bước 2: chia phần khóa",
    "voutput": "bước 3: ghép khóa",
    "rehearsal": "bước 4: diễn tập",
    "partial": "mở phiếu",
}
NOTHING = "Tệp việc này không còn việc gì cho bạn. Hãy tải tệp việc mới ở trang Phần khóa của bạn."
DAMAGED = "Tệp việc không đúng khuôn dạng. Hãy tải lại ở trang Phần khóa của bạn."
OTHER_STEP = "Tệp việc này là việc {step}; hãy dùng lệnh thidua teller {command}."


def add_parser(commands: "argparse._SubParsersAction[Any]") -> None:
    """Add `teller`; its acts set `run`, which returns the exit code."""
    teller = commands.add_parser("teller", help="phần khóa của người kiểm phiếu, trên máy này")
    acts = teller.add_subparsers(dest="act", required=True, metavar="VIỆC")
    new = _act(acts, "new", "tạo khóa, lưu tệp khóa, làm bước 1")
    new.set_defaults(run=run_new)
    step = _act(acts, "step", "làm bước tiếp theo của việc lập khóa, diễn tập")
    step.set_defaults(run=run_step)
    opens = _act(acts, "open", "mở tổng phiếu sau khi đóng bỏ phiếu")
    opens.add_argument(
        "--ballots",
        type=int,
        required=True,
        metavar="SỐ",
        help="số người đã bỏ phiếu trên máy; khác số phiếu trong hòm thì không mở",
    )
    opens.set_defaults(run=run_open)


def _act(acts: Any, name: str, about: str) -> argparse.ArgumentParser:
    act: argparse.ArgumentParser = acts.add_parser(
        name, help=about, epilog="Mã kết thúc: 0 xong; 1 bị từ chối; 2 nhập sai."
    )
    act.add_argument("work", type=Path, metavar="VIỆC.json", help="tệp việc tải ở trang khóa")
    act.add_argument("--key", type=Path, required=True, metavar="KHÓA.json", help="tệp khóa")
    act.add_argument("--passphrase-file", type=Path, help="tệp chứa mật khẩu của tệp khóa")
    add_out(act, metavar="TRẢ-LỜI.json")
    return act


def run_new(options: argparse.Namespace) -> int:
    """A new key file, and the answer of step 1; a key file that exists is never written over."""
    from thidua.rules.ballots import belenios

    def do() -> str:
        work = _work(options.work)
        if work["step"] != "certificate":
            raise RuleError(OTHER_STEP.format(step=STEPS[work["step"]], command="step"))
        if options.key.exists():
            raise RuleError(
                f"Tệp khóa “{options.key}” đã có; khóa cũ không bị ghi đè. Chọn tên khác."
            )
        seed = belenios.new_seed()
        passphrase = _passphrase(options, twice=True)
        _write_new(options.key, belenios.lock_key(seed, passphrase, work["uuid"], work["owner"]))
        # Read back: a key that does not open is found now, not at the count.
        belenios.open_key(_read(options.key, "tệp khóa"), passphrase, work["uuid"])
        _answer(options, "certificate", belenios.certificate(seed))
        return f"Đã lưu tệp khóa “{options.key}”. Giữ tệp và mật khẩu: không ai cấp lại được."

    return _run(do)


def run_step(options: argparse.Namespace) -> int:
    """The next step of the key, or the rehearsal."""

    def do() -> str:
        work = _work(options.work)
        step = work["step"]
        if step == "partial":
            raise RuleError(OTHER_STEP.format(step=STEPS[step], command="open"))
        _answer(options, step, _made(work, _seed(options, work)))
        return f"Đã làm xong {STEPS[step]}."

    return _run(do)


def run_open(options: argparse.Namespace) -> int:
    """The sum of the published ballots, formed here and opened in part."""

    def do() -> str:
        work = _work(options.work)
        if work["step"] != "partial":
            raise RuleError(OTHER_STEP.format(step=STEPS[work["step"]], command="step"))
        if len(work["ballots"]) != options.ballots:
            raise RuleError(
                f"Hòm có {len(work['ballots'])} lá phiếu nhưng bạn ghi {options.ballots} người đã bỏ phiếu "
                "trên máy. Đừng mở; hãy báo người điều hành kiểm phiếu."
            )
        _answer(options, "partial", _made(work, _seed(options, work)))
        return f"Đã mở phần của bạn trong tổng {options.ballots} lá phiếu."

    return _run(do)


def _made(work: dict[str, Any], seed: str) -> str:
    """The message of a step."""
    from thidua.rules.ballots import belenios

    step, owner = work["step"], work["owner"]
    if step == "certificate":
        return belenios.certificate(seed)
    if step == "polynomial":
        return belenios.polynomial(seed, work["certificates"], work["threshold"])
    if step == "voutput":
        return belenios.voutput(seed, work["certificates"], work["vinput"], work["threshold"])
    if step == "rehearsal":
        return belenios.rehearsal_partial(
            work["trustees"], seed, owner, work["privateKey"], work["rehearsal"]
        )
    election = belenios.read_election(work["election"])
    for ballot in work["ballots"]:
        belenios.check_ballot(election, ballot)
    tally = belenios.encrypted_tally(election, work["ballots"])
    return belenios.partial_decryption(
        election, work["trustees"], seed, owner, work["privateKey"], tally
    )


def _work(path: Path) -> dict[str, Any]:
    """The work file; RuleError where it is none, or asks for nothing."""
    try:
        work = json.loads(_read(path, "tệp việc"))
        step, uuid, owner, threshold = (
            work[name] for name in ("step", "uuid", "owner", "threshold")
        )
    except (ValueError, KeyError, TypeError) as error:
        raise RuleError(DAMAGED) from error
    if not isinstance(uuid, str) or type(owner) is not int or type(threshold) is not int:
        raise RuleError(DAMAGED)
    if step not in STEPS:
        raise RuleError(NOTHING)
    return dict(work)


def _seed(options: argparse.Namespace, work: dict[str, Any]) -> str:
    from thidua.rules.ballots import belenios

    text = _read(options.key, "tệp khóa")
    seed, owner = belenios.open_key(text, _passphrase(options), work["uuid"])
    if owner != work["owner"]:
        raise RuleError(f"Tệp khóa này của người kiểm phiếu số {owner}, không phải của bạn.")
    return seed


def _passphrase(options: argparse.Namespace, *, twice: bool = False) -> str:
    """From the file, else from the environment, else asked without echo."""
    if options.passphrase_file is not None:
        return _read(options.passphrase_file, "tệp mật khẩu").rstrip("\r\n")
    if PASSPHRASE_VARIABLE in os.environ:
        return os.environ[PASSPHRASE_VARIABLE]
    try:
        typed = getpass.getpass("Mật khẩu của tệp khóa: ")
        if twice and getpass.getpass("Gõ lại mật khẩu: ") != typed:
            raise RuleError("Hai lần gõ mật khẩu khác nhau. Hãy chạy lại lệnh.")
    except (EOFError, KeyboardInterrupt) as error:
        raise RuleError("Chưa nhập mật khẩu nên chưa làm gì.") from error
    return typed


def _read(path: Path, what: str) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise RuleError(f"Không đọc được {what} “{path}”: {why_not(error)}.") from error
    except UnicodeDecodeError as error:
        raise RuleError(f"{what.capitalize()} “{path}” không phải tệp chữ.") from error


def _write_new(path: Path, text: str) -> None:
    """For the owner's eyes only, and never over another file."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise RuleError(f"Không ghi được tệp khóa “{path}”: {why_not(error)}.") from error


def _answer(options: argparse.Namespace, step: str, text: str) -> None:
    write_out(options, json.dumps({"step": step, "text": text}).encode())


def _run(do: Any) -> int:
    try:
        print(do())  # noqa: T201
    except RuleError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return REFUSED
    except (KeyError, TypeError):
        print(DAMAGED, file=sys.stderr)  # noqa: T201
        return REFUSED
    print("Nạp tệp trả lời ở trang Phần khóa của bạn.")  # noqa: T201
    return DONE
