"""Tests of workbooks that LibreOffice has opened and saved: they are still read, and still say the same."""

import shutil
import subprocess
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import load_workbook

from cleancloud_rules import load_dataset, load_methodology
from cleancloud_rules.sheets.export import differences, template, workbook_of
from cleancloud_rules.sheets.load import load_sheets
from tests.support.places import ROOT

pytestmark = pytest.mark.outside

EXAMPLES = {"clean_cloud_2024": "clean_cloud_2024", "mendable_tools": "methodology", "careful_water": "methodology"}


def saved(content: bytes, folder: Path, ending: str = "xlsx") -> Path:
    """Return a workbook that LibreOffice has opened and saved in a form."""
    program = shutil.which("soffice")
    assert program is not None, "LibreOffice is missing: `apt-get install libreoffice-calc` on Debian"
    (folder / "given").mkdir()
    (folder / "given" / "a.xlsx").write_bytes(content)
    home = f"-env:UserInstallation={(folder / 'home').as_uri()}"
    arguments = ["--headless", "--convert-to", ending, "--outdir", folder / "saved", folder / "given" / "a.xlsx"]
    subprocess.run([program, home, *map(str, arguments)], check=True, capture_output=True, timeout=300)
    return folder / "saved" / f"a.{ending}"


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_workbook_that_was_opened_and_saved_states_the_same(tmp_path: Path, name: str) -> None:
    folder = ROOT / "examples" / name
    own = folder / EXAMPLES[name]
    methodology = load_methodology(own if own.is_dir() else name)
    dataset = load_dataset(folder, methodology)
    read = load_sheets(saved(workbook_of(dataset, methodology), tmp_path), methodology)
    assert differences(dataset, read.dataset) == differences(read.dataset, dataset) == []
    assert read.warnings == ()


def test_a_template_that_was_opened_and_saved_keeps_its_drop_downs_and_comments(tmp_path: Path) -> None:
    methodology = load_methodology("clean_cloud_2024")
    file = saved(template(methodology), tmp_path)
    book = load_workbook(BytesIO(file.read_bytes()))
    sheet = book["renewable_share"]
    assert sheet["B1"].comment is not None
    lists = {str(each.sqref).split(":")[0] for each in sheet.data_validations.dataValidation}
    heads = [cell.value for cell in sheet[1]]
    assert {f"{'ABCDEFGHIJKLM'[heads.index(name)]}2" for name in ("company", "basis", "source")} <= lists
    assert load_sheets(file, methodology).dataset.companies == ()
