"""A published launch, its goals and its receipts never change (design D5, threat model T03)."""

from django.db import migrations

from thidua.audit.triggers import guard

SAID = "Phát động đã công bố nên không thay đổi được."
RECEIPT = "Xác nhận đã nhận phát động không được thay đổi."
OF_GOAL = (
    "EXISTS (SELECT 1 FROM movements_launch l "
    "WHERE l.id = {row}.launch_id AND l.published_at IS NOT NULL)"
)
OLD = ["UPDATE", "DELETE"]


class Migration(migrations.Migration):
    dependencies = [("movements", "0001_initial")]

    operations = [
        guard("movements_launch", OLD, SAID, "OLD.published_at IS NOT NULL"),
        guard("movements_goal", OLD, SAID, OF_GOAL.format(row="OLD")),
        guard("movements_goal", ["INSERT"], SAID, OF_GOAL.format(row="NEW")),
        guard(
            "movements_goal",
            ["UPDATE"],
            SAID,
            OF_GOAL.format(row="NEW"),
            name="movements_goal_into_published",
        ),
        guard("movements_receipt", OLD, RECEIPT),
    ]
