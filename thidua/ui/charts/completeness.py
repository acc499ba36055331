"""Who has handed in what: units down, periods across, a word in every cell."""

from collections.abc import Mapping, Sequence

from django.utils.safestring import SafeString

from thidua.ui.charts.drawing import LETTER, drawing, percent, shortened, text, width_class

# The word in the cell, and what it means. The word tells the state; the colour only helps.
STATES: Mapping[str, tuple[str, str]] = {
    "none": ("chưa", "chưa làm"),
    "draft": ("soạn", "đang soạn"),
    "submitted": ("nộp", "đã nộp"),
    "accepted": ("nhận", "đã được chấp nhận"),
    "late": ("muộn", "nộp muộn"),
    "overdue": ("quá hạn", "quá hạn, chưa nộp"),
}
NAMES = 0.26
ROW, HEAD, LEGEND = 32, 26, 24
LONGEST = 22
# How many meanings stand in one line of the legend.
ABREAST = 2
Rows = Sequence[tuple[str, Sequence[tuple[str, str]]]]


def completeness_chart(*, title: str, rows: Rows) -> SafeString:
    """Each row is a unit with (period, state); states by the keys of `STATES`."""
    periods = [name for name, _ in rows[0][1]] if rows else []
    step = (1 - NAMES) / max(len(periods), 1)
    parts = [
        text(name, x=percent(_middle(place, step)), y=17, kind="graph-head", anchor="middle")
        for place, name in enumerate(periods)
    ]
    for number, (unit, cells) in enumerate(rows):
        y = HEAD + number * ROW
        parts.append(text(shortened(unit, LONGEST), x="0", y=y + 20, kind="graph-name"))
        parts += [_cell(state, place, step, y) for place, (_, state) in enumerate(cells)]
    used = [key for key in STATES if any(key == state for _, cells in rows for _, state in cells)]
    bottom = HEAD + len(rows) * ROW
    return drawing(
        [*parts, *_legend(used, bottom)],
        title=title,
        description=_described(rows),
        height=bottom + LEGEND * -(-len(used) // ABREAST) + 4,
        kind=width_class(150 + len(periods) * 8 * LETTER),
    )


def _middle(place: int, step: float) -> float:
    return NAMES + (place + 0.5) * step


def _cell(state: str, place: int, step: float, y: int) -> str:
    return (
        f'<rect class="graph-cell is-{state}" x="{percent(NAMES + (place + 0.03) * step)}" '
        f'y="{y + 2}" width="{percent(0.94 * step)}" height="{ROW - 4}" rx="3"/>'
        f"{_word(state, _middle(place, step), y + 20)}"
    )


def _word(state: str, middle: float, y: int) -> str:
    word = STATES[state][0]
    return text(word, x=percent(middle), y=y, kind=f"graph-word is-{state}", anchor="middle")


def _legend(used: Sequence[str], bottom: int) -> list[str]:
    parts = []
    for place, key in enumerate(used):
        x = percent(place % ABREAST / ABREAST)
        y = bottom + 20 + place // ABREAST * LEGEND
        word, meaning = STATES[key]
        parts.append(text(f"{word}: {meaning}", x=x, y=y, kind="graph-note"))
    return parts


def _described(rows: Rows) -> str:
    return " ".join(
        f"{unit}: {', '.join(f'{period} {STATES[state][1]}' for period, state in cells)}."
        for unit, cells in rows
    )
