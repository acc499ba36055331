"""Where a figure of a sheet comes from, as pages show it: from reports, typed, or corrected since."""

from dataclasses import dataclass

from thidua.rules.scoring import in_words
from thidua.rules.scoring.language import Input
from thidua.scoring.models import ScoreSheet
from thidua.scoring.queries.fed import record_of

FED, CORRECTED, TYPED, WAITING = "fed", "corrected", "typed", "waiting"
LABELS = {
    FED: "Lấy từ báo cáo",
    CORRECTED: "Theo báo cáo chấp nhận sau khi nộp",
    TYPED: "Tự ghi, chưa có báo cáo",
    WAITING: "Chưa có báo cáo",
}


@dataclass(frozen=True)
class SourceView:
    """One figure's way from the reports. `links` are reports the person may open: key and name.

    `correction` says what a report accepted after the hand-in changed, who and why.
    """

    state: str
    value: str
    lines: tuple[str, ...]
    missing: tuple[str, ...]
    links: tuple[tuple[int, str], ...]
    correction: str = ""

    @property
    def label(self) -> str:
        return LABELS[self.state]

    @property
    def tone(self) -> str:
        """How a page colours it."""
        return {FED: "info", CORRECTED: "info", TYPED: "warn", WAITING: "neutral"}[self.state]

    @property
    def is_fed(self) -> bool:
        """Nobody types it."""
        return self.state == FED


def source_view(
    sheet: ScoreSheet, each: Input, given: str, *, opens_reports: bool
) -> SourceView | None:
    """The source of an input's value; None for an input that people type anyway.

    `given` is the stored text; `opens_reports`: whether the person may see the unit's reports.
    """
    if not each.is_fed:
        return None
    stored = record_of(sheet, each.key)
    corrected = (sheet.corrected or {}).get(each.key)
    latest = corrected or stored
    value = str(stored.get("value", ""))
    state = FED if value else TYPED if given else WAITING
    if corrected and not corrected["kept"]:
        state = CORRECTED
    links = [(int(key), str(name)) for key, name in latest.get("reports", ())]
    return SourceView(
        state=state,
        value=in_words(each, value),
        lines=tuple(latest.get("words", ())),
        missing=tuple(stored.get("missing", ())),
        links=tuple(links) if opens_reports else (),
        correction=_correction(each, corrected) if corrected else "",
    )


def _correction(each: Input, stored: dict[str, str]) -> str:
    old = in_words(each, stored["old"]) or "chưa có"
    new = in_words(each, stored["value"])
    who = f"{stored['by']}, {stored['at']}"
    if stored["kept"]:
        return f"Báo cáo nay ghi {new}, quyết định {old} được giữ. {stored['kept']} ({who})"
    return f"Sửa theo báo cáo: {old} → {new}. Lý do: {stored['why']} ({who})"
