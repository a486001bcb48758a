"""The candidates by letter: the same inference as by the certificate, only after unblinding, and for few."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from accounts.permissions import PermissionMissing
from accounts.roles import Role
from audit.models import Event
from panel import services
from panel.allocation_file import candidate_set, read_candidates
from panel.candidate_file import FORMAT, candidates_by_letter
from panel.estimation_file import DataInvalid
from tests.factories import UserFactory
from tests.panel.planning import unblinded
from tests.panel.test_plan_views import page, signed_in
from tests.panel.test_randomisation import eight_stations, trial


def letters_of(certificate):
    """Letters that do not follow the certificate's order."""
    return dict(zip("HCAEBGDF", certificate["sample"], strict=True))


def content_of(certificate):
    return candidates_by_letter(candidate_set(certificate), letters_of(certificate), certificate_sha256="c" * 64)


def estimated(folder, data, *more):
    out = folder / f"{len(list(folder.iterdir()))}.json"
    call_command(
        "estimate", "--data", str(data), "--outcome", "y", "--treatment", "training", "risk", "--unit", "woman",
        "--time", "wave", "--cluster", "station", "--ri-draws", "500", "--out", str(out), *map(str, more),
    )  # fmt: skip
    return [
        {key: found[key] for key in ("name", "estimate", "p", "ci")}
        for found in json.loads(out.read_text())["coefficients"]
    ]


@pytest.mark.requirement("F46")
@pytest.mark.parametrize("method", ["constrained", "simple"])
def test_inference_on_letters_is_that_on_the_certificate(tmp_path, method):
    certificate = eight_stations(method)
    data = trial(certificate, women=4, effect=1.0)
    data.to_csv(tmp_path / "named.csv", index=False)
    letter = {code: letter for letter, code in letters_of(certificate).items()}
    data.assign(station=data.station.map(letter)).to_csv(tmp_path / "blinded.csv", index=False)
    (tmp_path / "certificate.json").write_text(json.dumps(certificate))
    (tmp_path / "letters.json").write_text(json.dumps(content_of(certificate)))

    by_certificate = estimated(tmp_path, tmp_path / "named.csv", "--certificate", tmp_path / "certificate.json")
    by_letter = estimated(tmp_path, tmp_path / "blinded.csv", "--certificate", tmp_path / "letters.json")

    assert [found["name"] for found in by_letter] == ["training", "risk"]
    for ours, theirs in zip(by_letter, by_certificate, strict=True):
        assert ours["estimate"] == pytest.approx(theirs["estimate"])
        assert ours["p"]["ri"] == theirs["p"]["ri"] is not None
        assert ours["ci"]["ri"] == pytest.approx(theirs["ci"]["ri"])


def test_file_names_no_station():
    certificate = eight_stations()
    written = json.dumps(content_of(certificate))
    assert [code for code in certificate["sample"] if code in written] == []
    assert content_of(certificate)["assignment"].keys() == set("ABCDEFGH")
    assert list(content_of(certificate)["assignment"]) == sorted(content_of(certificate)["assignment"])


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cutoff": 1}, "x.json: its content has another hash than it states"),
        ({"weights": None}, "x.json: weights: Input should be a valid list"),
        ({"places": 1}, "x.json: places: Extra inputs are not permitted"),
    ],
)
def test_altered_file_is_refused(tmp_path, change, sentence):
    (tmp_path / "x.json").write_text(json.dumps({**content_of(eight_stations()), **change}))
    with pytest.raises(DataInvalid) as refused:
        read_candidates(tmp_path / "x.json")
    assert str(refused.value) == sentence


def test_command_says_in_one_line_what_is_wrong_with_it(tmp_path):
    (tmp_path / "x.json").write_text(json.dumps({"format": FORMAT}))
    trial(eight_stations()).to_csv(tmp_path / "data.csv", index=False)
    with pytest.raises(CommandError, match=r"^x\.json: certificate_sha256: Field required$") as refused:
        estimated(tmp_path, tmp_path / "data.csv", "--certificate", tmp_path / "x.json")
    assert refused.value.returncode == 2


@pytest.mark.parametrize("role", Role)
def test_who_gets_it_and_when(small_study, role):
    who = UserFactory(role=role)
    if role not in (Role.STATISTICIAN, Role.ADMINISTRATOR):
        with pytest.raises(PermissionMissing):
            services.give_candidates(by=who)
        return
    with pytest.raises(services.NotUnblinded):
        services.give_candidates(by=who)
    assert reverse("candidate_file") not in page(who, "unblinding_page")
    unblinded()
    assert json.loads(services.give_candidates(by=who))["assignment"].keys() == set("ABCD")
    assert reverse("candidate_file") in page(who, "unblinding_page")
    assert Event.objects.filter(action="panel.give_candidates").count() == 1


@pytest.mark.django_db
def test_page_gives_the_file_or_says_why_not(small_study):
    client = signed_in(UserFactory(role=Role.STATISTICIAN))
    assert client.get(reverse("candidate_file")).url == reverse("unblinding_page")
    unblinded()
    response = client.get(reverse("candidate_file"))
    assert response["Content-Disposition"] == 'attachment; filename="sorteos-por-letra.json"'
    assert json.loads(response.content)["format"] == FORMAT
