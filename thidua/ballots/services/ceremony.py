"""The tellers make the key together, each on their own machine; the server only passes messages on.

Belenios 2.0, sections 3.1.1 and 4.6: certificates, polynomials, outputs. Then a rehearsal on a mock
paper shows that every teller's saved file opens.
"""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.ballots.models import Ballot, Teller
from thidua.ballots.permissions import can_prepare
from thidua.ballots.services.locks import State, keep, locked
from thidua.rules.ballots import belenios
from thidua.rules.errors import RuleError

TWICE = "Bước này của bạn đã xong. Hãy tải lại trang để xem bước tiếp theo."
TOO_EARLY = "Chưa đến bước này: còn phải chờ người khác trong tổ kiểm phiếu. Hãy tải lại trang."


def _own(teller: Teller, actor: User) -> tuple[Ballot, list[Teller], Teller]:
    """The ballot locked, all tellers, and the actor's own line."""
    ballot = locked(teller.ballot, State.SETUP)
    everybody = list(ballot.tellers.all())
    mine = next((one for one in everybody if one.pk == teller.pk), None)
    if mine is None or mine.user_id != actor.pk or not actor.is_active:
        raise PermissionDenied
    return ballot, everybody, mine


@transaction.atomic
def send_certificate(*, teller: Teller, text: str, actor: User, at: datetime) -> Teller:
    """Step 1: the teller's public keys, made from a seed that stays with the teller."""
    ballot, everybody, mine = _own(teller, actor)
    if mine.certificate:
        raise RuleError(TWICE)
    belenios.check_certificates([*(t.certificate for t in everybody if t.certificate), text])
    mine.certificate = text
    mine.save(update_fields=["certificate"])
    keep(ballot, actor, Action.BALLOT_KEY_STEP, at, step=1, teller=mine.order)
    return mine


@transaction.atomic
def send_polynomial(*, teller: Teller, text: str, actor: User, at: datetime) -> Teller:
    """Step 2: one encrypted share for each of the others."""
    ballot, everybody, mine = _own(teller, actor)
    if mine.polynomial:
        raise RuleError(TWICE)
    if not all(one.certificate for one in everybody):
        raise RuleError(TOO_EARLY)
    certificates = [one.certificate for one in everybody]
    belenios.check_polynomial(certificates, mine.order, ballot.threshold, text)
    mine.polynomial = text
    mine.save(update_fields=["polynomial"])
    keep(ballot, actor, Action.BALLOT_KEY_STEP, at, step=2, teller=mine.order)
    return mine


@transaction.atomic
def send_voutput(*, teller: Teller, text: str, actor: User, at: datetime) -> Teller:
    """Step 3: the teller has checked the shares received; the last one completes the key."""
    ballot, everybody, mine = _own(teller, actor)
    if mine.voutput:
        raise RuleError(TWICE)
    if not all(one.polynomial for one in everybody):
        raise RuleError(TOO_EARLY)
    certificates = [one.certificate for one in everybody]
    polynomials = [one.polynomial for one in everybody]
    belenios.check_voutput(certificates, polynomials, mine.order, text)
    mine.voutput = text
    mine.save(update_fields=["voutput"])
    if all(one.voutput for one in everybody):
        ballot.trustees = belenios.trustees(
            ballot.threshold, certificates, polynomials, [one.voutput for one in everybody]
        )
        ballot.rehearsal = belenios.rehearsal(belenios.public_key_of(ballot.trustees))
    keep(
        ballot,
        actor,
        Action.BALLOT_KEY_STEP,
        at,
        "trustees",
        "rehearsal",
        step=3,
        teller=mine.order,
    )
    return mine


@transaction.atomic
def send_rehearsal(*, teller: Teller, text: str, actor: User, at: datetime) -> Teller:
    """The teller opens a mock paper with the saved file; right answers only."""
    ballot, _, mine = _own(teller, actor)
    if not ballot.rehearsal:
        raise RuleError(TOO_EARLY)
    belenios.check_rehearsal_partial(ballot.trustees, mine.order, ballot.rehearsal, text)
    mine.rehearsal = text
    mine.save(update_fields=["rehearsal"])
    keep(ballot, actor, Action.BALLOT_REHEARSED, at, teller=mine.order)
    return mine


@transaction.atomic
def start_key_again(*, ballot: Ballot, reason: str, actor: User, at: datetime) -> Ballot:
    """Throw the messages of the key away: a teller lost the file, or somebody else counts."""
    ballot = locked(ballot, State.SETUP)
    if not can_prepare(actor, ballot):
        raise PermissionDenied
    if not reason.strip():
        raise RuleError("Ô Lý do: hãy ghi vì sao lập khóa lại.")
    ballot.tellers.update(certificate="", polynomial="", voutput="", rehearsal="")
    ballot.trustees = ballot.rehearsal = ""
    return keep(
        ballot,
        actor,
        Action.BALLOT_KEY_AGAIN,
        at,
        "trustees",
        "rehearsal",
        reason=reason.strip(),
    )
