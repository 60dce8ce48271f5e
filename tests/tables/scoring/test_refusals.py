"""Which methodologies tables refuse: those whose numbers do not fit into a column, which few generated ones have."""

import pytest

from cleancloud_rules import methodology_from
from cleancloud_rules.generators.choices import Seeded
from cleancloud_rules.generators.methodologies import generated_files
from tests.support.small import GOALS, criterion, methodology, rule
from tests.support.table_refusals import main, refusals


def test_generated_methodologies_compile() -> None:
    assert not any(refusals(methodology_from(generated_files(Seeded(seed)))) for seed in range(10))


def test_a_refusal_has_its_code() -> None:
    assert refusals(methodology(GOALS)) == frozenset()
    large = criterion("much", 10**22, rule("so", 10**22, {"goal": {}}))
    rounding = {"digits": 12, "mode": "half_up", "points_digits": 12}
    made = methodology(large, rounding=rounding, aggregate="weighted sum", weights=[10**20])
    assert refusals(made) == {"too-complex"}


def test_refusals_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    main(2)
    assert capsys.readouterr().out == "2 methodologies, 0 refused\n"
