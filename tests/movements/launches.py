"""Launches to test with."""

from datetime import date

from tests.factories.world import NOON, ClusterWorld
from thidua.movements.models import Launch
from thidua.movements.services import LaunchText, publish_launch, save_launch

TEXT = LaunchText(
    plan_number="12/KH-CTĐ",
    plan_on=date(2026, 2, 20),
    slogan="Siết chặt kỷ cương, tăng cường hiệu quả",
    theme="Đổi mới hoạt động thanh tra",
    introduction="Các đơn vị trong cụm cùng thi đua.",
    goals=("Hoàn thành toàn bộ kế hoạch thanh tra", "Giải quyết đúng hạn đơn thư thuộc thẩm quyền"),
)


def draft(world: ClusterWorld) -> Launch:
    return save_launch(year=world.year, text=TEXT, version=None, actor=world.lead_officer, at=NOON)


def published(world: ClusterWorld) -> Launch:
    return publish_launch(launch=draft(world), actor=world.lead_head, at=NOON)
