"""Which criterion a cell means: its path, or its code where that is the only one."""

from collections.abc import Iterable, Mapping

from thidua.rules.scoring.tree import SEPARATOR
from thidua.workbooks.scale.read.cells import Problems, Record


class Names:
    """Every path of the table, and the paths each code leads to."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = set(paths)
        self._groups = {path.rpartition(SEPARATOR)[0] for path in self._paths}
        codes: dict[str, list[str]] = {}
        for path in sorted(self._paths):
            codes.setdefault(path.rpartition(SEPARATOR)[2], []).append(path)
        self._codes: Mapping[str, list[str]] = codes

    def node(self, record: Record, name: str, problems: Problems) -> str | None:
        """The path a cell means, None with a problem when it means none or several."""
        text = str(record.values.get(name) or "")
        if not text or text in self._paths:
            return text or None
        found = self._codes.get(text, [])
        if len(found) == 1:
            return found[0]
        sentence = f"không có tiêu chí “{text}” ở trang “Tiêu chí”."
        if found:
            sentence = f"mã “{text}” có ở nhiều nhóm; hãy ghi một trong: {'; '.join(found)}."
        problems.append(record.problem(name, sentence))
        return None

    def leaf(self, record: Record, name: str, problems: Problems) -> str | None:
        """The path of a criterion that is scored, None with a problem when it is none."""
        path = self.node(record, name, problems)
        if path in self._groups:
            sentence = f"“{path}” là nhóm, không chấm trực tiếp; hãy ghi tiêu chí bên dưới."
            problems.append(record.problem(name, sentence))
            return None
        return path
