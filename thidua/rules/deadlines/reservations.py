"""What the reader must know before relying on a computed day, and why extensions are refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from thidua.rules.deadlines.calendar import OpenDay
from thidua.rules.deadlines.clocks import VARIANTS, Clock, GovernedBy, SuspensionRule, Version
from thidua.rules.deadlines.counting import End
from thidua.rules.deadlines.days import named, written
from thidua.rules.deadlines.outcomes import Basis, Circumstances
from thidua.rules.deadlines.wording import Told

LAW_2025_FROM = date(2025, 7, 1)


@dataclass(frozen=True)
class Changed:
    """Open days met on the way, and the end if they turn out to be days off (None: not known)."""

    open_days: tuple[OpenDay, ...]
    due_on: date | None


def notes(
    told: Told,
    circumstances: Circumstances,
    end: End,
    changed: Changed | None,
    provisional_years: tuple[int, ...],
) -> tuple[str, ...]:
    """Reservations: what the reader must know before relying on the day."""
    return tuple(_notes(told, circumstances, end, changed, provisional_years))


def _notes(
    told: Told,
    circumstances: Circumstances,
    end: End,
    changed: Changed | None,
    provisional_years: tuple[int, ...],
) -> Iterator[str]:
    version, rule = told.version, told.clock.suspension
    if version.straddle and version.valid_to and end.due_on > version.valid_to:
        yield version.straddle
    if version.note:
        yield version.note
    if told.clock.governed_by is GovernedBy.CASE and not circumstances.began_on:
        yield from _which_inspection(circumstances.start_on)
    if rule and circumstances.suspensions:
        if rule.transition and circumstances.start_on < rule.valid_from:
            yield rule.transition
        yield from _suspension_notes(rule, circumstances)
    for year in provisional_years:
        yield f"Lịch làm việc năm {year} mới là tạm; hạn có thể đổi khi có thông báo chính thức."
    if changed:
        yield _changed(changed)


def _which_inspection(start: date) -> Iterator[str]:
    if start >= LAW_2025_FROM:
        yield (
            "Cuộc thanh tra bắt đầu trước 01/07/2025 mà chưa có kết luận thì vẫn theo luật cũ (Luật Thanh "
            "tra 84/2025/QH15, Điều 64): khi đó hãy ghi ngày bắt đầu cuộc thanh tra."
        )


def _suspension_notes(rule: SuspensionRule, circumstances: Circumstances) -> Iterator[str]:
    if rule.basis is Basis.SETTING:
        yield f"Quy định về {rule.what} ghi theo hiểu biết chung, chưa đối chiếu với văn bản."
    total = sum(each.days for each in circumstances.suspensions)
    if rule.longest_days is not None and total > rule.longest_days:
        yield f"Đã ghi {total} ngày tạm dừng, quá mức {rule.longest_days} ngày. Hãy kiểm tra lại."


def _changed(changed: Changed) -> str:
    days = "; ".join(f"{written(each.on)} ({each.reason})" for each in changed.open_days)
    after = (
        f"hạn là {named(changed.due_on)}"
        if changed.due_on
        else "cần lịch của năm sau mới tính được"
    )
    return f"Chưa rõ có nghỉ hay không: {days}. Phần mềm tính là ngày làm việc; nếu là ngày nghỉ thì {after}."


def too_many_extensions(clock: Clock, version: Version, variant: str, number: int) -> str:
    """Why so many extensions are refused, and which variant would allow some."""
    allowed = version.extensions.get(variant, ())
    case = f"trường hợp {VARIANTS[variant]}" if variant else "thời hạn này"
    if allowed:
        return f"“{clock.name}”, {case}: gia hạn tối đa {len(allowed)} lần, đang ghi {number}."
    others = [f"{code} ({VARIANTS[code]})" for code, listed in version.extensions.items() if listed]
    way = f" Trường hợp được gia hạn: {', '.join(others)}." if others else ""
    return f"“{clock.name}”, {case}: không được gia hạn.{way}"
