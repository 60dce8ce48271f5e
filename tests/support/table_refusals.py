"""How many generated methodologies tables of scores refuse, by the code of the diagnostic.

    python -m tests.support.table_refusals [METHODOLOGIES]

Each is compiled as far as that needs no facts: the columns of its results, the keys of its facts, and the implications
of searches without result. `tests.tables.scoring.test_score_table` scores companies by such methodologies.
"""

import sys
from collections import Counter

from cleancloud_rules import CriteriaError, Methodology, methodology_from
from cleancloud_rules.generators.choices import Seeded
from cleancloud_rules.generators.methodologies import generated_files
from cleancloud_rules.scoring.compiled import compiled
from cleancloud_rules.tables.scoring.evidence import type_plans
from cleancloud_rules.tables.scoring.score_table import refuse_large_numbers

METHODOLOGIES = 10_000


def refusals(methodology: Methodology) -> frozenset[str]:
    """Return the codes with which tables refuse a methodology; none if it compiles."""
    try:
        refuse_large_numbers(methodology, None)
        type_plans(compiled(methodology).with_implications.ruleset)
    except CriteriaError as error:
        return frozenset(str(diagnostic.code) for diagnostic in error.diagnostics)
    return frozenset()


def main(count: int) -> None:
    """Print how many methodologies there are, and how many of them are refused with each code."""
    found: Counter[str] = Counter()
    refused = 0
    for seed in range(count):
        codes = refusals(methodology_from(generated_files(Seeded(seed))))
        refused += bool(codes)
        found.update(codes)
    sys.stdout.write(f"{count:,} methodologies, {refused:,} refused\n")
    sys.stdout.writelines(f"  {code}: {number:,}\n" for code, number in found.most_common())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else METHODOLOGIES)
