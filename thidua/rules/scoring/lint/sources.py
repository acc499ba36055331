"""Inputs that name a reported figure: whether it can be one, and whether anybody knows it."""

from collections.abc import Collection

from thidua.rules.errors import RuleError
from thidua.rules.reporting.sources import problem_of, read_source
from thidua.rules.scoring.language import FED_KINDS, INPUT_KINDS, Input
from thidua.rules.scoring.lint.declared import Declared
from thidua.rules.scoring.lint.findings import Finding, Findings, table_error, table_warning


def lint_sources(known: Declared, own: Collection[str] = ()) -> Findings:
    """What is wrong with the column “Chỉ tiêu” of the inputs."""
    for key, each in known.inputs.items():
        if each.indicator.strip():
            yield from _of(key, each, own)


def _of(key: str, each: Input, own: Collection[str]) -> Findings:
    if each.kind not in FED_KINDS:
        kinds = ", ".join(f"“{INPUT_KINDS[kind]}”" for kind in sorted(FED_KINDS))
        yield _wrong(
            key, each, f"loại “{INPUT_KINDS[each.kind]}” không lấy từ báo cáo được; chỉ {kinds}."
        )
        return
    try:
        read_source(each.indicator)
    except RuleError as error:
        yield _wrong(key, each, str(error))
        return
    if problem := problem_of(each.indicator, own):
        yield table_warning(
            f"inputs.{key}",
            f"số liệu “{each.label}” ({key}): {problem} Nếu đó là chỉ tiêu riêng của cụm thì số liệu "
            "vẫn lấy được; nếu không, đơn vị phải ghi tay.",
        )


def _wrong(key: str, each: Input, why: str) -> Finding:
    return table_error(f"inputs.{key}", f"số liệu “{each.label}” ({key}), cột Chỉ tiêu: {why}")
