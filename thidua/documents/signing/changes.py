"""What one revision of a PDF adds to the revision before it: a signature, or more than that."""

from collections.abc import Iterator

from lxml import etree
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    DocInfoRule,
    DSSCompareRule,
    FormUpdatingRule,
    MetadataUpdateRule,
    ModificationLevel,
    ObjectStreamRule,
    SigFieldCreationRule,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
    XrefStreamRule,
)

from thidua.documents.signing.bounds import BoundedResolver

_LTA = ModificationLevel.LTA_UPDATES

# pyHanko's own policy less what a signature does not need: no other form field may change its value,
# and nothing may be carried along that no page, field or signature uses.
SIGNATURES_ONLY = StandardDiffPolicy(
    global_rules=[
        CatalogModificationRule(),
        DocInfoRule().as_qualified(_LTA),
        XrefStreamRule().as_qualified(_LTA),
        ObjectStreamRule().as_qualified(_LTA),
        DSSCompareRule().as_qualified(_LTA),
        MetadataUpdateRule().as_qualified(_LTA),
    ],
    form_rule=FormUpdatingRule(field_rules=[SigFieldCreationRule(), SigFieldModificationRule()]),
    ignore_orphaned_objects=False,
)

# Every writer stamps its name and the hour on the properties; the rest of them says what the paper is.
_MOVING_PROPERTIES = frozenset({"/ModDate", "/Producer"})
_TOLD_BY_METADATA = frozenset(
    f"{{http://purl.org/dc/elements/1.1/}}{name}"
    for name in ("title", "creator", "description", "subject")
)


def first_more_than_signed(reader: PdfFileReader, revisions: range) -> int | None:
    """The first of these revisions that does more than sign; None when all only sign."""
    before = BoundedResolver(reader, revisions.start - 1)
    for revision in revisions:
        # What was read of one revision serves to compare it with the next.
        after = BoundedResolver(reader, revision)
        try:
            _check_only_signed(before, after)
        except (SuspiciousModification, PdfError):
            return revision
        before = after
    return None


def _check_only_signed(before: HistoricalResolver, after: HistoricalResolver) -> None:
    SIGNATURES_ONLY.apply(before, after)
    _check_properties(before, after)
    _check_metadata(before, after)


def _check_properties(before: HistoricalResolver, after: HistoricalResolver) -> None:
    if _properties(before) != _properties(after):
        raise SuspiciousModification("the document properties were changed")


def _properties(revision: HistoricalResolver) -> dict[str, str]:
    reference = revision.trailer_view.get_value_as_reference("/Info", optional=True)
    info = revision(reference) if reference is not None else {}
    return {key: str(value) for key, value in info.items() if key not in _MOVING_PROPERTIES}


def _check_metadata(before: HistoricalResolver, after: HistoricalResolver) -> None:
    if "/Metadata" not in after.root:
        return
    told = set(_told(before)) if "/Metadata" in before.root else set()
    if not set(_told(after)) <= told:
        raise SuspiciousModification("the metadata tell something else")


def _told(revision: HistoricalResolver) -> Iterator[tuple[str, str]]:
    """Title, authors, description and keywords in the XMP packet."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    tree = etree.fromstring(revision.root["/Metadata"].data, parser=parser)
    for element in tree.iter(*_TOLD_BY_METADATA):
        yield element.tag, " ".join("".join(element.itertext()).split())
