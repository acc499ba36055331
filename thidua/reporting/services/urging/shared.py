"""What urging by rule and by hand share."""

from collections.abc import Sequence

from thidua.reporting.models import Reminder, ReportingPeriod

KIND = "don-doc"


def locked_period(pk: int) -> ReportingPeriod:
    """The period locked until the transaction ends: two who urge at once take turns."""
    return (
        ReportingPeriod.objects.select_for_update(of=("self",))
        .select_related("year__cluster")
        .get(pk=pk)
    )


def units_of(reminders: Sequence[Reminder]) -> list[str]:
    """The units urged, each once, for the journal."""
    return list(dict.fromkeys(each.membership.organisation.short_name for each in reminders))


def people_told(reminders: Sequence[Reminder]) -> list[str]:
    """The people told, each once, for the journal."""
    return list(dict.fromkeys(str(each.recipient) for each in reminders))
