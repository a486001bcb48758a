import pytest
from django.db import IntegrityError, transaction

from risk.models import Assessment
from tests.factories import AssessmentFactory, CurrentRiskFactory, ScaleFactory


@pytest.mark.parametrize(
    "wrong",
    [
        {"own_rating": 11},
        {"raised_reason": "because"},
        {"is_complete": True, "computed_level": ""},
    ],
)
def test_the_database_refuses_an_assessment_that_cannot_be(db, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        AssessmentFactory(**wrong)


def test_every_reason_for_raising_is_known_to_the_database(db):
    for reason in Assessment.RaisedReason.values:
        assert AssessmentFactory(raised_reason=reason).pk


def test_the_database_refuses_a_held_level_without_a_name(db):
    with pytest.raises(IntegrityError), transaction.atomic():
        CurrentRiskFactory(level="")


def test_nothing_that_prints_a_row_names_anybody(db):
    assessment = AssessmentFactory()

    assert str(ScaleFactory()) == "FVR_PAREJA 2019.1"
    assert str(assessment) == f"{assessment.participant_id} 2026-10-19"
