"""A process that stores one message after another and says the id of each once it is stored: `endless URL`.

It dwells inside its transactions, so that a kill is likely to hit one.
"""

import sys
import time

from service.storage import triages
from service.storage.database import Database
from service.storage.ids import new_id
from service.storage.triages import Concluded
from tests.service.samples import ACCOUNT, NOW, a_message, a_triage


def main(url: str) -> None:
    database = Database(url)
    while True:
        message_id = new_id()
        message = a_message(message_id, account=ACCOUNT)
        with database.writing() as transaction:
            one = Concluded(message, a_triage(message, message_id), message.fingerprint)
            triages.store_new(transaction, one, NOW)
            time.sleep(0.01)
        sys.stdout.write(f"{message_id}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
