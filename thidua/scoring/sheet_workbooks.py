"""The unit's self-score form: written with what is typed so far, read back against the sheet."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from thidua.documents.storage import fingerprint
from thidua.rules.scoring import (
    Claim,
    Severity,
    Table,
    TableResult,
    Unit,
    in_words,
    vietnamese,
)
from thidua.rules.scoring.breaches import NEGOTIABLE
from thidua.rules.scoring.homes import homes_of
from thidua.rules.scoring.language import table_rules
from thidua.scoring.forms import FACT_LIMIT, TEXT_LIMIT
from thidua.scoring.models import CriterionScore, Evidence, ScoreSheet
from thidua.scoring.queries.facts import claimed_facts, terms_of
from thidua.scoring.queries.fed import locked_facts
from thidua.scoring.services.filling import FilledLine, Filling, differs, outcome
from thidua.scoring.tables import to_table
from thidua.scoring.workbook_dates import made_at
from thidua.workbooks.reading import CellProblem, clean
from thidua.workbooks.scale.read.cells import folded
from thidua.workbooks.sheets import Filled, check, layout, read_form, write_form

NOTE_LIMIT = 900
BY_THE_LEAD = (
    "do cụm trưởng đặt ở mục Thông số đơn vị; hãy ghi lại như cũ hoặc đề nghị cụm trưởng sửa."
)


@dataclass(frozen=True)
class FormReading:
    """A form held against the sheet: what it would change, or why it is refused.

    `problems` are by sheet and cell; with one of them nothing may be taken over. `notes` are what
    the person should know besides.
    """

    filling: Filling
    problems: tuple[CellProblem, ...]
    notes: tuple[str, ...]


def unit_form(sheet: ScoreSheet) -> bytes:
    """The unit's form with everything typed so far, the bytes of an .xlsx."""
    table = to_table(sheet.criteria_set)
    scores = _scores(sheet)
    names = _evidence_names(sheet)
    filled = Filled(
        claims={
            score.criterion.path: Claim(score.base, score.bonus, score.deduction)
            for score in scores
        },
        facts=claimed_facts(sheet, scores),
        unit_terms=terms_of(sheet),
        explanations={s.criterion.path: s.explanation for s in scores if s.explanation},
        evidence={s.criterion.path: "; ".join(names[s.pk]) for s in scores if s.pk in names},
        fed=_fed_notes(sheet),
    )
    member = sheet.membership
    return write_form(
        table, unit=member.organisation.full_name, year=member.year.year, filled=filled
    )


def read_unit_form(sheet: ScoreSheet, data: bytes, name: str) -> FormReading:
    """A filled form beside what is stored; changes nothing.

    Raises WorkbookError or RuleError when the file cannot be read or is of another table.
    """
    table = to_table(sheet.criteria_set)
    filled = read_form(data, table)
    scores = _scores(sheet)
    every = tuple(_line(table, score, filled) for score in scores)
    given = {**filled.facts, **_fed_values(sheet)}
    figures = {each.key: given[each.key] for each in homes_of(table).sheet if each.key in given}
    whole = Filling(
        lines=tuple(
            line for score, line in zip(scores, every, strict=True) if differs(score, line)
        ),
        figures=figures if figures != sheet.facts else None,
        figures_version=sheet.facts_version,
        name=name,
        sha256=fingerprint(data),
        made_at=made_at(data),
    )
    terms = terms_of(sheet)
    problems = [
        *(each for each in filled.problems if each.severity is Severity.ERROR),
        *_not_this_unit(sheet, filled),
        *_terms_changed(table, terms, filled),
        *_too_long(table, filled),
        *_fed_changed(sheet, table, filled),
    ]
    filled = replace(filled, facts={**filled.facts, **_fed_values(sheet)})
    problems += _beyond(_as_the_rules_say(sheet, table, terms, filled), filled)
    warned = [str(each) for each in filled.problems if each.severity is not Severity.ERROR]
    notes = (*warned, *_notes(sheet, table, terms, filled, scores, whole))
    return FormReading(whole, tuple(problems), notes)


