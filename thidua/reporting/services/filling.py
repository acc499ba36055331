"""Figures as they are typed or pasted: a batch of cells is kept whole or not at all."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.reporting.models import Figure, FigureChange, Report
from thidua.reporting.queries.editions import edition_of
from thidua.reporting.services.report_locks import open_report
from thidua.reporting.services.typed_text import cleaned
from thidua.rules.errors import RuleError
from thidua.rules.reporting import (
    Amount,
    Indicator,
    Kind,
    Template,
    in_words,
    read_amount,
    where,
)
from thidua.rules.reporting.own import read_tick
from thidua.rules.reporting.words import form_name

LONGEST_TEXT = 2000
NUMBER_WORDS = 3


@dataclass(frozen=True)
class Typed:
    """One cell as a person left it; `version` is the one they saw, 0 where there was none."""

    key: str
    text: str
    version: int = 0


class CellsRefused(RuleError):
    """Some cells cannot be read; nothing was kept. `at` has a sentence by key of indicator."""

    def __init__(self, at: Mapping[str, str]) -> None:
        self.at = dict(at)
        shown = " ".join(list(self.at.values())[:NUMBER_WORDS])
        more = len(self.at) - NUMBER_WORDS
        rest = f" Và {more} ô khác." if more > 0 else ""
        super().__init__(f"{shown}{rest} Chưa ô nào trong lần này được lưu.")


class StaleCells(RuleError):
    """Somebody changed the same cells meanwhile; `current` by key is what is stored (R08)."""

    def __init__(self, template: Template, current: Mapping[str, Figure]) -> None:
        self.current = dict(current)
        key, first = next(iter(self.current.items()))
        moment = timezone.localtime(first.changed_at)
        more = len(self.current) - 1
        others = f" và {more} ô khác" if more else ""
        super().__init__(
            f"{where(template, template.indicator(key))}{others}: {first.changed_by} vừa ghi "
            f"“{shown(first)}” lúc {moment:%H:%M %d/%m/%Y}. Nội dung bạn nhập lần này chưa được lưu; hãy so "
            "hai bên rồi lưu lại nếu cần."
        )


def shown(figure: Figure) -> str:
    """What a cell holds, for a person."""
    return figure.text or in_words(figure.amount)


@dataclass(frozen=True)
class _Read:
    """A typed cell understood."""

    typed: Typed
    amount: Amount | None
    text: str

    def is_same(self, figure: Figure | None) -> bool:
        if figure is None:
            return self.amount is None and not self.text
        return (self.amount, self.text) == (figure.amount, figure.text)

    @property
    def shown(self) -> str:
        return self.text or in_words(self.amount)


@transaction.atomic
def save_figures(
    *,
    report: Report,
    form: str,
    cells: Sequence[Typed],
    actor: User,
    at: datetime,
    why: str = "",
) -> list[Figure]:
    """Keep a batch of cells of one form; returns those that changed.

    A cell that already holds what was typed is answered like the first time (R11). Raises
    CellsRefused where some cannot be read, StaleCells where another person saved meanwhile,
    RuleError for a report handed in or late. `why` goes with changes after a report was returned;
    else the reason of the return does.
    """
    return keep_figures(
        report=open_report(report, actor, at), form=form, cells=cells, actor=actor, at=at, why=why
    )


def keep_figures(
    *,
    report: Report,
    form: str,
    cells: Sequence[Typed],
    actor: User,
    at: datetime,
    why: str = "",
) -> list[Figure]:
    """Like `save_figures`, for a report that `open_report` has locked in this transaction."""
    template = _template(report, form)
    read = _read(template, cells)
    stored = {
        each.indicator_key: each
        for each in report.figures.filter(
            row="", indicator_key__in=[each.typed.key for each in read]
        ).select_related("changed_by")
    }
    changed = [each for each in read if not each.is_same(stored.get(each.typed.key))]
    _refuse_stale(template, changed, stored)
    if not changed:
        return []
    _note_changes(report, changed, stored, why, actor, at)
    kept = _keep(report, changed, stored, actor, at)
    _count(report)
    record(
        actor,
        Action.FIGURES_SAVED,
        report,
        at=at,
        form=form_name(template),
        changes=[
            f"{_label(template, each.typed.key)}: {_old(stored, each)} → {each.shown}"
            for each in changed
        ],
    )
    return kept


def _template(report: Report, form: str) -> Template:
    found = edition_of(report)
    try:
        return found.template(form)
    except KeyError as unknown:
        raise RuleError(f"Bộ biểu mẫu {found.key} không có biểu “{form}”.") from unknown


def _read(template: Template, cells: Iterable[Typed]) -> list[_Read]:
    problems: dict[str, str] = {}
    read: dict[str, _Read] = {}
    for cell in cells:
        if cell.key not in template:
            raise RuleError(f"{form_name(template)} không có chỉ tiêu “{cell.key}”.")
        try:
            read[cell.key] = _understood(template, template.indicator(cell.key), cell)
        except RuleError as problem:
            problems[cell.key] = str(problem)
    if problems:
        raise CellsRefused(problems)
    return list(read.values())


def _understood(template: Template, indicator: Indicator, cell: Typed) -> _Read:
    named = where(template, indicator)
    if indicator.kind == Kind.NUMBER:
        return _Read(cell, read_amount(cell.text, where=named, places=indicator.places), "")
    if indicator.kind == Kind.TICK:
        return _Read(cell, None, read_tick(cell.text, where=named))
    text = cleaned(cell.text)
    if len(text) > LONGEST_TEXT:
        raise RuleError(f"{named}: dài quá {LONGEST_TEXT} ký tự.")
    return _Read(cell, None, text)


def _refuse_stale(
    template: Template, changed: Iterable[_Read], stored: Mapping[str, Figure]
) -> None:
    stale = {
        each.typed.key: stored[each.typed.key]
        for each in changed
        if each.typed.key in stored and stored[each.typed.key].version != each.typed.version
    }
    if stale:
        raise StaleCells(template, stale)


def _keep(
    report: Report,
    changed: Iterable[_Read],
    stored: Mapping[str, Figure],
    actor: User,
    at: datetime,
) -> list[Figure]:
    """Write the cells, two statements however many; the report is locked."""
    new, old = [], []
    for each in changed:
        figure = stored.get(each.typed.key)
        if figure is None:
            figure = Figure(report=report, indicator_key=each.typed.key, version=0)
            new.append(figure)
        else:
            old.append(figure)
        figure.value = each.amount.number if each.amount else None
        figure.qualifier = each.amount.qualifier.value if each.amount else ""
        figure.text = each.text
        # The report's row is locked, so nothing is lost (R10).
        figure.version += 1
        figure.changed_by, figure.changed_at = actor, at
    Figure.objects.bulk_create(new)
    fields = ["value", "qualifier", "text", "version", "changed_by", "changed_at"]
    Figure.objects.bulk_update(old, fields, batch_size=100)
    return [*new, *old]


def _note_changes(
    report: Report,
    changed: Iterable[_Read],
    stored: Mapping[str, Figure],
    why: str,
    actor: User,
    at: datetime,
) -> None:
    """Once a report has been handed in, every change of a figure is kept with its reason."""
    if report.round == 1:
        return
    FigureChange.objects.bulk_create(
        FigureChange(
            report=report,
            indicator_key=each.typed.key,
            old=_old(stored, each),
            new=each.shown,
            why=cleaned(why) or f"Báo cáo được trả lại: {report.return_reason}",
            round=report.round,
            changed_by=actor,
            changed_at=at,
        )
        for each in changed
    )


def _old(stored: Mapping[str, Figure], read: _Read) -> str:
    figure = stored.get(read.typed.key)
    return shown(figure) if figure else in_words(None)


def _label(template: Template, key: str) -> str:
    indicator = template.indicator(key)
    return indicator.code or indicator.heading[-1]


def _count(report: Report) -> None:
    # The row is locked by `open_report`.
    report.version += 1
    report.save(update_fields=["version", "told_lists"])
