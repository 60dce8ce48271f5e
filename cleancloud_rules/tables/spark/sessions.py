"""Sessions of Spark: the user's, or a new one on this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from cleancloud_rules.errors import MissingExtraError
from cleancloud_rules.tables.arrow import Refused

_MISSING = "Spark is missing: pip install pyspark"

_ALONE: dict[str, Any] = {
    "spark.master": "local[*]",
    "spark.sql.codegen.cache.maxEntries": "1000",  # of 100, code would be compiled anew whenever tables are scored
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
"""The settings of a session on this machine. Nothing listens to other machines."""


def session() -> Any:
    """Return the active session, or a new one: with the settings of ``spark-submit``, or else on this machine alone.

    Raises:
        MissingExtraError: if Spark is missing; the message says what to install.
        Refused: if Spark does not start.
    """
    try:
        from pyspark import SparkConf  # noqa: PLC0415 - the user's
        from pyspark.sql import SparkSession  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError(_MISSING) from error
    active = SparkSession.getActiveSession()
    if active is not None:
        return active
    with refusals():
        given = SparkConf()
        alone = {} if given.contains("spark.master") else _ALONE
        return SparkSession.builder.config(map=alone).appName("cleancloud-rules").getOrCreate()


def checked(found: Any) -> Any:
    """Return a session of Spark, which was given.

    Raises:
        MissingExtraError: if Spark is missing; the message says what to install.
        TypeError: if it is none, or one of Spark Connect.
    """
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415 - the user's
    except ImportError as error:
        raise MissingExtraError(_MISSING) from error
    if not isinstance(found, SparkSession) or not hasattr(found, "_jsparkSession"):
        kind = f"{type(found).__module__}.{type(found).__qualname__}"
        raise TypeError(f"an engine is `duckdb`, `spark` or a session of Spark, not of Spark Connect; got {kind}")
    return found


@contextmanager
def refusals() -> Iterator[None]:
    """Turn the errors of Spark within into `Refused`.

    Raises:
        Refused: if Spark refuses something or fails.
    """
    from py4j.protocol import Py4JError, Py4JNetworkError  # noqa: PLC0415 - Spark is the user's
    from pyspark.errors import PySparkException  # noqa: PLC0415

    try:
        yield
    except (PySparkException, Py4JError, Py4JNetworkError) as error:
        raise Refused(str(error)) from error
