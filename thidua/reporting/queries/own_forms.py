"""A cluster's own forms as pages and services read them: versions, forms as typed, differences."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from thidua.organisations.models import EmulationYear
from thidua.reporting.models import Figure, ListRow, OwnForms, Report
from thidua.reporting.queries.editions import asks, issued_own_forms
from thidua.rules.errors import RuleError
from thidua.rules.reporting import (
    Edition,
    Shape,
    Template,
    TemplateRefused,
    clashes,
    edition_on,
    read_edition,
    read_template,
)
from thidua.rules.reporting.language.checks import cross_checks
from thidua.rules.reporting.own import (
    TypedForm,
    cross_lines,
    differences,
    periods_in_words,
    typed_form,
)
from thidua.rules.reporting.words import form_name, short
from thidua.workbooks.reports.layout import ABOUT, GUIDE, page_name

Data = Mapping[str, Any]
# Every reporting year ends its data on this day or near it.
LAST_MONTH, LAST_DAY = 12, 14
NOTHING: Data = {"templates": []}


def fingerprint_of(data: Data) -> str:
    """SHA-256 of the content, whatever the order of its names."""
    text = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def draft_of(year: EmulationYear) -> OwnForms | None:
    """The version being written, if there is one."""
    return OwnForms.objects.filter(year=year, state=OwnForms.State.DRAFT).first()


def versions_of(year: EmulationYear, *, with_draft: bool) -> list[OwnForms]:
    """All versions, the newest first; drafts only for who may see them."""
    found = OwnForms.objects.filter(year=year).select_related("issued_by", "changed_by")
    return list(found if with_draft else found.filter(state=OwnForms.State.ISSUED))


def last_years(year: EmulationYear) -> OwnForms | None:
    """The forms in force in the cluster's last year that had any."""
    return (
        OwnForms.objects.filter(
            year__cluster=year.cluster_id,
            year__year__lt=year.year,
            state=OwnForms.State.ISSUED,
        )
        .order_by("-year__year", "-number")
        .select_related("year")
        .first()
    )


def sector_edition(year: EmulationYear) -> Edition:
    """The sector's forms that the year ends on. RuleError where the software knows none."""
    return edition_on(date(year.year, LAST_MONTH, LAST_DAY))


@dataclass(frozen=True)
class OwnForm:
    """One own form: as the rules know it, and which periods ask for it."""

    template: Template
    periods: tuple[str, ...]
    data: Data

    @property
    def in_periods(self) -> str:
        """“Quý I, 6 tháng”, “Mọi kỳ”."""
        return periods_in_words(self.periods)

    @property
    def typed(self) -> TypedForm:
        """As people write it."""
        return typed_form(self.template, self.data, self.periods)


def forms_of(data: Data) -> list[OwnForm]:
    """The forms of stored data, in order."""
    periods = data.get("periods", {})
    return [
        OwnForm(read_template(each), tuple(periods.get(each["key"], ())), each)
        for each in data["templates"]
    ]


def sector_forms(year: EmulationYear) -> tuple[Template, ...]:
    """The sector's forms of the year, none where the software knows none."""
    try:
        return sector_edition(year).templates
    except RuleError:
        return ()


def speakable(own: OwnForms) -> tuple[Template, ...]:
    """Every form that a check across forms may name: the sector's and the own ones."""
    mine = tuple(each.template for each in forms_of(own.data))
    return (*sector_forms(own.year), *mine)


def cross_of(own: OwnForms) -> dict[str, tuple[str, ...]]:
    """The checks across forms by level, as people write them."""
    templates = speakable(own)
    return {
        level: cross_lines(own.data.get(level, ()), templates) for level in ("printed", "logical")
    }


def changes_of(own: OwnForms) -> tuple[str, ...]:
    """What a version changes against the one issued before it; () for the first."""
    before = (
        OwnForms.objects.filter(
            year=own.year_id, state=OwnForms.State.ISSUED, number__lt=own.number
        )
        .order_by("-number")
        .first()
    )
    return differences(before.data, own.data) if before else ()


def moving(year: EmulationYear, today: date) -> list[Report]:
    """The reports that a newly issued version takes along: never handed in, not past their date."""
    return list(
        Report.objects.filter(
            period__year=year,
            period__due_on__gte=today,
            state=Report.State.DRAFT,
            round=1,
        )
        .select_related("membership__organisation", "period__year")
        .order_by("pk")
    )


