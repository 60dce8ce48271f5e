"""What tables of scores must keep: better evidence costs nothing, and points and scores stay within their bounds.

Pairs of generated companies, before and after an improvement, are scored in one table, as the tables of users are.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from attrs import evolve, frozen

from cleancloud_rules.analysis.monotonicity.improvement import answers_apart
from cleancloud_rules.analysis.monotonicity.mutation import changed, is_fair, is_second_answer
from cleancloud_rules.analysis.monotonicity.score_functions import TOTAL_KEY, group_key
from cleancloud_rules.analysis.monotonicity.witness import result
from cleancloud_rules.errors import FactsError
from cleancloud_rules.generators.boundary_values import Aims, focused
from cleancloud_rules.generators.choices import Seeded
from cleancloud_rules.generators.companies import generated_company
from cleancloud_rules.language.load.files import company_from
from cleancloud_rules.model.datasets import Dataset
from cleancloud_rules.model.exact import ZERO
from cleancloud_rules.model.facts import Company, Fact, Source
from cleancloud_rules.model.methodology import Methodology
from cleancloud_rules.results.certificates import Improvement
from cleancloud_rules.scoring.compiled import CompiledMethodology, compiled
from cleancloud_rules.scoring.points import range_of
from cleancloud_rules.tables.reading.written import as_arrow, text_tables
from cleancloud_rules.tables.session import score_table

Row = Mapping[str, Any]


def faults_of_tables(methodology: Methodology, monotone: Collection[str], companies: int, seed: int = 0) -> list[str]:
    """Return what tables of scores do not keep, in words.

    Args:
        methodology: the methodology.
        monotone: the keys of the criteria, the groups and the total that better evidence must not cost points; see
            `score_functions`.
        companies: how many companies are generated; each of them is improved once in each sense.
        seed: the seed of the generated companies.

    Raises:
        CriteriaError: if the methodology is too complex for tables.
        MissingExtraError: if DuckDB or Arrow is missing; the message says what to install.
    """
    pairs = [*_pairs(methodology, companies, Seeded(seed))]
    named = [evolve(one, id=f"c{n}", name=f"C {n}") for n, one in enumerate(one for pair in pairs for one in pair.both)]
    dataset = _dataset(named, methodology)
    tables = {table.name: as_arrow(table) for table in text_tables(dataset, methodology)}
    rows = {row["company"]: row for row in score_table(tables, methodology).table.to_pylist()}
    scored = [rows[company.id] for company in named]
    faults = [fault for row in scored if row["problem"] is None for fault in _out_of_bounds(row, methodology)]
    for pair, before, after in zip(pairs, scored[::2], scored[1::2], strict=True):
        if before["problem"] is None and after["problem"] is None:
            lost = _lost(before, after, methodology, monotone)
            faults += [f"points are lost in {pair.sense.value} ({pair.what}): {lost}"] if lost else []
    return faults


@frozen
class _Pair:
    """A company before and after an improvement.

    Args:
        sense: the sense of the improvement.
        what: what it changes, in words.
        both: the company before and after it.
    """

    sense: Improvement
    what: str
    both: tuple[Company, Company]


def _pairs(methodology: Methodology, companies: int, choices: Seeded) -> Iterator[_Pair]:
    own, apart = compiled(methodology), answers_apart(methodology)
    targets = [Aims(target) for target in focused(methodology)]
    for number in range(companies):
        aims = targets[number % len(targets)]
        company = company_from(generated_company(aims, choices), methodology)
        facts = company.facts[: choices.between(0, len(company.facts))]  # most mistakes show in companies of few facts
        stage = evolve(company, facts=facts, not_found=())
        for sense in Improvement if facts else ():
            change = changed(sense, stage, choices.one(facts), aims, choices, apart)
            if change is not None and not is_second_answer(change.new, change.rest, own.answer_keys):
                both = change.before(stage), change.after(stage)
                if sense is not Improvement.NARROWING or _is_fair(both, own):
                    yield _Pair(sense, change.field or "a fact is added", both)


def _is_fair(both: tuple[Company, Company], own: CompiledMethodology) -> bool:
    try:
        before, after = (result(company, own) for company in both)
    except FactsError:  # facts contradict each other, so that there is no result
        return False
    return is_fair(Improvement.NARROWING, before.problems, after.problems)


def _dataset(companies: Iterable[Company], methodology: Methodology) -> Dataset:
    """Return companies as a dataset. Sources of theirs that differ get ids that differ."""
    known = {source.id: source for source in methodology.bibliography}
    sources: dict[Source, Source] = {source: source for source in known.values()}

    def cited(source: Source) -> Source:
        if source not in sources:
            id = source.id if source.id not in known else f"{source.id}-{len(sources)}"
            sources[source] = known[id] = evolve(source, id=id)
        return sources[source]

    def stated(fact: Fact) -> Fact:
        return fact if fact.source is None else evolve(fact, source=cited(fact.source))

    made = tuple(evolve(one, facts=tuple(map(stated, one.facts))) for one in companies)
    own = tuple(source for source in sources.values() if source not in methodology.bibliography)
    return Dataset("Generated companies", methodology.id, made, own)


def _lost(before: Row, after: Row, methodology: Methodology, monotone: Collection[str]) -> dict[str, Decimal]:
    """Return how much less a company has after an improvement; a score that does not exist counts as 0."""
    columns = {str(criterion.id): f"{criterion.id}.points" for criterion in methodology.criteria}
    columns |= {group_key(group.id): f"{group.id}.score" for group in methodology.groups}
    columns[TOTAL_KEY] = "total"
    lost = {key: (before[columns[key]] or ZERO) - (after[columns[key]] or ZERO) for key in monotone}
    return {key: points for key, points in lost.items() if points > 0}


def _out_of_bounds(row: Row, methodology: Methodology) -> Iterator[str]:
    for criterion in methodology.criteria:
        points = row[f"{criterion.id}.points"]
        if not range_of(criterion).least <= points <= criterion.max_points:
            yield f"`{criterion.id}` leaves its bounds: {points}"
    scores = {f"group {group.id}": (f"{group.id}.score", f"{group.id}.max_score") for group in methodology.groups}
    for id, (score, most) in {**scores, "the total": ("total", "max_total")}.items():
        if row[score] is not None and row[most] is not None and row[score] > row[most]:
            yield f"`{id}` leaves its bounds: {row[score]}"
