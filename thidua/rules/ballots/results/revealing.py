"""What a total can tell about single voters, said before anybody votes."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Asked:
    """One question as far as its totals can expose: its text, its kind, what is told."""

    text: str
    approves: bool
    only_passed: bool


def reveals(electors: int, questions: list[Asked]) -> tuple[list[str], list[str]]:
    """What the totals can reveal with so many electors, and what they cannot; sentences."""
    others = electors - 1
    can = [
        f"Nếu cả {electors} phiếu giống nhau thì ai cũng biết mọi người đã chọn gì.",
        f"Nếu chỉ một phiếu khác, người bỏ phiếu đó biết {others} người còn lại chọn gì; "
        "những người kia chỉ biết có một người chọn khác, không biết là ai.",
        "Người biết chắc lựa chọn của một số người khác thì trừ ra được phần còn lại của tổng.",
    ]
    shown = [one for one in questions if not one.only_passed]
    if any(one.approves for one in shown):
        can.append(
            "Ở nội dung đồng ý hay không đồng ý, ứng viên được 0 phiếu hoặc đủ mọi phiếu cho biết "
            "lựa chọn của từng người về ứng viên đó."
        )
    if len(shown) > 1:
        can.append(
            "Tổng của từng nội dung được mở riêng; không ai ghép được các lựa chọn của cùng một phiếu."
        )
    hidden = [one.text for one in questions if one.only_passed]
    can += [
        f"“{text}”: chỉ công bố đạt hay không đạt; con số chỉ có chủ trì, thư ký và tổ kiểm phiếu biết."
        for text in hidden
    ]
    cannot = [
        "Không ai, kể cả người quản trị máy chủ, mở được một phiếu riêng lẻ: chỉ tổng được mở, trừ khi đủ số "
        "người kiểm phiếu cùng cố ý làm sai.",
        "Phần mềm không ghi ai bỏ phiếu lúc nào, theo thứ tự nào.",
        "Bản sao cơ sở dữ liệu, nhật ký hay tệp sao lưu không cho biết lựa chọn của ai ngoài tổng đã "
        "công bố.",
    ]
    return can, cannot