def losses(own: OwnForms, today: date) -> list[str]:
    """Indicators that this version drops or turns into something else although a report of the
    year has a figure for them, a sentence each; three queries, one more for lists."""
    before = issued_own_forms(own.year)
    if before is None:
        return []
    old = {i.key: (f.template, i) for f in forms_of(before.data) for i in f.template.indicators}
    # A list has rows and no figures: a form turned into one keeps none of its figures.
    new = {
        i.key: i
        for f in forms_of(own.data)
        if f.template.shape != Shape.LIST
        for i in f.template.indicators
    }
    told: dict[str, str] = {}
    taken = {each.pk for each in moving(own.year, today)}
    for figure in _figures(own.year, old):
        template, indicator = old[figure.indicator_key]
        now = new.get(figure.indicator_key)
        name = f"{form_name(template)}, {short(template, indicator)} ({indicator.label})"
        report = figure.report
        if now is None:
            told.setdefault(name, f"{name}: bị bỏ nhưng {report} đã có số liệu.")
        elif (now.kind, now.measure) != (indicator.kind, indicator.measure):
            told.setdefault(name, f"{name}: đổi đơn vị tính, loại ô nhưng {report} đã có số liệu.")
        elif report.pk in taken and not asks(own.data, template.key, report.period.code):
            told.setdefault(name, f"{name}: không còn hỏi ở kỳ mà {report} đã có số liệu.")
    return [*told.values(), *_lost_lists(own, before, taken)]


def _figures(year: EmulationYear, keys: Iterable[str]) -> Iterable[Figure]:
    return (
        Figure.objects.filter(report__period__year=year, indicator_key__in=list(keys))
        .filter(Q(value__isnull=False) | ~Q(text=""))
        .select_related("report__period__year", "report__membership__organisation")
        .order_by("pk")
    )


def _lost_lists(own: OwnForms, before: OwnForms, taken: Collection[int]) -> list[str]:
    """Rows of the year's lists that would have no form, no period or no column any more."""
    lists = {
        each.template.key: each.template
        for each in forms_of(before.data)
        if each.template.shape == Shape.LIST
    }
    after = {each.template.key: each.template for each in forms_of(own.data)}
    rows = (
        ListRow.objects.filter(report__period__year=own.year_id, form_key__in=list(lists))
        .select_related("report__period__year", "report__membership__organisation")
        .order_by("pk")
    )
    told: dict[str, str] = {}
    for row in rows:
        template, now = lists[row.form_key], after.get(row.form_key)
        name, report = form_name(template), row.report
        if now is None:
            told.setdefault(name, f"{name}: bị bỏ nhưng đã có đơn vị kê khai.")
        elif now.shape != Shape.LIST:
            told.setdefault(name, f"{name}: không còn là danh sách nhưng {report} đã kê khai.")
        elif report.pk in taken and not asks(own.data, now.key, report.period.code):
            told.setdefault(name, f"{name}: không còn hỏi ở kỳ mà {report} đã kê khai.")
        else:
            for key in row.cells:
                if key in template and key not in now:
                    indicator = template.indicator(key)
                    column = f"{name}, {short(template, indicator)} ({indicator.label})"
                    told.setdefault(column, f"{column}: bị bỏ nhưng {report} đã kê khai.")
    return list(told.values())


def unsound(year: EmulationYear, data: Data) -> list[str]:
    """What keeps the forms together from being used: clashes of keys, codes, names of sheets, and
    checks across forms that name what is not there. RuleError where no sector's edition is known."""
    sector = sector_edition(year)
    if not data["templates"]:
        return []
    try:
        own = read_edition(_as_edition(year, data))
    except TemplateRefused as refused:
        return list(refused.problems)
    templates = (*sector.templates, *own.templates)
    rules = {level: list(data.get(level, ())) for level in ("printed", "logical")}
    problems: list[str] = []
    cross_checks(rules, templates, problems)
    return [*clashes(own), *_twice(own.templates, sector.templates), *problems]


def _as_edition(year: EmulationYear, data: Data) -> dict[str, Any]:
    """The templates alone as an edition; what runs across forms may name the sector's too."""
    return {
        "key": f"rieng-{year.year}",
        "title": "Biểu mẫu riêng của cụm",
        "valid_from": f"{year.year - 1}-12-15",
        "templates": list(data["templates"]),
    }


def _twice(own: Sequence[Template], sector: Sequence[Template]) -> list[str]:
    """Codes and names of sheets that stand for two forms."""
    used = {page_name(each).casefold(): f"biểu {each.code} của ngành" for each in sector}
    used |= {each.casefold(): f"trang “{each}” của tệp Excel" for each in (GUIDE, ABOUT)}
    said = []
    for template in own:
        name = page_name(template).casefold()
        if name in used:
            said.append(f"Mã biểu {template.code} trùng với {used[name]}. Hãy chọn mã khác.")
        used[name] = f"biểu “{template.title}”"
    return said
