"""`thidua sheet check` on a table of 500 leaves of every kind: whole processes, start to exit.

    .venv/bin/python -m benchmarks.bench_sheet_check [rounds] [leaves]

Floor: a process that only imports the library that opens workbooks. Both files are read, every
leaf is computed with its reasons, and the JSON is printed. Read the ratio, not the seconds.
"""

import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from tests.workbooks.sheet_forms import filled_for, mixed_table
from thidua.workbooks.scale import write_scale
from thidua.workbooks.sheets import write_form


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    leaves = int(sys.argv[2]) if len(sys.argv) > 2 else 500
    with tempfile.TemporaryDirectory() as folder:
        scale, filled = Path(folder, "bang.xlsx"), Path(folder, "phieu.xlsx")
        table = mixed_table(leaves)
        scale.write_bytes(write_scale(table))
        filled.write_bytes(write_form(table, filled=filled_for(table)))
        check = ["-m", "thidua", "sheet", "check", str(scale), str(filled)]
        works = {
            "import openpyxl": ["-c", "import openpyxl"],
            "sheet check": check,
            "sheet check --json": [*check, "--json"],
        }
        times: dict[str, list[tuple[float, float]]] = {name: [] for name in works}
        # The first round warms up. Interleaved, so that a slow moment falls on all alike.
        for number in range(rounds + 1):
            for name, arguments in works.items():
                taken = measured(arguments)
                if number:
                    times[name].append(taken)
    show(times, leaves)


def measured(arguments: list[str]) -> tuple[float, float]:
    """Seconds by the clock, and seconds of processor, which others on the machine do not change."""
    began, used = time.perf_counter(), processor()
    done = subprocess.run([sys.executable, *arguments], capture_output=True, check=False)
    taken = time.perf_counter() - began, processor() - used
    if done.returncode != 0:
        raise RuntimeError(done.stdout.decode()[-2000:] + done.stderr.decode()[-2000:])
    return taken


def processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def show(times: dict[str, list[tuple[float, float]]], leaves: int) -> None:
    base = middles(times["import openpyxl"])
    print(f"{f'{leaves} leaves':<22}{'clock ms':>10}{'CPU ms':>10}{'ratio':>8}{'CPU ratio':>11}")
    for name, taken in times.items():
        clock, cpu = middles(taken)
        print(
            f"{name:<22}{clock * 1000:>10.0f}{cpu * 1000:>10.0f}{clock / base[0]:>8.2f}"
            f"{cpu / base[1]:>11.2f}"
        )


def middles(taken: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(each[0] for each in taken), statistics.median(
        each[1] for each in taken
    )


if __name__ == "__main__":
    main()
