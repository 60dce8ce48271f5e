"""A ruleset fired on the facts of one company."""

import gc
import json
import os
import platform
import resource
import shlex
import subprocess
import sys
import sysconfig
import threading
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import cleancloud_rules as cc
import hatch_build
from cleancloud_rules.engine import durable, matching
from cleancloud_rules.engine.compiler import compile_methodology
from cleancloud_rules.engine.durable import Engine, load_backend
from cleancloud_rules.engine.firings import Firing
from cleancloud_rules.model.facts import Company
from cleancloud_rules.model.methodology import Methodology
from tests.support import small
from tests.support.places import ROOT
from tests.support.stand_ins import Breaker, Spy

GOALS = small.methodology(
    small.GOALS,
    small.criterion(
        "more",
        3,
        small.rule("always", 1, {"none": [{"goal": {"topic": "carbon"}}]}),
        small.rule("both", 3, {"all": [{"goal": {"topic": "energy"}}, {"goal": {"topic": "carbon"}}]}),
    ),
)


def goals(*years: int, topic: str = "energy") -> Company:
    facts = (small.fact("goal", {"topic": topic, "year": year, "coverage": "whole"}) for year in years)
    return small.company(GOALS, *facts)


def engine_of(methodology: Methodology, backend: Any = None) -> Engine:
    return Engine(compile_methodology(methodology), backend)


def fired(engine: Engine, company: Company) -> list[str]:
    return [firing.rule for firing in engine.fire(company).firings]


def test_firings_name_the_rule_and_the_facts_that_satisfy_it() -> None:
    company = goals(2028, 2035)
    early = next(fact.id for fact in company.facts if fact.get("year") == 2028)
    both = tuple(sorted(fact.id for fact in company.facts))
    assert engine_of(GOALS).fire(company).firings == (
        Firing("goals", "dated", both),
        Firing("goals", "soon", (early,)),
        Firing("more", "always", ()),
    )


def test_facts_that_do_not_count_are_kept_with_the_reason() -> None:
    methodology = small.methodology(small.LADDER)
    facts = [
        small.fact("share", {"percent": 20}, period=2019),
        small.fact("share", {"percent": 30}, source="leaflet"),
        small.fact("share", {"percent": 40}, source=None),
        small.fact("share", {"percent": 50}, basis="hypothetical"),
        small.fact("share", {"percent": 5}),
    ]
    company = small.company(methodology, *({k: v for k, v in f.items() if v is not None} for f in facts))
    found = engine_of(methodology).fire(company)
    assert [firing.rule for firing in found.firings] == ["low"]
    reasons = {counted.fact.get("percent"): counted.why_not for counted in found.facts}
    assert {int(str(value)): reason for value, reason in reasons.items()} == {
        5: None,
        20: "its period ends on 2019-12-31, before the window begins on 2022-01-01",
        30: "sources of type leaflet are not accepted",
        40: "no source is given",
        50: "hypothetical facts are read only on request",
    }
    asked = engine_of(methodology).fire(company, with_hypothetical=True)
    assert [firing.rule for firing in asked.firings] == ["high", "low"]


def test_what_fires_does_not_depend_on_the_order_of_facts() -> None:
    company = goals(2028, 2035, 2041)
    engine = engine_of(GOALS)
    turned = Company("acme", "Acme", facts=tuple(reversed(company.facts)))
    assert engine.fire(turned) == engine.fire(company)


def test_facts_are_sent_in_several_batches_where_they_are_many() -> None:
    company = goals(*range(2000, 2000 + 2 * matching.MAX_RECORDS + 1))
    spy = Spy()
    engine = engine_of(GOALS, spy)
    spy.calls.clear()
    found = {firing.rule: firing for firing in engine.fire(company).firings}
    sizes = [len(json.loads(text)) - 2 for _, text in spy.named("assert_facts")]
    assert sizes[:3] == [matching.MAX_RECORDS, matching.MAX_RECORDS, 1]
    assert len(found["dated"].facts) == 2 * matching.MAX_RECORDS + 1
    assert len(found["soon"].facts) == 31


