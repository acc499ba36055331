"""Where a year file and what its own data give differ: nothing of it is taken on trust."""

from collections.abc import Iterator
from dataclasses import dataclass

from thidua.rules.scoring.canonical import fingerprint, table_from_data, table_to_data
from thidua.rules.scoring.yearfile import (
    CLAIMED,
    DECIDED,
    SIDES,
    Content,
    digest,
    recompute,
    refuse_exponents,
    refusing_damage,
)


@dataclass(frozen=True)
class Difference:
    """One place where the file and the computation differ; `unit` "" is the whole file."""

    unit: str
    steps: tuple[str, ...]
    stored: str
    recomputed: str

    @property
    def path(self) -> str:
        """The place below `results`, for machines: "decided.points.1/a"."""
        return ".".join(self.steps)

    @property
    def sentence(self) -> str:
        """For the person who checks."""
        side, *rest = (_NAMES.get(step, step) for step in self.steps or ("kết quả",))
        where = ", ".join(filter(None, (self.unit, side, " ".join(rest))))
        return f"{where}: tệp ghi {self.stored}, tính lại {self.recomputed}."


def differences(content: Content) -> list[Difference]:
    """Every difference between a year file and what its own data give; RuleError as `recompute`."""
    with refusing_damage():
        found = [*_marks(content)]
        computed = recompute(content)
        for unit in content["units"]:
            new = computed[str(unit["key"])]
            found += _compared(str(unit["name"]), unit.get("results"), new, ())
        return found


def _marks(content: Content) -> Iterator[Difference]:
    """The digest of the file, and the fingerprint of the table in it."""
    refuse_exponents(content["table"])
    table = table_from_data(content["table"])
    own, made = digest(content), fingerprint(table)
    if content.get("sha256") != own:
        yield Difference("", ("sha256",), _shown(content.get("sha256")), own)
    if content.get("fingerprint") != made:
        yield Difference("", ("fingerprint",), _shown(content.get("fingerprint")), made)
    if content["table"] != table_to_data(table):
        yield Difference("", ("table",), "khác cách viết chuẩn", "cách viết chuẩn")


_NAMES = {
    CLAIMED: "tự chấm",
    DECIDED: "thẩm định",
    "placing": "cuối năm",
    "sha256": "mã băm của tệp",
    "fingerprint": "mã băm của bảng điểm",
    "table": "bảng điểm",
    "points": "điểm tiêu chí",
    "allowed": "mức theo quy tắc",
    "self_score": "tổng tự chấm",
    "subtotals": "điểm nhóm",
    "total": "tổng điểm",
    "maximum": "điểm tối đa áp dụng",
    "traces": "lập luận tiêu chí",
    "trace": "lập luận chung",
    "award": "điểm cộng thành tích",
    "place": "hạng",
    "class": "xếp loại",
    "needs_person": "điều cần người quyết định",
}


def _compared(
    unit: str, stored: object, new: object, path: tuple[str, ...]
) -> Iterator[Difference]:
    """Down both at once; what only one of them has is a difference too."""
    if isinstance(stored, dict) and isinstance(new, dict):
        for key in dict.fromkeys((*new, *stored)):
            yield from _compared(unit, stored.get(key), new.get(key), (*path, key))
    elif stored != new or type(stored) is not type(new):
        yield Difference(unit, path, _shown(stored), _shown(new))


def _shown(value: object) -> str:
    if value is None:
        return "không có"
    if isinstance(value, list):
        return f"“{' '.join(map(str, value))}”"
    return str(value) if isinstance(value, str | int) else "phần khác"


def checked_points(content: Content) -> int:
    """How many points of criteria a file that could be compared holds, both sides counted."""
    results = [unit.get("results") for unit in content["units"]]
    sides = [each.get(side) for each in results if isinstance(each, dict) for side in SIDES]
    points = [each.get("points") for each in sides if isinstance(each, dict)]
    return sum(len(each) for each in points if isinstance(each, dict))


__all__ = ["Difference", "checked_points", "differences"]
