"""A teller's own page: the part of the key, made and used in the teller's browser."""

import json
from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from thidua.accounts.access import SignedInRequest, leaves_no_trace, signed_in
from thidua.accounts.once import once
from thidua.ballots import services
from thidua.ballots.models import Ballot, Teller
from thidua.ballots.queries.board import key_states, key_step
from thidua.ballots.views.fetching import act, ballot_or_404
from thidua.documents.downloads import attachment
from thidua.rules.ballots import belenios
from thidua.rules.errors import RuleError

SENDING = {
    "certificate": services.send_certificate,
    "polynomial": services.send_polynomial,
    "voutput": services.send_voutput,
    "rehearsal": services.send_rehearsal,
    "partial": services.send_partial,
}
LARGEST_ANSWER = 2 * 1024 * 1024
NO_ANSWER = "Tệp “{name}” không phải tệp trả lời của lệnh thidua teller. Hãy chọn đúng tệp."
NO_STEP = "Bước gửi lên không có trong việc lập khóa. Hãy tải lại trang."


def _own(request: SignedInRequest, year: int, pk: int) -> tuple[Ballot, list[Teller], Teller]:
    """The ballot, its tellers, and the person's own line; 404 for everybody else."""
    ballot = ballot_or_404(request, year, pk)
    everybody = list(ballot.tellers.all())
    mine = next((one for one in everybody if one.user_id == request.user.pk), None)
    if mine is None:
        raise Http404
    return ballot, everybody, mine


@signed_in
def keys(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The four steps of the key, and after closing the opening of the sum."""
    ballot, everybody, mine = _own(request, year, pk)
    context = {
        "year": ballot.year,
        "ballot": ballot,
        "mine": mine,
        "states": key_states(everybody),
        "step": key_step(ballot, mine, everybody),
        "data": {
            "uuid": ballot.uuid,
            "owner": mine.order,
            "threshold": ballot.threshold,
            "state": reverse("ballots:keys_json", args=[year, pk]),
            "send": reverse("ballots:keys_send", args=[year, pk]),
        },
    }
    return render(request, "ballots/keys.html", context)


@signed_in
@leaves_no_trace
def state(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """What the teller's page needs for the next step. Asked again and again: keeps no session alive."""
    ballot, everybody, mine = _own(request, year, pk)
    step = key_step(ballot, mine, everybody)
    answer: dict[str, Any] = {
        "step": step,
        "uuid": ballot.uuid,
        "owner": mine.order,
        "threshold": ballot.threshold,
        "states": [{"done": one.done, "opened": one.has_opened} for one in key_states(everybody)],
        **_needed(step, ballot, everybody, mine),
    }
    if request.GET.get("tep"):
        name = f"viec-{step}-{ballot.uuid}.json"
        return attachment(json.dumps(answer).encode(), name=name, media_type="application/json")
    response = JsonResponse(answer)
    response["Cache-Control"] = "no-store"
    return response


def _needed(step: str, ballot: Ballot, everybody: list[Teller], mine: Teller) -> dict[str, Any]:
    """The messages of the others, as the protocol passes them on."""
    certificates = [one.certificate for one in everybody]
    if step == "polynomial":
        return {"certificates": certificates}
    if step == "voutput":
        polynomials = [one.polynomial for one in everybody]
        return {
            "certificates": certificates,
            "vinput": belenios.vinput(certificates, polynomials, mine.order),
        }
    if step not in {"rehearsal", "partial"}:
        return {}
    own = {"trustees": ballot.trustees, "privateKey": json.loads(mine.voutput)["private_key"]}
    if step == "rehearsal":
        key = str(belenios.public_key_of(ballot.trustees))
        return {**own, "rehearsal": ballot.rehearsal, "publicKey": key}
    return {
        **own,
        "election": ballot.election,
        "ballots": list(ballot.papers.values_list("content", flat=True)),
    }


@signed_in
@require_POST
@once
def send(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """One message of the teller; leads to what comes next."""
    _, _, mine = _own(request, year, pk)
    service = SENDING.get(request.POST.get("step", ""))
    if service is None:
        return JsonResponse({"error": NO_STEP}, status=409)
    try:
        service(
            teller=mine,
            text=request.POST.get("text", ""),
            actor=request.user,
            at=timezone.now(),
        )
    except RuleError as error:
        return JsonResponse({"error": str(error)}, status=409)
    return redirect("ballots:keys_json", year=year, pk=pk)


@signed_in
@require_POST
@once
def answer(request: SignedInRequest, year: int, pk: int) -> HttpResponse:
    """The answer file of `thidua teller`, in place of what the browser would have sent."""
    ballot, _, mine = _own(request, year, pk)
    sent = request.FILES.get("answer")

    def do() -> None:
        if sent is None:
            raise RuleError("Hãy chọn tệp trả lời do lệnh thidua teller làm ra.")
        try:
            value = json.loads(sent.read(LARGEST_ANSWER))
            service, text = SENDING[value["step"]], value["text"]
        except (ValueError, KeyError, TypeError) as error:
            raise RuleError(NO_ANSWER.format(name=sent.name)) from error
        if not isinstance(text, str):
            raise RuleError(NO_ANSWER.format(name=sent.name))
        service(teller=mine, text=text, actor=request.user, at=timezone.now())

    return act(request, ballot, "Đã nhận phần của bạn.", do, "ballots:keys")
