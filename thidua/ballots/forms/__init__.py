"""What people type into a ballot."""

from thidua.ballots.forms.counting import ConcludeForm, DecideForm, PaperCountForm
from thidua.ballots.forms.joining import JoiningForm
from thidua.ballots.forms.questions import QuestionForm
from thidua.ballots.forms.setup import BallotForm, SubstituteForm, TellersForm

__all__ = [
    "BallotForm",
    "ConcludeForm",
    "DecideForm",
    "JoiningForm",
    "PaperCountForm",
    "QuestionForm",
    "SubstituteForm",
    "TellersForm",
]
