"""Text in, passages out. Knows nothing of customers or queues."""

from retrieval.quiet import silence
from retrieval.threads import stay_on_one

silence()
stay_on_one()
