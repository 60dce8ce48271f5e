import random
import re
from collections import Counter

import pytest

from tests.mutants.running import FAULTS, Fault, faults, faults_tried, kept, quick_tests, survivors
from tests.support.places import ROOT

KEPT = faults()


def test_there_are_enough_faults() -> None:
    assert len(KEPT) >= 60


@pytest.mark.parametrize("fault", KEPT, ids=lambda fault: f"{fault.module}: {fault.breaks}")
def test_a_fault_still_applies(fault: Fault) -> None:
    text = (ROOT / "cleancloud_rules" / fault.module).read_text(encoding="utf-8")
    compile(fault.applied(text), fault.module, "exec")


def test_each_module_stands_once_so_that_no_entry_hides_another() -> None:
    modules = re.findall(r"^  (\S+):$", FAULTS.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(modules) == sorted(kept()["modules"])


def test_no_fault_is_kept_twice() -> None:
    assert max(Counter((fault.module, fault.old, fault.new) for fault in KEPT).values()) == 1


def test_the_tests_that_are_to_notice_exist() -> None:
    for test in {test for fault in KEPT for test in fault.tests} | set(quick_tests()):
        assert (ROOT / test.partition("::")[0]).exists(), f"{FAULTS.name} names {test}"


def test_faults_that_need_programs_from_outside_are_tried_apart() -> None:
    apart, others = faults_tried(outside=True), faults_tried(outside=False)
    assert [fault for fault in KEPT if fault in apart or fault in others] == KEPT
    assert {fault.module for fault in apart} == {"tables/spark/backend.py", "tables/spark/scores.py"}
    assert not [test for fault in others for test in (*fault.tests, *quick_tests()) if "outside" in test]


@pytest.mark.slow
def test_a_sample_of_faults_is_noticed() -> None:
    chosen = random.Random(2024).sample(faults_tried(outside=False), 2)  # noqa: S311 - no secret
    assert survivors(chosen, jobs=2) == []
