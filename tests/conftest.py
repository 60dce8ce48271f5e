"""How many cases Hypothesis makes: ``--hypothesis-profile quick`` (the default), ``deep`` or ``debug``.

The quick cases are the same in every run, so that a change is judged by itself; the deep ones are new each time.
"""

from hypothesis import HealthCheck, settings

COMMON = settings(deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])

settings.register_profile("quick", COMMON, max_examples=200, derandomize=True)
settings.register_profile("deep", COMMON, max_examples=1_000)
settings.register_profile("debug", COMMON, max_examples=50)
settings.load_profile("quick")
