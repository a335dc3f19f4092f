"""The errors that people are meant to read."""

from domain.terms import Lang, say


class ProblemError(Exception):
    """Something a person can mend: `key` names its words, `params` fill them.

    `params` must not hold personal values: the message reaches screens, logs and terminals.
    """

    def __init__(self, key: str, **params: object) -> None:
        super().__init__(key)
        self.key = key
        self.params = params

    def say(self, lang: Lang = "zh") -> str:
        """The message in `lang`; parameters that are ProblemErrors are said in the same language."""
        told = {name: value.say(lang) if isinstance(value, ProblemError) else value for name, value in self.params.items()}
        return say(self.key, lang, **told)

    def __str__(self) -> str:
        return self.say("en")


class AuditError(ProblemError):
    """An act could not be put on record, and so was not done."""


class ScopeError(ProblemError):
    """The one who looks may not see or do this."""
