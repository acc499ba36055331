"""What the installation measures: indicators added, put right, and linked to reported figures."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.reporting import effects
from thidua.reporting.models import Indicator
from thidua.reporting.permissions import can_keep_indicators
from thidua.reporting.queries.indicators import form_keys, is_used
from thidua.rules.errors import RuleError
from thidua.rules.reporting.sources import LATENESS, named_indicators, problem_of
from thidua.rules.reporting.sources.language import rates

# What papers of a pact print: as agreed, it stays.
PRINTED = {"name": "tên", "measure": "đơn vị tính"}


@dataclass(frozen=True)
class IndicatorText:
    """An indicator as people write it; `figure` "" where nobody reports it."""

    name: str
    measure: str
    computation: str = ""
    source: str = ""
    figure: str = ""


class StaleIndicator(RuleError):
    """Somebody changed the indicator after the page was opened (R08)."""

    def __init__(self, indicator: Indicator) -> None:
        who, when = indicator.changed_by or "Người khác", indicator.changed_at
        at = f" lúc {timezone.localtime(when):%H:%M %d/%m/%Y}" if when else ""
        super().__init__(
            f"{who} vừa sửa chỉ tiêu này{at}. Nội dung bạn nhập chưa được lưu; hãy mở lại trang, xem "
            "bản mới rồi sửa tiếp nếu cần."
        )


@transaction.atomic
def add_indicator(*, key: str, text: IndicatorText, actor: User, at: datetime) -> Indicator:
    """A new indicator. RuleError where the key is taken or the figure cannot be read."""
    if not can_keep_indicators(actor):
        raise PermissionDenied
    _refuse_key(key)
    _refuse_figure(text.figure)
    indicator = Indicator(key=key, **_fields(text), changed_by=actor, changed_at=at)
    try:
        with transaction.atomic():
            indicator.save(force_insert=True)
    except IntegrityError:
        raise RuleError(f"Khoá “{key}” đã có chỉ tiêu dùng. Hãy chọn khoá khác.") from None
    record(actor, Action.INDICATOR_ADDED, indicator, at=at, new=_told(indicator))
    return indicator


@transaction.atomic
def change_indicator(
    *, indicator: Indicator, text: IndicatorText, version: int, actor: User, at: datetime
) -> Indicator:
    """Other words, or another figure. What a pact prints stays once a commitment uses it."""
    if not can_keep_indicators(actor):
        raise PermissionDenied
    indicator = Indicator.objects.select_for_update(of=("self",)).get(pk=indicator.pk)
    if version != indicator.version:
        raise StaleIndicator(indicator)
    fields, old = _fields(text), _told(indicator)
    _refuse_printed(indicator, fields)
    _refuse_held(indicator, fields["figure"])
    _refuse_figure(text.figure)
    for name, value in fields.items():
        setattr(indicator, name, value)
    indicator.version += 1
    indicator.changed_by, indicator.changed_at = actor, at
    indicator.save(update_fields=[*fields, "version", "changed_by", "changed_at"])
    record(actor, Action.INDICATOR_CHANGED, indicator, at=at, old=old, new=_told(indicator))
    return indicator


def _fields(text: IndicatorText) -> dict[str, str]:
    return {name: " ".join(value.split()) for name, value in asdict(text).items()}


def _told(indicator: Indicator) -> str:
    """For the journal."""
    figure = f"; lấy từ {indicator.figure}" if indicator.figure else ""
    return f"{indicator.name} ({indicator.measure}): {indicator.computation}{figure}"


def _refuse_key(key: str) -> None:
    if key in named_indicators() | rates().keys() | LATENESS.keys() | form_keys():
        raise RuleError(
            f"Khoá “{key}” là của một chỉ tiêu trong biểu mẫu báo cáo. Hãy chọn khoá khác và ghi “{key}” "
            "ở ô lấy từ số liệu báo cáo."
        )


def _refuse_figure(figure: str) -> None:
    problem = problem_of(figure, form_keys()) if figure.strip() else ""
    if problem:
        raise RuleError(f"Lấy từ số liệu báo cáo: {problem}")


def _refuse_held(indicator: Indicator, figure: str) -> None:
    """A figure that points are read from does not become another one unseen."""
    if indicator.figure and figure != indicator.figure and (why := effects.holds(indicator.key)):
        raise RuleError(why)


def _refuse_printed(indicator: Indicator, fields: Mapping[str, str]) -> None:
    changed = [label for name, label in PRINTED.items() if fields[name] != getattr(indicator, name)]
    if changed and is_used(indicator):
        raise RuleError(
            f"Chỉ tiêu đã có cam kết trong giao ước dùng nên không sửa {' và '.join(changed)} được nữa. "
            "Hãy thêm một chỉ tiêu mới; cách tính và nguồn số liệu thì vẫn sửa được."
        )