@pytest.mark.parametrize("number", [matching.MAX_RECORDS - 1, matching.MAX_RECORDS, matching.MAX_RECORDS + 1])
def test_no_fact_is_lost_where_batches_are_cut(number: int) -> None:
    found = engine_of(GOALS).fire(goals(*range(1900, 1900 + number)))
    assert {firing.rule: len(firing.facts) for firing in found.firings}["dated"] == number


def test_a_shard_that_reads_nothing_of_a_company_is_not_run() -> None:
    spy = Spy()
    engine = engine_of(GOALS, spy)
    spy.calls.clear()
    assert fired(engine, goals()) == ["always"]
    assert len(spy.named("assert_facts")) == 1


def test_records_hold_small_integers_only() -> None:
    methodology = small.methodology(
        small.criterion("c", 1, small.rule("r", 1, {"site": {"load": "> 0.5", "region": "North", "public": True}}))
    )
    spy = Spy()
    site = small.fact("site", {"region": 'No"rth\\', "load": 123456789012.5, "public": True, "opened": "2024-01-02"})
    engine_of(methodology, spy).fire(small.company(methodology, site))
    for _, text in spy.named("assert_facts"):
        for number, record in enumerate(json.loads(text)):
            assert record["id"] == number
            assert all(type(value) is int and -1 <= value < 1000 for value in record.values())


