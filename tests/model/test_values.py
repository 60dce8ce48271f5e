"""What is known of a type of field."""

import pytest

from cleancloud_rules.model.values import FieldType


@pytest.mark.parametrize(
    ("known", "types"),
    [
        ("is_ordered", {"integer", "number", "percent", "year", "date", "quantity"}),
        ("is_numeric", {"integer", "number", "percent", "year", "quantity"}),
        ("is_computable", {"integer", "number", "percent", "quantity"}),
        ("is_decimal", {"number", "percent", "quantity"}),
        ("has_neighbours", {"integer", "year", "date"}),
        ("lists_values", {"enum", "set"}),
        ("is_worded", {"enum", "set", "text"}),
    ],
)
def test_a_type_knows_what_its_values_allow(known: str, types: set[str]) -> None:
    assert {type.value for type in FieldType if getattr(type, known)} == types


def test_a_type_reads_as_files_write_it() -> None:
    assert [f"{type}" for type in FieldType] == [type.value for type in FieldType]
