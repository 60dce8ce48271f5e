"""Tests of upgrades: every step keeps what an author wrote, and refuses what it cannot keep."""

import pytest

from cleancloud_rules.diagnostics.collector import Rejected
from cleancloud_rules.formatting.upgrade import upgraded

HEAD = "id: x\ncategories: [{id: energy, title: Energy}]\n"
FIRST = """# yaml-language-server: $schema=schema/criteria.schema.json
category: energy # the first of two
x-owner: Ada
criteria:
  # About wind.
  - id: wind # by the sea
    x-row: 3
    title: Wind
    # deep
    otherwise: |
      # no comment

  - id: coal
    title: Coal
"""
SECOND = """# yaml-language-server: $schema=schema/criteria.schema.json
# More of it.
category: energy
x-reviewed: 2024-05-02
criteria: # by size
  - {id: gas, title: Gas}

  # About sun.
  - id: sun
    title: Sun
# The end.
"""
TOGETHER = """# yaml-language-server: $schema=schema/criteria.schema.json
# More of it.
# by size
# The end.
category: energy # the first of two
x-owner: Ada
x-reviewed: 2024-05-02
criteria:
  - id: coal
    title: Coal

  - {id: gas, title: Gas}

  # About sun.
  - id: sun
    title: Sun

  # About wind.
  - id: wind # by the sea
    title: Wind
    # deep
    otherwise: |
      # no comment
    x-row: 3
"""


def refused(**files: str) -> list[tuple[str, str]]:
    with pytest.raises(Rejected) as caught:
        upgraded({f"{name}.yaml": text for name, text in files.items()})
    assert all(d.code == "cannot-upgrade" and d.help for d in caught.value.diagnostics)
    return [(str(d.location), d.message) for d in caught.value.diagnostics]


def test_files_of_one_group_become_one_by_id_with_every_comment_and_key() -> None:
    files = {"methodology.yaml": HEAD, "b.yaml": SECOND, "a.yaml": FIRST}
    made = upgraded(files)
    assert made == {"methodology.yaml": HEAD, "a.yaml": TOGETHER}
    assert upgraded(made) == made


def test_the_file_that_has_the_name_of_the_group_stays() -> None:
    assert set(upgraded({"a.yaml": FIRST, "energy.yaml": SECOND})) == {"energy.yaml"}


def test_files_in_the_present_form_are_only_formatted() -> None:
    files = {
        "methodology.yaml": HEAD,
        "a.yaml": 'category:  "energy"\ncriteria:\n- {id: a}\n- {id: b}\n',
        "b.yaml": "category: waste\ncriteria: []\n",
    }
    made = upgraded(files)
    assert made == {**files, "a.yaml": "category: energy\ncriteria:\n  - {id: a}\n  - {id: b}\n"}
    json = {"a.json": '{"category": "energy", "criteria": [{"id": "a"}, {"id": "b"}]}'}
    assert upgraded(json) == json


def test_equal_keys_of_two_files_are_written_once() -> None:
    shared = "category: energy\ndefaults: {horizon: ever} # all\ncriteria:\n"
    made = upgraded({"a.yaml": f"{shared}  - id: b\n", "b.yaml": f"{shared}  - id: a\n"})
    assert made == {"a.yaml": f"{shared}  - id: a\n\n  - id: b\n"}


ONE, TWO = "category: energy\ncriteria:\n  - id: a\n", "category: energy\ncriteria:\n  - id: b\n"
DEFAULTS = "category: energy\ndefaults: {horizon: ever}\ncriteria:\n  - id: b\n"


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (ONE, DEFAULTS, [("b.yaml:2:1", "`defaults` would hold for the criteria of `a.yaml` too")]),
        (DEFAULTS.replace("b", "a"), TWO, [("a.yaml:2:1", "`defaults` would hold for the criteria of `b.yaml` too")]),
        (
            DEFAULTS.replace("id: b", "id: a"),
            DEFAULTS.replace("ever", "recent"),
            [("b.yaml:2:1", "`defaults` differs from that at a.yaml:2:1")],
        ),
        (
            DEFAULTS.replace("id: b", "id: a"),
            DEFAULTS.replace("}\n", "} # why\n"),
            [("b.yaml:2:27", "this comment would be lost")],
        ),
        (f"x-a: 1\n{ONE}", f"x-a: 2\n{TWO}", [("b.yaml:1:1", "`x-a` differs from that at a.yaml:1:1")]),
        (ONE, ONE, [("b.yaml:3:3", "criterion `a` is in `a.yaml` too")]),
        (ONE, "category: energy\ncriteria: [{id: b}]\n", [("b.yaml:2:11", "criteria in brackets cannot be moved")]),
        ("category: energy\ncriteria: [{id: b}, {id: a}]\n", "category: waste\ncriteria: []\n",
         [("a.yaml:2:11", "criteria in brackets cannot be moved")]),
        (ONE, TWO.replace("id: b", "title: B"), [("b.yaml:3:5", "a criterion without `id` cannot be moved")]),
        (ONE, "category: energy\ncriteria: none\n", [("b.yaml:2:11", "`criteria` is not a list")]),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_with_its_place(one: str, two: str, expected: list[tuple[str, str]]) -> None:
    assert refused(a=one, b=two) == expected


def test_everything_that_cannot_be_kept_is_told_at_once() -> None:
    waste = TWO.replace("energy", "waste")
    found = refused(a=ONE, b=DEFAULTS, c=waste, d=waste)
    assert [place for place, _ in found] == ["b.yaml:2:1", "d.yaml:3:3"]
