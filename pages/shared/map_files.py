"""stub"""

from domain.case_filter import CaseFilter
from domain.scope import Scope
from pages.shared.map_controls import MapChoice


def show_map_files(scope: Scope, chosen: CaseFilter, asked: MapChoice | None) -> None:
    """stub"""