def _fed_notes(sheet: ScoreSheet) -> dict[str, str]:
    """By input key, the way of a value from its reports, for the note beside its locked cell."""
    return {
        key: " ".join(each["words"])[:NOTE_LIMIT]
        for key, each in (sheet.fed or {}).items()
        if each["value"]
    }


def _scores(sheet: ScoreSheet) -> list[CriterionScore]:
    scores = sheet.scores.select_related("criterion", "changed_by")
    return list(scores.order_by("criterion__order"))


def _evidence_names(sheet: ScoreSheet) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for score, name in Evidence.objects.filter(score__sheet=sheet).values_list(
        "score", "file__name"
    ):
        found.setdefault(score, []).append(name)
    return found


def _line(table: Table, score: CriterionScore, filled: Filled) -> FilledLine:
    path = score.criterion.path
    own = [each.key for each in homes_of(table).own[path]]
    given = {**filled.facts, **_fed_values(score.sheet)}
    return FilledLine(
        score=score.pk,
        version=score.version,
        claim=filled.claims.get(path, Claim()),
        facts={key: given[key] for key in own if key in given},
        explanation=_explanation(score.explanation, filled.explanations.get(path, "")),
    )


def _explanation(stored: str, written: str) -> str:
    """A cell keeps no blanks at the ends and one kind of line end: that alone is no change."""
    return stored if clean(stored).strip() == written else written


def _error(sheet: str, cell: str, sentence: str) -> CellProblem:
    return CellProblem(sheet, cell, Severity.ERROR, sentence)


def _fed_values(sheet: ScoreSheet) -> dict[str, str]:
    return locked_facts(sheet, (sheet.fed or {}).keys())


def _fed_changed(sheet: ScoreSheet, table: Table, filled: Filled) -> Iterator[CellProblem]:
    """Figures of accepted reports are not typed; a blank cell, as in an older form, leaves them."""
    inputs = table_rules(table).inputs
    for key, text in _fed_values(sheet).items():
        typed = filled.facts.get(key, text)
        if typed != text and key in inputs:
            each = inputs[key]
            yield _error(
                layout.FACTS,
                "",
                f"Số liệu “{each.label}” ghi {in_words(each, typed)}, còn báo cáo đã chấp nhận cho "
                f"{in_words(each, text)}. Số này lấy từ báo cáo nên không ghi tay được; hãy ghi lại "
                "như báo cáo hoặc để trống. Nếu báo cáo sai, hãy đề nghị trả lại báo cáo để sửa.",
            )


def _not_this_unit(sheet: ScoreSheet, filled: Filled) -> Iterator[CellProblem]:
    unit, year = sheet.membership.organisation, sheet.membership.year.year
    if folded(filled.unit) not in {folded(unit.full_name), folded(unit.short_name)}:
        told = f"ghi “{filled.unit[:100]}”" if filled.unit else "để trống"
        yield _error(
            layout.ABOUT,
            "",
            f"{layout.UNIT_ITEM}: {told}, còn bảng này là của “{unit.full_name}”. Hãy chọn đúng tệp, "
            "hoặc tải lại biểu của đơn vị.",
        )
    if filled.year and filled.year != year:
        yield _error(
            layout.ABOUT,
            "",
            f"{layout.YEAR_ITEM}: ghi {filled.year}, còn bảng này là của năm {year}.",
        )


