"""The table: read, imported, issued, compared, its sections given to appraisers."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST, require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.audit.models import Action
from thidua.audit.queries import history_of
from thidua.documents.downloads import attachment
from thidua.organisations.models import EmulationYear
from thidua.organisations.scope import year_or_404
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Severity, Table, canonical_json, lint
from thidua.rules.scoring.cases import run_cases
from thidua.scoring import services
from thidua.scoring.forms import AppraisersForm, ScaleImportForm
from thidua.scoring.models import CriteriaSet
from thidua.scoring.permissions import (
    can_edit_scale,
    can_import_scale,
    can_issue_scale,
    can_name_appraisers,
    wrote_in_scale,
)
from thidua.scoring.queries import (
    appraisal_sections,
    appraiser_candidates,
    appraisers_by_section,
    issued_set,
)
from thidua.scoring.queries.fed import known_to
from thidua.scoring.scale_changes import changes_in_words, rules_in_words
from thidua.scoring.tables import to_table
from thidua.scoring.views.fetching import XLSX, acted
from thidua.workbooks.reading import WorkbookError
from thidua.workbooks.scale import write_scale, write_template

PROBLEMS_SHOWN = 200


def _versions(request: SignedInRequest, year: EmulationYear) -> QuerySet[CriteriaSet]:
    """The issued versions, newest first; the lead also sees drafts."""
    versions = CriteriaSet.objects.filter(year=year).select_related(
        "imported_by", "issued_by", "year__cluster"
    )
    if not can_import_scale(request.user, year):
        versions = versions.filter(state=CriteriaSet.State.ISSUED)
    return versions.order_by("-number")


def _version_or_404(request: SignedInRequest, year: EmulationYear, number: int) -> CriteriaSet:
    """A version the person may see."""
    return get_object_or_404(_versions(request, year), number=number)


def _page(
    request: SignedInRequest, year: EmulationYear, shown: CriteriaSet | None, **more: Any
) -> HttpResponse:
    may_import = can_import_scale(request.user, year)
    versions = _versions(request, year)
    in_force = issued_set(year)
    criteria = list(shown.criteria.all()) if shown else []
    table = to_table(shown, criteria) if shown else None
    said = rules_in_words(table) if table else {}
    sections = appraisal_sections(criteria)
    named = appraisers_by_section(shown) if shown else {}
    return render(
        request,
        "scoring/scale.html",
        {
            "year": year,
            "shown": shown,
            "in_force": in_force,
            "is_in_force": bool(shown and in_force and shown.pk == in_force.pk),
            "versions": list(versions),
            "rows": [(row, row.path.count("/"), said.get(row.path, ())) for row in criteria],
            **_check(shown, table),
            "leaf_count": sum(row.is_leaf for row in criteria),
            "sections": [(section, named.get(section.pk, [])) for section in sections],
            "may_import": may_import,
            "may_name": can_name_appraisers(request.user, year),
            "may_issue": shown is not None and can_issue_scale(request.user, shown),
            "may_edit": shown is not None
            and shown.state == CriteriaSet.State.DRAFT
            and can_edit_scale(request.user, year),
            "written_by_me": shown is not None and wrote_in_scale(request.user, shown),
            "history": history_of(shown) if shown else [],
            **more,
        },
    )


def _check(shown: CriteriaSet | None, table: Table | None) -> dict[str, Any]:
    """What stands between a draft and issuing it; an issued version has passed."""
    if shown is None or table is None or shown.state == CriteriaSet.State.ISSUED:
        return {}
    found = lint(table, known_to(shown.year, table))
    try:
        results = run_cases(table, shown.year.year)
    except RuleError:
        # The rules of the whole table cannot be read: lint says where.
        results = ()
    return {
        "case_count": len(results),
        "case_passed": sum(each.passed for each in results),
        "case_failures": [each for each in results if not each.passed],
        "errors": [each for each in found if each.severity is Severity.ERROR],
        # What was said when it was imported still stands until somebody changes it.
        "findings": []
        if shown.warnings
        else [each for each in found if each.severity is not Severity.ERROR],
    }


@signed_in
@require_safe
def scale(request: SignedInRequest, year: int) -> HttpResponse:
    """The table in force; without one, the lead sees the newest draft or is led to import."""
    found = year_or_404(request.user, year)
    in_force = issued_set(found)
    versions = _versions(request, found)
    shown = versions.filter(pk=in_force.pk).first() if in_force else versions.first()
    return _page(request, found, shown)


@signed_in
@require_safe
def scale_version(request: SignedInRequest, year: int, number: int) -> HttpResponse:
    """One version, draft or issued."""
    found = year_or_404(request.user, year)
    return _page(request, found, _version_or_404(request, found, number))


@signed_in
@once
def scale_import(request: SignedInRequest, year: int) -> HttpResponse:
    """A workbook becomes a draft version, or every bad cell is listed and nothing is kept."""
    found = year_or_404(request.user, year)
    if not can_import_scale(request.user, found):
        raise Http404
    posted = request.method == "POST"
    form = ScaleImportForm(request.POST, request.FILES) if posted else ScaleImportForm()
    problems: list[tuple[str, str, str]] = []
    hidden = 0
    if posted and form.is_valid():
        try:
            made = services.import_scale(
                year=found, data=form.contents(), actor=request.user, at=timezone.now()
            )
        except WorkbookError as error:
            listed = [(each.sheet, each.cell, each.sentence) for each in error.problems]
            problems, hidden = listed[:PROBLEMS_SHOWN], len(listed[PROBLEMS_SHOWN:])
        except RuleError as error:
            form.add_error("workbook", str(error))
        else:
            said = f", có {len(made.warnings)} cảnh báo cần xem lại" if made.warnings else ""
            messages.success(request, f"Đã nhập bảng điểm, phiên bản {made.number}{said}.")
            return redirect("scoring:scale_version", year=found.pk, number=made.number)
    return render(
        request,
        "scoring/scale_import.html",
        {"year": found, "form": form, "problems": problems, "hidden": hidden},
        status=422 if problems or form.errors else 200,
    )


@signed_in
@require_safe
def scale_template(request: SignedInRequest, year: int) -> HttpResponse:
    """The empty workbook to fill in."""
    year_or_404(request.user, year)
    return attachment(write_template(), name="mau-bang-diem.xlsx", media_type=XLSX)


@signed_in
@require_safe
def scale_xlsx(request: SignedInRequest, year: int, number: int) -> HttpResponse:
    """A version as a workbook that can be changed and imported again."""
    found = year_or_404(request.user, year)
    version = _version_or_404(request, found, number)
    try:
        workbook = write_scale(to_table(version))
    except RuleError as error:
        messages.error(request, str(error))
        return redirect("scoring:scale_version", year=found.pk, number=number)
    return attachment(
        workbook, name=f"bang-diem-{found.year}-phien-ban-{number}.xlsx", media_type=XLSX
    )


@signed_in
@require_safe
def scale_json(request: SignedInRequest, year: int, number: int) -> HttpResponse:
    """The very bytes under the fingerprint: `sha256sum` of this file is the fingerprint."""
    found = year_or_404(request.user, year)
    version = _version_or_404(request, found, number)
    name = f"bang-diem-{found.year}-phien-ban-{number}.json"
    return attachment(canonical_json(to_table(version)), name=name, media_type="application/json")


@signed_in
@require_GET
def scale_difference(request: SignedInRequest, year: int, old: int, number: int) -> HttpResponse:
    """What changed between two versions, in sentences."""
    found = year_or_404(request.user, year)
    before = _version_or_404(request, found, old)
    after = _version_or_404(request, found, number)
    return render(
        request,
        "scoring/scale_difference.html",
        {
            "year": found,
            "before": before,
            "after": after,
            "sentences": changes_in_words(to_table(before), to_table(after)),
        },
    )


@signed_in
@require_POST
@once
def scale_issue(request: SignedInRequest, year: int, number: int) -> HttpResponse:
    """Freeze a version and open the members' sheets."""
    found = year_or_404(request.user, year)
    version = _version_or_404(request, found, number)
    acted(
        request,
        lambda: services.issue_scale(criteria_set=version, actor=request.user, at=timezone.now()),
        f"Đã ban hành bảng điểm phiên bản {number} và mở bảng tự chấm cho các đơn vị.",
    )
    _tell_lost_terms(request, version)
    return redirect("scoring:scale_version", year=found.pk, number=number)


