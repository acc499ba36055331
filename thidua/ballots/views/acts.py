"""Acts that need no more than a button or a reason."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from thidua.accounts.access import SignedInRequest, signed_in
from thidua.accounts.once import once
from thidua.ballots import services
from thidua.ballots.script import script_sha256
from thidua.ballots.views.fetching import act, ballot_or_404
from thidua.rules.errors import RuleError


@signed_in
@require_POST
@once
def start_key_again(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Throw the messages of the key away."""
    ballot = ballot_or_404(request, year, pk)
    return act(
        request,
        ballot,
        "Đã bỏ khóa cũ. Từng người trong tổ kiểm phiếu hãy lập khóa lại từ bước 1.",
        lambda: services.start_key_again(
            ballot=ballot,
            reason=request.POST.get("reason", ""),
            actor=request.user,
            at=timezone.now(),
        ),
    )


@signed_in
@require_POST
@once
def freeze(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The list is ready to be checked by everybody on it."""
    ballot = ballot_or_404(request, year, pk)
    return act(
        request,
        ballot,
        "Đã chốt danh sách. Từng người bỏ phiếu hãy kiểm tra và nhận mã phiếu.",
        lambda: services.freeze_ballot(
            ballot=ballot,
            script_sha256=script_sha256(),
            actor=request.user,
            at=timezone.now(),
        ),
    )


@signed_in
@require_POST
@once
def unfreeze(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The list must be put right; codes given are void."""
    ballot = ballot_or_404(request, year, pk)
    return act(
        request,
        ballot,
        "Đã mở lại danh sách để sửa. Mã phiếu đã nhận không còn dùng được.",
        lambda: services.unfreeze_ballot(
            ballot=ballot,
            reason=request.POST.get("reason", ""),
            actor=request.user,
            at=timezone.now(),
        ),
    )


@signed_in
@require_POST
@once
def open_vote(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The chair opens the vote."""
    ballot = ballot_or_404(request, year, pk)
    return act(
        request,
        ballot,
        "Đã mở bỏ phiếu.",
        lambda: services.open_ballot(ballot=ballot, actor=request.user, at=timezone.now()),
    )


@signed_in
@require_POST
@once
def close(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Close once."""
    ballot = ballot_or_404(request, year, pk)
    return act(
        request,
        ballot,
        "Đã đóng bỏ phiếu. Tổ kiểm phiếu hãy mở phiếu.",
        lambda: services.close_ballot(ballot=ballot, actor=request.user, at=timezone.now()),
    )


@signed_in
@require_POST
@once
def annul(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """End without a result."""
    ballot = ballot_or_404(request, year, pk)
    return act(
        request,
        ballot,
        "Đã hủy cuộc bỏ phiếu; không có kết quả nào được tính.",
        lambda: services.annul_ballot(
            ballot=ballot,
            reason=request.POST.get("reason", ""),
            actor=request.user,
            at=timezone.now(),
        ),
    )


@signed_in
@require_POST
@once
def second_round(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """A new ballot for what the first one left open; leads to it."""
    ballot = ballot_or_404(request, year, pk)
    try:
        new = services.make_second_round(ballot=ballot, actor=request.user, at=timezone.now())
    except RuleError as error:
        messages.error(request, str(error))
        return redirect("ballots:result", year=year, pk=pk)
    messages.success(
        request, "Đã lập lần bỏ phiếu tiếp theo với cùng thành phần. Hãy lập khóa mới."
    )
    return redirect("ballots:ballot", year=year, pk=new.pk)


@signed_in
@require_POST
@once
def destroy(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """Encrypted papers and key parts go, the fingerprint stays."""
    ballot = ballot_or_404(request, year, pk)
    return act(
        request,
        ballot,
        "Đã tiêu hủy phiếu mã hóa và các phần khóa. Mã băm hồ sơ còn trong nhật ký.",
        lambda: services.destroy_papers(ballot=ballot, actor=request.user, at=timezone.now()),
    )
