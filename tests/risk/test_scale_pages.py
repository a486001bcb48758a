"""Scales on pages, tried out, compared, and asked in a licence holder's words."""

import json
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.roles import Role
from audit.models import Event
from protocol.queries import current_protocol
from risk import queries, services
from risk.explanation import explain
from risk.models import Assessment, Scale, ScalePack
from risk.protocol_fit import differences
from risk.scale_diff import Change, changes
from risk.scale_pack import parse_pack, structure_sha256
from risk.scale_parsing import ScaleFileInvalid
from risk.scale_source import SHIPPED
from tests.factories import NOW, ProtocolVersionFactory, ScaleFactory, UserFactory
from tests.participants.test_views import signed_in
from tests.risk.scales import DANGER, FVR, GRADED, ODARA, VIOGEN, graded_scale
from tests.risk.test_scoring import ALL_NO, PREGNANT
from tests.risk.test_services import LOADER
from tests.risk.test_views import posted


def loaded(rules) -> Scale:
    return services.load_scale(by=LOADER, scale=rules, now=NOW)


def pack_of(rules, **changes):
    return {
        "code": rules.code,
        "version": rules.version,
        "structure_sha256": structure_sha256(rules),
        "licensed_to": "Instituto de prueba",
        "items": {item.id: {"text": f"Texto {item.id}", "text_en": f"Text {item.id}"} for item in rules.items},
    } | changes


# --- Pages -----------------------------------------------------------------------------------------------------------


def test_the_page_of_the_fvr_says_all_its_rules(care):
    response = signed_in(care.supervisor).get(reverse("scale_detail", args=[ScaleFactory().pk]))

    page = response.content.decode()
    assert [(part.least, part.most) for part in response.context["strip"]] == [(0, 7), (8, 13), (14, 17), (18, 37)]
    assert [(row.days, row.visits, row.differs) for row in response.context["levels"]] == [
        (60, 2, False), (30, 3, False), (7, 5, False), (3, 7, False),
    ]  # fmt: skip
    for words in (
        "¿Él ha intentado ahorcarla?", "Puntúa con NO.", "Solo informa.", "«No» salta 3.", "sección de embarazo",
        "Un nivel más.", "Intento de ahorcamiento", "solo cuando es nuevo", "2019.1", "Licencia:",
        "Ley 30364", "En uso",
    ):  # fmt: skip
        assert words in page


def test_the_protocols_days_and_visits_count_and_the_scales_own_are_told(care):
    bands = tuple(band.model_copy(update={"visits_a_week": 6}) for band in FVR.levels)
    scale = loaded(FVR.model_copy(update={"version": "2", "levels": bands}))

    response = signed_in(care.supervisor).get(reverse("scale_detail", args=[scale.pk]))

    assert [row.visits for row in response.context["levels"]] == [2, 3, 5, 7]
    assert "La ficha misma aconseja para «Leve (riesgo variable)»: 60 días, 6 visitas." in response.content.decode()


def test_a_version_shows_what_changed(care):
    ScaleFactory()
    scale = loaded(FVR.model_copy(update={"version": "2", "alerts": FVR.alerts[1:]}))

    page = signed_in(care.supervisor).get(reverse("scale_detail", args=[scale.pk])).content.decode()

    assert "Qué cambió desde la versión 2019.1" in page
    assert "alerts[extreme_level].level" in page


def test_changes_are_named_by_id_and_not_by_place():
    added = FVR.items[0].model_copy(update={"id": "0", "si": 2})
    newer = FVR.model_copy(update={"version": "2", "items": (added, *FVR.items)})

    found = changes(FVR, newer)

    assert Change("items[0].si", None, 2) in found
    assert {change.place.partition(".")[0] for change in found} == {"items[0]"}
    assert changes(FVR, FVR.model_copy(update={"version": "3"})) == ()


@pytest.mark.parametrize("rules", [DANGER, ODARA, VIOGEN, GRADED], ids=lambda rules: rules.code)
def test_every_kind_of_scale_has_its_page_in_both_languages(care, rules):
    scale = loaded(rules)
    for language in ("es", "en"):
        client = signed_in(care.supervisor)
        client.cookies["idioma"] = language
        assert rules.code in client.get(reverse("scale_detail", args=[scale.pk])).content.decode()
    listed = signed_in(care.supervisor).get(reverse("scale_list")).content.decode()
    assert rules.code in listed


@pytest.mark.parametrize("more", [0, 2])
def test_the_list_of_scales_asks_the_database_the_same(care, more, django_assert_num_queries):
    for rules in (DANGER, ODARA)[:more]:
        loaded(rules)
    client = signed_in(care.supervisor)

    with django_assert_num_queries(5):
        client.get(reverse("scale_list"))


