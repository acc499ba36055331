"""From the drafts of the lead to a signed pact and an issued points table."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cache

from thidua.demo.loading.scene import Scene
from thidua.documents import storage
from thidua.documents.models import SigningRound
from thidua.documents.queries import current_revision
from thidua.documents.services import accept_signed_pdf
from thidua.documents.signing.signer import sign_pdf
from thidua.movements.models import Launch
from thidua.movements.services import LaunchText, confirm_receipt, publish_launch, save_launch
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
from thidua.rules.scoring.tree import Json
from thidua.scoring.models import CriteriaSet
from thidua.scoring.queries import appraisal_sections
from thidua.scoring.services import import_scale, issue_scale, name_appraisers
from thidua.workbooks.scale import shipped_scale, write_scale


def draft_year(scene: Scene) -> None:
    """The lead's officer has drafted the launch and the pact, and imported the points table."""
    _draft_launch(scene)
    _draft_pact(scene)
    _draft_table(scene)


def _draft_launch(scene: Scene) -> None:
    script, text = scene.script, scene.data["launch"]
    launch = save_launch(
        year=scene.year,
        text=LaunchText(
            plan_number=script["plan_number"],
            plan_on=script["plan_on"],
            slogan=script["slogan"],
            theme=text["theme"],
            introduction=text["introduction"],
            goals=tuple(text["goals"]),
        ),
        version=None,
        actor=scene.officer(),
        at=scene.at("draft"),
    )
    Launch.objects.filter(pk=launch.pk).update(source_note=script["launch_note"])


def _draft_pact(scene: Scene) -> None:
    text, officer, at = scene.data["pact"], scene.officer(), scene.at("draft")
    pact = start_pact(year=scene.year, title=text["title"], actor=officer, at=at)
    PactVersion.objects.filter(pk=pact.pk).update(source_note=scene.script["pact_note"])
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


def _commitment(line: Mapping[str, str]) -> CommitmentText:
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


@cache
def _table_workbook(sources: tuple[tuple[str, str], ...]) -> bytes:
    """The shipped table with the sources of some inputs; once for both years, it takes a second."""
    table, named = shipped_scale("table_a_2022"), dict(sources)
    inputs = table.rules["inputs"]
    if not isinstance(inputs, list):
        raise TypeError("inputs of a points table are a list")
    fed = [_with_source(each, named) for each in inputs]
    return write_scale(replace(table, rules={**table.rules, "inputs": fed}))


def _with_source(declared: Json, named: Mapping[str, str]) -> Json:
    if not isinstance(declared, dict) or declared["key"] not in named:
        return declared
    return {**declared, "indicator": named[str(declared["key"])]}


def _draft_table(scene: Scene) -> None:
    officer, at = scene.officer(), scene.at("draft")
    data = _table_workbook(tuple(scene.data["sources"].items()))
    criteria_set = import_scale(year=scene.year, data=data, actor=officer, at=at)
    appraisers = scene.cast.appraisers
    sections = appraisal_sections(list(criteria_set.criteria.all()))
    for position, section in enumerate(sections):
        user = appraisers[position % len(appraisers)]
        name_appraisers(criterion=section, users=[user], actor=officer, at=at)


def play_movement(scene: Scene, reach: Callable[[datetime], None]) -> CriteriaSet:
    """Launched, received, agreed, signed by every head; the points table issued.

    `reach` lets everything else happen up to the moment of each step.
    """
    reach(scene.at("launch"))
    _play_launch(scene, Launch.objects.get(year=scene.year))
    reach(scene.at("open_pact"))
    pact = _agree(scene, PactVersion.objects.get(year=scene.year))
    reach(scene.at("sign"))
    if pact.signing is not None:
        _sign(scene, pact.signing)
    reach(scene.at("issue"))
    return issue_scale(
        criteria_set=CriteriaSet.objects.get(year=scene.year),
        actor=scene.head(),
        at=scene.at("issue"),
    )


def _play_launch(scene: Scene, launch: Launch) -> None:
    publish_launch(launch=launch, actor=scene.head(), at=scene.at("launch"))
    for place, member in enumerate(scene.members):
        confirm_receipt(
            launch=launch,
            membership=member,
            actor=scene.head(member),
            at=scene.at("receive", place),
        )


def _agree(scene: Scene, pact: PactVersion) -> PactVersion:
    head = scene.head()
    open_pact(pact=pact, version=pact.version, actor=head, at=scene.at("open_pact"))
    pact.refresh_from_db()
    _discuss(scene, pact)
    content = content_fingerprint(pact)
    for place, member in enumerate(scene.members):
        agree(
            pact=pact,
            membership=member,
            content=content,
            actor=scene.head(member),
            at=scene.at("agree", place),
        )
    pact.refresh_from_db()
    return freeze_pact(pact=pact, version=pact.version, actor=head, at=scene.at("freeze_pact"))


def _discuss(scene: Scene, pact: PactVersion) -> None:
    other = scene.members[0]
    asked = comment(
        commitment=pact.groups.all()[4].commitments.all()[3],
        membership=other,
        text="Đề nghị nêu rõ cách tính khi kết luận cho phép thu hồi nhiều đợt.",
        actor=scene.officer(other),
        at=scene.at("comment"),
    )
    answer(
        comment=asked,
        text="Tính theo số phải thu hồi đến hạn trong năm; cách tính đã ghi ở chỉ tiêu.",
        actor=scene.head(),
        at=scene.at("answer"),
    )


def _sign(scene: Scene, signing: SigningRound) -> None:
    """Each head signs the newest revision with their own key, as on their own machine."""
    cast = scene.cast
    for number, place in enumerate(signing.places.select_related("organisation")):
        at = scene.at("sign", number)
        signed = sign_pdf(
            storage.get(current_revision(signing).file.sha256),
            pkcs12=cast.keys[place.organisation_id],
            passphrase=cast.passphrase,
            at=at,
            field_name=place.field_name,
        )
        accept_signed_pdf(
            signing=signing, pdf=signed, actor=cast.heads[place.organisation_id], at=at
        )
