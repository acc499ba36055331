"""What a person reads about signatures."""

from datetime import datetime, timedelta, timezone
from typing import Final

from thidua.documents.signing.certificates import CertificateFacts
from thidua.documents.signing.refusals import RefusalCode
from thidua.documents.signing.trust import Judgement, Revocation

_VIETNAM: Final = timezone(timedelta(hours=7))
_AGAIN: Final = "Hãy tải bản mới nhất từ hệ thống, ký vào đúng ô của đơn vị rồi tải lên."

NOTHING_SIGNED: Final = (
    "Tệp tải lên trùng với bản hiện hành, chưa có chữ ký nào mới. "
    "Hãy ký số vào tệp rồi tải lên tệp đã ký."
)
OLD_COPY: Final = (
    "Tệp tải lên là một bản cũ của văn bản, chưa có chữ ký nào mới. Hãy tải bản mới nhất từ hệ "
    "thống, ký số rồi tải lên."
)
STALE: Final = (
    "Đơn vị khác vừa ký trước trong lúc anh/chị đang ký, nên tệp này được ký trên bản cũ. "
    "Hãy tải bản mới nhất và ký lại."
)
ENCRYPTED: Final = (
    "Tệp PDF đã bị đặt mật khẩu hoặc mã hoá nên không kiểm tra được chữ ký. "
    "Hãy ký trên bản tải về từ hệ thống, không đặt mật khẩu."
)
CUT_SHORT: Final = f"Tệp tải lên bị thiếu phần cuối so với bản hiện hành. {_AGAIN}"
ALTERED: Final = (
    "Nội dung văn bản trong tệp đã bị thay đổi so với bản hiện hành: mở rồi lưu lại, in ra PDF hoặc "
    f"chỉnh sửa đều làm thay đổi tệp. {_AGAIN}"
)
OTHER_DOCUMENT: Final = f"Tệp tải lên là một văn bản khác. {_AGAIN}"
PARTIAL: Final = (
    "Chữ ký không bao trùm toàn bộ văn bản tại thời điểm ký nên không được chấp nhận. "
    "Hãy ký lại bằng chức năng ký toàn bộ tài liệu."
)
ADDED_WITHOUT_SIGNATURE: Final = (
    f"Tệp có phần được thêm vào sau bản hiện hành nhưng không có chữ ký số nào mới. {_AGAIN}"
)
ADDED_AFTER: Final = (
    "Tệp có phần được thêm vào sau chữ ký cuối cùng. Tệp tải lên phải kết thúc bằng chữ ký. "
    f"{_AGAIN}"
)
ADDED_CONTENT: Final = (
    "Ngoài chữ ký số, tệp còn bị thêm hoặc sửa nội dung khác (trang, chú thích, ô nhập, tệp đính kèm "
    f"hoặc thông tin văn bản). {_AGAIN}"
)
OWN_FIELD: Final = (
    "Phần mềm ký đã tạo một ô ký mới. Hãy ký vào ô đã chuẩn bị sẵn cho đơn vị trong văn bản "
    "(chọn “ký vào ô có sẵn” trong phần mềm ký), rồi tải lên."
)
LOCKS: Final = (
    "Chữ ký này khoá văn bản, làm các đơn vị khác không ký tiếp được. Hãy ký lại theo kiểu ký thông "
    "thường: không chọn chứng nhận (certify) và không chọn khoá tài liệu sau khi ký."
)

_OF_SIGNATURE: Final = {
    RefusalCode.INVALID_SIGNATURE: "Chữ ký của {name} không khớp với nội dung văn bản: nội dung đã bị "
    "thay đổi hoặc chữ ký bị hỏng.",
    RefusalCode.NOT_YET_VALID: "Chứng thư của {name} đến ngày {valid_from} mới có hiệu lực.",
    RefusalCode.EXPIRED: "Chứng thư của {name} đã hết hạn ngày {valid_to}. Hãy gia hạn chứng thư và "
    "ký lại.",
    RefusalCode.REVOKED: "Chứng thư của {name} đã bị thu hồi{revoked}. Hãy dùng chứng thư còn hiệu lực.",
    RefusalCode.UNTRUSTED: "Chứng thư của {name} do “{issuer}” cấp, không thuộc các tổ chức chứng thực "
    "mà hệ thống tin cậy.",
    RefusalCode.REVOCATION_UNKNOWN: "Không có dữ liệu để biết chứng thư của {name} có bị thu hồi hay "
    "không, nên chưa thể coi chữ ký là hợp lệ.",
    RefusalCode.ADDED_CONTENT: "Sau khi {name} ký, văn bản đã bị thay đổi nội dung.",
}

