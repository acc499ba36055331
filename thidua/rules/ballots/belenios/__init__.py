"""The published Belenios protocol, version 1 with group BELENIOS-2048, as plain Python.

The specification is installed with Debian's belenios-tool, which is the independent judge: what is
made here it accepts, and the reverse. Refusals are RuleErrors with a Vietnamese sentence. Numbers
that must be random are drawn from the system; `random` parameters are for tests and vectors only.
"""

from thidua.rules.ballots.belenios.base58 import new_uuid
from thidua.rules.ballots.belenios.ceremony import (
    certificate,
    check_certificate,
    check_certificates,
    check_polynomial,
    check_voutput,
    polynomial,
    trustees,
    vinput,
    voutput,
)
from thidua.rules.ballots.belenios.channels import new_seed
from thidua.rules.ballots.belenios.credentials import (
    check_public_credential,
    new_credential,
    normal_credential,
    public_credential,
)
from thidua.rules.ballots.belenios.election import Election, Question, read_election
from thidua.rules.ballots.belenios.keyfile import lock_key, open_key
from thidua.rules.ballots.belenios.reading import Archive, read_archive
from thidua.rules.ballots.belenios.refusals import (
    InvalidArchive,
    InvalidBallot,
    InvalidCeremony,
    InvalidCredential,
    InvalidElection,
    InvalidKeyFile,
    InvalidPartial,
    InvalidTally,
)
from thidua.rules.ballots.belenios.rehearsing import (
    check_rehearsal_partial,
    combine_rehearsal,
    rehearsal,
    rehearsal_partial,
)
from thidua.rules.ballots.belenios.tally import (
    check_partial,
    combine,
    encrypted_tally,
    partial_decryption,
)
from thidua.rules.ballots.belenios.tellers import Trustees, public_key_of, read_trustees
from thidua.rules.ballots.belenios.verification import Verified, verify_archive
from thidua.rules.ballots.belenios.voting import Checked, check_ballot, make_ballot
from thidua.rules.ballots.belenios.writing import archive

__all__ = [
    "Archive",
    "Checked",
    "Election",
    "InvalidArchive",
    "InvalidBallot",
    "InvalidCeremony",
    "InvalidCredential",
    "InvalidElection",
    "InvalidKeyFile",
    "InvalidPartial",
    "InvalidTally",
    "Question",
    "Trustees",
    "Verified",
    "archive",
    "certificate",
    "check_ballot",
    "check_certificate",
    "check_certificates",
    "check_partial",
    "check_polynomial",
    "check_public_credential",
    "check_rehearsal_partial",
    "check_voutput",
    "combine",
    "combine_rehearsal",
    "encrypted_tally",
    "lock_key",
    "make_ballot",
    "new_credential",
    "new_seed",
    "new_uuid",
    "normal_credential",
    "open_key",
    "partial_decryption",
    "polynomial",
    "public_credential",
    "public_key_of",
    "read_archive",
    "read_election",
    "read_trustees",
    "rehearsal",
    "rehearsal_partial",
    "trustees",
    "verify_archive",
    "vinput",
    "voutput",
]
