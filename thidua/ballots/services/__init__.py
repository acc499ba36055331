"""A secret ballot from its set-up to its signed minutes: one verb each."""

from thidua.ballots.services.ceremony import (
    send_certificate,
    send_polynomial,
    send_rehearsal,
    send_voutput,
    start_key_again,
)
from thidua.ballots.services.concluding import (
    conclude_ballot,
    decide_question,
    destroy_papers,
    make_second_round,
)
from thidua.ballots.services.counting import close_ballot, save_paper_count, send_partial
from thidua.ballots.services.joining import set_points_and_votes
from thidua.ballots.services.opening import (
    call_roll,
    check_roll,
    freeze_ballot,
    object_to_roll,
    open_ballot,
    unfreeze_ballot,
    what_is_missing,
    what_stops_opening,
)
from thidua.ballots.services.preparing import (
    BallotTerms,
    CandidateLine,
    annul_ballot,
    change_ballot,
    draw_up_roll,
    make_ballot,
    name_tellers,
    remove_elector,
    remove_question,
    save_question,
    substitute_elector,
    withdraw_candidate,
)
from thidua.ballots.services.voting import cast, hand_out_paper, take_paper_back

__all__ = [
    "BallotTerms",
    "CandidateLine",
    "annul_ballot",
    "call_roll",
    "cast",
    "change_ballot",
    "check_roll",
    "close_ballot",
    "conclude_ballot",
    "decide_question",
    "destroy_papers",
    "draw_up_roll",
    "freeze_ballot",
    "hand_out_paper",
    "make_ballot",
    "make_second_round",
    "name_tellers",
    "object_to_roll",
    "open_ballot",
    "remove_elector",
    "remove_question",
    "save_paper_count",
    "save_question",
    "send_certificate",
    "send_partial",
    "send_polynomial",
    "send_rehearsal",
    "send_voutput",
    "set_points_and_votes",
    "start_key_again",
    "substitute_elector",
    "take_paper_back",
    "unfreeze_ballot",
    "what_is_missing",
    "what_stops_opening",
    "withdraw_candidate",
]
