"""The demo years, played by the product's own services: nothing is written past them."""

from django.db import transaction
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.demo.loading.ballots import play_ballot
from thidua.demo.loading.cross_reviews import play_cross_reviews
from thidua.demo.loading.movement import draft_year, play_movement
from thidua.demo.loading.points import play_points
from thidua.demo.loading.reports import ReportsPlay
from thidua.demo.loading.scene import Scene
from thidua.demo.loading.years import make_indicators, open_scene
from thidua.demo.models import DemoMark
from thidua.demo.people import Issuer, demo_data, make_cast
from thidua.organisations.loading import load_organisations
from thidua.rules.errors import RuleError

__all__ = ["load_demo"]


def load_demo(*, base_case_played: bool = True) -> None:
    """Fill an empty database; RuleError where there is anything in it.

    2026 is played up to the appraisal. 2024, the base case, is played until each of its nine
    members stands at another stage of scoring; without `base_case_played` it stays ready before
    its launch, for who wants to go through the year from the start.
    """
    if User.objects.exists():
        raise RuleError("Cơ sở dữ liệu đã có người dùng nên không nạp dữ liệu dùng thử vào đây.")
    now = timezone.now()
    data = demo_data()
    with transaction.atomic():
        mark = DemoMark.objects.create(pk=1, made_at=now, base_case_played=base_case_played)
        record(None, Action.DEMO_LOADED, mark, at=now)
        loaded = load_organisations()
        make_indicators(data)
        cast = make_cast(data, loaded, data["year_2024"]["moments"]["set_up"])
        issuer = Issuer(cast, data["year_2024"]["moments"]["set_up"])
        base = open_scene(2024, data, loaded.before, cast, now)
        issuer.register(base.year, base.at("set_up"))
        draft_year(base)
        if base_case_played:
            _play(base)
        later = open_scene(2026, data, loaded.after, cast, now)
        # Verification asks for a list that is good today.
        issuer.renew(now)
        issuer.register(later.year, now)
        draft_year(later)
        _play(later)


def _play(scene: Scene) -> None:
    """Launch, pact, signatures, points table, the reports, and the members' own scoring.

    As in the calendar: the journal lists acts in the order in which they were recorded.
    """
    reports = ReportsPlay(scene)
    criteria_set = play_movement(scene, reports.play)
    rounds = scene.script.get("cross_reviews", [])
    for script in rounds:
        if "closed" in script:
            reports.play(script["made"])
            play_cross_reviews(scene, criteria_set, [script])
    reports.play(scene.at("fill"))
    play_points(scene, criteria_set)
    play_cross_reviews(scene, criteria_set, [each for each in rounds if "closed" not in each])
    play_ballot(scene)
    reports.play(scene.now)
