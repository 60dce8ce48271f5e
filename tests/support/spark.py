"""A session of Spark for tests, on the loopback address, whose log is kept."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

_LOGGING = """
appenders = file
appender.file.type = File
appender.file.name = file
appender.file.fileName = {log}
appender.file.layout.type = PatternLayout
appender.file.layout.pattern = %d %p %c{{1}}: %m%n%ex
rootLogger.level = warn
rootLogger.appenderRef.file.ref = file
"""


@contextmanager
def session(folder: Path, memory: str = "3g") -> Iterator[tuple[Any, Path]]:
    """Yield a session of Spark on two cores, and the file of its log.

    Args:
        folder: an empty folder for what it writes.
        memory: the memory of Java.
    """
    assert shutil.which("java"), "Spark needs Java: apt-get install openjdk-17-jre-headless"
    from pyspark.sql import SparkSession  # noqa: PLC0415 - only `make test-outside` installs it

    log, settings = folder / "spark.log", folder / "log4j2.properties"
    settings.write_text(_LOGGING.format(log=log))
    # Most of the time of small tables goes into compiling Spark itself: the quicker compiler is enough.
    options = f"-Dlog4j2.configurationFile=file:{settings} -XX:TieredStopAtLevel=1"
    made = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.extraJavaOptions", options)
        .config("spark.driver.memory", memory)
        .config("spark.local.dir", str(folder / "local"))
        .config("spark.sql.codegen.cache.maxEntries", "1000")  # of 100, a warm session would not be warm
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .getOrCreate()
    )
    try:
        yield made, log
    finally:
        made.stop()
