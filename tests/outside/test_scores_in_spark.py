"""Tables of scores that Spark makes are those that DuckDB makes."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from attrs import evolve
from click.testing import CliRunner
from pyarrow import parquet

import cleancloud_rules as cc
from cleancloud_rules import FactsError, Methodology
from cleancloud_rules.cli import main
from cleancloud_rules.errors import OutputError
from cleancloud_rules.tables.arrow import arrow_table, rows_of
from cleancloud_rules.tables.backends import DuckDB
from cleancloud_rules.tables.scoring.score_table import score_table
from cleancloud_rules.tables.spark import backend as spark_backend
from cleancloud_rules.tables.spark.backend import Spark
from cleancloud_rules.tables.spark.scores import SparkScores
from tests.benchmarks import rungs
from tests.support.examples import example
from tests.support.score_tables import seeded_companies
from tests.support.spark import session
from tests.support.table_folders import PAGE, survey
from tests.support.tables_of_companies import tables_of_companies
from tests.support.typed_tables import arrow_tables

pytestmark = [
    pytest.mark.outside,
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
]

Capture = pytest.CaptureFixture[str]

METHODOLOGIES = 12
COPIES = 400
"""How many times the 25 companies of Clean Cloud 2024 are there, each time with other facts."""

UNCOMPILED = ("Failed to compile", "grows beyond 64 KB", "Whole-stage codegen disabled")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, Path]]:
    with session(tmp_path_factory.mktemp("spark")) as made:
        yield made


@pytest.fixture(scope="module")
def spark(started: tuple[Any, Path]) -> Any:
    return started[0]


class Tiny(Spark):
    """Spark for a few rows: most of the time would go into compiling code for them, and into moving them about."""

    def __init__(self, session: Any) -> None:
        super().__init__(session)
        for name, value in {
            "adaptive.enabled": "false",
            "codegen.factoryMode": "NO_CODEGEN",
            "codegen.wholeStage": "false",
            "leafNodeDefaultParallelism": "1",
            "shuffle.partitions": "1",
        }.items():
            self._session.conf.set(f"spark.sql.{name}", value)


def in_both(companies: Any, methodology: Methodology, backend: Spark, **options: Any) -> tuple[Any, Any]:
    """Return the rows of the same table, made by DuckDB and by Spark, and why facts do not count."""
    made = (
        score_table(tables_of_companies(companies, methodology, b), methodology, **options) for b in (DuckDB(), backend)
    )
    first, second = ((scores.table.to_pylist(), scores.uncounted) for scores in made)
    return first, second


@pytest.mark.parametrize("seed", range(METHODOLOGIES))
def test_generated_methodologies_have_the_same_scores(seed: int, spark: Any) -> None:
    methodology, companies = seeded_companies(seed, 25)
    backend = Tiny(spark)
    first, second = in_both(companies, methodology, backend, with_hypothetical=seed % 4 == 0)
    assert first == second
    assert first[1]
    backend.close()


def test_long_lists_of_values_are_joined(spark: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    methodology, companies = seeded_companies(1, 25)
    monkeypatch.setattr(spark_backend, "MAX_LISTED", 2)
    monkeypatch.setattr(spark_backend, "MAX_JOINS", 3)
    first, second = in_both(companies, methodology, Tiny(spark), with_hypothetical=True)
    assert first == second


def test_rows_are_ordered_by_company(spark: Any) -> None:
    rows = [("c3", "a problem"), ("c1", None), ("c4", None), ("c2", "b problem")]
    frame = spark.createDataFrame(rows, "company STRING, problem STRING").repartition(2)
    scores = SparkScores(frame, frame)
    assert scores.count() == 4
    assert scores.arrow()["company"].to_pylist() == ["c1", "c2", "c3", "c4"]
    assert scores.at([1, 3]) == [{"company": "c2", "problem": "b problem"}, {"company": "c4", "problem": None}]
    assert scores.problems() == [("c2", "b problem"), ("c3", "a problem")]


def mixed(folder: Path, methodology: Methodology, copies: int) -> Path:
    """Write the companies of Clean Cloud 2024 into a folder, many times, each time with facts of other ones."""
    dataset = example("clean_cloud_2024")[1]
    ids = [company.id for company in dataset.companies]
    place = {id: number for number, id in enumerate(ids)}
    (folder / "facts").mkdir(parents=True)
    searches_left_out = evolve(dataset, companies=tuple(evolve(one, not_found=()) for one in dataset.companies))
    chosen = Random(copies)  # noqa: S311 - no secret
    for name, table in arrow_tables(searches_left_out, methodology).items():
        made = table
        if name == "companies":
            columns = ("id", "name", "cohort")
            rows = [
                {column: f"{row[column]} {copy}" if column == "name" else row[column] for column in columns}
                | {"id": f"{row['id']}-{copy}"}
                for copy in range(copies)
                for row in table.to_pylist()
            ]
            made = pa.Table.from_pylist(rows)
        elif name.startswith("facts/"):
            of = table["company"].to_pylist()
            steps = [chosen.randrange(len(ids)) for _ in range(copies)]
            owners = [f"{ids[(place[id] + step) % len(ids)]}-{copy}" for copy, step in enumerate(steps) for id in of]
            made = pa.concat_tables([table] * copies).set_column(0, "company", pa.array(owners))
        parquet.write_table(made, folder / f"{name}.parquet")
    return folder


def test_ten_thousand_companies_of_clean_cloud_have_the_same_scores(
    spark: Any, methodology: Methodology, tmp_path: Path
) -> None:
    folder = mixed(tmp_path / "tables", methodology, COPIES)
    first = cc.score_table(folder, methodology)
    second = cc.score_table(folder, methodology, engine=spark)
    assert len(first) == len(second) == 25 * COPIES
    assert len(set(first.table["total"].to_pylist())) > 50
    assert first.uncounted == second.uncounted
    assert first.uncounted
    assert first.table.column_names == second.table.column_names
    for name in first.table.column_names:
        assert first.table[name].to_pylist() == second.table[name].to_pylist(), name


def test_five_hundred_conditions_are_compiled(started: tuple[Any, Path]) -> None:
    spark, log = started
    criteria = 167
    methodology = rungs.methodology(criteria)
    assert sum(len(criterion.rules) for criterion in methodology.criteria) > 500
    companies = [rungs.company(number, criteria, 60, methodology) for number in range(200)]
    before = len(log.read_text())
    first, second = in_both(companies, methodology, Spark(spark))
    assert first == second
    said = log.read_text()[before:]
    assert not [line for line in said.splitlines() if any(words in line for words in UNCOMPILED)]


def test_questions_that_are_asked_together_have_the_answers_of_duckdb(spark: Any) -> None:
    rows = [(n % 3, None if n % 5 == 0 else n % 4, str(n % 2), ["a", "b"][: n % 3], n * 10**20) for n in range(60)]
    columns = {"a": "int", "b": "int", "c": "text", "d": "texts", "e": "whole"}
    asked: list[tuple[str, dict[str, str]]] = [
        ("many", {"x": "a"}), ("many", {"x": "b"}), ("many", {"x": "a", "y": "b"}), ("many", {"x": "d", "y": "c"}),
        ("few", {"x": "a + 1", "y": "d"}), ("(SELECT * FROM many WHERE a > 1)", {"x": "b", "y": "e", "z": "a"}),
        ("none", {"x": "e"}), ("none", {"x": "COALESCE(a, 0)"}), ("few", {"x": "COALESCE(b, 7)"}),
        *(("many", {"x": f"COALESCE(b, 0) * {number} + 1"}) for number in range(250)),
    ]  # fmt: skip
    said = []
    for backend in (DuckDB(), Spark(spark)):
        for name, held in {"many": rows, "few": rows[:7], "none": []}.items():
            backend.register(name, arrow_table(columns, held))
        for own in (asked, asked[:1], asked[4:7]):
            found = backend.distinct(own)
            assert [table.column_names for table in found] == [list(columns) for _, columns in own]
            said.append([sorted(map(repr, rows_of(table))) for table in found])
    assert said[:3] == said[3:]
    assert len(said[0][2]) > len(said[0][1]) > 4


@pytest.fixture
def frames(spark: Any, tmp_path: Path) -> dict[str, Any]:
    """Return the tables of the page for users as data frames."""
    folder = survey(tmp_path / "survey")
    return {path.stem: spark.read.csv(str(path), header=True) for path in folder.rglob("*.csv")}


def test_mistakes_have_the_places_of_their_rows(spark: Any, frames: dict[str, Any], methodology: Methodology) -> None:
    rows = frames["renewable_share"].toArrow().to_pylist()
    many = [{**rows[0], "locator": f"page {number}"} for number in range(50)]
    many[31]["basis"], many[7]["company"] = "reprted", "acne"
    shares = pa.Table.from_pylist(many)
    said = []
    first, second, third = (spark.createDataFrame(shares.slice(*part)) for part in ((0, 3), (3, 5), (8, 42)))
    in_parts = first.unionAll(second).unionAll(third)
    moved = spark.createDataFrame(shares).repartition(1)
    for engine, table in (("duckdb", shares), (spark, shares), (spark, moved), (spark, in_parts)):
        tables = {name: frame.toArrow() if engine == "duckdb" else frame for name, frame in frames.items()}
        with pytest.raises(FactsError) as caught:
            cc.score_table({**tables, "renewable_share": table}, methodology, engine=engine)
        said.append(str(caught.value))
    assert said == said[:1] * 4
    assert "renewable_share[31].basis" in said[0]


def test_floating_point_numbers_are_refused(spark: Any, frames: dict[str, Any], methodology: Methodology) -> None:
    shares = frames["renewable_share"].selectExpr("* EXCEPT (percent)", "CAST(15.5 AS DOUBLE) AS percent")
    with pytest.raises(FactsError, match="make them decimals in `percent`"):
        cc.score_table({**frames, "renewable_share": shares}, methodology, engine=spark)


def test_the_program_and_the_command_of_the_page_run(
    spark: Any, methodology: Methodology, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    survey(tmp_path / "survey")
    monkeypatch.chdir(tmp_path)
    duckdb = cc.score_table("survey", methodology, sample=2, seed=1)
    programs = re.findall(r"^```python\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    (program,) = (one for one in programs if "pyspark" in one)
    # Paths of Spark begin where its process was started, and that was elsewhere.
    program = program.replace('"survey/', f'"{tmp_path}/survey/').replace('"scores"', f'"{tmp_path}/scores"')
    made: dict[str, Any] = {}
    exec(compile(program, "page", "exec"), made)  # noqa: S102 - the page is ours
    assert f"```text\n{capsys.readouterr().out.strip()}\n```\n" in PAGE
    scores = evolve(made["scores"], seed=1)
    assert (scores.sampled, len(scores), scores.without_result()) == (2, 2, ())
    assert scores.table.to_pylist() == duckdb.table.to_pylist()
    assert scores.table.schema.metadata == duckdb.table.schema.metadata
    written = spark.read.parquet(str(tmp_path / "scores"))
    assert written.orderBy("company").toArrow().to_pylist() == duckdb.table.to_pylist()
    assert "clean_cloud_2024" in written.schema["company"].metadata["cleancloud_rules"]
    with pytest.raises(OutputError, match="cannot write the folder"):
        scores.write(tmp_path / "scores")
    assert not [view for view in spark.catalog.listTables() if view.isTemporary]
    shutil.rmtree("scores")
    (line,) = re.findall(r"^cleancloud-rules (.* --engine spark .*)$", PAGE, re.MULTILINE)
    *arguments, _ = shlex.split(line)
    done = CliRunner().invoke(main, [*arguments, str(tmp_path / "scores")])
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout.endswith(f"2 companies in {tmp_path / 'scores'}\n")
    assert parquet.read_table("scores").sort_by("company").to_pylist() == duckdb.table.to_pylist()


def test_what_is_no_session_is_refused(methodology: Methodology) -> None:
    with pytest.raises(TypeError, match="a session of Spark"):
        cc.score_table({}, methodology, engine=1)
    with pytest.raises(ValueError, match="there is no engine `sparc`"):
        cc.score_table({}, methodology, engine="sparc")
