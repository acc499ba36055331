"""T01: every route × every part a person can play × own unit, other unit, other cluster, nobody.

A route that is missing from the table below fails the build: whoever adds a page says here who
may open it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse

from tests.access.whole import Whole, make_whole
from tests.ballots.polls import ballots_of_every_state
from tests.movements.browser import BACKEND
from tests.scoring.cross_reviews import rounds_of_every_state
from thidua.accounts.access import routes
from thidua.audit.models import Action, Entry
from thidua.reporting.models import Indicator

OUTSIDE = {"stranger", "other_head", "other_officer", "other_appraiser"}
INSIDE = {
    "lead_head",
    "lead_officer",
    "owner_head",
    "owner_officer",
    "neighbour_head",
    "neighbour_officer",
    "appraiser",
    "superior",
    "administrator",
}
LEAD = {"lead_head", "lead_officer"}
MEMBERS = LEAD | {"owner_head", "owner_officer", "neighbour_head", "neighbour_officer"}
OWNER = {"owner_head", "owner_officer"}
HEADS = {"lead_head", "owner_head", "neighbour_head"}
EVERYBODY = OUTSIDE | INSIDE
ADMIN = {"administrator"}


@dataclass(frozen=True)
class Route:
    """Who may open a route (a POST route: whose act reaches the service), with which keys.

    Outside is always 404. Inside, who is not named gets 403 or 404.
    """

    may: set[str]
    args: tuple[str, ...] = ("year",)
    post: bool = False
    public: bool = False


def page(may: set[str], *args: str) -> Route:
    return Route(may, ("year", *args))


def act(may: set[str], *args: str) -> Route:
    return Route(may, ("year", *args), post=True)


PUBLIC = Route(EVERYBODY, (), public=True)
SIGNED_IN = Route(EVERYBODY, ())
TABLE: dict[str, Route] = {
    "components": PUBLIC,
    # accounts
    "account_login": PUBLIC,
    "account_logout": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_sessions": SIGNED_IN,
    # home
    "home:front": SIGNED_IN,
    "home:year": page(INSIDE),
    "home:journal": page(LEAD | {"superior", "administrator"}),
    "home:system_journal": Route(ADMIN, ()),
    # organisations
    "organisations:year_list": SIGNED_IN,
    "organisations:year_open": Route(ADMIN, ()),
    "organisations:year_members": page(INSIDE),
    "organisations:year_setup": page(LEAD | ADMIN),
    "organisations:milestones_edit": page(LEAD | ADMIN),
    "organisations:organisation": Route(EVERYBODY, ("organisation",)),
    "organisations:structure": Route(ADMIN, ()),
    "organisations:organisation_new": Route(ADMIN, ()),
    "organisations:organisation_end": Route(ADMIN, ("organisation",)),
    "organisations:succession_new": Route(ADMIN, ()),
    "organisations:cluster_new": Route(ADMIN, ()),
    "organisations:person_list": Route(ADMIN, ()),
    "organisations:person_new": Route(ADMIN, ()),
    "organisations:person": Route(ADMIN, ("person",)),
    "organisations:person_active": Route(ADMIN, ("person",), post=True),
    "organisations:person_password": Route(ADMIN, ("person",), post=True),
    "organisations:assignment_end": Route(ADMIN, ("assignment",), post=True),
    # movements
    "movements:launch": page(INSIDE),
    "movements:launch_edit": page(LEAD),
    "movements:launch_publish": act({"lead_head"}),
    "movements:launch_confirm": act({"lead_head", "owner_head", "neighbour_head"}),
    # pacts
    "pacts:board": page(INSIDE),
    "pacts:progress": page(INSIDE),
    "pacts:start": act(LEAD),
    "pacts:text_edit": page(LEAD),
    "pacts:group_new": page(LEAD),
    "pacts:group_edit": page(LEAD, "group"),
    "pacts:group_remove": act(LEAD, "group"),
    "pacts:commitment_new": page(LEAD, "group"),
    "pacts:commitment_edit": page(LEAD, "commitment"),
    "pacts:commitment_remove": act(LEAD, "commitment"),
    "pacts:commitment_move": act(LEAD, "commitment"),
    "pacts:comment": act(MEMBERS, "commitment"),
    "pacts:answer": act(LEAD, "comment"),
    "pacts:open": act(LEAD),
    "pacts:agree": act({"lead_head", "owner_head", "neighbour_head"}),
    "pacts:freeze": act({"lead_head"}),
    "pacts:version": page(INSIDE, "number"),
    "pacts:version_json": page(INSIDE, "number"),
    "pacts:difference": page(INSIDE, "number", "next_number"),
    # reports; `report` is the owner's draft, `handed_in_report` the neighbour's
    "reports:list": page(INSIDE),
    "reports:periods_open": act(LEAD),
    "reports:period": page(INSIDE, "period"),
    "reports:period_edit": page(LEAD, "period"),
    "reports:start": act(MEMBERS, "period"),
    "reports:late_allow": act(LEAD, "period", "report_member"),
    "reports:report": page(OWNER, "report"),
    "reports:print": page(OWNER, "report"),
    "reports:form": page(OWNER, "report", "report_form"),
    "reports:xlsx": page(OWNER, "report"),
    "reports:upload": page(OWNER, "report"),
    "reports:explain": act(OWNER, "report"),
    "reports:submit": act({"owner_head"}, "report"),
    "reports:return": act(LEAD | {"superior"}, "handed_in_report"),
    "reports:accept": act(LEAD, "handed_in_report"),
    "reports:rollup": page(INSIDE),
    "reports:rollup_xlsx": page(MEMBERS | {"superior"}),
    "reports:rollup_pdf": page(MEMBERS | {"superior"}),
    "reports:rollup_periods": page(INSIDE),
    "reports:rates": page(INSIDE),
    "reports:published": page(INSIDE),
    "reports:picture": page(INSIDE),
    "reports:urging": page(MEMBERS | {"superior"}, "period"),
    "reports:urging_pdf": page(LEAD | {"superior"}, "period"),
    "reports:urging_docx_file": page(LEAD | {"superior"}, "period"),
    "reports:urging_setting": page(LEAD),
    "reports:narrative": page(OWNER, "report", "narrative_outline"),
    "reports:attachment_add": page(OWNER, "report"),
    "reports:attachment_file": page(OWNER, "report", "report_attachment"),
    "reports:attachment_remove": act(OWNER, "report", "report_attachment"),
    "reports:paper_pdf": page(OWNER, "report"),
    "reports:outlines": page(INSIDE),
    "reports:outline": page(LEAD, "narrative_outline"),
    # reports: the cluster's own forms; version 1 is issued, version 2 the draft
    "reports:own_forms": page(INSIDE),
    "reports:own_form": page(INSIDE, "number", "own_form"),
    "reports:own_form_new": page(LEAD),
    "reports:own_form_edit": page(LEAD, "own_form"),
    "reports:own_forms_checks": page(LEAD),
    "reports:own_forms_xlsx": page(INSIDE),
    "reports:own_forms_upload": page(LEAD),
    "reports:own_forms_start": act(LEAD),
    "reports:own_form_remove": act(LEAD, "own_form"),
    "reports:own_forms_discard": act(LEAD),
    "reports:own_forms_issue": act({"lead_head"}),
    # documents
    "documents:verify": PUBLIC,
    "documents:verify_token": Route(EVERYBODY, ("token",), public=True),
    "documents:signing": page(INSIDE, "signing"),
    "documents:signing_download": page(INSIDE, "signing"),
    "documents:signing_upload": act(MEMBERS, "signing"),
    "documents:certificates": page(INSIDE),
    "documents:certificate_withdraw": act({"superior"}, "certificate"),
    # notices; `notice` is the owner's officer's
    "notices:list": SIGNED_IN,
    "notices:open": Route({"owner_officer"}, ("notice",)),
    "notices:all_seen": Route(EVERYBODY, (), post=True),
    "notices:address": SIGNED_IN,
    "notices:person_address": Route(ADMIN, ("person",)),
    "notices:background": Route(ADMIN, ()),
    "notices:letter_again": Route(ADMIN, ("delivery",), post=True),
    "notices:letters_again": Route(ADMIN, (), post=True),
    "notices:job_again": Route(ADMIN, ("job",), post=True),
    # reporting: deadlines, due days, the working calendar
    "reporting:deadline": SIGNED_IN,
    "reporting:indicator_list": SIGNED_IN,
    "reporting:indicator_new": Route(LEAD | ADMIN | {"other_head"}, ()),
    "reporting:indicator_edit": Route(LEAD | ADMIN | {"other_head"}, ("indicator",)),
    "reporting:clock_list": SIGNED_IN,
    "reporting:clock_setting": Route(ADMIN, ("clock",)),
    "reporting:due_days": SIGNED_IN,
    "reporting:calendar_list": SIGNED_IN,
    "reporting:calendar_new": Route(ADMIN, ()),
    "reporting:calendar_upload": Route(ADMIN, ()),
    "reporting:calendar_year": Route(EVERYBODY, ("calendar_year",)),
    "reporting:calendar_edit": Route(ADMIN, ("calendar_year",)),
    "reporting:calendar_file": Route(EVERYBODY, ("calendar_year",)),
    # scoring
    "scoring:scale": page(INSIDE),
    "scoring:scale_import": page(LEAD),
    "scoring:scale_template": page(INSIDE),
    "scoring:appraisers": page(LEAD),
    "scoring:scale_version": page(INSIDE, "number"),
    "scoring:scale_new": page(LEAD),
    "scoring:scale_edit": page(LEAD, "next_number"),
    "scoring:scale_about": page(LEAD, "next_number"),
    "scoring:scale_sheet": page(LEAD, "next_number", "rule_sheet"),
    "scoring:scale_criterion": page(LEAD, "next_number"),
    "scoring:scale_criterion_new": page(LEAD, "next_number"),
    "scoring:scale_move": act(LEAD, "next_number"),
    "scoring:scale_remove": page(LEAD, "next_number"),
    "scoring:scale_issue": act({"lead_head"}, "next_number"),
    "scoring:scale_json": page(INSIDE, "number"),
    "scoring:scale_xlsx": page(INSIDE, "number"),
    "scoring:scale_difference": page(LEAD, "number", "next_number"),
    "scoring:sheet_list": page(INSIDE),
    "scoring:sheets_open_late": act(LEAD),
    "scoring:sheet": page(OWNER, "draft"),
    "scoring:sheet_pdf": page(OWNER, "draft"),
    "scoring:sheet_xlsx": page(OWNER, "draft"),
    "scoring:sheet_form_xlsx": page(OWNER, "draft"),
    "scoring:sheet_form_upload": page(OWNER, "draft"),
    "scoring:sheet_form_save": act(OWNER, "draft"),
    "scoring:sheet_set_aside": act({"lead_head"}, "draft"),
    "scoring:sheet_take_back": act({"lead_head"}, "draft"),
    "scoring:sheet_submit": act({"owner_head"}, "draft"),
    "scoring:sheet_finalise": act({"lead_head"}, "submitted"),
    "scoring:section_complete": act({"appraiser"}, "submitted", "section"),
    "scoring:sheet_figures": page(OWNER, "draft"),
    "scoring:sheet_return": act(LEAD | {"appraiser"}, "submitted"),
    "scoring:claim": page(OWNER, "draft", "score"),
    "scoring:appraisal": page({"appraiser"}, "submitted", "submitted_score"),
    "scoring:reply": act({"neighbour_head", "neighbour_officer"}, "submitted", "submitted_score"),
    "scoring:evidence_add": act(OWNER, "draft", "score"),
    "scoring:evidence": page(OWNER, "evidence"),
    "scoring:evidence_remove": act(OWNER, "evidence"),
    "scoring:ranking": page(INSIDE),
    "scoring:ranking_xlsx": page(INSIDE),
    "scoring:ranking_pdf": page(INSIDE),
    "scoring:year_file": page(LEAD | {"superior"}),
    "scoring:ties": page({"lead_head"}),
    "scoring:point": page(OWNER, "draft", "section"),
    "scoring:what_if": page(LEAD | {"superior", "appraiser"}),
    "scoring:robustness": page(INSIDE),
    "scoring:terms": page(INSIDE),
    "scoring:terms_edit": page(LEAD, "reviewed_member"),
    "scoring:matrix": page(INSIDE),
    "scoring:matrix_xlsx": page(INSIDE),
    "scoring:matrix_pdf": page(INSIDE),
    # scoring: cross-review; `round` is open, `draft_round` not yet, `closed_round` done
    "scoring:cross_reviews": page(INSIDE),
    "scoring:cross_review_new": page(LEAD),
    "scoring:cross_review_round": page(MEMBERS | {"superior"}, "round"),
    "scoring:cross_review_edit": page(LEAD, "round"),
    "scoring:cross_review_replan": act(LEAD, "round"),
    "scoring:cross_review_conflict": page(MEMBERS, "round"),
    "scoring:cross_review_conflict_withdraw": act(LEAD | OWNER, "round", "conflict"),
    "scoring:cross_review_open": act({"lead_head"}, "round"),
    "scoring:cross_review_close": act({"lead_head"}, "round"),
    "scoring:cross_review": page(OWNER, "round", "review"),
    "scoring:cross_review_score": page(OWNER, "round", "review", "cross_score"),
    "scoring:cross_review_hand_in": act({"owner_head"}, "round", "review"),
    "scoring:cross_review_results": page(LEAD | {"superior"}, "closed_round"),
    "scoring:cross_review_correction": act(LEAD, "closed_round"),
    "scoring:cross_review_unit": page(LEAD | {"superior"}, "closed_round", "reviewed_member"),
    "scoring:cross_review_settle": act(
        LEAD | {"superior"}, "closed_round", "reviewed_member", "cross_criterion"
    ),
    "scoring:cross_review_matrix": page(LEAD | {"superior"}, "closed_round"),
    # ballots; `ballot` is being set up, the others stand where their names say
    "ballots:list": page(INSIDE),
    "ballots:new": page(LEAD),
    "ballots:joined": page(INSIDE),
    "ballots:joined_edit": page({"lead_head"}),
    "ballots:ballot": page(INSIDE, "ballot"),
    "ballots:edit": page(LEAD, "ballot"),
    "ballots:question_new": page(LEAD, "ballot"),
    "ballots:question_edit": page(LEAD, "ballot", "ballot_question"),
    "ballots:candidate_withdraw": act(LEAD, "ballot", "ballot_candidate"),
    "ballots:question_remove": act(LEAD, "ballot", "ballot_question"),
    "ballots:roll": page(INSIDE, "ballot_open"),
    "ballots:elector": page(LEAD, "ballot", "ballot_elector"),
    "ballots:elector_add": page(LEAD, "ballot", "ballot_member"),
    "ballots:elector_remove": act(LEAD, "ballot", "ballot_elector"),
    "ballots:roll_draw_up": act(LEAD, "ballot"),
    "ballots:tellers": page(LEAD, "ballot"),
    "ballots:keys": page(HEADS, "ballot"),
    "ballots:keys_json": page(HEADS, "ballot"),
    "ballots:keys_send": act(HEADS, "ballot"),
    "ballots:keys_answer": act(HEADS, "ballot"),
    "ballots:keys_again": act(LEAD, "ballot"),
    "ballots:freeze": act(LEAD, "ballot"),
    "ballots:check": page(HEADS, "ballot_frozen"),
    "ballots:check_code": act(HEADS, "ballot_frozen"),
    "ballots:check_object": act(HEADS, "ballot_frozen"),
    "ballots:roll_call": act({"lead_officer"}, "ballot_frozen"),
    "ballots:open": act({"lead_head"}, "ballot_frozen"),
    "ballots:unfreeze": act(LEAD, "ballot_frozen"),
    "ballots:room": page(INSIDE, "ballot_open"),
    "ballots:vote": page(HEADS, "ballot_open"),
    "ballots:cast": act(HEADS, "ballot_open"),
    "ballots:paper_hand_out": act({"lead_officer"}, "ballot_open", "ballot_open_elector"),
    "ballots:paper_take_back": act({"lead_officer"}, "ballot_open", "ballot_open_elector"),
    "ballots:paper_pdf": page(HEADS | LEAD, "ballot_open"),
    "ballots:close": act({"lead_head"}, "ballot_open"),
    "ballots:box": page(INSIDE, "ballot_closed"),
    "ballots:archive_file": page(INSIDE, "ballot_closed"),
    "ballots:paper_count": page(HEADS, "ballot_closed", "ballot_channel"),
    "ballots:annul": act({"lead_head"}, "ballot_closed"),
    "ballots:result": page(INSIDE, "ballot_tallied"),
    "ballots:decide": page(
        {"lead_head", "owner_head"}, "ballot_tallied", "ballot_tallied_question"
    ),
    "ballots:minutes_pdf": page(HEADS | LEAD, "ballot_tallied"),
    "ballots:conclude": page({"lead_head"}, "ballot_tallied"),
    "ballots:second_round": act(LEAD, "ballot_tallied"),
    "ballots:signed_minutes_pdf": page(INSIDE, "ballot_concluded"),
    "ballots:destroy": act({"lead_head"}, "ballot_concluded"),
    "ballots:public": Route(EVERYBODY, ("ballot_uuid",), public=True),
    "ballots:public_archive_file": Route(EVERYBODY, ("ballot_uuid",), public=True),
    # demo: does not exist outside the demo
    "demo:sign_in": Route(set(), (), public=True),
    "demo:sign_in_as": Route(set(), ("year", "person"), post=True, public=True),
    "demo:about": Route(set(), (), public=True),
}


@pytest.fixture
def whole(world, files_dir) -> Whole:
    made = make_whole(world)
    made.keys.update(
        number=1,
        next_number=2,
        rule_sheet="bac",
        clock="inspection-maximum-ttcp",
        calendar_year=2026,
        indicator=Indicator.objects.get(key="thu-hoi").pk,
        organisation=world.one.memberships[0].organisation_id,
        person=world.one.officers[2].pk,
        assignment=world.one.officers[2].assignments.get().pk,
        **rounds_of_every_state(world.one),
        **ballots_of_every_state(world),
    )
    return made


@pytest.fixture
def client_of(whole) -> Callable[[str], Client]:
    def make(actor: str) -> Client:
        client = Client()
        if actor != "nobody":
            client.force_login(whole.actors[actor], backend=BACKEND)
        return client

    return make


def address(whole: Whole, name: str, **changed: int | str) -> str:
    keys = {**whole.keys, **changed}
    return reverse(name, args=[keys[arg] for arg in TABLE[name].args])


def send(client: Client, route: Route, where: str):
    if route.post:
        return client.post(where, {"idempotency_key": uuid4().hex})
    return client.get(where)


def journal() -> list[tuple[object, ...]]:
    """Every act recorded, less the signing in that the tests themselves do."""
    return list(
        Entry.objects.exclude(action=Action.SIGNED_IN).order_by("pk").values_list("pk", "action")
    )


def contents() -> dict[str, int]:
    """How many rows each of our tables holds, sessions and handled posts aside."""
    ours = [m for m in apps.get_models() if m.__module__.startswith("thidua.")]
    return {
        m.__name__: m.objects.count() for m in ours if m.__name__ not in {"Entry", "HandledPost"}
    }


def test_T01_every_route_is_in_the_table():
    named = [name for name, _ in routes()]

    assert sorted(TABLE) == sorted(named)


@pytest.mark.django_db
def test_T01_nobody_signed_in_reaches_only_public_pages(whole, client_of):
    before = (journal(), contents())

    for name, route in TABLE.items():
        where = address(whole, name)
        answer = send(client_of("nobody"), route, where)
        if not route.public:
            assert answer.status_code == 302, name
            assert answer.headers["Location"].startswith(reverse("account_login")), name
        elif not route.may:
            assert answer.status_code == 404, name
        else:
            assert answer.status_code == 200, name

    assert (journal(), contents()) == before


@pytest.mark.django_db
@pytest.mark.parametrize("actor", sorted(OUTSIDE))
def test_T01_outsiders_find_nothing_and_change_nothing(whole, client_of, actor):
    client = client_of(actor)
    before = (journal(), contents())

    for name, route in TABLE.items():
        if route.public or actor in route.may:
            continue
        answer = send(client, route, address(whole, name))
        assert answer.status_code == 404, (name, answer.status_code)
        if route.post:
            assert client.get(address(whole, name)).status_code in {404, 405}, name

    assert (journal(), contents()) == before


@pytest.mark.django_db
@pytest.mark.parametrize("actor", sorted(INSIDE))
def test_T01_insiders_reach_what_their_part_allows(whole, client_of, actor):
    for name, route in TABLE.items():
        if route.public or name in {"account_logout"}:
            continue
        where = address(whole, name)
        answer = send(client_of(actor), route, where)
        if actor in route.may:
            assert answer.status_code not in {403, 404, 500}, (name, answer.status_code)
        else:
            assert answer.status_code in {403, 404}, (name, answer.status_code)


@pytest.mark.django_db
def test_T01_an_object_is_not_found_under_another_year(whole, client_of):
    """The address of one's own year with the key of another cluster's object."""
    client = client_of("other_head")
    own = whole.world.two.year.pk
    before = (journal(), contents())

    for name, route in TABLE.items():
        objects = set(route.args) - {"year", "number", "next_number", "narrative_outline"}
        if route.public or "year" not in route.args or not objects:
            continue
        answer = send(client, route, address(whole, name, year=own))
        assert answer.status_code in {403, 404}, (name, answer.status_code)

    assert (journal(), contents()) == before


@pytest.mark.django_db
def test_T01_a_role_that_ended_opens_nothing(whole, client_of):
    client = client_of("owner_head")
    where = address(whole, "scoring:sheet")
    assert client.get(where).status_code == 200

    whole.actors["owner_head"].assignments.update(valid_to="2025-12-31")

    assert client.get(where).status_code == 404
