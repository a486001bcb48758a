"""The protocol file: what domain.md states is what it says, and what is wrong in it is named."""

from pathlib import Path

import pytest

from protocol.schema import ProtocolFileError, parse_protocol

FILE = Path("protocol/studies/peru_home_visits.toml")
TEXT = FILE.read_text()


def test_shipped_protocol_is_the_trial_of_the_domain_sheet():
    protocol = parse_protocol(TEXT, name=FILE.name)
    assert [(arm.code, arm.training, arm.risk_cadence) for arm in protocol.arms] == [
        ("control", False, False),
        ("training", True, False),
        ("risk_scale", False, True),
        ("both", True, True),
    ]
    assert (protocol.sampling.stations, protocol.sampling.women_per_station) == (16, 100)
    assert protocol.cadence.usual_visits_a_week == 2
    assert protocol.cadence.by_level == {"leve": 2, "moderado": 3, "severo_1": 5, "severo_2": 7}
    assert protocol.risk.reassessment_days == {"leve": 60, "moderado": 30, "severo_1": 7, "severo_2": 3}
    assert (protocol.training.max_sessions, protocol.training.numbers) == (2, (1, 2))
    assert [(wave.month, wave.window_days) for wave in protocol.waves] == [(m, 14) for m in (0, 3, 6, 9, 12)]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("grace_hours = 24", "grace_hour = 24", "p.toml: cadence.grace_hour: unknown key; check its spelling or take"),
        ("grace_hours = 24\n", "", "p.toml: cadence.grace_hours: missing; the file must say it"),
        ("severo_2 = 7 }", "severo_2 = 8 }", "by_level.severo_2: Input should be less than or equal to 7, found 8"),
        ("usual_visits_a_week = 2", "usual_visits_a_week = 0", "usual_visits_a_week: Input should be greater than"),
        ("usual_visits_a_week = 2", 'usual_visits_a_week = "2"', "Input should be a valid integer, found '2'"),
        ("stations = 16", "stations = 15", "sampling.stations: expected a multiple of the 4 arms, found 15"),
        ('code = "both"', 'code = "control"', "arms: each code may stand once"),
        ("month = 6", "month = 2", "waves: months must rise from wave to wave"),
        ("latest = 20:00:00", "latest = 07:00:00", "cadence: latest must be after earliest"),
        ("training = true", "training = yes", "p.toml: not valid TOML: Invalid value (at line 24"),
        ('"America/Lima"', '"America/Lime"', "p.toml: timezone: expected a time zone such as America/Lima, found"),
        ('    "hdi_2019",', '    "hdi",', "p.toml: allocation.balance_covariates[6]: Input should be 'officers', "),
        ("severo_2 = 3 }", "extremo = 3 }", "must name the same levels"),
        ("number = 2", "number = 1", "training.modules: numbers must rise from module to module, found [1, 1]"),
        ("max_sessions = 2", "max_sessions = 0", "training.max_sessions: Input should be greater than or equal to 1"),
    ],
)
def test_problem_is_named_with_file_key_and_what_was_expected(old, new, sentence):
    assert old in TEXT
    with pytest.raises(ProtocolFileError) as error:
        parse_protocol(TEXT.replace(old, new, 1), name="p.toml")
    assert sentence in str(error.value)


def test_all_problems_are_told_at_once():
    with pytest.raises(ProtocolFileError) as error:
        parse_protocol(TEXT.replace("stations = 16", "stations = 1").replace("grace_hours", "grace"), name="p.toml")
    assert len(str(error.value).splitlines()) == 3
