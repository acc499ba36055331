"""What the công văn đôn đốc says: the late units, what is missing and since when, by which text."""

from collections.abc import Sequence
from datetime import date, datetime

from django.conf import settings
from django.utils import timezone

from thidua.documents.content import Align, Column, Header, Panel, Row, SignatureBlock
from thidua.documents.letters import LetterDocument
from thidua.organisations.models import Organisation
from thidua.organisations.queries import head_of
from thidua.reporting.display.urging import period_name
from thidua.reporting.models import ReportingPeriod
from thidua.reporting.queries.urging import DRAFTING, NOT_STARTED, RETURNED, Waiting
from thidua.rules.deadlines import written
from thidua.rules.deadlines.calendar import ONE_DAY

MISSING = {
    NOT_STARTED: "Toàn bộ báo cáo (chưa làm)",
    DRAFTING: "Đang làm, chưa nộp",
    RETURNED: "Đã trả lại để sửa, chưa nộp lại",
}
COLUMNS = (
    Column(title="TT", width=0.8, align=Align.CENTRE),
    Column(title="Đơn vị", width=4),
    Column(title="Còn thiếu", width=3.6),
    Column(title="Chậm từ ngày", width=2.2, align=Align.CENTRE),
    Column(title="Số ngày chậm", width=1.7, align=Align.CENTRE),
    Column(title="Trong đó ngày làm việc", width=1.9, align=Align.CENTRE),
)


def urging_letter(
    period: ReportingPeriod,
    waiting: Sequence[Waiting],
    *,
    issuer: Organisation,
    superior: Organisation,
    at: datetime,
) -> LetterDocument:
    """The draft to the units that have not handed in; number, day and a new date are left open.

    `issuer` is the leading unit, or the body above where its officer drafts.
    """
    head = head_of(issuer.pk, timezone.localdate(at))
    return LetterDocument(
        header=Header(
            parent=issuer.governing_body,
            issuer=issuer.full_name,
            number=f"/{issuer.abbreviation}-" if issuer.abbreviation else "/",
            place=issuer.place,
            year=timezone.localdate(at).year,
        ),
        subject=_subject(period),
        addressees=tuple(each.membership.organisation.full_name for each in waiting),
        opening=_opening(period, waiting, at),
        table=Panel(columns=COLUMNS, rows=_rows(period, waiting)),
        closing=_closing(period, waiting, issuer, timezone.localdate(at)),
        signer=SignatureBlock(
            organisation="",
            post=(head.post if head else "") or "Thủ trưởng đơn vị",
            full_name=str(head.user) if head else "",
        ),
        recipients=_recipients(issuer, superior),
        made_at=at,
        demo=settings.DEMO,
    )


def _subject(period: ReportingPeriod) -> str:
    """The year is not parted from its word at the end of a line."""
    return f"đôn đốc nộp {period_name(period)}".replace(" năm ", " năm\u00a0")


def _opening(period: ReportingPeriod, waiting: Sequence[Waiting], at: datetime) -> tuple[str, str]:
    source = f" theo {period.source}" if period.source else " của Thanh tra Chính phủ"
    moment = timezone.localtime(at)
    count = f"{len(waiting)} đơn vị sau đây" if len(waiting) > 1 else "đơn vị sau đây"
    return (
        f"Thực hiện chế độ báo cáo{source}, {period_name(period)} (số liệu từ {_day(period.first_on)} "
        f"đến hết {_day(period.last_on)}) gửi chậm nhất {_day(period.due_on)}.",
        f"Tính đến {moment:%H} giờ {moment:%M} {_day(moment.date())}, {count} chưa nộp báo cáo:",
    )


def _rows(period: ReportingPeriod, waiting: Sequence[Waiting]) -> tuple[Row, ...]:
    return tuple(
        Row(cells=(str(place), *_cells(period, each)))
        for place, each in enumerate(waiting, start=1)
    )


def _cells(period: ReportingPeriod, waiting: Waiting) -> tuple[str, ...]:
    missing = MISSING[waiting.state]
    if allowed := waiting.base.allowed_late_on:
        missing += f"; được cho nộp muộn từ {written(allowed)}"
    late, name = waiting.lateness, waiting.membership.organisation.full_name
    if waiting.is_returned:
        return name, f"{missing} ({waiting.back_since})", "–", "–", "–"
    if not late.is_late:
        return name, missing, "chưa đến hạn", "–", "–"
    worked = "chưa tính được" if late.working_days is None else str(late.working_days)
    return name, missing, written(period.due_on + ONE_DAY), str(late.days), worked


def _closing(
    period: ReportingPeriod, waiting: Sequence[Waiting], issuer: Organisation, day: date
) -> tuple[str, ...]:
    """The new date is still to come: never in a year that is over when the letter is drafted."""
    who = "các đơn vị nêu trên" if len(waiting) > 1 else "đơn vị nêu trên"
    asked = (
        f"{issuer.full_name} đề nghị {who} hoàn thành số liệu, trình thủ trưởng nộp báo cáo trên phần mềm "
        f"trước ngày …… tháng …… năm {max(period.due_on, day).year}."
    )
    closed = [each for each in waiting if each.is_late and not each.base.allowed_late_on]
    late = (
        "Báo cáo đã quá hạn chỉ ghi tiếp được khi được cho nộp muộn: đề nghị thủ trưởng đơn vị gửi lý "
        "do chậm để được mở lại báo cáo."
    )
    last = f"Trân trọng đề nghị {'các ' if len(waiting) > 1 else ''}đơn vị thực hiện."
    return (asked, *([late] if closed else []), last)


def _recipients(issuer: Organisation, superior: Organisation) -> tuple[str, ...]:
    report = (f"{superior.full_name} (để báo cáo)",) if superior.pk != issuer.pk else ()
    return ("Như trên", *report, "Lưu: VT, …")


def _day(day: date) -> str:
    """Ngày 20 tháng 3 năm 2026 as the decree writes it: two digits below 10, months 1 and 2 too."""
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"
