"""The pages there are, in the order of the menu, and who may open which."""

from collections.abc import Callable
from dataclasses import dataclass

from domain.scope import Role, Scope, Write


@dataclass(frozen=True)
class Page:
    """One screen: `name` is its file, its address (the overview answers at the root) and its words `page.<name>`.

    `icon` is one of Streamlit's built-in symbols. A page that is not `listed` is reached from rows only.
    """

    name: str
    icon: str
    is_open_to: Callable[[Scope], bool]
    listed: bool = True

    @property
    def file(self) -> str:
        """The file beside the main script."""
        return f"{self.name}.py"


def _everyone(_scope: Scope) -> bool:
    return True


def _sees_figures(scope: Scope) -> bool:
    """An administrator keeps accounts and settings and looks at no data."""
    return scope.role is not Role.ADMINISTRATOR


def _sees_children(scope: Scope) -> bool:
    return scope.sees_children


def _mends_places(scope: Scope) -> bool:
    """Those who load areas, and those who place their own children in villages."""
    return scope.may(Write.SETTINGS) or scope.role is Role.TOWNSHIP


def _sets_rules(scope: Scope) -> bool:
    return scope.may(Write.SETTINGS)


def _keeps(scope: Scope) -> bool:
    """Accounts and the audit are the administrator's."""
    return scope.may(Write.ACCOUNTS)


def _imports(scope: Scope) -> bool:
    return scope.may(Write.IMPORT)


PAGES = (
    Page("overview", ":material/dashboard:", _everyone),
    Page("village_map", ":material/map:", _sees_figures),
    Page("schools", ":material/school:", _sees_figures),
    Page("cases", ":material/assignment_late:", _sees_children),
    Page("worklist", ":material/checklist:", _sees_children),
    Page("absences", ":material/event_busy:", _sees_children),
    Page("queues", ":material/swap_calls:", _sees_children),
    Page("notices", ":material/notification_important:", _sees_children),
    Page("coverage", ":material/doorbell:", _sees_children),
    Page("left_behind", ":material/family_restroom:", _sees_children),
    Page("groups", ":material/diversity_1:", _sees_children),
    Page("child_file", ":material/folder_shared:", _sees_children, listed=False),
    Page("supervision", ":material/fact_check:", _sees_figures),
    Page("data_checks", ":material/rule:", _sees_children),
    Page("imports", ":material/upload_file:", _imports),
    Page("methods", ":material/functions:", _everyone),
    Page("geography", ":material/add_location_alt:", _mends_places),
    Page("settings", ":material/tune:", _sets_rules),
    Page("accounts", ":material/manage_accounts:", _keeps),
    Page("audit", ":material/policy:", _keeps),
    Page("privacy", ":material/privacy_tip:", _everyone),
)
DAILY = frozenset({"overview", "village_map", "schools", "cases", "worklist", "left_behind", "supervision"})  # never folded away
FRAME = "frame"  # what the shell calls itself: open to whoever has a session


def find_page(name: str) -> Page:
    """The page of that name. Raises KeyError when there is none."""
    return {page.name: page for page in PAGES}[name]


def may_open(scope: Scope, name: str) -> bool:
    """Whether this role has that page."""
    return name == FRAME or find_page(name).is_open_to(scope)
