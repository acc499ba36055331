"""Years of the working calendar: everybody reads them, the administrator adds and replaces them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from thidua.accounts.access import SignedInRequest, requires, signed_in
from thidua.accounts.once import once
from thidua.reporting.display.year import differences, year_view
from thidua.reporting.forms import CalendarUploadForm, CalendarYearForm
from thidua.reporting.forms.calendars import typed_from
from thidua.reporting.permissions import can_keep_deadlines
from thidua.reporting.queries import (
    LoadedYear,
    current_year_of,
    fingerprint_of,
    history_of,
    loaded_calendar,
    loaded_years,
)
from thidua.reporting.services import store_calendar_year
from thidua.rules.deadlines import CalendarYear, write_calendar_year
from thidua.rules.deadlines.days import FIRST_YEAR, LAST_YEAR
from thidua.rules.errors import RuleError


@signed_in
@require_safe
def calendar_list(request: SignedInRequest) -> HttpResponse:
    """Every year that is loaded, and which one is wanted next."""
    years = loaded_years()
    calendar = loaded_calendar()
    return render(
        request,
        "reporting/calendar_list.html",
        {
            "years": [(each, year_view(each.content, calendar)) for each in reversed(years)],
            "next_year": years[-1].content.year + 1,
            "can_keep": can_keep_deadlines(request.user),
        },
    )


@signed_in
@require_safe
def calendar_year(request: SignedInRequest, calendar_year: int) -> HttpResponse:
    """One year: days off with reasons, make-up days, documents, every time it was stored."""
    loaded = _year_or_404(calendar_year)
    return render(
        request,
        "reporting/calendar_year.html",
        {
            "loaded": loaded,
            "view": year_view(loaded.content, loaded_calendar()),
            "history": history_of(calendar_year),
            "can_keep": can_keep_deadlines(request.user),
        },
    )


def _year_or_404(year: int) -> LoadedYear:
    found = current_year_of(year) if FIRST_YEAR <= year <= LAST_YEAR else None
    if found is None:
        raise Http404
    return found


@signed_in
@require_safe
def calendar_file(request: SignedInRequest, calendar_year: int) -> HttpResponse:
    """The year as the file that the page and `thidua deadline --calendar` read."""
    loaded = _year_or_404(calendar_year)
    return HttpResponse(
        write_calendar_year(loaded.content),
        content_type="application/toml; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="lich-{loaded.content.year}.toml"',
            "X-Content-Type-Options": "nosniff",
        },
    )


@requires(can_keep_deadlines)
@once
def calendar_new(request: SignedInRequest) -> HttpResponse:
    """A year that is not loaded yet, typed as lines."""
    if request.method == "POST":
        return _edited(request, None)
    form = CalendarYearForm(initial={"year": request.GET.get("year", ""), "status": "official"})
    return _page(request, form)


@requires(can_keep_deadlines)
@once
def calendar_edit(request: SignedInRequest, calendar_year: int) -> HttpResponse:
    """A loaded year, to be replaced by a corrected one."""
    loaded = _year_or_404(calendar_year)
    if request.method == "POST":
        return _edited(request, loaded)
    initial = {**typed_from(loaded.content), "base": loaded.fingerprint}
    return _page(request, CalendarYearForm(initial=initial), loaded=loaded)


@requires(can_keep_deadlines)
@once
def calendar_upload(request: SignedInRequest) -> HttpResponse:
    """A file is read into the form and shown; it is stored only from there."""
    posted = request.method == "POST"
    form = CalendarUploadForm(request.POST, request.FILES) if posted else CalendarUploadForm()
    if form.is_valid():
        return _look_over_file(request, form.calendar_year(), form.name())
    return render(
        request,
        "reporting/calendar_upload.html",
        {"form": form},
        status=422 if form.errors else 200,
    )


def _look_over_file(request: SignedInRequest, year: CalendarYear, name: str) -> HttpResponse:
    loaded = current_year_of(year.year)
    base = loaded.fingerprint if loaded else ""
    form = CalendarYearForm({**typed_from(year), "base": base, "file_name": name})
    # A text with a bar in it is written a little differently as a line.
    year = form.calendar_year() if form.is_valid() else year
    form.data = {**form.data, "seen": fingerprint_of(year)}
    return _page(request, form, year, loaded)


def _edited(request: SignedInRequest, loaded: LoadedYear | None) -> HttpResponse:
    """The typed year: shown to look over, and stored once what was shown is sent again."""
    form = CalendarYearForm(request.POST)
    if form.is_valid():
        _check_year(form, loaded)
    if not form.is_valid():
        return _page(request, form, loaded=loaded)
    year = form.calendar_year()
    mark, seen = fingerprint_of(year), form.cleaned_data["seen"]
    if seen == mark and "look" not in request.POST and _store(request, form):
        messages.success(request, f"Đã lưu lịch làm việc năm {year.year}.")
        return redirect("reporting:calendar_year", year.year)
    data = request.POST.copy()
    data["seen"] = mark
    if seen != mark:
        data["file_name"] = ""
    form.data = data
    return _page(request, form, year, loaded, changed_since=bool(seen) and seen != mark)


def _check_year(form: CalendarYearForm, loaded: LoadedYear | None) -> None:
    year = form.calendar_year().year
    if loaded is not None and loaded.content.year != year:
        form.add_error(
            "year",
            f"Trang này thay lịch năm {loaded.content.year}. Muốn nạp năm {year}, hãy về trang Lịch "
            "làm việc rồi bấm “Thêm năm”.",
        )
    elif loaded is None and current_year_of(year) is not None:
        form.add_error(
            "year",
            f"Năm {year} đã có lịch. Hãy mở lịch năm {year} rồi bấm “Sửa, thay lịch này”.",
        )


def _store(request: SignedInRequest, form: CalendarYearForm) -> bool:
    try:
        store_calendar_year(
            year=form.calendar_year(),
            base=form.cleaned_data["base"],
            file_name=form.cleaned_data["file_name"],
            actor=request.user,
            at=timezone.now(),
        )
    except RuleError as error:
        form.add_error(None, str(error))
        return False
    return True


def _page(
    request: SignedInRequest,
    form: CalendarYearForm,
    year: CalendarYear | None = None,
    loaded: LoadedYear | None = None,
    *,
    changed_since: bool = False,
) -> HttpResponse:
    calendar = loaded_calendar()
    new = calendar.with_year(year) if year else calendar
    return render(
        request,
        "reporting/calendar_edit.html",
        {
            "form": form,
            "loaded": loaded,
            "preview": year_view(year, new) if year else None,
            "changes": differences(year.year, calendar, new) if year and loaded else [],
            "changed_since": changed_since,
        },
        status=422 if form.errors else 200,
    )
