"""What the launch page reads."""

from dataclasses import dataclass

from thidua.accounts.models import User
from thidua.movements.models import Launch, Receipt
from thidua.organisations.models import EmulationYear, Membership


def launch_of(user: User, year: EmulationYear) -> Launch | None:
    """The year's launch with its goals, where the person may already see it."""
    return Launch.objects.visible_to(user, year).prefetch_related("goals").first()


@dataclass(frozen=True)
class ReceiptBoard:
    """Which members have confirmed the launch, and which have not."""

    received: tuple[Receipt, ...]
    missing: tuple[Membership, ...]

    @property
    def total(self) -> int:
        return len(self.received) + len(self.missing)

    @property
    def complete(self) -> bool:
        return not self.missing

    def receipt_of(self, membership: Membership | None) -> Receipt | None:
        """The receipt of one member, or None."""
        for receipt in self.received:
            if membership is not None and receipt.membership_id == membership.pk:
                return receipt
        return None


def receipt_board(launch: Launch) -> ReceiptBoard:
    """Two queries however many members there are."""
    received = tuple(launch.receipts.select_related("membership__organisation", "confirmed_by"))
    done = {receipt.membership_id for receipt in received}
    memberships = Membership.objects.filter(year=launch.year_id).select_related("organisation")
    return ReceiptBoard(received, tuple(m for m in memberships if m.pk not in done))
