"""Writing own forms: one form as a table, the checks across forms, a workbook in."""

from collections.abc import Sequence

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.organisations.models import EmulationYear
from thidua.reporting.forms.own_forms import (
    BLANK,
    OwnChecksForm,
    OwnFormsUpload,
    acted_on,
    rows_of,
    sent_form,
    without_blanks,
)
from thidua.reporting.models import OwnForms
from thidua.reporting.queries.own_forms import cross_of, forms_of, sector_edition, sector_forms
from thidua.reporting.services import own_forms as services
from thidua.reporting.views.own_form_fetching import draft_or_404, form_or_404, version_sent
from thidua.rules.errors import RuleError
from thidua.rules.reporting.own import (
    BEHAVIOUR_HELP,
    BEHAVIOUR_WORDS,
    LEVELS,
    SHAPE_WORDS,
    Placed,
    TypedForm,
)
from thidua.rules.reporting.own.typed import read_periods
from thidua.rules.reporting.periods import NAMES
from thidua.workbooks.forms import read_forms
from thidua.workbooks.reading import WorkbookError

PROBLEMS_SHOWN = 200


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def own_form_new(request: SignedInRequest, year: int) -> HttpResponse:
    """A new form of the draft."""
    found, draft = draft_or_404(request, year)
    if request.method == "POST":
        return _edited(request, found, draft)
    blank = TypedForm(shape="Theo dòng", periods="Mọi kỳ", indicators=(BLANK, BLANK, BLANK))
    return _editor(request, found, draft, blank)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def own_form_edit(request: SignedInRequest, year: int, form: str) -> HttpResponse:
    """A form of the draft as a table to write in."""
    found, draft = draft_or_404(request, year)
    shown = form_or_404(draft, form)
    if request.method == "POST":
        return _edited(request, found, draft, form)
    return _editor(request, found, draft, shown.typed)


def _edited(
    request: SignedInRequest, year: EmulationYear, draft: OwnForms, form: str = ""
) -> HttpResponse:
    """What was sent: another row, a row moved or taken out (nothing is kept), or kept whole."""
    typed = TypedForm(**{**vars(sent_form(request.POST)), "key": form})
    version = request.POST.get("version", "")
    act = request.POST.get("act", "save")
    if act != "save":
        return _editor(request, year, draft, acted_on(typed, act), version=version)
    kept = without_blanks(typed)
    try:
        services.save_own_form(
            own=draft,
            form=kept,
            version=version_sent(request),
            actor=request.user,
            at=timezone.now(),
        )
    except services.FormRefused as refused:
        return _editor(request, year, draft, kept, refused.problems, version=version)
    except RuleError as error:
        problems = (Placed(0, "", str(error)),)
        return _editor(request, year, draft, kept, problems, version=version)
    except PermissionDenied:
        raise Http404 from None
    messages.success(request, f"Đã lưu biểu {kept.code.strip()} trong dự thảo.")
    return redirect("reports:own_forms", year=year.pk)


def _editor(
    request: SignedInRequest,
    year: EmulationYear,
    draft: OwnForms,
    typed: TypedForm,
    problems: Sequence[Placed] = (),
    *,
    version: str = "",
) -> HttpResponse:
    rows = rows_of(typed, problems)
    context = {
        "year": year,
        "draft": draft,
        "typed": typed,
        "rows": rows,
        "version": version or draft.version,
        "shapes": tuple(SHAPE_WORDS.values()),
        "periods": [(code, name, code in _chosen(typed)) for code, name in NAMES.items()],
        "problems": [(_anchor(each), _said(typed, each)) for each in problems],
        "rules": {level: "\n".join(getattr(typed, level)) for level in LEVELS},
        "of_form": {each.field: each.sentence for each in problems if each.row == 0},
        "behaviours": [(word, BEHAVIOUR_HELP[each]) for each, word in BEHAVIOUR_WORDS.items()],
        "saved": bool(typed.key),
    }
    status = 422 if problems else 200
    return render(request, "reporting/own_form_edit.html", context, status=status)


def _chosen(typed: TypedForm) -> tuple[str, ...]:
    try:
        return read_periods(typed.periods) or tuple(NAMES)
    except RuleError:
        return ()


def _said(typed: TypedForm, placed: Placed) -> str:
    """The sentence with its row, where it does not name the form and the row itself."""
    if not placed.row or placed.sentence.startswith("Biểu “"):
        return placed.sentence
    code = typed.indicators[placed.row - 1].code.strip()
    row = f"Chỉ tiêu {code}" if code else f"Dòng {placed.row}"
    return f"{row}: {placed.sentence}"


def _anchor(placed: Placed) -> str:
    if placed.row:
        return f"i-{placed.row}-{placed.field}"
    return f"id_{placed.field}" if placed.field else ""


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def own_forms_checks(request: SignedInRequest, year: int) -> HttpResponse:
    """The checks across forms of the draft."""
    found, draft = draft_or_404(request, year)
    if request.method == "POST":
        form = OwnChecksForm(request.POST)
    else:
        lines = {level: "\n".join(rules) for level, rules in cross_of(draft).items()}
        form = OwnChecksForm(initial={**lines, "version": draft.version})
    if form.is_valid():
        try:
            services.save_own_checks(
                own=draft,
                lines=form.lines(),
                version=form.cleaned_data["version"],
                actor=request.user,
                at=timezone.now(),
            )
        except services.FormRefused as refused:
            for each in refused.problems:
                form.add_error(each.field, each.sentence)
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "Đã lưu kiểm tra giữa các biểu.")
            return redirect("reports:own_forms", year=found.pk)
    context = {
        "year": found,
        "draft": draft,
        "form": form,
        "own": forms_of(draft.data),
        "sector": sector_forms(found),
    }
    status = 422 if form.errors else 200
    return render(request, "reporting/own_forms_checks.html", context, status=status)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
@once
def own_forms_upload(request: SignedInRequest, year: int) -> HttpResponse:
    """A workbook in the place of the draft: taken whole, or every bad cell listed."""
    found, draft = draft_or_404(request, year)
    posted = request.method == "POST"
    form = (
        OwnFormsUpload(request.POST, request.FILES)
        if posted
        else OwnFormsUpload(initial={"version": draft.version})
    )
    problems: list[tuple[str, str, str]] = []
    if form.is_valid():
        try:
            return _taken_over(request, found, draft, form)
        except WorkbookError as error:
            problems = [(each.sheet, each.cell, each.sentence) for each in error.problems]
        except RuleError as error:
            form.add_error("workbook", str(error))
    context = {
        "year": found,
        "draft": draft,
        "form": form,
        "problems": problems[:PROBLEMS_SHOWN],
        "count": len(problems),
        "hidden": max(0, len(problems) - PROBLEMS_SHOWN),
    }
    status = 422 if problems or form.errors else 200
    return render(request, "reporting/own_forms_upload.html", context, status=status)


def _taken_over(
    request: SignedInRequest, year: EmulationYear, draft: OwnForms, form: OwnFormsUpload
) -> HttpResponse:
    described = read_forms(
        form.contents(),
        sector=sector_edition(year).templates,
        before=[each.typed for each in forms_of(draft.data)],
    )
    services.replace_own_forms(
        own=draft,
        described=services.Described(described.templates, described.periods, described.cross),
        file=form.name(),
        version=form.cleaned_data["version"],
        actor=request.user,
        at=timezone.now(),
    )
    messages.success(request, f"Đã nạp {len(described.templates)} biểu vào dự thảo.")
    return redirect("reports:own_forms", year=year.pk)
