from service.connectors.attachments.limits import Limits
from service.connectors.attachments.pool import Readers

__all__ = ["Limits", "Readers"]