_SUMMARY: Final = {
    RefusalCode.ADDED_CONTENT: "KHÔNG HỢP LỆ: văn bản đã bị thay đổi nội dung sau khi ký.",
    RefusalCode.INVALID_SIGNATURE: "KHÔNG HỢP LỆ: có chữ ký không khớp với nội dung văn bản.",
    RefusalCode.NOT_YET_VALID: "KHÔNG HỢP LỆ: có chứng thư chưa đến ngày có hiệu lực.",
    RefusalCode.EXPIRED: "CHƯA XÁC NHẬN ĐƯỢC: có chứng thư đã hết hạn.",
    RefusalCode.REVOKED: "KHÔNG HỢP LỆ: có chứng thư đã bị thu hồi.",
    RefusalCode.UNTRUSTED: "CHƯA XÁC NHẬN ĐƯỢC: có chứng thư không do tổ chức chứng thực mà hệ thống "
    "tin cậy cấp.",
    RefusalCode.REVOCATION_UNKNOWN: "CHƯA XÁC NHẬN ĐƯỢC: không có dữ liệu về việc thu hồi chứng thư.",
}

_REVOCATION: Final = {
    Revocation.GOOD: "chứng thư không bị thu hồi",
    Revocation.REVOKED: "chứng thư đã bị thu hồi",
    Revocation.UNKNOWN: "không rõ chứng thư có bị thu hồi hay không",
}

_CHANGED_AFTER: Final = {
    "nothing": "Sau chữ ký này văn bản không thay đổi.",
    "signatures": "Sau chữ ký này chỉ có thêm chữ ký của người khác, nội dung không thay đổi.",
    "content": "Sau chữ ký này nội dung văn bản đã bị thay đổi.",
}


def of_signature(problem: RefusalCode, judgement: Judgement) -> str:
    """Why this signature is not valid."""
    signer = judgement.signer
    revoked = f" ngày {judgement.revoked_at:%d/%m/%Y}" if judgement.revoked_at else ""
    return _OF_SIGNATURE[problem].format(
        name=signer.subject_name,
        issuer=signer.issuer_name,
        valid_from=f"{signer.valid_from:%d/%m/%Y}",
        valid_to=f"{signer.valid_to:%d/%m/%Y}",
        revoked=revoked,
    )


def already_signed(organisation: str) -> str:
    return f"{organisation} đã ký văn bản này; mỗi đơn vị chỉ ký một lần."


def wrong_field(organisation: str, label: str) -> str:
    return (
        f"Chữ ký của {organisation} nằm ở ô dành cho “{label}”. "
        f"Hãy tải lại bản mới nhất và ký vào ô của {organisation}."
    )


def lapsed(organisation: str) -> str:
    return (
        f"Việc đăng ký chứng thư này cho {organisation} chưa có hiệu lực hoặc đã hết hiệu lực. "
        "Hãy liên hệ người quản trị cụm để đăng ký lại."
    )


def stranger(signer: CertificateFacts) -> str:
    return (
        f"Chứng thư của {signer.subject_name} (số {signer.serial}) chưa được đăng ký cho thủ trưởng "
        "đơn vị nào. Hãy ký bằng chứng thư đã đăng ký hoặc liên hệ người quản trị cụm."
    )


def summary(problem: RefusalCode | None, count: int) -> str:
    """The bottom line."""
    if count == 0:
        return "Văn bản này chưa có chữ ký số nào."
    if problem is None:
        return (
            f"HỢP LỆ: văn bản có {count} chữ ký số, tất cả đều hợp lệ; từ chữ ký đầu tiên, nội dung "
            "không thay đổi."
        )
    return _SUMMARY[problem]


def report(
    position: int,
    label: str,
    judgement: Judgement | None,
    problem: RefusalCode | None,
    change: str,
) -> tuple[str, ...]:
    """One signature in a few sentences."""
    if judgement is None:
        return (f"Chữ ký {position} ({label}): không đọc được nên không hợp lệ.",)
    signer = judgement.signer
    who = ", ".join(part for part in (signer.subject_name, signer.organisation) if part)
    lines = [f"Chữ ký {position}: {who}; ô ký “{label}”; {_when(judgement)}."]
    if problem is None:
        lines.append(f"Hợp lệ; {_REVOCATION[judgement.revocation]}.")
    else:
        lines.append(of_signature(problem, judgement))
    lines.append(_CHANGED_AFTER[change])
    if signer.demo:
        lines.append("Chứng thư dùng thử, không có giá trị pháp lý.")
    return tuple(lines)


def _when(judgement: Judgement) -> str:
    if judgement.timestamped_at:
        return f"dấu thời gian {_moment(judgement.timestamped_at)}"
    if judgement.claimed_at:
        return f"giờ ký theo máy của người ký {_moment(judgement.claimed_at)}"
    return "không ghi giờ ký"


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(_VIETNAM):%H:%M:%S ngày %d/%m/%Y}"