def test_every_state_is_deleted_after_its_batch() -> None:
    spy = Spy()
    engine_of(GOALS, spy).fire(goals(2028))
    named = [name for name, _ in spy.calls if name in ("assert_facts", "delete_state")]
    assert named == ["assert_facts", "delete_state"] * (len(named) // 2)
    assert all(sid == "0" for _, sid in spy.named("delete_state"))


@pytest.mark.parametrize(
    "name", ["assert_facts", "start_action_for_state", "complete_and_start_action", "delete_state"]
)
@pytest.mark.parametrize("error", [RuntimeError("boom"), KeyboardInterrupt()])
def test_a_company_is_not_poisoned_by_what_an_earlier_one_left_over(name: str, error: BaseException) -> None:
    counting = Spy()
    engine_of(GOALS, counting)
    for after in range(6):
        breaker = Breaker(name, error, after=len(counting.named(name)) + after, times=1)
        engine = engine_of(GOALS, breaker)
        expected = cc.EngineError if isinstance(error, Exception) else type(error)
        with pytest.raises(expected):
            [engine.fire(goals(2028, topic="carbon")) for _ in range(6)]
        assert fired(engine, goals(2035)) == ["dated", "always"]
        assert fired(engine, goals(2028, topic="carbon")) == []


def test_an_interrupted_batch_frees_its_lock() -> None:
    spy = Spy()
    engine_of(GOALS, spy)
    engine = engine_of(
        GOALS, Breaker("assert_facts", KeyboardInterrupt(), after=len(spy.named("assert_facts")), times=1)
    )
    with pytest.raises(KeyboardInterrupt):
        engine.fire(goals(2028))
    done: list[list[str]] = []
    thread = threading.Thread(target=lambda: done.append(fired(engine, goals(2035))), daemon=True)
    thread.start()
    thread.join(timeout=20)
    assert done == [["dated", "always"]]


def test_closing_frees_every_ruleset_once() -> None:
    spy = Spy()
    engine = engine_of(GOALS, spy)
    engine.fire(goals(2028))
    engine.close()
    engine.close()
    created, deleted = len(spy.named("create_ruleset")), [handle for (handle,) in spy.named("delete_ruleset")]
    assert len(deleted) == len(set(deleted)) == created


def test_what_is_dropped_is_freed() -> None:
    spy = Spy()
    engine_of(GOALS, spy)
    gc.collect()
    assert len(spy.named("delete_ruleset")) == len(spy.named("create_ruleset")) > 0


def test_what_could_not_be_loaded_whole_is_freed() -> None:
    breaker = Breaker("create_ruleset", RuntimeError("no"), after=1)
    with pytest.raises(cc.EngineError, match="refused the rules of shard join0"):
        engine_of(GOALS, breaker)
    gc.collect()
    assert len(breaker.named("create_ruleset")) == len(breaker.named("delete_ruleset")) == 1


def test_a_closed_engine_says_so() -> None:
    engine = engine_of(GOALS)
    engine.close()
    with pytest.raises(cc.EngineError, match="the engine was closed, and cannot be used any more"):
        engine.fire(goals(2028))


def test_a_company_is_fired_whole_or_not_at_all_while_another_thread_closes() -> None:
    company = goals(2028)
    outcomes: set[str] = set()
    for _ in range(30):
        engine = engine_of(GOALS)
        expected = engine.fire(company)

        def keep_firing(engine: Engine = engine, expected: Any = expected) -> None:
            try:
                while True:
                    outcomes.add("right" if engine.fire(company) == expected else "wrong")
            except cc.EngineError as error:
                outcomes.add(str(error))

        threads = [threading.Thread(target=keep_firing) for _ in range(2)]
        for thread in threads:
            thread.start()
        engine.close()
        for thread in threads:
            thread.join(timeout=20)
    assert outcomes - {"right"} == {"the engine was closed, and cannot be used any more"}


def test_derived_facts_are_matched_like_stated_ones() -> None:
    methodology = small.methodology(small.LADDER)
    used = small.fact("energy", {"status": "used", "amount": "10 GWh"})
    bought = small.fact("energy", {"status": "bought", "amount": "2 GWh"})
    found = engine_of(methodology).fire(small.company(methodology, used, bought))
    (derived,) = [counted.fact for counted in found.facts if counted.fact.derived_by]
    assert str(derived.get("percent")) == "20"
    assert found.firings[0] == Firing("ladder", "high", (derived.id,))


def test_more_combinations_than_can_be_joined_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    methodology = small.methodology(small.LADDER)
    facts = [small.fact("energy", {"status": "used", "amount": f"{n} GWh"}) for n in range(1, 4)]
    facts += [small.fact("energy", {"status": "bought", "amount": f"{n} GWh"}) for n in range(1, 5)]
    engine, company = engine_of(methodology), small.company(methodology, *facts)
    monkeypatch.setattr(matching, "MAX_COMBINATIONS", 12)
    assert len(engine.fire(company).facts) + len(engine.fire(company).problems) > len(facts)
    monkeypatch.setattr(matching, "MAX_COMBINATIONS", 11)
    with pytest.raises(cc.EngineError) as caught:
        engine.fire(company)
    expected = "derivation share_of_use joins 12 combinations of facts, at most 11 are possible"
    assert str(caught.value) == expected


MISSING = """\
durable_rules is not installed. It is compiled when it is installed, so a C compiler must be present. On Python 3.13 \
and later, gcc 14, clang 16 and newer compilers need the flag
  CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject pip install durable_rules==2.0.28"""

BUILT_WRONGLY = """\
durable_rules was built without a flag and calls PyEval_CallObject, which Python 3.13 and later lack; this \
installation has no library that defines it. Install durable_rules again with the flag
  CPPFLAGS=-DPyEval_CallObject=PyObject_CallObject pip install --no-cache-dir --force-reinstall \
--no-binary durable_rules durable_rules==2.0.28"""

ABSENT = ModuleNotFoundError("No module named 'durable_rules_engine'", name="durable_rules_engine")
INCOMPLETE = ImportError("durable_rules_engine.so: undefined symbol: PyEval_CallObject")


@pytest.fixture
def importing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[..., ModuleType]:
    """Return what makes each import of the engine fail with the next of some errors, and then give a stand-in.

    No library is compiled beside the module, as on most versions of Python.
    """
    real, stand_in = __import__, ModuleType("durable_rules_engine")

    def prepare(*errors: ImportError) -> ModuleType:
        left = list(errors)

        def import_it(name: str, *arguments: Any, **named: Any) -> ModuleType:
            if name != "durable_rules_engine":
                return real(name, *arguments, **named)
            if left:
                raise left.pop(0)
            return stand_in

        monkeypatch.setattr("builtins.__import__", import_it)
        return stand_in

    monkeypatch.setattr(durable, "_LIBRARY", tmp_path / "pyeval_callobject.so.1")
    return prepare


@pytest.mark.parametrize(
    ("error", "told"),
    [(ABSENT, MISSING), (INCOMPLETE, BUILT_WRONGLY)],
    ids=["missing", "built without its flag"],
)
def test_without_a_working_engine_the_error_says_what_to_do(
    error: ImportError, told: str, importing: Callable[..., ModuleType]
) -> None:
    importing(error, error)
    with pytest.raises(cc.EngineError) as caught:
        load_backend()
    assert str(caught.value) == told
    with pytest.raises(cc.EngineError) as caught:
        cc.score(goals(2028), small.methodology(small.GOALS))
    assert str(caught.value) == told


@pytest.mark.parametrize(
    "error",
    [
        ImportError("durable_rules_engine.so: wrong ELF class: ELFCLASS32"),
        ModuleNotFoundError("No module named 'encodings.cp1'", name="encodings.cp1"),
    ],
    ids=["another fault of the engine", "another module"],
)
def test_an_import_that_fails_for_another_reason_fails_with_its_own_error(
    error: ImportError, importing: Callable[..., ModuleType]
) -> None:
    importing(error)
    with pytest.raises(ImportError) as caught:
        load_backend()
    assert caught.value is error


def test_what_is_wrong_after_the_function_is_defined_has_its_own_error(
    importing: Callable[..., ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = ImportError("durable_rules_engine.so: undefined symbol: PyUnicode_AsUnicode")
    importing(INCOMPLETE, other)
    monkeypatch.setattr("ctypes.CDLL", lambda *_, **__: None)
    with pytest.raises(ImportError) as caught:
        load_backend()
    assert caught.value is other


def test_an_engine_that_is_complete_needs_no_library(
    importing: Callable[..., ModuleType], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = importing()
    monkeypatch.setattr("ctypes.CDLL", None)
    assert load_backend() is engine


# An extension module that lacks the same function as durable_rules, on every version of Python.
LACKING = """
#include <Python.h>
#undef PyEval_CallObject
void *PyEval_CallObject(void *, void *);
static PyObject *call(PyObject *self, PyObject *args)
{
    return PyBool_FromLong(PyEval_CallObject(self, args) != NULL);
}
static PyMethodDef methods[] = {{"call", call, METH_VARARGS, ""}, {NULL, NULL, 0, NULL}};
static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "durable_rules_engine", NULL, -1, methods};
PyMODINIT_FUNC PyInit_durable_rules_engine(void) { return PyModule_Create(&module); }
"""

LOADING = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from cleancloud_rules.engine import durable
from cleancloud_rules.errors import EngineError
durable._LIBRARY = Path(sys.argv[2])
try:
    print(durable.load_backend().call())
except EngineError as error:
    print(error)
"""


def test_the_library_defines_the_function_for_a_real_extension_module(tmp_path: Path) -> None:
    (tmp_path / "lacking.c").write_text(LACKING, encoding="utf-8")
    compiler = (*shlex.split(sysconfig.get_config_var("CC")), "-I", sysconfig.get_path("include"), "-shared", "-fPIC")
    module = tmp_path / "durable_rules_engine.so"
    subprocess.run([*compiler, str(tmp_path / "lacking.c"), "-o", str(module)], check=True)
    library = tmp_path / "pyeval_callobject.so.1"

    def loaded() -> str:
        command = [sys.executable, "-c", LOADING, str(tmp_path), str(library)]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.rstrip("\n")

    assert loaded() == BUILT_WRONGLY
    assert hatch_build.compile_library(ROOT / hatch_build.SOURCE, library) is None
    assert loaded() == "False"


FAULTS = """
import resource
if {loads}:
    from cleancloud_rules.engine.durable import load_backend
    load_backend()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(50):
    blocks = [bytes([n]) * 100_000 for n in range(10)]
    del blocks
print(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before)
"""
"""Counts page faults while blocks are allocated and freed, each too small to have a place of its own in memory."""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has other thresholds")
def test_freed_memory_is_kept_for_the_next_batch() -> None:
    def page_faults(*, loads: bool) -> int:
        code = FAULTS.format(loads=loads)
        own = {name: value for name, value in os.environ.items() if not name.startswith("MALLOC_")}
        done = subprocess.run([sys.executable, "-c", code], env=own, capture_output=True, text=True, check=True)
        return int(done.stdout)

    pages = 1_000_000 // resource.getpagesize()
    assert page_faults(loads=False) >= 25 * pages  # the blocks are given back each time, and their pages are new ones
    assert page_faults(loads=True) <= 3 * pages
