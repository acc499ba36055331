"""The demo year, played by the product's own services: nothing is written past them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from thidua.accounts.models import User
from thidua.audit.models import Action
from thidua.audit.services import record
from thidua.demo.models import DemoMark
from thidua.demo.people import Cast, demo_data, make_certificates, make_people
from thidua.documents import storage
from thidua.documents.models import SigningRound
from thidua.documents.queries import current_revision
from thidua.documents.services import accept_signed_pdf
from thidua.documents.signing.signer import sign_pdf
from thidua.movements.models import Launch
from thidua.movements.services import LaunchText, confirm_receipt, publish_launch, save_launch
from thidua.organisations.loading import Loaded, load_organisations
from thidua.organisations.models import EmulationYear, Membership
from thidua.organisations.services import open_year, set_members
from thidua.pacts.content import content_fingerprint
from thidua.pacts.models import PactVersion
from thidua.pacts.services import (
    CommitmentText,
    agree,
    answer,
    comment,
    freeze_pact,
    open_pact,
    save_commitment,
    save_group,
    save_pact_text,
    start_pact,
)
from thidua.reporting.models import Indicator
from thidua.rules.errors import RuleError
from thidua.rules.scoring import Claim, Table, TableRules, read_fact, table_rules
from thidua.rules.scoring.homes import homes_of
from thidua.rules.scoring.language import Input, Kind, leaf_rule
from thidua.scoring.models import CriteriaSet, Criterion, CriterionScore, ScoreSheet
from thidua.scoring.queries import appraisal_sections
from thidua.scoring.services import (
    appraise,
    complete_section,
    finalise_sheet,
    import_scale,
    issue_scale,
    name_appraisers,
    save_claim,
    submit_self_score,
)
from thidua.scoring.tables import to_table
from thidua.workbooks.scale import shipped_scale, write_scale


def load_demo() -> None:
    """Fill an empty database; RuleError where there is anything in it.

    2024, the base case, stands ready before the launch; 2026 is played up to the appraisal.
    """
    if User.objects.exists():
        raise RuleError("Cơ sở dữ liệu đã có người dùng nên không nạp dữ liệu dùng thử vào đây.")
    at = timezone.now()
    data = demo_data()
    with transaction.atomic():
        mark = DemoMark.objects.create(pk=1, made_at=at)
        record(None, Action.DEMO_LOADED, mark, at=at)
        loaded = load_organisations()
        cast = make_people(data, loaded, at)
        _make_indicators(data)
        base = _year(data, "year_2024", loaded, loaded.before, at)
        now = _year(data, "year_2026", loaded, loaded.after, at)
        make_certificates(cast, [base, now], at)
        _prepare(data["year_2024"], data, base, cast, at)
        _play(data["year_2026"], data, now, cast, at)


def _make_indicators(data: dict[str, Any]) -> None:
    for row in data["indicator"]:
        Indicator.objects.create(
            **row, source="Mức phấn đấu của Cụm số IV năm 2020, thanhtra.com.vn bài 161493"
        )


def _year(
    data: dict[str, Any], key: str, loaded: Loaded, names: dict[str, Any], at: datetime
) -> EmulationYear:
    script = data[key]
    year = open_year(
        cluster=loaded.clusters["cum-2"],
        year=int(key.removeprefix("year_")),
        members_as_of=script["as_of"],
        actor=None,
        at=at,
    )
    year.note = script["note"]
    year.save(update_fields=["note"])
    set_members(
        year=year,
        organisations=[names[name] for name in script["members"]],
        lead=names[script["lead"]],
        deputy=names[script["deputy"]],
        members_as_of=script["as_of"],
        actor=None,
        at=at,
    )
    year.refresh_from_db()
    return year


def _lead(year: EmulationYear) -> Membership:
    found: Membership = year.memberships.select_related("organisation").get(
        role=Membership.Role.LEAD
    )
    return found


def _prepare(
    script: dict[str, Any], data: dict[str, Any], year: EmulationYear, cast: Cast, at: datetime
) -> tuple[Launch, PactVersion, CriteriaSet]:
    """The lead's officer has drafted the launch, the pact and imported the points table."""
    officer = cast.officers[_lead(year).organisation_id]
    launch = save_launch(
        year=year,
        text=LaunchText(
            plan_number=script["plan_number"],
            plan_on=script["plan_on"],
            slogan=script["slogan"],
            theme=data["launch"]["theme"],
            introduction=data["launch"]["introduction"],
            goals=tuple(data["launch"]["goals"]),
        ),
        version=None,
        actor=officer,
        at=at,
    )
    Launch.objects.filter(pk=launch.pk).update(source_note=script["launch_note"])
    pact = _draft_pact(script, data["pact"], year, officer, at)
    table = write_scale(shipped_scale("table_a_2022"))
    criteria_set = import_scale(year=year, data=table, actor=officer, at=at)
    sections = _sections(criteria_set)
    for position, section in enumerate(sections):
        name_appraisers(
            criterion=section,
            users=[cast.appraisers[position % len(cast.appraisers)]],
            actor=officer,
            at=at,
        )
    return launch, pact, criteria_set


