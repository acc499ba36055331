"""Terms of the units carried over to a new version of the table, as far as it still asks for them."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.rules.scoring import Table, vietnamese
from thidua.scoring.models import CriteriaSet, UnitTerms
from thidua.scoring.queries.terms import Settable, settable
from thidua.scoring.tables import to_table


def copy_terms(criteria_set: CriteriaSet, *, actor: User, at: datetime) -> tuple[str, ...]:
    """Copy every member's terms from the version in force before; the caller holds the transaction.

    What was set on the new version already stays. Targets follow their input's key, sizes their
    set and name, criteria not assigned their path under the same title. Out: what could not be
    copied, in words; the journal keeps it too.
    """
    before = _version_before(criteria_set)
    if before is None:
        return ()
    here = set(criteria_set.unit_terms.values_list("membership", flat=True))
    stored = before.unit_terms.select_related("membership__organisation")
    terms = list(stored.exclude(membership__in=here))
    if not terms:
        return ()
    copying = _Copying(to_table(before), to_table(criteria_set))
    lost = []
    for each in terms:
        lost += [
            f"{each.membership.organisation.short_name}: {what}" for what in copying.lost(each)
        ]
        _copied(each, copying.kept(each), criteria_set, actor, at).save()
    record(
        actor,
        Action.TERMS_COPIED,
        criteria_set,
        at=at,
        origin=f"phiên bản {before.number}",
        copied=f"{len(terms)} đơn vị",
        not_copied=lost,
    )
    return tuple(lost)


def _version_before(criteria_set: CriteriaSet) -> CriteriaSet | None:
    return (
        CriteriaSet.objects.filter(
            year=criteria_set.year_id,
            state=CriteriaSet.State.ISSUED,
            number__lt=criteria_set.number,
        )
        .order_by("-number")
        .first()
    )


def _copied(
    old: UnitTerms, content: dict[str, Any], criteria_set: CriteriaSet, actor: User, at: datetime
) -> UnitTerms:
    return UnitTerms(
        criteria_set=criteria_set,
        membership=old.membership,
        group=old.group,
        changed_by=actor,
        changed_at=at,
        **content,
    )


class _Copying:
    """What the new table still asks for, beside how the old one called it."""

    def __init__(self, old: Table, new: Table) -> None:
        self._old: Settable = settable(old)
        self._new: Settable = settable(new)
        self._asked = {(each.key, each.measure) for each in self._new.targets}
        self._measures = {each.key: each.measure for each in self._old.targets}

    def kept(self, terms: UnitTerms) -> dict[str, Any]:
        """The stored content that holds under the new table."""
        return {
            "targets": {key: text for key, text in terms.targets.items() if self._asks(key)},
            "not_assigned": [path for path in terms.not_assigned if self._may_be_left_out(path)],
            "tiers": {name: tier for name, tier in terms.tiers.items() if self._knows(name, tier)},
        }

    def lost(self, terms: UnitTerms) -> Iterator[str]:
        """The rest in words."""
        labels = {each.key: each.label for each in self._old.targets}
        for key, text in terms.targets.items():
            if not self._asks(key):
                yield f"mục tiêu “{labels.get(key, key)}” ({vietnamese(Decimal(text))})"
        for path in terms.not_assigned:
            if not self._may_be_left_out(path):
                yield f"không giao tiêu chí {path}"
        for name, tier in terms.tiers.items():
            if not self._knows(name, tier):
                yield f"cỡ “{tier}” theo “{name}”"

    def _asks(self, key: str) -> bool:
        """The same number in another measure would be another target."""
        return (key, self._measures.get(key, "")) in self._asked

    def _knows(self, name: str, tier: str) -> bool:
        return tier in self._new.tiers.get(name, ())

    def _may_be_left_out(self, path: str) -> bool:
        """The same path may be another criterion now: its title must be the same as well."""
        old, new = self._old.exempt.get(path), self._new.exempt.get(path)
        return old is not None and new is not None and old[0].title == new[0].title
