"""Between the stored rows of a pact and the value its fingerprint is taken of."""

from decimal import Decimal

from django.db.models import Prefetch

from thidua.pacts.models import Commitment, CommitmentGroup, PactVersion
from thidua.rules.pacts import (
    CommitmentContent,
    GroupContent,
    PactContent,
    fingerprint,
    from_canonical_json,
)


def plain_number(number: Decimal | None) -> str:
    """One spelling for each number: 85.0000 → "85"; nothing for None."""
    if number is None:
        return ""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def groups_of(pact: PactVersion) -> list[CommitmentGroup]:
    """Groups with their commitments and indicators: three queries whatever the size."""
    return list(
        pact.groups.prefetch_related(
            Prefetch("commitments", Commitment.objects.select_related("indicator"))
        )
    )


def content_of(pact: PactVersion) -> PactContent:
    """The pact as a value: once frozen as it was frozen, before that as it stands."""
    if pact.canonical:
        return from_canonical_json(pact.canonical)
    return PactContent(
        cluster=pact.year.cluster.name,
        year=pact.year.year,
        title=pact.title,
        preamble=pact.preamble,
        groups=tuple(
            GroupContent(
                title=group.title,
                commitments=tuple(commitment_content(c) for c in group.commitments.all()),
            )
            for group in groups_of(pact)
        ),
        closing=pact.closing,
        members=tuple(
            membership.organisation.full_name
            for membership in pact.year.memberships.select_related("organisation")
        ),
    )


def commitment_content(row: Commitment) -> CommitmentContent:
    """One commitment as a value."""
    return CommitmentContent(
        key=row.key,
        text=row.text,
        indicator=row.indicator.name if row.indicator else "",
        comparison=row.get_comparison_display() if row.comparison else "",
        target=plain_number(row.target),
        measure=row.measure,
    )


def content_fingerprint(pact: PactVersion) -> str:
    """SHA-256 of what the pact says now."""
    return fingerprint(content_of(pact))
