"""How large a message may be. Documented in README.md; a larger one is refused by name of the field."""

MAX_REQUEST_BYTES = 2_000_000
MAX_BODY_CHARS = 2_000_000
MAX_ATTACHMENTS = 20
MAX_THREAD = 50
MAX_METADATA = 100
MAX_ID_CHARS = 200
MAX_LINE_CHARS = 2_000
MAX_VALUE_CHARS = 2_000

READ_CHARS = 20_000
"""Characters of a cleaned message that voters, redaction and prompts read; what follows is kept but not read."""
