"""What the journal must hear of acts in this area.

The journal stands above accounts and cannot be called from here; this is the one signal between
two of our areas.
"""

from django.dispatch import Signal

# Sent with user, actor (or None) and count, inside the transaction of the act.
sessions_ended = Signal()
