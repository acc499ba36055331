"""The narrative as pages show it: outlines with how far they are, sections with their figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from thidua.reporting.models import NarrativeAttachment, NarrativeChange, NarrativeSection, Report
from thidua.reporting.queries.narratives import (
    Narrative,
    also_sent,
    attachments_of,
    narrative_of,
)
from thidua.reporting.queries.reports import Contents
from thidua.rules.reporting import completed
from thidua.rules.reporting.narrative import (
    Outline,
    Section,
    figure_sentences,
    unwritten,
    words_in,
)


@dataclass(frozen=True)
class OutlineLine:
    """One outline in a list: how much of it is written."""

    outline: Outline
    written: int
    asked: int
    missing: int
    words: int

    @property
    def state(self) -> str:
        """The word by which a page colours the outline."""
        if not self.missing:
            return "complete"
        return "partial" if self.written else "none"

    @property
    def label(self) -> str:
        if not self.missing:
            return "Đủ"
        return f"{self.missing} mục chưa viết" if self.written else "Chưa viết"


def outline_line(outline: Outline, narrative: Narrative) -> OutlineLine:
    """How far one outline is."""
    texts = narrative.texts(outline)
    return OutlineLine(
        outline=outline,
        written=sum(bool(text.strip()) for text in texts.values()),
        asked=len(texts),
        missing=len(unwritten(outline, texts)),
        words=sum(words_in(text) for text in texts.values()),
    )


@dataclass(frozen=True)
class Summary:
    """The narrative on the page of the whole report."""

    lines: Sequence[OutlineLine]
    files: Sequence["FileLine"]


def summary_of(report: Report, *, is_own: bool) -> Summary:
    """Outlines and files; four queries. What others sent is not told to the unit itself."""
    narrative, attachments = narrative_of(report), attachments_of(report)
    lines = [outline_line(each, narrative) for each in narrative.outlines]
    also = {} if is_own else also_sent(report, attachments)
    return Summary(lines, file_lines(narrative.outlines, attachments, also))


@dataclass(frozen=True)
class FileLine:
    """A file with the words that say what it belongs to."""

    attachment: NarrativeAttachment
    where: str
    also: str = ""


def file_lines(
    outlines: Sequence[Outline],
    attachments: Sequence[NarrativeAttachment],
    also: Mapping[str, Sequence[str]],
) -> list[FileLine]:
    """The files with where they belong; `also` by SHA-256 who else sent the same content."""
    return [
        FileLine(
            each,
            place_name(outlines, each.outline_key, each.section_key),
            ", ".join(also.get(each.file.sha256, ())),
        )
        for each in attachments
    ]


def place_name(outlines: Sequence[Outline], outline: str, section: str) -> str:
    """“Mẫu số 01, mục II.2”, or “Cả báo cáo”; a heading that is gone names its outline."""
    found = next((each for each in outlines if each.key == outline), None)
    if found is None:
        return "Cả báo cáo"
    home = next((each for each in found.texts if each.key == section), None)
    return f"{found.code}, mục {home.number}" if home else found.code


@dataclass(frozen=True)
class Asked:
    """What a person sent and was not kept: their text, the sentence, and what to do about it."""

    section: str
    text: str
    problem: str
    theirs: NarrativeSection | None = None
    token: str = ""


@dataclass(frozen=True)
class SectionLine:
    """One section on the page; a title has no text."""

    section: Section
    text: str
    version: int
    stamp: str
    figures: Sequence[str]
    files: Sequence[NarrativeAttachment]
    asked: Asked | None = None

    @property
    def words(self) -> int:
        return words_in(self.text)

    @property
    def rows(self) -> int:
        """How tall the field is: as its text, within reason."""
        return min(24, max(4, self.text.count("\n") + len(self.text) // 90 + 2))


def section_lines(
    outline: Outline,
    narrative: Narrative,
    contents: Contents,
    attachments: Sequence[NarrativeAttachment],
    asked: Asked | None = None,
) -> list[SectionLine]:
    """The sections of an outline with text, figures and files."""
    values = completed(contents.edition, contents.filled.values)
    of_section: dict[str, list[NarrativeAttachment]] = {}
    for each in attachments:
        if each.outline_key == outline.key:
            of_section.setdefault(each.section_key, []).append(each)
    return [
        _line(
            section,
            narrative.sections.get((outline.key, section.key)),
            figure_sentences(section, contents.edition, values),
            of_section.get(section.key, ()),
            asked if asked and asked.section == section.key else None,
        )
        for section in outline.sections
    ]


def _line(
    section: Section,
    stored: NarrativeSection | None,
    figures: Sequence[str],
    files: Sequence[NarrativeAttachment],
    asked: Asked | None,
) -> SectionLine:
    version = stored.version if stored else 0
    # What was refused stays refused until the person has seen what is stored now.
    if asked and asked.theirs:
        version = asked.theirs.version
    text = stored.text if stored else ""
    return SectionLine(
        section=section,
        text=asked.text if asked else text,
        version=version,
        stamp=stamp_of(stored),
        figures=figures,
        files=files,
        asked=asked,
    )


def stamp_of(stored: NarrativeSection | None) -> str:
    """“Lan, 09:12 16/03/2026”."""
    if stored is None:
        return ""
    moment = timezone.localtime(stored.changed_at)
    return f"{stored.changed_by}, {moment:%H:%M %d/%m/%Y}"


@dataclass(frozen=True)
class ChangeLine:
    """A change after hand-in, with its section in words."""

    change: NarrativeChange
    where: str


def change_lines(report: Report, outlines: Sequence[Outline]) -> list[ChangeLine]:
    """What of the narrative was changed since it was first handed in; one query, none before."""
    if report.round == 1:
        return []
    changes = report.narrative_changes.select_related("changed_by").order_by("-pk")
    return [
        ChangeLine(each, place_name(outlines, each.outline_key, each.section_key))
        for each in changes
    ]


def headings(outlines: Sequence[Outline]) -> Mapping[str, str]:
    """What a file may belong to: by “outline/section” the words of a choice."""
    found = {"": "Cả báo cáo"}
    for outline in outlines:
        found[f"{outline.key}/"] = outline.name
        for section in outline.texts:
            found[f"{outline.key}/{section.key}"] = f"{outline.code}, mục {section.name}"
    return found
