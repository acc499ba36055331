"""Own forms made through the services, for the tests."""

from dataclasses import replace

from tests.factories.world import ClusterWorld
from tests.reporting.made import MARCH
from thidua.reporting.models import OwnForms
from thidua.reporting.queries.own_forms import forms_of
from thidua.reporting.services import own_forms as services
from thidua.rules.reporting.own import TypedForm, TypedIndicator

PACT = TypedForm(
    code="01/GƯ",
    title="Kết quả thực hiện giao ước",
    shape="Theo dòng",
    periods="Mọi kỳ",
    indicators=(
        TypedIndicator(
            "1", "Kiến nghị > Phải thực hiện", "kiến nghị", "Số", "Tổng có tồn", outflow="2"
        ),
        TypedIndicator("2", "Kiến nghị > Đã thực hiện", "kiến nghị", "Số", "Phát sinh"),
        TypedIndicator("3", "Sáng kiến", "sáng kiến", "Số", "Phát sinh", "4 + 5"),
        TypedIndicator("4", "Cấp tỉnh", "sáng kiến", "Số", "Phát sinh"),
        TypedIndicator("5", "Cấp cơ sở", "sáng kiến", "Số", "Phát sinh"),
        TypedIndicator("6", "Đã tổ chức hội nghị", "", "Có/Không", required="Không"),
    ),
    logical=("2 <= 1 | Đã làm không quá phải làm.",),
)
FORM = "rieng-01-gu"
DONE = f"{FORM}-kien-nghi-da-thuc-hien"


def draft(world: ClusterWorld, at=MARCH) -> OwnForms:
    return services.start_own_forms(year=world.year, actor=world.lead_officer, at=at)


def keep(world: ClusterWorld, own: OwnForms, form: TypedForm = PACT, at=MARCH) -> OwnForms:
    return services.save_own_form(
        own=own, form=form, version=own.version, actor=world.lead_officer, at=at
    )


def issue(world: ClusterWorld, own: OwnForms, at=MARCH) -> OwnForms:
    return services.issue_own_forms(own=own, version=own.version, actor=world.lead_head, at=at)


def issued(world: ClusterWorld, form: TypedForm = PACT, at=MARCH) -> OwnForms:
    """The first version, with one form."""
    return issue(world, keep(world, draft(world, at), form, at), at)


def stored(own: OwnForms, key: str = FORM) -> TypedForm:
    """A form of the version as people write it."""
    return next(each.typed for each in forms_of(own.data) if each.template.key == key)


def without(form: TypedForm, code: str) -> TypedForm:
    """The form less one indicator."""
    return replace(form, indicators=tuple(e for e in form.indicators if e.code != code))
