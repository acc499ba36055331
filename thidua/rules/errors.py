"""What the person reads when an act is not allowed."""


class RuleError(Exception):
    """An act is refused; the message is the Vietnamese sentence shown to the person."""
