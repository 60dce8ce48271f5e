"""The page about contradictions lists those of the dataset."""

from cleancloud_rules import load_dataset, load_methodology
from tests.support.contradictions import PAGE, written


def test_the_page_lists_what_the_dataset_says() -> None:
    dataset = load_dataset("clean_cloud_2024", load_methodology("clean_cloud_2024"))
    page = PAGE.read_text(encoding="utf-8")
    assert written(page, dataset) == page, "run `make pages`"
    assert all(f"### `{found.id}`: {found.title}" in page for found in dataset.contradictions)
    assert len(dataset.contradictions) == 24
