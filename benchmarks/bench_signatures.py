"""Nine successive signature uploads: `check_upload` against raw pyHanko on the same nine revisions.

    .venv/bin/python -m benchmarks.bench_signatures [rounds]

Floor: raw pyHanko opens each revision and validates its newest signature (integrity, chain, revocation,
coverage) with its own difference policy against the revision before. `check_upload` does the same and
the rules of design D9 on top: same base byte for byte, one revision per signature, nothing but the
signature, registered head, own box, bounds on hostile files. Read the ratio, not the milliseconds.
"""

import io
import statistics
import sys
import time
from collections.abc import Callable
from itertools import pairwise

from asn1crypto import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

from tests.documents.corpus import NOON, Corpus
from thidua.documents.signing.trust import SIGNING_USAGE
from thidua.documents.signing.verification import verify_document

MEMBERS = 9


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    corpus = Corpus(MEMBERS)
    revisions = [corpus.first]
    for head in corpus.heads:
        revisions.append(corpus.sign(revisions[-1], head))
    works = {
        "raw pyHanko": lambda: [raw(corpus, uploaded) for uploaded in revisions[1:]],
        "check_upload": lambda: [corpus.check(*step) for step in pairwise(revisions)],
        "verify_document": lambda: verify(corpus, revisions[-1]),
    }
    times = {name: [] for name in works}
    # The first round warms up. Interleaved, so that a slow moment falls on all alike.
    for number in range(rounds + 1):
        for name, work in works.items():
            taken = measured(work)
            if number:
                times[name].append(taken)
    show(times)


def verify(corpus: Corpus, pdf: bytes) -> None:
    report = verify_document(
        pdf, trust_anchors=[corpus.authority.certificate], crls=[corpus.crl], at=NOON
    )
    if not report.valid:
        raise RuntimeError("the nine signatures must be valid")


def raw(corpus: Corpus, pdf: bytes) -> None:
    """The newest signature, as pyHanko validates it."""
    reader = PdfFileReader(io.BytesIO(pdf))
    newest = reader.embedded_signatures[-1]
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(corpus.authority.certificate)],
        crls=[corpus.crl],
        moment=NOON,
        revocation_mode="require",
        retroactive_revinfo=True,
    )
    status = validate_pdf_signature(newest, context, key_usage_settings=SIGNING_USAGE)
    if not status.bottom_line:
        raise RuntimeError("the signature must be valid")
    last = reader.total_revisions - 1
    DEFAULT_DIFF_POLICY.apply(
        reader.get_historical_resolver(last - 1), reader.get_historical_resolver(last)
    )


def measured(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def show(times: dict[str, list[float]]) -> None:
    base = statistics.median(times["raw pyHanko"])
    print(f"{'nine signatures':<18}{'median ms':>12}{'ratio':>9}")
    for name, taken in times.items():
        middle = statistics.median(taken)
        print(f"{name:<18}{middle * 1000:>12.0f}{middle / base:>9.2f}")


if __name__ == "__main__":
    main()
