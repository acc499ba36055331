"""The language of forms: data (TOML of the circulars, JSON of a cluster's own) into values and back.

Every problem is a Vietnamese sentence that names form and indicator; a set of data is read whole or
not at all. The fields are described in docs/bieu-mau.md.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from thidua.rules.errors import RuleError
from thidua.rules.reporting.language.checks import cross_checks, own_checks
from thidua.rules.reporting.language.fields import (
    known,
    member,
    repeated,
    required,
    required_key,
    text,
)
from thidua.rules.reporting.language.indicators import read_indicators
from thidua.rules.reporting.language.writing import edition_to_data, template_to_data
from thidua.rules.reporting.templates import Edition, Shape, Template

__all__ = [
    "TemplateRefused",
    "edition_to_data",
    "read_edition",
    "read_template",
    "template_to_data",
]
TEMPLATE = {
    "key", "code", "title", "shape", "article", "note", "indicators", "printed", "logical",
    "carried",
}  # fmt: skip
EDITION = {
    "key", "title", "document", "article", "valid_from", "valid_to", "partial", "missing",
    "templates", "printed", "logical",
}  # fmt: skip


class TemplateRefused(RuleError):
    """The data is no set of forms; `problems` holds one sentence each."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


def read_edition(data: Mapping[str, Any]) -> Edition:
    """The edition that the data describes. Raises TemplateRefused with every problem found."""
    problems: list[str] = []
    known(data, EDITION, "Bộ biểu mẫu", problems)
    templates = _templates(data, problems)
    repeated([template.key for template in templates], "Khoá biểu mẫu", problems)
    repeated([i.key for t in templates for i in t.indicators], "Khoá chỉ tiêu", problems)
    checks = cross_checks(data, templates, problems)
    fields = _edition_fields(data, problems)
    if problems:
        raise TemplateRefused(tuple(problems))
    return Edition(**fields, templates=templates, checks=checks)


def read_template(data: Mapping[str, Any]) -> Template:
    """One form. Raises TemplateRefused with every problem found."""
    problems: list[str] = []
    template = _template(data, problems)
    if template is None or problems:
        raise TemplateRefused(tuple(problems))
    return template


def _templates(data: Mapping[str, Any], problems: list[str]) -> tuple[Template, ...]:
    listed = data.get("templates")
    if not isinstance(listed, list | tuple) or not listed:
        problems.append("Bộ biểu mẫu chưa có biểu nào.")
        return ()
    read = [_template(each, problems) for each in listed]
    return tuple(template for template in read if template)


def _edition_fields(data: Mapping[str, Any], problems: list[str]) -> dict[str, Any]:
    fields: dict[str, Any] = {
        name: text(data, name, "Bộ biểu mẫu", problems) for name in ("document", "article")
    }
    fields |= {name: required(data, name, "Bộ biểu mẫu", problems) for name in ("key", "title")}
    fields["valid_from"] = _day(data, "valid_from", problems)
    fields["valid_to"] = _day(data, "valid_to", problems) if data.get("valid_to") else None
    if not data.get("valid_from"):
        problems.append("Bộ biểu mẫu: chưa ghi ngày bắt đầu áp dụng (valid_from).")
    fields["partial"] = bool(data.get("partial", False))
    missing = data.get("missing", ())
    if not isinstance(missing, list | tuple):
        problems.append("Bộ biểu mẫu: mục “missing” phải là danh sách.")
        missing = ()
    fields["missing"] = tuple(str(each) for each in missing)
    return fields


def _day(data: Mapping[str, Any], name: str, problems: list[str]) -> date | None:
    try:
        return date.fromisoformat(str(data[name])) if data.get(name) else None
    except ValueError:
        problems.append(f"Bộ biểu mẫu: {name} phải là ngày dạng 2026-12-31.")
        return None


def _template(data: Any, problems: list[str]) -> Template | None:
    if not isinstance(data, Mapping):
        problems.append("Biểu mẫu không đúng dạng dữ liệu.")
        return None
    name = f"Biểu “{data.get('code') or data.get('title') or data.get('key') or '?'}”"
    known(data, TEMPLATE, name, problems)
    key = required_key(data, name, problems)
    shape = member(Shape, data.get("shape", Shape.COLUMNS), "shape", name, problems)
    indicators, resolve = read_indicators(data, key, name, problems)
    checks = own_checks(data, key, indicators, resolve, name, problems)
    return Template(
        key=key,
        code=text(data, "code", name, problems),
        title=required(data, "title", name, problems),
        shape=shape or Shape.COLUMNS,
        indicators=indicators,
        checks=checks,
        article=text(data, "article", name, problems),
        note=text(data, "note", name, problems),
    )