def test_scales_are_for_those_who_look_after_them(care):
    scale = ScaleFactory()
    may_read = {Role.ADMINISTRATOR, Role.SUPERVISOR, Role.SAFETY_OFFICER}
    may_try = {Role.ADMINISTRATOR, Role.SUPERVISOR, Role.OFFICER}
    for role in Role:
        client = signed_in(UserFactory(role=role))
        for name, allowed in (("scale_detail", may_read), ("scale_try", may_try)):
            expected = 200 if role in allowed else 403
            assert client.get(reverse(name, args=[scale.pk])).status_code == expected


# --- What if ---------------------------------------------------------------------------------------------------------


def test_trying_answers_explains_and_keeps_nothing(care):
    url = reverse("scale_try", args=[ScaleFactory().pk])
    events = Event.objects.filter(action__startswith="risk.").count()

    response = signed_in(care.officer).post(url, posted(ALL_NO | {"9": "si", "18": ""}, override_pregnancy="si"))

    page = response.content.decode()
    shown = response.context["shown"]
    assert (shown.explanation.result.score, shown.level_label) == (6, "Moderado (riesgo en aumento)")
    assert [(item, points) for item, _text, points in shown.points] == [("4", 4), ("9", 2)]
    for words in ("falta 1", "sección de embarazo", "No se preguntan: 3", "En blanco: 18", "Intento de ahorcamiento"):
        assert words in page
    assert not Assessment.objects.exists()
    assert Event.objects.filter(action__startswith="risk.").count() == events


def test_a_strange_answer_is_refused_on_the_page(care):
    url = reverse("scale_try", args=[ScaleFactory().pk])

    response = signed_in(care.officer).post(url, {"item_1": "<b>"})

    assert list(response.context["form"].errors) == ["item_1"]
    assert response.context["shown"] is None


def test_there_is_nothing_to_try_where_the_level_is_chosen_by_hand(care):
    assert signed_in(care.officer).get(reverse("scale_try", args=[loaded(VIOGEN).pk])).status_code == 404


@pytest.mark.parametrize(
    ("rules", "answers", "overrides", "counted", "score", "of_score", "level"),
    [
        (FVR, ALL_NO, {}, 4, 4, "leve", "leve"),
        (FVR, ALL_NO, PREGNANT, 4, 4, "leve", "moderado"),
        (GRADED, {"often": "more", "b": "no"}, {}, 2, 3, "high", "high"),
    ],
)
def test_an_explanation_adds_up(rules, answers, overrides, counted, score, of_score, level):
    told = explain(rules, answers, overrides)

    assert (told.counted, told.result.score, told.level_of_score, told.result.level) == (
        counted,
        score,
        of_score,
        level,
    )
    assert told.is_prorated == (counted != score)


# --- Packs -----------------------------------------------------------------------------------------------------------


def load(path, **options) -> str:
    said = StringIO()
    call_command("load_scale", path, stdout=said, **options)
    return said.getvalue()


def test_a_licence_holders_texts_are_loaded_and_asked(care, tmp_path):
    pack = tmp_path / "texts.json"
    pack.write_text(json.dumps(pack_of(DANGER)))

    said = load(SHIPPED["DANGER_ASSESSMENT"], pack=pack)

    scale = Scale.objects.get(code="DANGER_ASSESSMENT")
    assert said == (
        "DANGER_ASSESSMENT structure-1: 21 items, 4 levels\n"
        "DANGER_ASSESSMENT structure-1: texts of texts.json, licensed to Instituto de prueba\n"
        "DANGER_ASSESSMENT structure-1: the study assesses with FVR_PAREJA; this scale is for score_scale\n"
    )
    assert queries.asked_rules(scale, NOW.date()).item("3a").text == "Texto 3a"
    assert queries.scale_rules(scale) == DANGER
    assert Event.objects.get(action="risk.load_pack").details["licensed_to"] == "Instituto de prueba"
    page = signed_in(care.supervisor).get(reverse("scale_detail", args=[scale.pk])).content.decode()
    assert "Texto 3a" in page
    assert "textos cargados" in page


def test_texts_are_shown_only_while_the_licence_lasts(db):
    scale = loaded(DANGER)
    pack = parse_pack(json.dumps(pack_of(DANGER, licensed_until="2026-12-31")), "p.json", DANGER)
    services.load_pack(by=LOADER, scale=scale, pack=pack, now=NOW)

    last = queries.asked_rules(scale, date(2026, 12, 31)).item("1").text
    after = queries.asked_rules(scale, date(2027, 1, 1)).item("1").text

    assert (last, after) == ("Texto 1", DANGER.item("1").text)


