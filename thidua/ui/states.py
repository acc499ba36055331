"""One colour language for every state: what it asks of the reader, whatever its area."""

NEUTRAL, INFO, OK, WARN, BAD = "neutral", "info", "ok", "warn", "bad"

TONES = {
    NEUTRAL: ("draft", "planned", "inactive", "withdrawn", "superseded", "none", "not_started"),
    INFO: ("open", "submitted", "active", "published", "collecting", "signing", "in_review",
           "proposed", "current", "appraising", "appraised", "commenting", "running"),
    OK: ("signed", "done", "frozen", "final", "finalised", "locked", "confirmed", "agreed",
         "issued", "valid", "completed", "closed", "accepted", "kept", "complete"),
    WARN: ("due", "due_soon", "waiting", "explaining", "changed", "unknown", "missing", "pending",
           "returned", "partial"),
    BAD: ("overdue", "late", "refused", "rejected", "invalid", "expired", "revoked", "failed",
          "error", "disputed"),
}  # fmt: skip
_BY_STATE = {state: tone for tone, states in TONES.items() for state in states}


def tone_of(state: str) -> str:
    """The tone of a stored state; a tone names itself; an unknown state is neutral."""
    key = state.lower()
    return key if key in TONES else _BY_STATE.get(key, NEUTRAL)
