"""Tables of scores that Spark holds."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

from attrs import frozen

from cleancloud_rules.errors import OutputError
from cleancloud_rules.tables.arrow import Refused
from cleancloud_rules.tables.files import SUFFIXES
from cleancloud_rules.tables.spark.sessions import refusals


def is_folder_of_spark(name: str) -> bool:
    """Whether Spark writes a folder of this name: it is an address, or has none of the endings of files."""
    return "://" in name or PurePath(name).suffix.lower() not in SUFFIXES


@frozen(eq=False)
class SparkScores:
    """The rows of a table of scores that Spark computes.

    Args:
        whole: the data frame of Spark, in no order.
        companies: a data frame with the columns ``company`` and ``problem`` alone.
    """

    whole: Any
    companies: Any

    def arrow(self) -> Any:
        """Return them as an Arrow table."""
        with refusals():
            return self.whole.orderBy("company").toArrow()

    def count(self) -> int:
        """Return how many there are."""
        with refusals():
            return int(self.companies.count())

    def at(self, numbers: Sequence[int]) -> list[dict[str, Any]]:
        """Return the rows with some numbers, counted from 0."""
        with refusals():
            ids = self.companies.select("company").orderBy("company").toArrow()["company"]
            chosen = ids.take(numbers).to_pylist()
            found: list[dict[str, Any]] = self.whole.where(self.whole["company"].isin(chosen)).toArrow().to_pylist()
        return sorted(found, key=lambda row: str(row["company"]))

    def problems(self) -> list[tuple[str, str]]:
        """Return the companies that have no result, each with its problem."""
        with refusals():
            found = self.companies.where("problem IS NOT NULL").select("company", "problem").orderBy("company")
            return [(row["company"], row["problem"]) for row in found.collect()]

    def frame(self, name: str, text: str) -> Any:
        """Return the data frame with a text in the metadata of the column ``company``."""
        with refusals():
            return self.whole.withMetadata("company", {name: text})

    def write(self, path: str, name: str, text: str) -> None:
        """Write them into a new folder, as Parquet files with a text in the metadata of the column ``company``.

        Raises:
            OutputError: if the folder is there, or cannot be written.
        """
        try:
            with refusals():
                self.frame(name, text).write.parquet(path)
        except Refused as refused:
            message = str(refused).partition("\n")[0]
            raise OutputError(f"cannot write the folder `{path}`: {message}") from refused
