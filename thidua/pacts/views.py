"""The pact's pages: one view per page or act."""

from collections.abc import Callable
from hashlib import sha256

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.audit.queries import history_of
from thidua.documents.downloads import attachment
from thidua.movements.forms import VersionedForm, whole_number
from thidua.organisations.models import EmulationYear
from thidua.organisations.permissions import own_membership
from thidua.organisations.scope import year_or_404
from thidua.pacts import services
from thidua.pacts.content import content_of
from thidua.pacts.forms import (
    AnswerForm,
    CommentForm,
    CommitmentForm,
    GroupForm,
    PactTextForm,
    StartForm,
)
from thidua.pacts.models import Comment, Commitment, CommitmentGroup, PactVersion
from thidua.pacts.permissions import (
    can_agree,
    can_comment,
    can_draft_pact,
    can_freeze_pact,
)
from thidua.pacts.queries import PactBoard, difference_lines, pact_board, steps_of, versions_of
from thidua.rules.errors import RuleError
from thidua.rules.pacts import canonical_json

State = PactVersion.State
NOT_AS_FROZEN = (
    "Nội dung lấy từ cơ sở dữ liệu không còn khớp mã băm lúc chốt nên không được giao ra. "
    "Văn bản PDF ở bàn ký vẫn nguyên vẹn; hãy báo người quản trị kiểm tra."
)


# --- Reading ---------------------------------------------------------------------------------
@signed_in
@require_safe
def board(request: SignedInRequest, year: int) -> HttpResponse:
    """The newest version the person may see, and what is to be done with it."""
    emulation_year = year_or_404(request.user, year)
    return _board_page(request, emulation_year, StartForm(initial={"title": "Giao ước thi đua"}))


def _board_page(request: SignedInRequest, year: EmulationYear, form: StartForm) -> HttpResponse:
    versions = versions_of(request.user, year)
    found = pact_board(versions[0]) if versions else None
    context: dict[str, object] = {
        "year": year,
        "board": found,
        "pact": found.pact if found else None,
        "steps": steps_of(found),
        "versions": versions,
        "earlier": versions[1:],
        "can_draft": can_draft_pact(request.user, year),
        "start_form": form,
        "milestone": year.milestones.filter(kind="pact").first(),
    }
    if found is not None:
        context |= _may(request, found)
    return render(request, "pacts/board.html", context)


def _may(request: SignedInRequest, found: PactBoard) -> dict[str, object]:
    """What this person may do with the version, for the templates."""
    pact, user = found.pact, request.user
    own = own_membership(user, pact.year)
    consulting = pact.state == State.CONSULTING
    drafts = can_draft_pact(user, pact.year)
    may_agree = consulting and own is not None and can_agree(user, pact, own)
    signing = found.signing
    return {
        "own": own,
        "own_agreed": found.has_agreed(own),
        "own_unsigned": signing is not None and signing.place_of(own) is not None,
        "can_edit": drafts and pact.state != State.FROZEN,
        "can_open": drafts and pact.state == State.DRAFT,
        "can_answer": drafts and consulting,
        "can_comment": consulting and own is not None and can_comment(user, pact, own),
        "can_agree": may_agree and not found.has_agreed(own),
        "can_freeze": consulting and can_freeze_pact(user, pact),
        "can_start": drafts and pact.state == State.FROZEN,
        "waiting_days": (timezone.now() - pact.opened_at).days if pact.opened_at else 0,
        "version_field": {"version": pact.version},
        "history": history_of(pact),
    }


@signed_in
@require_safe
def version(request: SignedInRequest, year: int, number: int) -> HttpResponse:
    """Any version, to be read only."""
    found = _version_or_404(request, year, number)
    context = {
        "year": found.year,
        "board": pact_board(found),
        "pact": found,
        "others": [v for v in versions_of(request.user, found.year) if v != found],
        "history": history_of(found),
    }
    return render(request, "pacts/version.html", context)


