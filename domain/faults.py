"""What is wrong with something people wrote, and how to mend it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain.terms import Lang, say


@dataclass(frozen=True)
class Fault:
    """A value that cannot be taken as it stands: `fault.<code>` names the words, `params` fill them.

    A parser returns either what it read or a Fault; it never raises on what people write. `params` never hold the value
    itself nor anything personal: faults are listed, exported and logged.
    """

    code: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)

    def say(self, lang: Lang = "zh") -> str:
        """What is wrong; a fault among the parameters is said in the same language."""
        return say(f"fault.{self.code}", lang, **self._told(lang))

    def mend(self, lang: Lang = "zh") -> str:
        """What the clerk can do about it."""
        return say(f"fault.{self.code}.mend", lang, **self._told(lang))

    def _told(self, lang: Lang) -> dict[str, object]:
        return {name: value.say(lang) if isinstance(value, Fault) else value for name, value in self.params.items()}
