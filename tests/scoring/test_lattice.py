"""Tests of the lattice of figures that points can give."""

from decimal import Decimal

import pytest

from cleancloud_rules import Dataset, Methodology
from cleancloud_rules.scoring.lattice import points_giving


@pytest.mark.parametrize(
    ("category", "figure", "points"),
    [
        ("transparency", "11.19", "23.5"),
        ("transparency", "16.67", "35"),
        ("carbon_reduction", "26.54", "23"),
        ("renewable_energy", "38.67", "29"),
        ("influence", "8.00", "8"),
        ("transparency", "0.00", "0"),
        ("renewable_energy", "40.00", "30"),
    ],
)
def test_a_figure_on_the_lattice_has_its_points(
    methodology: Methodology, category: str, figure: str, points: str
) -> None:
    found = points_giving(Decimal(figure), methodology.category(category), methodology.rounding)
    assert found == (Decimal(points),)


@pytest.mark.parametrize("figure", ["11.18", "11.20", "-0.24", "20.01", "20.24"])
def test_a_figure_off_the_lattice_has_none(methodology: Methodology, figure: str) -> None:
    assert points_giving(Decimal(figure), methodology.category("transparency"), methodology.rounding) == ()


def test_all_published_category_scores_lie_on_the_lattice(methodology: Methodology, stated: Dataset) -> None:
    assert stated.published is not None
    for row in stated.published.rows:
        for category in methodology.categories:
            assert len(points_giving(row.scores[category.id], category, methodology.rounding)) == 1
