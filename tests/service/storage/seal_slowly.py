"""A process that seals a few rows at a time, and says so after each time: `seal_slowly URL KEY`."""

import sys
import time

from service.storage import privacy_encrypt
from service.storage.database import Database
from service.storage.privacy_cipher import keyring_of
from tests.service.samples import NOW


def main(url: str, key: str) -> None:
    privacy_encrypt.BATCH = 4
    database = Database(url, keyring_of(key))
    with database.writing() as transaction:
        privacy_encrypt.register(transaction, NOW)
    for table in privacy_encrypt.sealed_columns():
        after = None
        while True:
            with database.writing() as transaction:
                _, after = privacy_encrypt.seal_some(transaction, table, after)
                time.sleep(0.05)
            sys.stdout.write("sealed\n")
            sys.stdout.flush()
            if after is None:
                break


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
