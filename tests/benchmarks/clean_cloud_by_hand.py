"""Clean Cloud 2024 by hand in Polars, as an analyst writes it from the criteria files: points, scores and ranks.

Numbers are floats. It reads the columns that it needs from Parquet files, believes what they say, and knows this one
methodology in this one form. It gives no outcomes, no hypothetical totals, no reasons and no findings about the facts.
Its bounds are those that the tables of the benchmark have: years include their ends, and amounts are above zero.
"""

from functools import partial, reduce
from pathlib import Path

import polars as pl

ACCEPTED = ("corporate_publication", "news_report", "government_platform", "third_party_disclosure", "assessment")
FIRST, LAST = "2022-01-01", "2024-06-30"
"""The first and the last day of the short term."""

CATEGORIES: dict[str, tuple[int, int, tuple[str, ...]]] = {
    "transparency": (
        20, 42, (
            "electricity_total", "electricity_by_location", "mix_total", "mix_by_location", "pue_average",
            "pue_by_location", "emissions_total", "emissions_by_location", "emissions_scope_3", "disclosure_standard",
            "assurance", "governance",
        ),
    ),
    "carbon_reduction": (
        30, 26, (
            "neutrality_operations", "neutrality_scope_3", "offset_principle", "absolute_goal",
            "absolute_goal_scope_3", "pue_goal", "efficiency_measures", "efficiency_results",
        ),
    ),
    "renewable_energy": (
        40, 30, (
            "renewable_target", "siting_policy", "procurement_disclosed", "renewable_share", "procurement_mechanisms",
            "suppliers", "siting",
        ),
    ),
    "influence": (10, 10, ("cooperation", "knowledge_sharing", "green_data_center", "supporting_technology")),
}  # fmt: skip
"""The weight of each category, the maximum of its points, and its criteria."""

Frame = pl.LazyFrame
Test = pl.Expr


def by_hand(folder: Path) -> pl.DataFrame:
    """Return the points of each criterion, the score of each category, the total and the rank of each company."""
    companies = pl.scan_parquet(folder / "companies.parquet").select(pl.col("id").alias("company"), "cohort")
    frames = [*_transparency(folder), *_carbon_reduction(folder), *_renewable_energy(folder), *_influence(folder)]
    joined = reduce(lambda left, right: left.join(right, on="company", how="left"), frames, companies)
    points = joined.with_columns(pl.exclude("company", "cohort").fill_null(0.0)).with_columns(
        mix_total=pl.max_horizontal("mix_total", pl.col("share_is_stated") * 2),
        offset_principle=pl.max_horizontal("avoids_offsets", "offsets_disclosed"),
    )
    scores = points.with_columns(
        ((pl.sum_horizontal(criteria) * weight / most * 100 + 0.5).floor() / 100).alias(f"{category}.score")
        for category, (weight, most, criteria) in CATEGORIES.items()
    )
    # Sums of rounded floats may differ in their last bit, which would tell apart totals that are the same.
    totals = scores.with_columns(total=pl.sum_horizontal(f"{category}.score" for category in CATEGORIES).round(2))
    ranked = totals.with_columns(rank=pl.col("total").rank("min", descending=True).over("cohort"))
    return ranked.drop("share_is_stated", "avoids_offsets", "offsets_disclosed").collect(engine="streaming")


def _transparency(folder: Path) -> list[Frame]:
    whole = pl.col("extent") == "whole"
    total, by_location = (pl.col("breakdown") == name for name in ("total", "by_location"))
    electricity, mix, pue, emissions, standards, assurances = (
        _counted(folder, name)
        for name in (
            "electricity_use", "energy_mix", "pue", "emissions", "reporting_standard", "assurance_statement",
        )
    )  # fmt: skip
    own, centers = ((total & whole & (pl.col("boundary") == name)).any() for name in ("company", "data_centers"))
    scope_1, scope_2, scope_3 = (pl.col("scope") == name for name in ("scope_1", "scope_2", "scope_3"))
    operations = pl.col("scope").is_in(["scope_1", "scope_2", "scope_1_and_2"])
    both = (total & scope_1).any() & (total & scope_2).any()
    categories = [(scope_3 & pl.col("categories").list.contains(f"category_{n}")).any() for n in (1, 2)]
    named = _is_stated("standard")
    places = _ladder((3, by_location & whole), (1, by_location))
    return [
        _of_companies(
            electricity,
            electricity_total=pl.when(own & centers).then(5).when(total.any()).then(3),
            electricity_by_location=places,
        ),
        _of_companies(mix, mix_total=_ladder((5, total & whole), (2, total)), mix_by_location=places),
        _of_companies(
            pue,
            pue_average=_ladder((4, (pl.col("breakdown") == "average") & whole), (2, pl.col("breakdown") == "average")),
            pue_by_location=places,
        ),
        _of_companies(
            emissions,
            emissions_total=pl.when(both).then(5).when((total & operations).any()).then(3),
            emissions_by_location=_ladder((3, by_location & operations & whole), (1, by_location & operations)),
            emissions_scope_3=pl.when((scope_3 & whole).any() | (categories[0] & categories[1]))
            .then(4)
            .when(scope_3.any())
            .then(2),
        ),
        _of_companies(
            standards, disclosure_standard=_ladder((1, named & (pl.col("use") == "in_accordance")), (0.5, named))
        ),
        _of_companies(
            assurances,
            assurance=_ladder(
                (2, (pl.col("data").list.len() > 0) & _is_stated("assurer") & pl.col("period").is_not_null())
            ),
        ),
        _of_companies(_counted(folder, "governance_element", timed=False), governance=_different("element")),
    ]