@signed_in
@require_safe
def version_json(request: SignedInRequest, year: int, number: int) -> HttpResponse:
    """The very bytes whose SHA-256 is the fingerprint."""
    found = _version_or_404(request, year, number)
    data = canonical_json(content_of(found))
    if found.fingerprint and sha256(data).hexdigest() != found.fingerprint:
        messages.error(request, NOT_AS_FROZEN)
        return redirect("pacts:version", year=year, number=number)
    return attachment(
        data,
        name=f"giao-uoc-{found.year.year}-phien-ban-{number}.json",
        media_type="application/json",
    )


@signed_in
@require_safe
def difference(request: SignedInRequest, year: int, old: int, new: int) -> HttpResponse:
    """What changed from one version to another."""
    first, second = (_version_or_404(request, year, number) for number in (old, new))
    context = {
        "year": first.year,
        "old": first,
        "new": second,
        "lines": difference_lines(first, second),
    }
    return render(request, "pacts/difference.html", context)


def _version_or_404(request: SignedInRequest, year: int, number: int) -> PactVersion:
    emulation_year = year_or_404(request.user, year)
    visible = PactVersion.objects.visible_to(request.user, emulation_year)
    return get_object_or_404(
        visible.select_related("year__cluster", "signing", "frozen_by"), number=number
    )


# --- Preparing -------------------------------------------------------------------------------
def _newest_or_404(request: SignedInRequest, year: int) -> PactVersion:
    versions = versions_of(request.user, year_or_404(request.user, year))
    if not versions:
        raise Http404
    return versions[0]


def _pact_to_edit(request: SignedInRequest, year: int) -> PactVersion:
    """The newest version, for who may write it; the service refuses one that is frozen."""
    pact = _newest_or_404(request, year)
    if not can_draft_pact(request.user, pact.year):
        raise PermissionDenied
    return pact


def _group_or_404(request: SignedInRequest, year: int, pk: int) -> CommitmentGroup:
    """Of any version the person may see: an act on a frozen one is answered with the reason."""
    visible = PactVersion.objects.visible_to(request.user, year_or_404(request.user, year))
    groups = CommitmentGroup.objects.filter(pact__in=visible)
    return get_object_or_404(groups.select_related("pact__year__cluster"), pk=pk)


def _commitment_or_404(request: SignedInRequest, year: int, pk: int) -> Commitment:
    visible = PactVersion.objects.visible_to(request.user, year_or_404(request.user, year))
    rows = Commitment.objects.filter(group__pact__in=visible)
    return get_object_or_404(rows.select_related("group__pact__year__cluster"), pk=pk)


def _act(request: SignedInRequest, year: int, done: str, act: Callable[[], object]) -> HttpResponse:
    """Do it, say what happened, lead back to the board."""
    try:
        act()
    except RuleError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("pacts:board", year=year)


@signed_in
@require_POST
@once
def start(request: SignedInRequest, year: int) -> HttpResponse:
    """The first version, or the next one as a copy of the frozen one."""
    emulation_year = year_or_404(request.user, year)
    if not can_draft_pact(request.user, emulation_year):
        raise PermissionDenied
    form = StartForm(request.POST)
    if not form.is_valid():
        return _board_page(request, emulation_year, form)
    return _act(
        request,
        year,
        "Đã lập bản soạn. Hãy ghi lời mở đầu và các nhóm cam kết.",
        lambda: services.start_pact(
            year=emulation_year,
            title=form.cleaned_data["title"],
            actor=request.user,
            at=timezone.now(),
        ),
    )


def _edit_page(
    request: SignedInRequest,
    pact: PactVersion,
    form: VersionedForm,
    save: Callable[[int], object],
    *,
    heading: str,
    done: str,
    stored: str = "",
) -> HttpResponse:
    """A form over a pact that may still change; two people's texts are shown side by side (R08).

    `save` takes the version the person saw; `stored` is the text at stake as it is kept now.
    """
    if not can_draft_pact(request.user, pact.year):
        raise PermissionDenied
    if pact.state == State.FROZEN:
        messages.error(request, services.FROZEN)
        return redirect("pacts:board", year=pact.year_id)
    other = None
    if form.is_valid():
        seen = form.cleaned_data["version"] or 0
        try:
            save(seen)
        except RuleError as error:
            form.add_error(None, str(error))
            if seen != pact.version:
                other = next(iter(history_of(pact, limit=1)), None)
                form.show_anew(pact.version)
        else:
            messages.success(request, done)
            return redirect("pacts:board", year=pact.year_id)
    context = {
        "year": pact.year,
        "pact": pact,
        "form": form,
        "heading": heading,
        "other": other,
        "stored": stored,
    }
    return render(request, "pacts/edit.html", context)


