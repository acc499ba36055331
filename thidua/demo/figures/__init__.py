"""The figures of the demo's reports, worked out and not typed: honest illustration, consistent."""

from thidua.demo.figures.reports import Made, made_reports

__all__ = ["Made", "made_reports"]
