"""An election of 34 voters and 10 candidates, three tellers of whom two count: ours and belenios-tool.

Both do every step once, on the same machine in one run: credentials and keys, ballots, the check of
each ballot as it arrives, the sum, two partial decryptions, the result, and the verification of the
archive. The tool is a program started for each step; the time of starting it does nothing (`--help`)
is printed as a floor and taken off, so that arithmetic is set against arithmetic.

    python benchmarks/bench_ballots.py [VOTERS] [CANDIDATES]
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.rules.ballots.elections import ceremony  # noqa: E402
from tests.rules.ballots.tool import GROUP, MISSING, WHY_MISSING, Tool  # noqa: E402
from thidua.rules.ballots import belenios  # noqa: E402

Times = dict[str, float]
TELLERS, THRESHOLD, TIME = 3, 2, 1_796_108_773
STEPS = ("set-up", "ballots", "acceptance", "tally", "verification")


def timed(times: Times, step: str, work: Callable[[], object]) -> object:
    began = time.perf_counter()
    made = work()
    times[step] = times.get(step, 0) + time.perf_counter() - began
    return made


def paper(voter: int, candidates: int) -> list[int]:
    return [0, *(int(place == voter % candidates) for place in range(candidates))]


def ours(voters: int, candidates: int) -> tuple[Times, bytes, str]:
    times: Times = {}
    names = tuple(f"Đơn vị {place}" for place in range(1, candidates + 1))
    question = belenios.Question("Đơn vị dẫn đầu?", names, 1, 1)

    def set_up() -> tuple[object, ...]:
        tellers = ceremony(THRESHOLD, TELLERS)
        election = belenios.Election(belenios.new_uuid(), "Bầu", "d", tellers.key, (question,))
        codes = [belenios.new_credential() for _ in range(voters)]
        public = [belenios.public_credential(election.uuid, code) for code in codes]
        return tellers, election, codes, public

    tellers, election, codes, public = timed(times, "set-up", set_up)  # type: ignore[misc]
    ballots = timed(
        times,
        "ballots",
        lambda: [
            belenios.make_ballot(election, code, [paper(voter, candidates)])
            for voter, code in enumerate(codes)
        ],
    )
    timed(times, "acceptance", lambda: [belenios.check_ballot(election, one) for one in ballots])

    def tally() -> bytes:
        sums = belenios.encrypted_tally(election, ballots)
        partials = {owner: tellers.partial(election, sums, owner) for owner in (1, 3)}
        for owner, one in partials.items():
            belenios.check_partial(election, tellers.trustees, owner, sums, one)
        result = belenios.combine(election, tellers.trustees, sums, partials, voters)
        return belenios.archive(
            election.text,
            tellers.trustees,
            public,
            ballots,
            timestamp=TIME,
            tally_text=sums,
            partials=partials,
            result=result,
        )

    data = timed(times, "tally", tally)
    timed(times, "verification", lambda: belenios.verify_archive(data))
    return times, data, election.uuid


def theirs(voters: int, candidates: int, folder: Path) -> Times:
    times: Times = {}
    tool = Tool(folder)

    def set_up() -> list[str]:
        uuid = tool.run("setup", "generate-token")
        tool.run("setup", "generate-credentials", "--uuid", uuid, *GROUP, "--count", str(voters))
        (folder / tool.names(".pubcreds")[0]).rename(folder / "public_creds.json")
        for _ in range(TELLERS):
            tool.threshold(1)
        keys = [path.name for path in folder.glob("*.key")]
        certs = "\n".join(tool.read(key.replace(".key", ".cert")) for key in keys) + "\n"
        tool.write("certs.jsons", certs)
        given = ("--certs", "certs.jsons")
        tool.threshold(2, *given)
        made = [
            tool.threshold(3, *given, "--key", key, "--threshold", str(THRESHOLD)) for key in keys
        ]
        tool.write("polynomials.jsons", "\n".join(made) + "\n")
        more = (*given, "--polynomials", "polynomials.jsons")
        tool.threshold(4, *more)
        outputs = [
            tool.threshold(5, *given, "--key", key, given=tool.read(key.replace(".key", ".vinput")))
            for key in keys
        ]
        tool.write("threshold.json", tool.threshold(6, *more, given="\n".join(outputs) + "\n"))
        tool.write("public_keys.jsons", "")
        tool.run("setup", "make-trustees")
        names = [f"Đơn vị {place}" for place in range(1, candidates + 1)]
        question = {"answers": names, "blank": True, "min": 1, "max": 1, "question": "Ai?"}
        template = {"description": "d", "name": "Bầu", "questions": [question]}
        tool.write("template.json", json.dumps(template))
        tool.run("setup", "make-election", "--uuid", uuid, *GROUP, "--template", "template.json")
        tool.run("archive", "init")
        return keys

    keys = timed(times, "set-up", set_up)
    codes = [line.split()[1] for line in tool.read(tool.names(".privcreds")[0]).splitlines()]

    def ballot(voter: int, code: str) -> str:
        tool.write("code", code)
        tool.write("choices", json.dumps([paper(voter, candidates)]))
        return tool.run("election", "generate-ballot", "--privcred", "code", "--ballot", "choices")

    made = timed(times, "ballots", lambda: [ballot(*pair) for pair in enumerate(codes)])

    def add(kind: str, text: str) -> None:
        tool.run("archive", "add-event", f"--type={kind}", given=text)

    # The tool has no check of one ballot: adding it to the archive is the nearest step, and cheaper.
    timed(times, "acceptance", lambda: [add("Ballot", one) for one in made])  # type: ignore[union-attr,attr-defined]

    def tally() -> None:
        add("EndBallots", "")
        add("EncryptedTally", tool.run("election", "compute-encrypted-tally"))
        for owner in (1, 3):
            key = keys[owner - 1]  # type: ignore[index]
            arguments = ("--key", key, "--decryption-key", key.replace(".key", ".dkey"))
            made = tool.run("election", "decrypt-threshold", *arguments, "--trustee-id", str(owner))
            add("PartialDecryption", made)
        add("Result", tool.run("election", "compute-result"))

    timed(times, "tally", tally)
    timed(times, "verification", lambda: tool.run("election", "verify"))
    return times


def starting() -> float:
    """Seconds the tool takes to start and do nothing."""
    took = []
    for _ in range(10):
        began = time.perf_counter()
        subprocess.run(["belenios-tool", "--version"], capture_output=True, check=True)
        took.append(time.perf_counter() - began)
    return statistics.median(took)


def main() -> None:
    voters = int(sys.argv[1]) if len(sys.argv) > 1 else 34
    candidates = int(sys.argv[2]) if len(sys.argv) > 2 else 10
    if MISSING:
        raise SystemExit(WHY_MISSING)
    floor = starting()
    own, data, uuid = ours(voters, candidates)
    with tempfile.TemporaryDirectory() as place:
        peer = theirs(voters, candidates, Path(place, "tool"))
        judge = Tool(Path(place, "judge"))
        assert judge.accepts(data, uuid), "the tool does not accept our archive"
    starts = {
        "set-up": 1 + 1 + TELLERS + 1 + TELLERS + 1 + TELLERS + 1 + 1 + 1 + 1,
        "ballots": voters,
        "acceptance": voters,
        "tally": 8,
        "verification": 1,
    }
    print(f"{voters} voters, {candidates} candidates, {THRESHOLD} of {TELLERS} tellers; seconds")
    print(f"starting belenios-tool: {floor:.3f} s, taken off once for each start\n")
    print(f"{'step':14} {'thidua':>8} {'tool':>8} {'ratio':>7}")
    bare = {step: max(peer[step] - starts[step] * floor, 0.0) for step in STEPS}
    for step in STEPS:
        shown = f"{own[step] / bare[step]:7.2f}" if bare[step] > 0.01 else "      –"
        print(f"{step:14} {own[step]:8.2f} {bare[step]:8.2f} {shown}")
    total, of_tool = sum(own.values()), sum(bare.values())
    server = sum(own[step] for step in STEPS if step != "ballots")
    of_server = sum(bare[step] for step in STEPS if step != "ballots")
    print(f"{'all':14} {total:8.2f} {of_tool:8.2f} {total / of_tool:7.2f}")
    print(f"{'without ballots':14} {server:7.2f} {of_server:8.2f} {server / of_server:7.2f}")


if __name__ == "__main__":
    main()