def _terms_changed(table: Table, terms: Unit, filled: Filled) -> Iterator[CellProblem]:
    """Terms are the lead's to set; a blank cell, as in a form made elsewhere, leaves them."""
    given = filled.unit_terms
    inputs = table_rules(table).inputs
    for key, target in given.targets.items():
        if target != terms.targets.get(key):
            yield _error(
                layout.TARGETS,
                "",
                f"Mục tiêu “{inputs[key].label}” ghi {vietnamese(target)}, đang đặt là "
                f"{_target_in_words(terms.targets.get(key))}: {BY_THE_LEAD}",
            )
    for name, tier in given.tiers.items():
        if tier != terms.tiers.get(name):
            said = terms.tiers.get(name) or "chưa đặt"
            yield _error(
                layout.TIERS, "", f"{name} ghi “{tier}”, đang đặt là “{said}”: {BY_THE_LEAD}"
            )
    for path in sorted(given.not_assigned - terms.not_assigned):
        yield _error(layout.UNASSIGNED, "", f"Tiêu chí {path} đánh dấu không giao: {BY_THE_LEAD}")


def _target_in_words(target: Decimal | None) -> str:
    return "trống" if target is None else vietnamese(target)


def _too_long(table: Table, filled: Filled) -> Iterator[CellProblem]:
    for path, text in filled.explanations.items():
        if len(text) > TEXT_LIMIT:
            cell = filled.places[path]["explanation"]
            yield _error(
                layout.CLAIMS, cell, f"thuyết minh dài {len(text)} ký tự; tối đa {TEXT_LIMIT}."
            )
    for key, text in filled.facts.items():
        if len(text) > FACT_LIMIT:
            label = table_rules(table).inputs[key].label
            yield _error(layout.FACTS, "", f"{label}: dài quá {FACT_LIMIT} ký tự.")


def _as_the_rules_say(
    sheet: ScoreSheet, table: Table, terms: Unit, filled: Filled
) -> TableResult | None:
    """What the table gives of the form under the terms in force; cells unread decide nothing."""
    held = replace(filled, unit_terms=terms)
    return check(table, held, sheet.membership.year.year).result


def _beyond(result: TableResult | None, filled: Filled) -> Iterator[CellProblem]:
    """Claims the table does not give; where they may be argued, only those without a word."""
    for path, leaf in result.leaves.items() if result else ():
        places: Mapping[str, str] = filled.places.get(path, {})
        argued = bool(filled.explanations.get(path, "").strip())
        for each in leaf.breaches:
            if each.limit not in NEGOTIABLE:
                yield _error(layout.CLAIMS, places.get(each.field, ""), each.sentence)
            elif not argued:
                cell = places.get("explanation", "")
                way_out = " Nếu vẫn đề nghị mức này, hãy ghi thuyết minh vì sao vào ô này."
                yield _error(layout.CLAIMS, cell, each.sentence + way_out)


def _notes(
    sheet: ScoreSheet,
    table: Table,
    terms: Unit,
    filled: Filled,
    scores: Iterable[CriterionScore],
    filling: Filling,
) -> Iterator[str]:
    rows = list(scores)
    kept = sorted(terms.not_assigned - filled.unit_terms.not_assigned)
    if kept:
        yield (
            f"Biểu không đánh dấu “không giao” ở {', '.join(kept)}; thông số cụm trưởng đã đặt vẫn giữ."
        )
    has_files = set(_evidence_names(sheet))
    named = [s.criterion.code for s in rows if s.criterion.path in filled.evidence]
    without = [
        s.criterion.code
        for s in rows
        if s.criterion.path in filled.evidence and s.pk not in has_files
    ]
    if named and without:
        yield (
            f"Cột “Minh chứng” của biểu chỉ ghi tên tài liệu. Còn phải nộp tệp minh chứng ở {len(without)} "
            f"tiêu chí: {', '.join(without[:12])}{'…' if len(without) > 12 else ''}."
        )
    if filled.total is not None:
        total = outcome(sheet, table, rows, filling).claimed_total
        if filled.total != total:
            yield (
                f"“{layout.TOTAL_ITEM}” trong biểu ghi {vietnamese(filled.total)}, cộng các tiêu chí "
                f"được {vietnamese(total)}."
            )