def _tell_lost_terms(request: SignedInRequest, version: CriteriaSet) -> None:
    """What was set for the units and could not be carried over to the new version."""
    copied = (each for each in history_of(version) if each.action == Action.TERMS_COPIED)
    lost = [str(what) for each in copied for what in each.details["not_copied"]]
    if lost:
        messages.warning(
            request,
            "Thông số đơn vị đã được chép từ phiên bản trước, trừ những mục bảng mới không còn dùng: "
            f"{'; '.join(lost)}. Hãy xem lại mục Thông số đơn vị.",
        )


@signed_in
@once
def appraisers(request: SignedInRequest, year: int) -> HttpResponse:
    """Who appraises which section of the table in force."""
    found = year_or_404(request.user, year)
    criteria_set = issued_set(found)
    if criteria_set is None or not can_name_appraisers(request.user, found):
        raise Http404
    candidates = appraiser_candidates(found)
    form = AppraisersForm(
        appraisal_sections(list(criteria_set.criteria.all())),
        candidates,
        appraisers_by_section(criteria_set),
        request.POST if request.method == "POST" else None,
    )
    if form.is_valid():
        try:
            changed = _name(form, request)
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã lưu phân công thẩm định ({changed} phần thay đổi).")
            return redirect("scoring:scale", year=found.pk)
    return render(
        request,
        "scoring/appraisers.html",
        {"year": found, "form": form, "candidates": candidates, "criteria_set": criteria_set},
    )


@transaction.atomic
def _name(form: AppraisersForm, request: SignedInRequest) -> int:
    changes = form.changes()
    for section, users in changes:
        try:
            services.name_appraisers(
                criterion=section, users=users, actor=request.user, at=timezone.now()
            )
        except PermissionDenied:
            raise Http404 from None
    return len(changes)
