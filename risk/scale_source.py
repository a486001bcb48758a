"""Where scale files lie: a path, or one of those shipped in `risk/data/`."""

from pathlib import Path

from risk.scale_file import Scale
from risk.scale_parsing import ScaleFileInvalid, parse_scale

DATA_DIR = Path(__file__).resolve().parent / "data"
SHIPPED = {
    "FVR_PAREJA": DATA_DIR / "fvr_pareja.json",
    "DANGER_ASSESSMENT": DATA_DIR / "danger_assessment.json",
    "ODARA": DATA_DIR / "odara.json",
    "VIOGEN": DATA_DIR / "viogen.json",
}


def read_scale(path: Path) -> Scale:
    """Read a scale file, with `NAME.supplement.json` when it lies beside `NAME.json`. Raise ScaleFileInvalid."""
    beside = path.with_name(f"{path.stem}.supplement.json")
    supplement = read_text(beside) if beside.is_file() else None
    return parse_scale(read_text(path), path.name, supplement, beside.name)


def read_text(path: Path) -> str:
    """Read a file of UTF-8 text. Raise ScaleFileInvalid."""
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise ScaleFileInvalid(path.name, [f"the file cannot be read ({error.strerror})"]) from error
    except UnicodeDecodeError as error:
        raise ScaleFileInvalid(path.name, ["the file is not UTF-8 text"]) from error
