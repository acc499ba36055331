"""The narrative part of a report: outlines in force, what is written, what is still empty."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from thidua.documents.models import StoredFile
from thidua.organisations.models import EmulationYear
from thidua.reporting.models import (
    NarrativeAttachment,
    NarrativeOutline,
    NarrativeSection,
    Report,
)
from thidua.rules.reporting import Finding, Severity
from thidua.rules.reporting.narrative import (
    Outline,
    adapted,
    of_period,
    shipped_outlines,
    unwritten,
    unwritten_sentence,
)

NOT_WRITTEN = "chua-viet"
Key = tuple[str, str]


@dataclass(frozen=True)
class SetOutline:
    """An outline as it counts in a year; `stored` is None where it is the software's own."""

    outline: Outline
    stored: NarrativeOutline | None


def outlines_of_year(
    year: EmulationYear, edition: str, before: datetime | None = None
) -> tuple[SetOutline, ...]:
    """The outlines of a year on an edition of forms, as they stood at a time; one query.

    No query and no outline where the facts of the edition know none.
    """
    shipped = shipped_outlines(edition)
    if not shipped:
        return ()
    rows = NarrativeOutline.objects.filter(year=year).select_related("set_by").order_by("number")
    if before is not None:
        rows = rows.filter(set_at__lte=before)
    newest = {row.outline_key: row for row in rows}
    return tuple(_set(each, newest.get(each.key)) for each in shipped)


def _set(outline: Outline, stored: NarrativeOutline | None) -> SetOutline:
    if stored is None:
        return SetOutline(outline, None)
    return SetOutline(adapted(outline, stored.content["sections"]), stored)


def asks_for_narrative(report: Report) -> bool:
    """Whether its period has a narrative and the outlines of its forms are known."""
    return report.period.has_narrative and bool(shipped_outlines(report.edition))


def outlines_of(report: Report) -> tuple[Outline, ...]:
    """The numbered outlines of a report; one query. A report handed in keeps those of its day."""
    if not report.period.has_narrative:
        return ()
    # Whoever changes an outline later does not change what was handed in.
    before = report.submitted_at if report.state != Report.State.DRAFT else None
    found = outlines_of_year(report.period.year, report.edition, before)
    return tuple(of_period(each.outline, report.period.code) for each in found)


@dataclass(frozen=True)
class Narrative:
    """What is stored of the narrative: sections by (outline, section)."""

    outlines: Sequence[Outline]
    sections: Mapping[Key, NarrativeSection]

    def text(self, outline: str, section: str) -> str:
        """What a section says; "" where nothing is stored."""
        stored = self.sections.get((outline, section))
        return stored.text if stored else ""

    def texts(self, outline: Outline) -> dict[str, str]:
        """The texts of one outline by key of section."""
        return {each.key: self.text(outline.key, each.key) for each in outline.texts}

    def outside(self, outline: Outline) -> list[NarrativeSection]:
        """Texts under headings that the outline no longer has: kept, shown, not printed."""
        asked = {each.key for each in outline.texts}
        return [
            stored
            for (of, key), stored in self.sections.items()
            if of == outline.key and key not in asked and stored.text
        ]


def narrative_of(report: Report) -> Narrative:
    """The outlines and texts of a report; two queries, none where it has no narrative."""
    outlines = outlines_of(report)
    if not outlines:
        return Narrative((), {})
    rows = report.narrative_sections.select_related("changed_by")
    return Narrative(outlines, {(row.outline_key, row.section_key): row for row in rows})


def attachments_of(report: Report) -> list[NarrativeAttachment]:
    """The files beside the report in the order they came; one query."""
    return list(report.narrative_attachments.select_related("file", "added_by"))


def also_sent(
    report: Report, attachments: Sequence[NarrativeAttachment]
) -> dict[str, tuple[str, ...]]:
    """By SHA-256 the other members of the year that sent the same content (T04); one query."""
    if not attachments:
        return {}
    rows = (
        StoredFile.objects.filter(
            sha256__in=[each.file.sha256 for each in attachments],
            organisation__memberships__year=report.period.year_id,
        )
        .exclude(organisation=report.membership.organisation_id)
        .order_by("organisation__short_name")
        .values_list("sha256", "organisation__short_name")
        .distinct()
    )
    found: dict[str, tuple[str, ...]] = {}
    for sha256, name in rows:
        found[sha256] = (*found.get(sha256, ()), str(name))
    return found


def narrative_findings(report: Report) -> Iterable[Finding]:
    """One warning for each outline in which a section that must say something is empty."""
    narrative = narrative_of(report)
    for outline in narrative.outlines:
        missing = unwritten(outline, narrative.texts(outline))
        if missing:
            yield Finding(
                check=f"{outline.key}/{NOT_WRITTEN}",
                severity=Severity.WARNING,
                places=(),
                sentence=unwritten_sentence(outline, missing),
            )
