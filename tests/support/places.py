"""Where the files of this repository are."""

from pathlib import Path

ROOT = Path(__file__).parents[2]
CRITERIA = ROOT / "criteria" / "clean_cloud_2024"
CASES = CRITERIA / "cases"
DATASET = ROOT / "examples" / "clean_cloud_2024"
COMPANIES = DATASET / "companies"
GOLDEN = ROOT / "tests" / "golden"
SCHEMAS = ROOT / "criteria" / "schema"


def edit(file: Path, old: str, new: str) -> None:
    """Replace a text that occurs once in a file."""
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{file} holds {text.count(old)} times {old!r}"
    file.write_text(text.replace(old, new), encoding="utf-8")