def _carbon_reduction(folder: Path) -> list[Frame]:
    counted = partial(_counted, folder, timed=False)
    neutral, company = pl.col("topic") == "carbon_neutrality", pl.col("coverage") == "company"
    scope_1, scope_2, scope_3 = (pl.col("scopes").list.contains(f"scope_{n}") for n in (1, 2, 3))
    goals = [neutral & company & scope for scope in (scope_1, scope_2)]

    def together(test: Test) -> Test:
        return (goals[0] & test).any() & (goals[1] & test).any()

    by_2030, dated = _at_most("target_year", 2030), _number_is_stated("target_year")
    absolute = (pl.col("kind") == "absolute") & dated
    metrics = [_number_is_stated(name) for name in ("coal_saved", "electricity_saved", "emissions_avoided")]
    clean, full = pl.col("topic") == "renewable_energy", _at_least("share", 100)
    return [
        _of_companies(
            counted("commitment"),
            neutrality_operations=pl.when(together(by_2030) | together(_number_is_stated("achieved_in")))
            .then(6)
            .when(together(_at_most("target_year", 2039)))
            .then(4)
            .when(together(dated))
            .then(2),
            neutrality_scope_3=_ladder(
                (3, neutral & scope_3 & company & by_2030),
                (2, neutral & scope_3 & by_2030),
                (1, neutral & scope_3 & dated),
            ),
            renewable_target=_ladder(
                (10, clean & (pl.col("energy") == "renewable") & full & by_2030 & company),
                (9, clean & full & by_2030),
                (5, clean & full & dated),
            ),
        ),
        _of_companies(counted("offset_policy"), avoids_offsets=_ladder((2, pl.col("avoids_offsets")))),
        _of_companies(
            counted("offset_record"),
            offsets_disclosed=_ladder(
                (1, pl.all_horizontal(pl.col("states").list.contains(n) for n in ("source", "volume", "reason")))
            ),
        ),
        _of_companies(
            counted("reduction_goal"),
            absolute_goal=_ladder((3, (scope_1 | scope_2) & absolute), (1, scope_1 | scope_2)),
            absolute_goal_scope_3=_ladder((2, scope_3 & absolute)),
        ),
        _of_companies(
            counted("pue_target"),
            pue_goal=_ladder((2, _at_most("value", 1.3) & by_2030), (1, _number_is_stated("value") & dated)),
        ),
        _of_companies(_counted(folder, "efficiency_measure"), efficiency_measures=_different("system")),
        _of_companies(
            _counted(folder, "efficiency_result"),
            efficiency_results=(pl.any_horizontal(metrics) & _is_stated("method")).any() * 2
            + (pl.sum_horizontal(metric.any() for metric in metrics) >= 2)
            + (_number_is_stated("pue_reduction") & _is_stated("region")).any(),
        ),
    ]


def _renewable_energy(folder: Path) -> list[Frame]:
    abundant = (pl.col("renewable_supply") == "abundant") & _is_stated("supply_source")
    regions = pl.col("region").filter(abundant).drop_nulls().n_unique()
    mechanism, details = pl.col("mechanism"), pl.col("details").list.len() > 0
    share, more_than_nothing = pl.col("percent.low"), pl.col("percent.low_open")
    policy = _counted(folder, "site_selection_policy", ("corporate_publication",), timed=False)
    return [
        _of_companies(policy, siting_policy=_ladder((2, pl.col("weighs_renewable_supply")))),
        _of_companies(
            _counted(folder, "renewable_energy"),
            procurement_disclosed=_number_is_stated("amount").any().cast(pl.Int8) + _is_stated("types").any(),
        ),
        _of_companies(
            pl.concat([_stated_shares(folder), _derived_shares(folder)]),
            renewable_share=_ladder(
                (4, (share > 10) | ((share == 10) & more_than_nothing)),
                (2, share >= 6),
                (1, (share > 0) | ((share == 0) & more_than_nothing)),
            ),
            share_is_stated=pl.col("is_stated").any(),
        ),
        _of_companies(
            _counted(folder, "procurement"),
            procurement_mechanisms=(mechanism == "distributed_generation").any().cast(pl.Int8)
            + ((mechanism == "direct_purchase") & details).any() * 2
            + (mechanism == "large_scale_investment").any() * 2
            + (mechanism == "green_certificates").any(),
        ),
        _of_companies(
            _counted(folder, "supplier_policy"),
            suppliers=_ladder((2, pl.col("action") == "selects"), (1, _is_stated("action"))),
        ),
        _of_companies(
            _counted(folder, "data_center_site", timed=False),
            siting=pl.when(regions >= 2).then(4).when(abundant.any()).then(2),
        ),
    ]