def _sections(criteria_set: CriteriaSet) -> list[Criterion]:
    """The parts that the table gives to appraisers."""
    return appraisal_sections(list(criteria_set.criteria.all()))


def _draft_pact(
    script: dict[str, Any], text: dict[str, Any], year: EmulationYear, officer: User, at: datetime
) -> PactVersion:
    pact = start_pact(year=year, title=text["title"], actor=officer, at=at)
    PactVersion.objects.filter(pk=pact.pk).update(source_note=script["pact_note"])
    save_pact_text(
        pact=pact,
        title=text["title"],
        preamble=text["preamble"],
        closing=text["closing"],
        document_number="",
        dated_on=None,
        version=pact.version,
        actor=officer,
        at=at,
    )
    for row in text["group"]:
        group = save_group(pact=pact, group=None, title=row["title"], actor=officer, at=at)
        for line in row["commitment"]:
            save_commitment(
                pact=pact,
                group=group,
                commitment=None,
                text=_commitment(line),
                actor=officer,
                at=at,
            )
    pact.refresh_from_db()
    return pact


def _commitment(line: dict[str, str]) -> CommitmentText:
    if "indicator" not in line:
        return CommitmentText(text=line["text"])
    indicator = Indicator.objects.get(key=line["indicator"])
    return CommitmentText(
        text=line["text"],
        indicator=indicator,
        comparison=line["comparison"],
        target=Decimal(line["target"]),
        measure=indicator.measure,
    )


def _play(
    script: dict[str, Any], data: dict[str, Any], year: EmulationYear, cast: Cast, at: datetime
) -> None:
    """Launch, pact, signatures, points: until some sheets are final and some are not."""
    launch, pact, criteria_set = _prepare(script, data, year, cast, at)
    head = cast.heads[_lead(year).organisation_id]
    memberships = list(year.memberships.select_related("organisation"))
    publish_launch(launch=launch, actor=head, at=at)
    for membership in memberships:
        confirm_receipt(
            launch=launch,
            membership=membership,
            actor=cast.heads[membership.organisation_id],
            at=at,
        )
    _play_pact(pact, memberships, cast, head, at)
    issue_scale(criteria_set=criteria_set, actor=head, at=at)
    _play_points(criteria_set, cast, head, at)


def _play_pact(
    pact: PactVersion, memberships: list[Membership], cast: Cast, head: User, at: datetime
) -> None:
    open_pact(pact=pact, version=pact.version, actor=head, at=at)
    pact.refresh_from_db()
    other = memberships[0]
    asked = comment(
        commitment=pact.groups.all()[4].commitments.all()[3],
        membership=other,
        text="Đề nghị nêu rõ cách tính khi kết luận cho phép thu hồi nhiều đợt.",
        actor=cast.officers[other.organisation_id],
        at=at,
    )
    answer(
        comment=asked,
        text="Tính theo số phải thu hồi đến hạn trong năm; cách tính đã ghi ở chỉ tiêu.",
        actor=head,
        at=at,
    )
    content = content_fingerprint(pact)
    for membership in memberships:
        agree(
            pact=pact,
            membership=membership,
            content=content,
            actor=cast.heads[membership.organisation_id],
            at=at,
        )
    pact.refresh_from_db()
    pact = freeze_pact(pact=pact, version=pact.version, actor=head, at=at)
    if pact.signing is not None:
        _sign(pact.signing, cast, at)


