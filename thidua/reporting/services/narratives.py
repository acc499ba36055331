"""The narrative part: outlines as the lead sets them, sections as they are typed, files beside."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.documents.receiving import media_type_of, safe_name
from thidua.documents.services import receive_file
from thidua.documents.storage import fingerprint
from thidua.organisations.models import EmulationYear
from thidua.reporting.models import (
    NarrativeAttachment,
    NarrativeChange,
    NarrativeOutline,
    NarrativeSection,
    Report,
)
from thidua.reporting.permissions import can_fill_report, can_shape_outlines
from thidua.reporting.queries.narratives import outlines_of
from thidua.reporting.services.report_locks import open_report
from thidua.reporting.services.typed_text import cleaned
from thidua.rules.errors import RuleError
from thidua.rules.reporting.narrative import (
    LONGEST_TEXT,
    Outline,
    Section,
    check_sections,
    section_to_data,
    words_in,
)
from thidua.rules.reporting.persons import Concern, concerns, new_concerns

FILES_PER_REPORT = 30
LONGEST_REASON = 500
ADDED = "them-"


class StaleSection(RuleError):
    """Somebody changed the section meanwhile; `current` is what is stored now (R08)."""

    def __init__(self, section: Section, current: NarrativeSection) -> None:
        self.current = current
        moment = timezone.localtime(current.changed_at)
        super().__init__(
            f"Mục {section.name}: {current.changed_by} vừa lưu bản khác lúc {moment:%H:%M %d/%m/%Y}. "
            "Nội dung bạn viết chưa được lưu; hãy so hai bản rồi chọn."
        )


class StaleOutline(RuleError):
    """Somebody set another version of the outline meanwhile; nothing was kept."""


class AsksAboutPersons(RuleError):
    """The text may name a person (T09): nothing was kept until somebody confirms with `token`."""

    def __init__(self, where: str, found: Sequence[Concern]) -> None:
        self.concerns = tuple(found)
        self.token = token_of(found)
        signs = " ".join(each.sentence for each in found)
        super().__init__(
            f"{where}: {signs} Báo cáo không ghi danh tính người tố cáo và thông tin cá nhân; hãy bỏ "
            "phần đó hoặc thay bằng số của sổ theo dõi. Nếu đã xem lại và đúng là cần ghi, hãy xác nhận."
        )


def token_of(found: Sequence[Concern]) -> str:
    """What a person sends back to say they looked at these signs and no others."""
    told = "|".join(f"{each.key}:{each.count}" for each in found)
    return hashlib.sha256(told.encode()).hexdigest()[:16] if told else ""


def _outline(report: Report, key: str) -> Outline:
    found = next((each for each in outlines_of(report) if each.key == key), None)
    if found is None:
        raise RuleError("Báo cáo của kỳ này không có phần lời theo mẫu đó.")
    return found


def _section(outline: Outline, key: str) -> Section:
    try:
        return outline.section(key)
    except KeyError:
        raise RuleError(
            f"{outline.name} không còn mục này. Hãy tải lại trang để thấy đề cương hiện hành."
        ) from None


def _refuse_persons(where: str, found: Sequence[Concern], confirmed: str) -> None:
    if found and confirmed != token_of(found):
        raise AsksAboutPersons(where, found)


@transaction.atomic
def save_section(
    *,
    report: Report,
    outline: str,
    section: str,
    text: str,
    seen: int,
    actor: User,
    at: datetime,
    confirmed: str = "",
) -> NarrativeSection | None:
    """Keep the text of one section; None where nothing was stored and nothing was written.

    `seen` is the version the person saw, 0 where there was none; `confirmed` the token of
    AsksAboutPersons after a second look. What is already stored is answered like the first time
    (R11). Raises StaleSection, AsksAboutPersons, RuleError.
    """
    report = open_report(report, actor, at)
    of = _outline(report, outline)
    home = _section(of, section)
    words = cleaned(text)
    if len(words) > LONGEST_TEXT:
        raise RuleError(
            f"Mục {home.name}: dài quá {LONGEST_TEXT} ký tự (đang là {len(words)}). Hãy rút gọn, hoặc "
            "gửi phần chi tiết thành tệp kèm theo."
        )
    stored = (
        report.narrative_sections.select_related("changed_by")
        .filter(outline_key=outline, section_key=section)
        .first()
    )
    old = stored.text if stored else ""
    if words == old:
        return stored
    if stored and stored.version != seen:
        raise StaleSection(home, stored)
    found = new_concerns(old, words)
    _refuse_persons(f"Mục {home.name}", found, confirmed)
    kept = stored or NarrativeSection(
        report=report, outline_key=outline, section_key=section, version=0
    )
    kept.text = words
    # The report's row is locked, so nothing is lost (R10).
    kept.version += 1
    kept.changed_by, kept.changed_at = actor, at
    kept.save()
    _note_change(report, (outline, section), (old, words), actor, at)
    _tell(report, of, home, (old, words), found, actor, at)
    return kept


def _note_change(
    report: Report, place: tuple[str, str], texts: tuple[str, str], actor: User, at: datetime
) -> None:
    """Once a report has been handed in, every change is kept with the old text and its reason."""
    if report.round == 1:
        return
    NarrativeChange.objects.create(
        report=report,
        outline_key=place[0],
        section_key=place[1],
        old=texts[0],
        new=texts[1],
        why=f"Báo cáo được trả lại: {report.return_reason}",
        round=report.round,
        changed_by=actor,
        changed_at=at,
    )


def _tell(
    report: Report,
    outline: Outline,
    section: Section,
    texts: tuple[str, str],
    found: Sequence[Concern],
    actor: User,
    at: datetime,
) -> None:
    """The journal tells how much was written, not what: texts may have to be put right (T09)."""
    looked: dict[str, Any] = {}
    if found:
        looked["looked_at"] = [each.sentence for each in found]
    record(
        actor,
        Action.NARRATIVE_SAVED,
        report,
        at=at,
        outline=outline.code,
        heading=section.name,
        old=f"{words_in(texts[0])} từ",
        new=f"{words_in(texts[1])} từ",
        **looked,
    )


@transaction.atomic
def attach_file(
    *,
    report: Report,
    outline: str,
    section: str,
    data: bytes,
    name: str,
    note: str,
    actor: User,
    at: datetime,
    looked_again: bool = False,
) -> NarrativeAttachment:
    """Receive a file beside the report ("" and "") or beside one section of an outline.

    Its type is told by its content (T14), it is stored in two copies under its SHA-256 (T04).
    Raises AsksAboutPersons on its name and note unless somebody `looked_again`, RuleError with the
    reason and the way out.
    """
    report = open_report(report, actor, at)
    if outline:
        of = _outline(report, outline)
        if section:
            _section(of, section)
    limit = settings.EVIDENCE_LIMIT
    shown = safe_name(name, media_type_of(data, name, limit))
    _refuse_more_files(report, shown, fingerprint(data))
    told = cleaned(note)[:300]
    found = concerns(f"{shown}\n{told}")
    if found and not looked_again:
        raise AsksAboutPersons(f"Tệp “{shown}”", found)
    stored = receive_file(
        data=data,
        name=name,
        organisation=report.membership.organisation,
        actor=actor,
        at=at,
        limit=limit,
    )
    kept = NarrativeAttachment.objects.create(
        report=report,
        outline_key=outline,
        section_key=section if outline else "",
        file=stored,
        note=told,
        added_by=actor,
        added_at=at,
    )
    _note_file(report, kept, "", kept.file.name, actor, at)
    record(
        actor,
        Action.REPORT_FILE_ADDED,
        report,
        at=at,
        file=stored.name,
        sha256=stored.sha256,
        note=told,
    )
    return kept


def _refuse_more_files(report: Report, name: str, sha256: str) -> None:
    known = list(report.narrative_attachments.values_list("file__sha256", flat=True))
    if len(known) >= FILES_PER_REPORT:
        raise RuleError(
            f"Mỗi báo cáo nhận tối đa {FILES_PER_REPORT} tệp kèm theo. Hãy gộp bớt tệp rồi gửi lại."
        )
    if sha256 in known:
        raise RuleError(f"Tệp “{name}” đã kèm theo báo cáo này.")


@transaction.atomic
def remove_file(*, attachment: NarrativeAttachment, actor: User, at: datetime) -> None:
    """Take a file off a report that is still a draft; the received file and the journal stay."""
    if not can_fill_report(actor, attachment.report):
        raise PermissionDenied
    report = open_report(attachment.report, actor, at)
    removed, _ = NarrativeAttachment.objects.filter(pk=attachment.pk).delete()
    if not removed:
        raise RuleError(f"Tệp “{attachment.file.name}” đã được bỏ khỏi báo cáo trước đó.")
    _note_file(report, attachment, attachment.file.name, "", actor, at)
    record(
        actor,
        Action.REPORT_FILE_REMOVED,
        report,
        at=at,
        file=attachment.file.name,
        sha256=attachment.file.sha256,
    )


def _note_file(
    report: Report,
    attachment: NarrativeAttachment,
    old: str,
    new: str,
    actor: User,
    at: datetime,
) -> None:
    place = (attachment.outline_key, attachment.section_key)
    told = tuple(f"Tệp kèm theo: {name}" if name else "" for name in (old, new))
    _note_change(report, place, (told[0], told[1]), actor, at)


@transaction.atomic
def set_outline(
    *,
    year: EmulationYear,
    outline: Outline,
    sections: Sequence[Section],
    reason: str,
    seen: int,
    actor: User,
    at: datetime,
) -> NarrativeOutline:
    """The lead gives an outline of this year other headings, with the document it follows.

    `seen` is the number of the version the person saw, 0 for the software's own. New sections
    come without a key. Reports handed in keep the outline of their day.
    """
    year = EmulationYear.objects.select_for_update(of=("self",)).get(pk=year.pk)
    if not can_shape_outlines(actor, year):
        raise PermissionDenied
    why = cleaned(reason)[:LONGEST_REASON]
    if not why:
        raise RuleError(
            "Hãy ghi lý do hoặc văn bản làm căn cứ để các đơn vị biết vì sao đề cương đổi."
        )
    versions = list(NarrativeOutline.objects.filter(year=year, outline_key=outline.key))
    number = max((each.number for each in versions), default=0)
    if number != seen:
        raise StaleOutline(
            f"{outline.name}: người khác vừa đặt phiên bản {number} của đề cương. Bản bạn sửa chưa được "
            "lưu; hãy chép phần cần giữ, tải lại trang rồi sửa tiếp."
        )
    keyed = _with_keys(outline, sections, versions)
    check_sections(keyed)
    kept = NarrativeOutline.objects.create(
        year=year,
        outline_key=outline.key,
        number=number + 1,
        content={"sections": [section_to_data(each) for each in keyed]},
        reason=why,
        set_by=actor,
        set_at=at,
    )
    record(
        actor,
        Action.NARRATIVE_OUTLINE_SET,
        year,
        at=at,
        outline=outline.code,
        number=kept.number,
        headings=[each.heading for each in keyed],
        reason=why,
    )
    return kept


def _with_keys(
    outline: Outline, sections: Sequence[Section], versions: Sequence[NarrativeOutline]
) -> list[Section]:
    """A new section gets a key that none ever had, so that no text comes to stand under it."""
    known = {each.key for each in outline.sections}
    known |= {row["key"] for version in versions for row in version.content["sections"]}
    numbers = (int(key.removeprefix(ADDED)) for key in known if key.startswith(ADDED))
    number = max(numbers, default=0)
    keyed = []
    for section in sections:
        key = section.key
        if key not in known:
            number += 1
            key = f"{ADDED}{number}"
        heading, words = cleaned(section.heading), cleaned(section.help)
        keyed.append(replace(section, key=key, heading=heading, help=words))
    return keyed
