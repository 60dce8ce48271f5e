"""What can be told of tables of scores in Spark without Spark: where they are written."""

import pytest

from cleancloud_rules.tables.spark.scores import is_folder_of_spark


@pytest.mark.parametrize(
    ("name", "is_folder"),
    [
        ("scores", True), ("out/scores.2024", True), ("hdfs://cluster/scores", True), ("s3a://b/scores.parquet", True),
        ("scores.parquet", False), ("out/SCORES.PARQUET", False), ("scores.csv", False),
    ],
)  # fmt: skip
def test_a_name_without_the_ending_of_a_file_and_an_address_are_folders(name: str, *, is_folder: bool) -> None:
    assert is_folder_of_spark(name) is is_folder