@signed_in
@once
def text_edit(request: SignedInRequest, year: int) -> HttpResponse:
    """Title, number, date, opening and closing."""
    pact = _pact_to_edit(request, year)
    form = PactTextForm(request.POST or None, initial=PactTextForm.initial_of(pact))
    return _edit_page(
        request,
        pact,
        form,
        lambda seen: services.save_pact_text(
            pact=pact,
            title=form.cleaned_data["title"],
            preamble=form.cleaned_data["preamble"],
            closing=form.cleaned_data["closing"],
            document_number=form.cleaned_data["document_number"],
            dated_on=form.cleaned_data["dated_on"],
            version=seen,
            actor=request.user,
            at=timezone.now(),
        ),
        heading="Lời văn của giao ước",
        done="Đã lưu lời văn của giao ước.",
        stored="\n\n".join(filter(None, [pact.title, pact.preamble, pact.closing])),
    )


@signed_in
@once
def group_new(request: SignedInRequest, year: int) -> HttpResponse:
    """A group at the end."""
    pact = _pact_to_edit(request, year)
    return _group_page(request, pact, None)


@signed_in
@once
def group_edit(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Another name for a group."""
    group = _group_or_404(request, year, pk)
    return _group_page(request, group.pact, group)


def _group_page(
    request: SignedInRequest, pact: PactVersion, group: CommitmentGroup | None
) -> HttpResponse:
    title = group.title if group else ""
    form = GroupForm(request.POST or None, initial={"version": pact.version, "title": title})
    return _edit_page(
        request,
        pact,
        form,
        lambda seen: services.save_group(
            pact=pact,
            group=group,
            title=form.cleaned_data["title"],
            actor=request.user,
            at=timezone.now(),
            version=seen,
        ),
        heading="Đổi tên nhóm cam kết" if group else "Thêm nhóm cam kết",
        done="Đã lưu nhóm cam kết.",
        stored=title,
    )


@signed_in
@require_POST
@once
def group_remove(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Take out an empty group."""
    group = _group_or_404(request, year, pk)
    return _act(
        request,
        year,
        "Đã bỏ nhóm cam kết.",
        lambda: services.remove_group(
            pact=group.pact, group=group, actor=request.user, at=timezone.now()
        ),
    )


@signed_in
@once
def commitment_new(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """A commitment at the end of group `pk`."""
    group = _group_or_404(request, year, pk)
    return _commitment_page(request, group.pact, None, {"group": group})


@signed_in
@once
def commitment_edit(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Another text, target or group for a commitment."""
    row = _commitment_or_404(request, year, pk)
    return _commitment_page(request, row.group.pact, row, CommitmentForm.initial_of(row))


def _commitment_page(
    request: SignedInRequest,
    pact: PactVersion,
    row: Commitment | None,
    initial: dict[str, object],
) -> HttpResponse:
    form = CommitmentForm(
        request.POST or None, pact=pact, initial={"version": pact.version, **initial}
    )
    return _edit_page(
        request,
        pact,
        form,
        lambda seen: services.save_commitment(
            pact=pact,
            group=form.cleaned_data["group"],
            commitment=row,
            text=form.commitment_text(),
            actor=request.user,
            at=timezone.now(),
            version=seen,
        ),
        heading="Sửa cam kết" if row else "Thêm cam kết",
        done="Đã lưu cam kết.",
        stored=row.text if row else "",
    )


@signed_in
@require_POST
@once
def commitment_remove(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Take out a commitment nobody has commented on."""
    row = _commitment_or_404(request, year, pk)
    return _act(
        request,
        year,
        "Đã bỏ cam kết.",
        lambda: services.remove_commitment(
            pact=row.group.pact, commitment=row, actor=request.user, at=timezone.now()
        ),
    )


@signed_in
@require_POST
@once
def commitment_move(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """One place up or down within its group."""
    row = _commitment_or_404(request, year, pk)
    return _act(
        request,
        year,
        "Đã đổi thứ tự cam kết.",
        lambda: services.move_commitment(
            pact=row.group.pact,
            commitment=row,
            up=request.POST.get("direction") == "up",
            actor=request.user,
            at=timezone.now(),
        ),
    )


# --- Consulting ------------------------------------------------------------------------------
@signed_in
@require_POST
@once
def open_consultation(request: SignedInRequest, year: int) -> HttpResponse:
    """Send the draft to the members."""
    pact = _pact_to_edit(request, year)
    return _act(
        request,
        year,
        "Đã gửi giao ước tới các đơn vị để lấy ý kiến.",
        lambda: services.open_pact(
            pact=pact,
            version=whole_number(request.POST.get("version", "")),
            actor=request.user,
            at=timezone.now(),
        ),
    )


@signed_in
@once
def comment(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """A member's word on a commitment."""
    row = _commitment_or_404(request, year, pk)
    pact = row.group.pact
    own = own_membership(request.user, pact.year)
    if own is None:
        raise PermissionDenied
    form = CommentForm(request.POST or None)
    if form.is_valid():
        return _act(
            request,
            year,
            "Đã gửi góp ý. Cụm trưởng sẽ trả lời tại trang này.",
            lambda: services.comment(
                commitment=row,
                membership=own,
                text=form.cleaned_data["text"],
                actor=request.user,
                at=timezone.now(),
            ),
        )
    return _word_page(request, row, form, "Góp ý cam kết", "Gửi góp ý")


@signed_in
@once
def answer(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The lead's answer to a comment."""
    visible = PactVersion.objects.visible_to(request.user, year_or_404(request.user, year))
    asked = get_object_or_404(
        Comment.objects.filter(commitment__group__pact__in=visible).select_related(
            "commitment__group__pact__year__cluster", "membership__organisation"
        ),
        pk=pk,
    )
    if not can_draft_pact(request.user, asked.commitment.group.pact.year):
        raise PermissionDenied
    form = AnswerForm(request.POST or None, initial={"text": asked.answer})
    if form.is_valid():
        return _act(
            request,
            year,
            "Đã trả lời góp ý.",
            lambda: services.answer(
                comment=asked,
                text=form.cleaned_data["text"],
                actor=request.user,
                at=timezone.now(),
            ),
        )
    return _word_page(request, asked.commitment, form, "Trả lời góp ý", "Gửi trả lời", asked)


def _word_page(
    request: SignedInRequest,
    row: Commitment,
    form: CommentForm | AnswerForm,
    heading: str,
    submit: str,
    asked: Comment | None = None,
) -> HttpResponse:
    context = {
        "year": row.group.pact.year,
        "row": row,
        "form": form,
        "heading": heading,
        "submit": submit,
        "asked": asked,
    }
    return render(request, "pacts/word.html", context)


@signed_in
@require_POST
@once
def agree(request: SignedInRequest, year: int) -> HttpResponse:
    """The head agrees to the content that was on the page, for the own unit only."""
    pact = _newest_or_404(request, year)
    own = own_membership(request.user, pact.year)
    if own is None:
        raise PermissionDenied
    return _act(
        request,
        year,
        f"Đã ghi nhận {own.organisation} thống nhất với giao ước.",
        lambda: services.agree(
            pact=pact,
            membership=own,
            content=request.POST.get("content", ""),
            actor=request.user,
            at=timezone.now(),
        ),
    )


@signed_in
@require_POST
@once
def freeze(request: SignedInRequest, year: int) -> HttpResponse:
    """Freeze the version, make its paper, open the signing."""
    pact = _pact_to_edit(request, year)
    if not can_freeze_pact(request.user, pact):
        raise PermissionDenied
    return _act(
        request,
        year,
        "Đã chốt giao ước. Văn bản đã sẵn sàng để thủ trưởng các đơn vị ký.",
        lambda: services.freeze_pact(
            pact=pact,
            version=whole_number(request.POST.get("version", "")),
            actor=request.user,
            at=timezone.now(),
        ),
    )
