"""Two women of one home or of one man are put before the safety officer; nobody else hears of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Barrier

import pytest
from django.db import connection

from participants import services
from participants.models import AccessNotice
from tests.participants.conftest import make_care
from tests.participants.test_services import MORNINGS, NOW, ROSA, enrol

ELENA = replace(
    ROSA,
    full_name="Elena Paredes Soto",
    document="40999888",
    telephone="911000222",
    address="Jr. Los Olivos 990",
)
HIM = {"aggressor_name": "Julio", "aggressor_surnames": "Vargas Peña", "aggressor_document": "12312312"}


def notices():
    rows = AccessNotice.objects.order_by("pk").values_list("kind", "participant__study_code", "other__study_code")
    return list(rows)


@pytest.mark.requirement("F36")
@pytest.mark.parametrize(
    ("his", "is_told"),
    [
        (HIM, True),
        ({**HIM, "aggressor_document": ""}, True),
        ({**HIM, "aggressor_name": "", "aggressor_surnames": ""}, True),
        ({"aggressor_surnames": "Vargas Peña"}, False),
        ({**HIM, "aggressor_name": "Luis", "aggressor_document": "99999999"}, False),
        ({}, False),
    ],
)
def test_second_woman_who_reports_a_man_is_told_of_by_his_document_or_whole_name(care, his, is_told):
    rosa = enrol(care.supervisor, replace(ROSA, **HIM))

    elena = enrol(care.supervisor, replace(ELENA, **his))

    assert notices() == ([("same_man", elena.study_code, rosa.study_code)] if is_told else [])


@pytest.mark.requirement("F36")
def test_move_to_another_womans_home_is_told_of_once_and_a_review_without_a_move_is_not(care):
    rosa = enrol(care.supervisor)
    elena = enrol(care.supervisor, ELENA)

    for days, address in ((1, ROSA.address.upper()), (2, ROSA.address.upper())):
        services.update_safe_contact(
            by=care.officer,
            participant=elena,
            safe_contact=MORNINGS,
            changes={"address": address, "code_word": f"canela {days}"},
            now=NOW + timedelta(days=days),
        )

    assert notices() == [("same_home", elena.study_code, rosa.study_code)]
    assert AccessNotice.objects.get().times == 1


@pytest.mark.requirement("F36")
def test_two_women_who_move_to_one_home_at_once_are_told_of_once(committed_study):
    care = make_care()
    women = [enrol(care.supervisor), enrol(care.supervisor, ELENA)]
    together = Barrier(2)

    def move(woman):
        together.wait()
        try:
            services.update_safe_contact(
                by=care.officer,
                participant=woman,
                safe_contact=MORNINGS,
                changes={"address": "Av. Las Gardenias 55"},
                now=NOW + timedelta(days=1),
            )
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(move, women))

    ((kind, *pair),) = notices()
    assert (kind, set(pair)) == ("same_home", {woman.study_code for woman in women})
