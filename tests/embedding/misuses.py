"""Mistakes that a program can make. Type checkers refuse each marked line and no other one; nothing here is run."""

from decimal import Decimal

import cleancloud_rules as cc
from cleancloud_rules.model import HitPolicy
from cleancloud_rules.results import Outcome


def wrong_order(company: cc.Company, methodology: cc.Methodology) -> cc.Scorecard:
    return cc.score(methodology, company)  # refused


def unknown_keyword(company: cc.Company, methodology: cc.Methodology) -> cc.Scorecard:
    return cc.score(company, methodology, explained=True)  # refused


def path_in_place_of_a_methodology(company: cc.Company) -> cc.Scorecard:
    return cc.score(company, "clean_cloud_2024")  # refused


def points_in_place_of_a_scorecard(company: cc.Company, methodology: cc.Methodology) -> cc.Scorecard:
    return cc.score(company, methodology, explain=False)  # refused


def bounds_without_explanation(company: cc.Company, methodology: cc.Methodology) -> object:
    return cc.score(company, methodology, explain=False, with_bounds=True)  # refused


def field_that_is_changed(card: cc.Scorecard) -> None:
    card.total = Decimal(100)  # refused


def field_of_the_model_that_is_changed(methodology: cc.Methodology) -> None:
    methodology.criteria[0].max_points = Decimal(5)  # refused


def field_that_does_not_exist(card: cc.Scorecard) -> object:
    return card.score  # refused


def field_of_another_result(ranking: cc.Ranking) -> object:
    return ranking.cohorts[0].rows[0].company.facts  # refused


def total_that_may_be_missing(card: cc.Scorecard) -> Decimal:
    return card.total + 1  # refused


def bounds_that_may_be_missing(card: cc.Scorecard) -> Decimal | None:
    return card.bounds.floor  # refused


def outcome_as_text(card: cc.Scorecard) -> bool:
    return card.criterion("target").outcome == "met"  # refused


def outcome_that_does_not_exist() -> Outcome:
    return Outcome.PASSED  # refused


def constant_of_another_kind(card: cc.Scorecard) -> int:
    return card.count(HitPolicy.FIRST)  # refused


def analysis_that_does_not_exist(dataset: cc.Dataset, methodology: cc.Methodology) -> object:
    return cc.analysis.bound(dataset, methodology)  # refused


def format_that_does_not_exist(card: cc.Scorecard) -> str:
    return cc.render(card, "pdf")  # refused


def list_in_place_of_a_tuple(card: cc.Scorecard) -> None:
    card.categories.append(card.categories[0])  # refused


def mapping_in_place_of_json(card: cc.Scorecard) -> cc.Scorecard:
    return cc.Scorecard.from_json({"total": card.total})  # refused


def float_in_place_of_a_decimal(card: cc.Scorecard) -> float:
    return card.criteria[0].points * 0.5  # refused