def _influence(folder: Path) -> list[Frame]:
    runs = pl.col("stage").is_in(["in_development", "in_operation"])
    return [
        _of_companies(_counted(folder, "partnership"), cooperation=_different("partner").clip(upper_bound=3)),
        _of_companies(_counted(folder, "shared_practice"), knowledge_sharing=_different("channel")),
        _of_companies(_counted(folder, "green_certification"), green_data_center=_ladder((2, _is_stated("programme")))),
        _of_companies(
            _counted(folder, "supporting_technology"),
            supporting_technology=_ladder((2, runs | _number_is_stated("investment")), (1, _is_stated("stage"))),
        ),
    ]


def _stated_shares(folder: Path) -> Frame:
    return _counted(folder, "renewable_share").select(
        "company",
        pl.coalesce("percent", "percent.low").cast(pl.Float64).alias("percent.low"),
        pl.col("percent.low_open").fill_null(value=False),
        _number_is_stated("percent").alias("is_stated"),
    )


def _derived_shares(folder: Path) -> Frame:
    """Return the shares that follow from what was consumed and what was used in the same period by the same part."""
    keys = ("company", "boundary", "first", "last")
    low, high = (pl.coalesce("amount", f"amount.{end}").cast(pl.Float64) for end in ("low", "high"))
    has_amount = pl.coalesce("amount", "amount.low", "amount.high").is_not_null()
    is_whole = (pl.col("extent") == "whole") | (pl.col("extent").is_null() & ~pl.col("extent.disclosed"))
    dated = pl.col("period").is_not_null()
    consumed = _counted(folder, "renewable_energy").filter(dated, pl.col("status") == "consumed", has_amount)
    used = _counted(folder, "electricity_use").filter(
        dated, pl.col("breakdown") == "total", is_whole, (low > 0) | ((low == 0) & pl.col("amount.low_open"))
    )
    share = (pl.col("consumed") / pl.col("used") * 10_000 + 0.5).floor() / 100
    return (
        consumed.select(*keys, low.alias("consumed"))
        .join(used.select(*keys, high.alias("used")), on=keys)
        .select(
            "company",
            share.alias("percent.low"),
            pl.lit(value=False).alias("percent.low_open"),
            pl.lit(value=True).alias("is_stated"),
        )
        .filter((pl.col("percent.low") <= 100).fill_null(value=True))
    )


def _counted(folder: Path, fact_type: str, accepted: tuple[str, ...] = ACCEPTED, *, timed: bool = True) -> Frame:
    """Return the facts of a type that count, with the first and the last day of their times as texts."""
    sources = pl.scan_parquet(folder / "sources.parquet").select(
        pl.col("id").alias("source"), "type", *(pl.col(name).fill_null("") for name in ("published", "accessed"))
    )
    report = pl.LazyFrame({"source": ["clean-cloud-2024"], "type": ["assessment"], "published": "", "accessed": ""})
    read_in_time = (pl.col("accessed") != "") & (pl.col("accessed") <= LAST)
    known = pl.concat([sources, report]).filter(
        pl.col("type").is_in(accepted), (pl.col("published") <= LAST) | read_in_time
    )
    facts = pl.scan_parquet(folder / "facts" / f"{fact_type}.parquet").filter(pl.col("basis") != "hypothetical")
    period, day, is_year = pl.col("period"), pl.col("as_of").cast(pl.String), pl.col("period").str.len_bytes() == 4
    counted = facts.join(known, on="source", how="semi").with_columns(
        first=pl.when(is_year).then(period + "-01-01").otherwise(pl.coalesce(period.str.head(10), day)),
        last=pl.when(is_year).then(period + "-12-31").otherwise(pl.coalesce(period.str.tail(10), day)),
    )
    if timed:
        return counted.filter(pl.col("last").is_between(pl.lit(FIRST), pl.lit(LAST)))
    return counted.filter((pl.col("first") <= LAST).fill_null(value=True))


def _of_companies(facts: Frame, **points: Test) -> Frame:
    return facts.group_by("company").agg(**{name: own.cast(pl.Float64) for name, own in points.items()})


def _ladder(*rungs: tuple[float, Test]) -> Test:
    """Return the most points that a fact of a company earns on rungs, the best of which stands first."""
    found: Test = pl.lit(0.0)
    for points, test in reversed(rungs):
        found = pl.when(test).then(points).otherwise(found)
    return found.max()


def _different(field: str) -> Test:
    return pl.col(field).drop_nulls().n_unique()


def _is_stated(field: str) -> Test:
    return pl.col(field).is_not_null() | pl.col(f"{field}.disclosed")


def _number_is_stated(field: str) -> Test:
    return pl.coalesce(field, f"{field}.low", f"{field}.high").is_not_null() | pl.col(f"{field}.disclosed")


def _at_most(field: str, number: float) -> Test:
    return pl.coalesce(field, f"{field}.high").cast(pl.Float64) <= number


def _at_least(field: str, number: float) -> Test:
    return pl.coalesce(field, f"{field}.low").cast(pl.Float64) >= number
