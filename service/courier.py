"""Delivers what webhooks are to be told. Runs inside `serve` and `worker`, on its event loop."""

import contextlib
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence

from service.desk.webhooks.outbox import Outbox
from service.domain.webhook import Answer, Parcel
from service.errors import AiguilleurError
from service.log import Code, Said, code, code_of, id_of, log
from service.rounds import Takers

Post = Callable[[Parcel], Awaitable[Answer]]


class Courier(Takers):
    """Takes what is due, a few at a time for each endpoint, so that none delays another. A parcel that was sent and not
    marked, because its process died or was frozen, is sent once more with the same id: at least once, never lost.

    `wake` makes it look at once; without it, it looks every `poll_s` seconds.
    """

    def __init__(self, outbox: Outbox, post: Post, poll_s: float = 1.0, grace_s: float = 4.0) -> None:
        super().__init__("courier", Said.COURIER_BLIND, poll_s, grace_s)
        self.name = f"{self.name}:{id(self)}"
        self._outbox = outbox
        self._post = post
        self._parcels: dict[str, Parcel] = {}

    async def look(self) -> None:
        busy = Counter(parcel.webhook_id for parcel in self._parcels.values())
        for parcel in await self._outbox.take(self.name, busy):
            if parcel.id not in self._parcels:  # else a clock that jumped ended its lease early
                self._parcels[parcel.id] = parcel
                self._begin(parcel.id, self._deliver(parcel))

    def _done(self, taken: str, _: object) -> None:
        self._parcels.pop(taken, None)
        super()._done(taken, _)

    async def _give_back(self, ids: Sequence[str]) -> None:
        with contextlib.suppress(AiguilleurError):  # the leases end by themselves
            await self._outbox.give_back(self.name, ids)

    async def _deliver(self, parcel: Parcel) -> None:
        try:
            answer = await self._post(parcel)
        except Exception as error:
            answer = Answer(error=code_of(error))
        if not answer.taken:
            log(Said.NOT_DELIVERED, delivery=id_of(parcel.id), webhook=id_of(parcel.webhook_id), cause=_cause(answer))
        try:
            await self._outbox.settle(self.name, parcel, answer)
        except Exception as error:  # the lease ends by itself, and it is sent once more
            log(Said.COURIER_BLIND, cause=code_of(error))


def _cause(answer: Answer) -> Code:
    return code(f"{answer.error.partition(':')[0]}/{answer.status or 0}")
