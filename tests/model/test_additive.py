from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from cleancloud_rules import CriteriaError, Dataset, load_methodology
from cleancloud_rules.analysis import fit
from cleancloud_rules.model.additive import exact_score, is_additive, weight_of
from tests.scoring.test_combination import ASKED, group, one
from tests.support import small


def test_an_exact_score_is_weight_times_points_over_the_maximum() -> None:
    used = small.methodology(one("a", 12), one("b", 18), weights=()).categories[0]
    assert weight_of(used) == 100
    assert used.max_points == 30
    assert exact_score(used, Decimal("12.5")) == Fraction(125, 3)
    assert exact_score(used, Decimal(0)) == 0
    assert exact_score(used, Decimal(30)) == 100


def test_the_bundled_methodology_is_additive() -> None:
    assert is_additive(load_methodology("clean_cloud_2024"))


@pytest.mark.parametrize(
    ("category", "criterion"),
    [
        ({"aggregate": "mean"}, {}),
        ({"at_most": 3}, {}),
        ({"requires": ["other"]}, {}),
        ({}, {"requires": ["other"]}),
        ({}, {"not_applicable": {"cohorts": ["big"]}}),
        ({}, {"hit_policy": "collect min"}),
        ({}, {"rules": [small.rule("r", 4, ASKED), small.rule("s", -1, ASKED)]}),
    ],
)
def test_what_has_another_form_is_told_from_it(category: dict[str, Any], criterion: dict[str, Any]) -> None:
    categories = [group("g", weight=60, **category), group("h", weight=40)]
    used = small.tree(categories, {"g": [{**one("a"), **criterion}], "h": [one("other")]})
    assert not is_additive(used)
    with pytest.raises(CriteriaError) as refused:
        fit(Dataset("Small", "small", ()), used)
    assert {finding.code for finding in refused.value.diagnostics} == {"not-additive"}