def _sign(signing: SigningRound, cast: Cast, at: datetime) -> None:
    """Each head signs the newest revision with their own key, as on their own machine."""
    for place in signing.places.select_related("organisation"):
        signed = sign_pdf(
            storage.get(current_revision(signing).file.sha256),
            pkcs12=cast.keys[place.organisation_id],
            passphrase=cast.passphrase,
            at=at,
            field_name=place.field_name,
        )
        accept_signed_pdf(
            signing=signing,
            pdf=signed,
            actor=cast.heads[place.organisation_id],
            at=timezone.now(),
        )


# How far each member of 2026 has come, in the order of the members.
STAGES = ("finalised", "finalised", "appraised", "submitted", "claimed", "draft")


def _play_points(criteria_set: CriteriaSet, cast: Cast, head: User, at: datetime) -> None:
    sheets = list(criteria_set.sheets.select_related("membership"))
    table = to_table(criteria_set)
    for number, (sheet, stage) in enumerate(zip(sheets, STAGES, strict=False), start=1):
        unit = sheet.membership.organisation_id
        scores = list(sheet.scores.select_related("criterion"))
        count = len(scores) // 3 if stage == "draft" else len(scores)
        for score in scores[:count]:
            inputs = homes_of(table).own[score.criterion.path]
            _claim(score, inputs, table_rules(table), number, cast.officers[unit], at)
        if stage in {"draft", "claimed"}:
            continue
        submit_self_score(sheet=sheet, actor=cast.heads[unit], at=at)
        if stage != "submitted":
            _appraise(sheet, cast, at)
        if stage == "finalised":
            finalise_sheet(sheet=sheet, actor=head, at=at)


def _claim(
    score: CriterionScore,
    inputs: Sequence[Input],
    rules: TableRules,
    member: int,
    officer: User,
    at: datetime,
) -> None:
    """The member's made-up figures for one criterion; points follow from them."""
    figures = demo_data()["figures"]
    typed = {each.key: figures.get(each.key, [""]) for each in inputs}
    facts = {
        each.key: read_fact(each, typed[each.key][member % len(typed[each.key])], rules.bands)
        for each in inputs
    }
    save_claim(
        score=score,
        claim=Claim(),
        facts={key: text for key, text in facts.items() if text},
        explanation="Thuyết minh minh hoạ của đơn vị." if any(facts.values()) else "",
        version=score.version,
        actor=officer,
        at=at,
    )


def _appraise(sheet: ScoreSheet, cast: Cast, at: datetime) -> None:
    """Every section; the first count of a sheet's section is found lower, with a reason."""
    sections = _sections(sheet.criteria_set)
    table = to_table(sheet.criteria_set)
    for position, section in enumerate(sections):
        appraiser = cast.appraisers[position % len(cast.appraisers)]
        for score, facts in _first_bonus(sheet, table, section.path):
            appraise(
                score=score,
                claim=Claim(),
                facts=facts,
                reason="Minh chứng chỉ chứng minh được một nửa số trường hợp đơn vị ghi.",
                version=score.version,
                actor=appraiser,
                at=at,
            )
        complete_section(sheet=sheet, section=section, accept_rest=True, actor=appraiser, at=at)


def _first_bonus(
    sheet: ScoreSheet, table: Table, path: str
) -> Iterator[tuple[CriterionScore, dict[str, str]]]:
    """The first score of a section whose bonus rests on a count above one, that count halved."""
    for score in sheet.scores.select_related("criterion", "sheet"):
        if not score.criterion.path.startswith(path):
            continue
        for line in leaf_rule(table.node(score.criterion.path)).bonus:
            given = score.facts.get(line.input, "0")
            if line.kind is Kind.PER_CASE and int(given) > 1:
                yield score, {**score.facts, line.input: str(int(given) // 2)}
                return
