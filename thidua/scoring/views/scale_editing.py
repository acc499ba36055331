"""Writing a points table on screen: a new draft, its tree, one criterion, its sheets of rules."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.organisations.models import EmulationYear
from thidua.organisations.scope import year_or_404
from thidua.rules.errors import RuleError
from thidua.rules.scoring import CriterionNode, Severity, Table, lint
from thidua.rules.scoring.tree import SEPARATOR
from thidua.scoring import services
from thidua.scoring.models import CriteriaSet
from thidua.scoring.permissions import can_edit_scale
from thidua.scoring.queries.fed import known_to
from thidua.scoring.queries.scale import versions_to_copy
from thidua.scoring.scale_criterion_forms import PARTS, PLACE, CriterionForms
from thidua.scoring.scale_forms import AboutForm, SheetForms
from thidua.scoring.scale_new_forms import ScaleNewForm
from thidua.scoring.scale_trees import (
    added_after,
    added_below,
    beside,
    changed,
    moved,
    removed,
    siblings,
)
from thidua.scoring.services.scale_editing import ISSUED
from thidua.scoring.tables import to_table
from thidua.workbooks.scale.layout import (
    AWARDS,
    BANDS,
    CASES,
    CLASSES,
    GATES,
    INPUTS,
    LINES,
    TIES,
    SheetLayout,
)

SHEETS: dict[str, SheetLayout] = {
    "so-lieu": INPUTS,
    "bac": BANDS,
    "dieu-kien-xep-loai": GATES,
    "xep-loai": CLASSES,
    "diem-cong": AWARDS,
    "khi-bang-diem": TIES,
    "kiem-thu": CASES,
}
NOT_CHANGED = "Không có gì thay đổi so với bản đang lưu."


@dataclass(frozen=True)
class Draft:
    """The draft a page is about, and what it holds."""

    year: EmulationYear
    version: CriteriaSet
    table: Table

    def at(self, name: str, *args: Any, **query: str) -> str:
        """The address of one of its pages."""
        where = reverse(f"scoring:{name}", args=[self.year.pk, self.version.number, *args])
        asked = {key.replace("_", "-"): value for key, value in query.items() if value}
        return f"{where}?{urlencode(asked)}" if asked else where

    def node(self, path: str) -> CriterionNode:
        """The criterion at a path, 404 when there is none."""
        try:
            return self.table.node(path)
        except RuleError:
            raise Http404 from None


Page = Callable[..., HttpResponse]


def _editor(page: Page) -> Page:
    """A page of the lead about a draft; an issued version leads back to where it is read."""

    @wraps(page)
    def view(request: SignedInRequest, year: int, number: int, **kwargs: Any) -> HttpResponse:
        found = year_or_404(request.user, year)
        if not can_edit_scale(request.user, found):
            raise Http404
        version = get_object_or_404(CriteriaSet, year=found, number=number)
        if version.state == CriteriaSet.State.ISSUED:
            messages.error(request, ISSUED)
            return redirect("scoring:scale_version", year=found.pk, number=number)
        return page(request, Draft(found, version, to_table(version)), **kwargs)

    return signed_in(once(view))


def _save(request: SignedInRequest, draft: Draft, table: Table, done: str) -> None:
    """Keep the changed table and say so; RuleError when it may not be."""
    typed = request.POST.get("version", "")
    try:
        changes = services.save_scale(
            criteria_set=draft.version,
            table=table,
            version=int(typed) if typed.isdecimal() and len(typed) < 9 else 0,
            actor=request.user,
            at=timezone.now(),
        )
    except PermissionDenied:
        raise Http404 from None
    messages.success(request, done if changes else NOT_CHANGED)


@signed_in
@once
def scale_new(request: SignedInRequest, year: int) -> HttpResponse:
    """A new draft: empty, a copy of an issued version, or of a table that comes with the product."""
    found = year_or_404(request.user, year)
    if not can_edit_scale(request.user, found):
        raise Http404
    form = ScaleNewForm(versions_to_copy(found), request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            table, origin = form.table()
            made = services.draft_scale(
                year=found, table=table, origin=origin, actor=request.user, at=timezone.now()
            )
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, f"Đã tạo dự thảo bảng điểm, phiên bản {made.number}.")
            return redirect("scoring:scale_edit", year=found.pk, number=made.number)
    return render(
        request,
        "scoring/scale_new.html",
        {"year": found, "form": form},
        status=422 if form.errors else 200,
    )


@_editor
def scale_edit(request: SignedInRequest, draft: Draft) -> HttpResponse:
    """The tree of a draft, its sheets of rules, and what is to be looked at."""
    found = lint(draft.table, known_to(draft.year, draft.table))
    errors = [each for each in found if each.severity is Severity.ERROR]
    nodes = list(draft.table.walk())
    wrong = {each.path for each in errors}
    rules = draft.table.rules
    return render(
        request,
        "scoring/scale_edit.html",
        {
            "draft": draft,
            "year": draft.year,
            "rows": [(node, node.path.count(SEPARATOR), node.path in wrong) for node in nodes],
            "sheets": [(slug, each, _count(rules.get(each.key))) for slug, each in SHEETS.items()],
            "errors": errors,
            "warnings": [each for each in found if each.severity is not Severity.ERROR],
        },
    )


def _count(held: Any) -> int:
    if isinstance(held, dict):
        return sum(len(rows) for rows in held.values())
    return len(held or ())


@_editor
def scale_about(request: SignedInRequest, draft: Draft) -> HttpResponse:
    """What holds for the whole table."""
    posted = request.method == "POST"
    form = AboutForm(draft.table, request.POST if posted else None)
    table = form.changed() if posted else None
    if table is not None:
        try:
            _save(request, draft, table, "Đã lưu thông tin chung.")
        except RuleError as error:
            form.add_error(None, str(error))
        else:
            return redirect(draft.at("scale_edit"))
    return render(
        request,
        "scoring/scale_about.html",
        {"draft": draft, "year": draft.year, "form": form},
        status=422 if form.errors else 200,
    )


@_editor
def scale_sheet(request: SignedInRequest, draft: Draft, sheet: str) -> HttpResponse:
    """The rows of one sheet of rules, a page at a time."""
    layout = SHEETS.get(sheet)
    if layout is None:
        raise Http404
    posted = request.method == "POST"
    try:
        forms = SheetForms(
            layout,
            draft.table,
            page=_whole(request.GET.get("trang", "")),
            data=request.POST if posted else None,
        )
    except RuleError as error:
        messages.error(request, str(error))
        return redirect(draft.at("scale_edit"))
    table = forms.changed() if posted else None
    if table is not None:
        try:
            _save(request, draft, table, f"Đã lưu trang {layout.name}.")
        except RuleError as error:
            forms.general.append(str(error))
        else:
            return redirect(draft.at("scale_sheet", sheet, trang=request.GET.get("trang", "")))
    return render(
        request,
        "scoring/scale_sheet.html",
        {
            "draft": draft,
            "year": draft.year,
            "layout": layout,
            "forms": forms,
            "has_errors": (posted and table is None) or bool(forms.general),
            "pages": range(1, forms.pages + 1),
            "findings": [
                each
                for each in lint(draft.table, known_to(draft.year, draft.table))
                if not each.path and each.field.partition(".")[0] == layout.key
            ],
        },
        status=422 if posted else 200,
    )


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 6 else 1


@_editor
def scale_criterion(request: SignedInRequest, draft: Draft) -> HttpResponse:
    """One criterion with its rules."""
    path = request.GET.get("tieu-chi", "")
    if not path:
        return redirect(draft.at("scale_edit"))
    node = draft.node(path)
    others = [each for each in siblings(draft.table, path) if each.path != path]
    return _criterion(
        request,
        draft,
        node,
        others,
        lambda made: (changed(draft.table, path, made), beside(path, made.code)),
        f"Tiêu chí {node.code}. {node.title}",
    )


@_editor
def scale_criterion_new(request: SignedInRequest, draft: Draft) -> HttpResponse:
    """A criterion added after another, below one, or at the end."""
    after, below = request.GET.get("sau", ""), request.GET.get("duoi", "")
    if below:
        node = draft.node(below)
        heading, others = f"Thêm tiêu chí trong {node.code}. {node.title}", node.children
    elif after:
        node = draft.node(after)
        heading, others = (
            f"Thêm tiêu chí sau {node.code}. {node.title}",
            siblings(draft.table, after),
        )
    else:
        heading, others = "Thêm tiêu chí ở cuối bảng", draft.table.nodes

    def add(made: CriterionNode) -> tuple[Table, str]:
        if below:
            return added_below(draft.table, below, made), f"{below}{SEPARATOR}{made.code}"
        return added_after(draft.table, after, made), beside(after, made.code)

    becomes_group = bool(below) and draft.node(below).is_leaf
    return _criterion(request, draft, None, others, add, heading, becomes_group=becomes_group)


def _criterion(
    request: SignedInRequest,
    draft: Draft,
    node: CriterionNode | None,
    others: Any,
    put: Callable[[CriterionNode], tuple[Table, str]],
    heading: str,
    **more: Any,
) -> HttpResponse:
    posted = request.method == "POST"
    try:
        forms = CriterionForms(draft.table, node, request.POST if posted else None)
    except RuleError as error:
        messages.error(request, str(error))
        return redirect(draft.at("scale_edit"))
    made = forms.changed(others) if posted else None
    if made is not None:
        try:
            table, path = put(made)
            _save(request, draft, table, f"Đã lưu tiêu chí {made.code}.")
        except RuleError as error:
            forms.general.append(str(error))
        else:
            stays = "them-dong" in request.POST
            return redirect(
                draft.at("scale_criterion", tieu_chi=path) if stays else draft.at("scale_edit")
            )
    findings = [
        each
        for each in lint(draft.table, known_to(draft.year, draft.table))
        if node and each.path == node.path
    ]
    return render(
        request,
        "scoring/scale_criterion.html",
        {
            "draft": draft,
            "year": draft.year,
            "node": node,
            "forms": forms,
            "parts": [(part, PARTS[part], rows) for part, rows in forms.lines.items()],
            "explained": [
                *forms.head.layout,
                *(each for each in LINES.fields if forms.lines and each.name not in PLACE),
            ],
            "heading": heading,
            "has_errors": posted,
            "findings": findings,
            **more,
        },
        status=422 if posted else 200,
    )


@_editor
@require_POST
def scale_move(request: SignedInRequest, draft: Draft) -> HttpResponse:
    """A criterion one place up or down among those beside it."""
    up, down = request.POST.get("len", ""), request.POST.get("xuong", "")
    path = up or down
    if not path:
        return redirect(draft.at("scale_edit"))
    node = draft.node(path)
    _try(
        request,
        lambda: _save(
            request,
            draft,
            moved(draft.table, path, up=bool(up)),
            f"Đã chuyển tiêu chí {node.code}.",
        ),
    )
    return redirect(draft.at("scale_edit"))


@_editor
def scale_remove(request: SignedInRequest, draft: Draft) -> HttpResponse:
    """A criterion with everything below it, after asking."""
    path = request.GET.get("tieu-chi", "")
    if not path:
        return redirect(draft.at("scale_edit"))
    node = draft.node(path)
    if request.method == "POST":
        _try(
            request,
            lambda: _save(
                request, draft, removed(draft.table, path), f"Đã bỏ tiêu chí {node.code}."
            ),
        )
        return redirect(draft.at("scale_edit"))
    return render(
        request,
        "scoring/scale_remove.html",
        {"draft": draft, "year": draft.year, "node": node, "below": [*node.walk()][1:]},
    )


def _try(request: SignedInRequest, act: Callable[[], object]) -> None:
    try:
        act()
    except RuleError as error:
        messages.error(request, str(error))
