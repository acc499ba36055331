"""What the pages that read across areas show."""

from thidua.home.queries.board import Dashboard, Progress, Step, Task
from thidua.home.queries.dashboard import dashboard

__all__ = ["Dashboard", "Progress", "Step", "Task", "dashboard"]
