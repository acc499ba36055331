"""A pact's content as a value: its fingerprint, and what differs between two versions."""

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum

from thidua.rules.numbers import vietnamese


@dataclass(frozen=True)
class CommitmentContent:
    """One commitment; a textual one has no indicator and no target.

    `target` is the number as text in canonical form ("85", "0.5"), so that 85 and 85.0 are one.
    """

    key: str
    text: str
    indicator: str = ""
    comparison: str = ""
    target: str = ""
    measure: str = ""


@dataclass(frozen=True)
class GroupContent:
    title: str
    commitments: tuple[CommitmentContent, ...]


@dataclass(frozen=True)
class PactContent:
    """Everything the members agree to, in its order."""

    cluster: str
    year: int
    title: str
    preamble: str
    groups: tuple[GroupContent, ...]
    closing: str
    members: tuple[str, ...]

    def commitments(self) -> Iterator[tuple[GroupContent, CommitmentContent]]:
        """Each commitment with its group, in order."""
        for group in self.groups:
            for commitment in group.commitments:
                yield group, commitment


def canonical_json(content: PactContent) -> bytes:
    """The bytes under the fingerprint: JSON, keys sorted, no blanks, NFC, UTF-8.

    Anyone can write the same file by hand and compare (`sha256sum`).
    """
    text = json.dumps(asdict(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return unicodedata.normalize("NFC", text).encode()


def from_canonical_json(text: str) -> PactContent:
    """The value that `canonical_json` wrote; KeyError or ValueError when it is damaged."""
    data = json.loads(text)
    groups = tuple(
        GroupContent(
            title=group["title"],
            commitments=tuple(CommitmentContent(**each) for each in group["commitments"]),
        )
        for group in data.pop("groups")
    )
    return PactContent(groups=groups, members=tuple(data.pop("members")), **data)


def fingerprint(content: PactContent) -> str:
    """SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(canonical_json(content)).hexdigest()


class Kind(StrEnum):
    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"


@dataclass(frozen=True)
class Piece:
    """A run of words: kept in both versions, only in the old, or only in the new."""

    text: str
    kind: Kind


@dataclass(frozen=True)
class Line:
    """One row of the comparison, in reading order of the new version."""

    where: str
    kind: Kind
    pieces: tuple[Piece, ...]


def difference(old: PactContent, new: PactContent) -> tuple[Line, ...]:
    """What changed from one version to the next; unchanged lines are left out.

    Nothing is returned only for versions of one fingerprint.
    """
    lines = [
        *_field("Tên cụm", old.cluster, new.cluster),
        *_field("Năm", str(old.year), str(new.year)),
        *_field("Tên giao ước", old.title, new.title),
        *_field("Phần mở đầu", old.preamble, new.preamble),
        *_group_lines(old, new),
        *_commitment_lines(old, new),
        *_field("Phần cuối", old.closing, new.closing),
        *_field("Đơn vị thành viên", "; ".join(old.members), "; ".join(new.members)),
    ]
    return tuple(lines)


def _renamed(old: PactContent, new: PactContent) -> dict[str, str]:
    """Old title → new title of a group whose name changed while a commitment of it stayed."""
    before, after = ({group.title for group in content.groups} for content in (old, new))
    homes = {c.key: group.title for group, c in new.commitments()}
    names: dict[str, str] = {}
    for group, commitment in old.commitments():
        title = homes.get(commitment.key, group.title)
        if group.title not in after and title not in before and title not in names.values():
            names.setdefault(group.title, title)
    return names


def _group_lines(old: PactContent, new: PactContent) -> Iterator[Line]:
    names = _renamed(old, new)
    before = [names.get(group.title, group.title) for group in old.groups]
    after = [group.title for group in new.groups]
    for was, now in names.items():
        yield from _field("Tên nhóm", was, now)
    for title in after:
        if title not in before:
            yield Line("Nhóm cam kết", Kind.ADDED, (Piece(title, Kind.ADDED),))
    for title in before:
        if title not in after:
            yield Line("Nhóm cam kết", Kind.REMOVED, (Piece(title, Kind.REMOVED),))
    if [t for t in before if t in after] != [t for t in after if t in before]:
        yield Line("Thứ tự", Kind.MOVED, (Piece("Thứ tự các nhóm đã thay đổi.", Kind.MOVED),))


def _commitment_lines(old: PactContent, new: PactContent) -> Iterator[Line]:
    names = _renamed(old, new)
    before = {c.key: (g, c) for g, c in old.commitments()}
    after = {c.key for _, c in new.commitments()}
    for group, commitment in new.commitments():
        found = before.get(commitment.key)
        if found is None:
            yield Line(group.title, Kind.ADDED, (Piece(sentence(commitment), Kind.ADDED),))
            continue
        old_group, old_commitment = found
        yield from _field(group.title, sentence(old_commitment), sentence(commitment))
        if names.get(old_group.title, old_group.title) != group.title:
            yield Line(
                group.title,
                Kind.MOVED,
                (Piece(f"Chuyển từ nhóm “{old_group.title}”: {commitment.text}", Kind.MOVED),),
            )
    for group, commitment in old.commitments():
        if commitment.key not in after:
            yield Line(group.title, Kind.REMOVED, (Piece(sentence(commitment), Kind.REMOVED),))
    if _order(old, after) != _order(new, set(before)):
        yield Line("Thứ tự", Kind.MOVED, (Piece("Thứ tự các cam kết đã thay đổi.", Kind.MOVED),))


def _order(content: PactContent, among: set[str]) -> list[str]:
    return [c.key for _, c in content.commitments() if c.key in among]


def sentence(commitment: CommitmentContent) -> str:
    """The commitment with its target in words."""
    if not commitment.indicator:
        return commitment.text
    return f"{commitment.text} [{commitment.indicator}: {target_in_words(commitment)}]"


def target_in_words(commitment: CommitmentContent) -> str:
    """The target as people say it, e.g. “từ 99,5 % trở lên”; nothing where nothing is measured."""
    if not commitment.indicator:
        return ""
    amount = f"{vietnamese(Decimal(commitment.target))} {commitment.measure}"
    if "…" in commitment.comparison:
        return commitment.comparison.replace("…", amount)
    return f"{commitment.comparison} {amount}"


def _field(where: str, old: str, new: str) -> Iterator[Line]:
    if old != new:
        yield Line(where, Kind.CHANGED, words_changed(old, new))


def words_changed(old: str, new: str) -> tuple[Piece, ...]:
    """Word by word: what stayed, what went, what came."""
    left, right = old.split(), new.split()
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece(" ".join(left[a:b]), Kind.SAME))
        else:
            if b > a:
                pieces.append(Piece(" ".join(left[a:b]), Kind.REMOVED))
            if d > c:
                pieces.append(Piece(" ".join(right[c:d]), Kind.ADDED))
    if old != new and all(piece.kind == Kind.SAME for piece in pieces):
        # Only blanks or line breaks differ; the words alone would not show it.
        return (Piece(old, Kind.REMOVED), Piece(new, Kind.ADDED))
    return tuple(pieces)
