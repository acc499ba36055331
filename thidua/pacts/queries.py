"""What the pact's pages read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch
from django.utils import timezone

from thidua.accounts.models import User
from thidua.documents.queries import SigningBoard, signing_board
from thidua.organisations.models import EmulationYear, Membership
from thidua.pacts.content import content_of
from thidua.pacts.models import (
    Agreement,
    Comment,
    Commitment,
    CommitmentGroup,
    PactVersion,
)
from thidua.rules.pacts import Kind, Line, PactContent, Piece, difference, fingerprint

State = PactVersion.State


def versions_of(user: User, year: EmulationYear) -> list[PactVersion]:
    """Every version the person may see, the newest first."""
    return list(
        PactVersion.objects.visible_to(user, year).select_related(
            "year__cluster", "signing", "frozen_by"
        )
    )


@dataclass(frozen=True)
class Agreed:
    """A member's stand towards the present content."""

    membership: Membership
    agreement: Agreement | None
    earlier: Agreement | None
    """To a content that has changed since."""


@dataclass(frozen=True)
class PactBoard:
    """A version with everything that its page shows."""

    pact: PactVersion
    groups: tuple[CommitmentGroup, ...]
    content: PactContent
    fingerprint: str
    members: tuple[Agreed, ...]
    signing: SigningBoard | None

    @property
    def commitments(self) -> int:
        return sum(len(group.commitments.all()) for group in self.groups)

    @property
    def measurable(self) -> int:
        return sum(row.is_measurable for group in self.groups for row in group.commitments.all())

    @property
    def comments(self) -> tuple[Comment, ...]:
        return tuple(
            comment
            for group in self.groups
            for row in group.commitments.all()
            for comment in row.comments.all()
        )

    @property
    def open_comments(self) -> int:
        return sum(comment.answered_at is None for comment in self.comments)

    @property
    def agreed(self) -> tuple[Agreed, ...]:
        return tuple(line for line in self.members if line.agreement)

    @property
    def not_agreed(self) -> tuple[Agreed, ...]:
        return tuple(line for line in self.members if not line.agreement)

    @property
    def can_be_frozen(self) -> bool:
        """Nothing is left open; the service asks again under the lock."""
        return (
            self.pact.state == State.CONSULTING and not self.open_comments and not self.not_agreed
        )

    def has_agreed(self, membership: Membership | None) -> bool:
        return any(membership == line.membership for line in self.agreed)


def pact_board(pact: PactVersion) -> PactBoard:
    """A number of queries that depends neither on members nor on commitments nor on comments."""
    groups = tuple(
        pact.groups.prefetch_related(
            Prefetch("commitments", Commitment.objects.select_related("indicator")),
            Prefetch(
                "commitments__comments",
                Comment.objects.select_related("membership__organisation", "answered_by"),
            ),
        )
    )
    content = content_of(pact)
    present = pact.fingerprint or fingerprint(content)
    return PactBoard(
        pact=pact,
        groups=groups,
        content=content,
        fingerprint=present,
        members=_agreed(pact, present),
        signing=signing_board(pact.signing) if pact.signing else None,
    )


def _agreed(pact: PactVersion, present: str) -> tuple[Agreed, ...]:
    now: dict[int, Agreement] = {}
    before: dict[int, Agreement] = {}
    for agreement in pact.agreements.select_related("agreed_by"):
        (now if agreement.content == present else before)[agreement.membership_id] = agreement
    return tuple(
        Agreed(membership, now.get(membership.pk), before.get(membership.pk))
        for membership in pact.year.memberships.select_related("organisation")
    )


# --- Where we stand --------------------------------------------------------------------------
@dataclass(frozen=True)
class Step:
    """One step of the pact's way, as `ui/steps.html` shows it."""

    label: str
    state: str
    note: str = ""


def steps_of(board: PactBoard | None) -> tuple[Step, ...]:
    """Soạn → Lấy ý kiến → Chốt → Ký, with the place where the pact stands."""
    labels = ("Soạn", "Lấy ý kiến", "Chốt", "Ký")
    here = _position(board)
    notes = ("", "", "", "")
    if board is not None:
        pact = board.pact
        signed = f"{len(board.signing.signed)}/{board.signing.total} đã ký" if board.signing else ""
        agreed = f"{len(board.agreed)}/{len(board.members)} thống nhất"
        notes = (
            f"{board.commitments} cam kết",
            agreed if pact.state != State.DRAFT else "",
            _day(pact.frozen_at),
            signed,
        )
    return tuple(
        Step(label, "done" if n < here else "current" if n == here else "next", note)
        for n, (label, note) in enumerate(zip(labels, notes, strict=True))
    )


def _position(board: PactBoard | None) -> int:
    if board is None or board.pact.state == State.DRAFT:
        return 0
    if board.pact.state == State.CONSULTING:
        return 2 if board.can_be_frozen else 1
    return 4 if board.signing is not None and board.signing.complete else 3


def _day(moment: datetime | None) -> str:
    return f"{timezone.localtime(moment):%d/%m/%Y}" if moment else ""


# --- What changed ----------------------------------------------------------------------------
KIND_LABELS = {
    Kind.CHANGED: "Sửa",
    Kind.ADDED: "Thêm",
    Kind.REMOVED: "Bỏ",
    Kind.MOVED: "Chuyển",
    Kind.SAME: "",
}
MARKS = {Kind.ADDED: "ins", Kind.REMOVED: "del"}


@dataclass(frozen=True)
class DiffLine:
    """One changed place, as `ui/diff.html` shows it."""

    where: str
    label: str
    parts: tuple[tuple[str, str], ...]


def difference_lines(old: PactVersion, new: PactVersion) -> tuple[DiffLine, ...]:
    """What changed from one version to the other, in reading order."""
    return tuple(
        DiffLine(line.where, KIND_LABELS[line.kind], _parts(line.pieces))
        for line in _lines(old, new)
    )


def _lines(old: PactVersion, new: PactVersion) -> Sequence[Line]:
    return difference(content_of(old), content_of(new))


def _parts(pieces: Sequence[Piece]) -> tuple[tuple[str, str], ...]:
    """Runs of words with blanks between them, which `ui/diff.html` does not add."""
    parts: list[tuple[str, str]] = []
    for piece in pieces:
        if parts:
            parts.append(("same", " "))
        parts.append((MARKS.get(piece.kind, "same"), piece.text))
    return tuple(parts)