def test_the_folder_of_packs_is_looked_into(db, tmp_path, settings):
    (tmp_path / "ODARA.structure-1.json").write_text(json.dumps(pack_of(ODARA)))
    settings.SCALE_PACKS = str(tmp_path)

    assert "texts of ODARA.structure-1.json" in load(SHIPPED["ODARA"])
    assert ScalePack.objects.get().scale.code == "ODARA"


def test_without_texts_the_loader_says_what_a_pack_must_name(db):
    assert f"structure_sha256 {structure_sha256(ODARA)}" in load(SHIPPED["ODARA"])


@pytest.mark.parametrize(
    ("rules", "pack", "problems"),
    [
        (FVR, pack_of(FVR), ["code: FVR_PAREJA is open and brings its own texts"]),
        (ODARA, pack_of(ODARA, code="X", version="9"), ['code: expected "ODARA", found "X"',
                                                        'version: expected "structure-1", found "9"']),
        (ODARA, pack_of(ODARA, structure_sha256="0"),
         [f'structure_sha256: expected "{structure_sha256(ODARA)}", found "0"']),
        (ODARA, pack_of(ODARA, items={item.id: {"text": "x"} for item in ODARA.items[1:]} | {"z": {"text": "x"}}),
         ["items.z: the scale has no such item", "items.1: this item's text is missing"]),
        (ODARA, pack_of(ODARA, items={"1": {"text": "", "si": 9}}),
         ['items.1.text: string should have at least 1 character, found ""',
          "items.1.si: unknown key; take it out or correct its spelling"]),
        (ODARA, pack_of(ODARA, licensed_until="never"),
         ['licensed_until: expected a day such as 2026-11-18, found "never"']),
    ],
)  # fmt: skip
def test_a_pack_that_does_not_fit_is_refused(rules, pack, problems):
    with pytest.raises(ScaleFileInvalid) as caught:
        parse_pack(json.dumps(pack), "p.json", rules)

    assert caught.value.problems == tuple(f"p.json: {problem}" for problem in problems)


def test_a_bad_pack_loads_nothing(db, tmp_path):
    (tmp_path / "p.json").write_text("[]")

    with pytest.raises(CommandError, match=r"^p\.json: expected one JSON object$") as caught:
        load(SHIPPED["ODARA"], pack=tmp_path / "p.json")

    assert caught.value.returncode == 2
    assert not Scale.objects.exists()


def test_texts_once_loaded_are_not_exchanged(db):
    scale = loaded(ODARA)
    first = parse_pack(json.dumps(pack_of(ODARA)), "p.json", ODARA)
    other = parse_pack(json.dumps(pack_of(ODARA, licensed_to="Otra")), "p.json", ODARA)
    services.load_pack(by=LOADER, scale=scale, pack=first, now=NOW)
    services.load_pack(by=LOADER, scale=scale, pack=first, now=NOW + timedelta(days=1))

    with pytest.raises(services.PackTaken):
        services.load_pack(by=LOADER, scale=scale, pack=other, now=NOW)
    assert ScalePack.objects.get().loaded_at == NOW


# --- The protocol ----------------------------------------------------------------------------------------------------


def test_the_shipped_scale_and_protocol_agree(db):
    ProtocolVersionFactory()

    assert load(SHIPPED["FVR_PAREJA"]) == "FVR_PAREJA 2019.1: 22 items, 4 levels\n"


def test_where_scale_and_protocol_differ_the_loader_says_which_counts(db, tmp_path):
    ProtocolVersionFactory()
    document = graded_scale(code="FVR_PAREJA")
    document["levels"][0] |= {"code": "leve", "visits_a_week": 4}
    path = tmp_path / "other.json"
    path.write_text(json.dumps(document))

    assert load(path).splitlines()[1:] == [
        "FVR_PAREJA 1: the protocol does not know the levels high: nobody can be assessed until it does",
        "FVR_PAREJA 1: the protocol names the levels moderado, severo_1, severo_2, which the scale has not",
        "FVR_PAREJA 1: level leve, visits_a_week: the scale says 4, the protocol 2, which counts",
    ]


def test_a_scale_without_advice_differs_in_nothing(db):
    ProtocolVersionFactory()
    bands = tuple(b.model_copy(update={"reassessment_days": None, "visits_a_week": None}) for b in FVR.levels)

    assert list(differences(FVR.model_copy(update={"levels": bands}), current_protocol())) == []
