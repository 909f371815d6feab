"""What a day brings, mixed: programs that hand messages in and ask for triage, advisors who read, search, take, correct
and answer, callers who hang up, send rubbish or the same again."""

import asyncio
import base64
import json
import random
import time
from collections import Counter, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2

from evals.bench.corpus import lines
from evals.bench.desk import ASKED
from tests.service.connectors.attachments.made import pdf, word
from tests.service.web.browser import PASSWORD, PROOF

PAGES = ("/", "/?stage=all", "/?queue=resiliation", "/?band=unsure", "/?stage=answered", "/list", "/keyboard")
LEADS = ("/oversight", "/audit", "/answers", "/corrections", "/playbooks", "/quality", "/people", "/me")
WISHES = ("plus court", "plus chaleureux", "ajoute que nous rappelons demain")
KNOWN = 400
"""Messages that somebody may still come back to."""
TROUBLE = 599
"""Counted as a status where no answer came at all."""
MOST_AT_ONCE = 60
RUSH_S = 60.0
RUSH = 10
"""So long, so many times as much at first: pools that fill when much is asked at a time are full before one judges."""

Answer = dict[str, Any]


@dataclass
class Day:
    """`statuses`: by what was done and what came back. `signed_in` is the session of an admin called `login`. `without`
    names what is left out."""

    base: str
    key: str
    signed_in: str
    login: str
    without: Sequence[str] = ()
    chance: random.Random = field(default_factory=lambda: random.Random(1))
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    troubles: deque[str] = field(default_factory=lambda: deque(maxlen=20))
    _known: deque[tuple[str, str]] = field(default_factory=lambda: deque(maxlen=KNOWN))
    _number: int = 0
    _last: bytes = b""

    def __post_init__(self) -> None:
        self._lines = [line for line in lines() if line.get("text")]
        self._files = [pdf("Numero de dossier 4471, facture impayee"), word("Ma facture", "est en pièce jointe")]
        doings: Mapping[Callable[[], Awaitable[None]], float] = {
            self.intake: 30, self.triage: 14, self.enclose: 3, self.again: 2, self.rubbish: 2, self.vanish: 2,
            self.page: 8, self.open: 8, self.search: 5, self.news: 8, self.lead: 2, self.take: 2, self.sign_in: 0.3,
            self.listed: 3, self.correct: 3, self.redraft: 3, self.save: 2, self.reply: 5, self.figures: 1,
        }  # fmt: skip
        self._doings = {doing: weight for doing, weight in doings.items() if doing.__name__ not in self.without}

    async def go_on(self, rate: float, until: float) -> None:
        """A rush, then so many things a second, at chance moments (a Poisson process), however slow the answers are."""
        limits = httpx2.Limits(max_connections=MOST_AT_ONCE)
        headers = {"accept-language": "fr"}
        with_key = headers | {"authorization": f"Bearer {self.key}"}
        with_cookie = headers | {"cookie": f"aiguilleur_session={self.signed_in}", "origin": self.base}
        given: dict[str, Any] = {"base_url": self.base, "timeout": 60, "trust_env": False, "limits": limits}
        tasks = set[asyncio.Task[None]]()
        async with (
            httpx2.AsyncClient(headers=with_key, **given) as self._program,
            httpx2.AsyncClient(headers=with_cookie | {"accept": "text/html"}, **given) as self._browser,
        ):
            doings, weights = list(self._doings), list(self._doings.values())
            calm = time.monotonic() + RUSH_S
            while (now := time.monotonic()) < until:
                await asyncio.sleep(self.chance.expovariate(rate * (RUSH if now < calm else 1)))
                if len(tasks) >= MOST_AT_ONCE:
                    self.statuses["left out", 0] += 1
                    continue
                task = asyncio.create_task(self._do(self.chance.choices(doings, weights)[0]))
                tasks.add(task)
                task.add_done_callback(tasks.discard)
            await asyncio.gather(*tasks)

    def failed(self) -> int:
        """Answers that say that the service is at fault, and those that did not come."""
        return sum(count for (_, status), count in self.statuses.items() if status >= 500)

    async def _do(self, doing: Callable[[], Awaitable[None]]) -> None:
        try:
            await doing()
        except (httpx2.HTTPError, OSError, TimeoutError) as error:
            self.statuses[doing.__name__, TROUBLE] += 1
            self.troubles.append(f"{doing.__name__}: {error!r}")

    async def _ask(self, what: str, method: str, path: str, body: object = None, page: bool = False) -> Any:
        """The answer; its text where it is a page."""
        client = self._browser if page else self._program
        content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        answer = await client.request(method, path, content=content)
        self.statuses[what, answer.status_code] += 1
        if answer.status_code >= 500:
            self.troubles.append(f"{method} {path}: {answer.status_code} {answer.text[:200]}")
        return answer.text if page else answer.json() if answer.status_code < 300 else None

    def _message(self) -> tuple[dict[str, Any], str]:
        """One that was never sent, and the queue that it belongs to."""
        line = self.chance.choice(self._lines)
        self._number += 1
        sender = {"name": "Camille Martin", "address": f"client{self.chance.randrange(20_000)}@example.org"}
        body = {"external_id": f"soak-{self._number}", "subject": line.get("subject", ""), "body": line["text"]}
        return body | {"sender": sender, "channel": line.get("channel", "email")}, str(line["queue"])

    def _one(self) -> tuple[str, str]:
        """A message of a while ago, and its queue."""
        return self.chance.choice(self._known) if self._known else ("none", "facture")

    # programs

    async def intake(self) -> None:
        await self._hand_in("intake", "/v1/messages")

    async def triage(self) -> None:
        await self._hand_in("triage", "/v1/triage")

    async def enclose(self) -> None:
        file = base64.b64encode(self.chance.choice(self._files)).decode()
        await self._hand_in("enclose", "/v1/messages", attachments=[{"filename": "piece", "content_base64": file}])

    async def _hand_in(self, what: str, path: str, **more: object) -> None:
        message, queue = self._message()
        self._last = json.dumps(message | more).encode()
        answer: Answer | None = await self._ask(what, "POST", path, self._last)
        if answer:
            self._known.append((answer["id"], queue))

    async def again(self) -> None:
        await self._ask("again", "POST", "/v1/messages", self._last or b"{}")

    async def rubbish(self) -> None:
        broken = (b"{", b'{"body": 3}', b"\xff\xfe", b'{"body": "' + b"a" * 300_000 + b'"}')
        await self._ask("rubbish", "POST", "/v1/triage", self.chance.choice(broken))

    async def vanish(self) -> None:
        """Asks, and does not wait for the answer; or does not even end the question."""
        message, _ = self._message()
        body = json.dumps(message).encode()
        _, writer = await asyncio.open_connection("127.0.0.1", int(self.base.rpartition(":")[2]))
        head = f"POST /v1/triage HTTP/1.1\r\nHost: soak\r\nAuthorization: Bearer {self.key}\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[: self.chance.choice([None, 20])])
        await writer.drain()
        await asyncio.sleep(self.chance.uniform(0, 0.05))
        writer.transport.abort()
        self.statuses["vanish", 0] += 1

    async def listed(self) -> None:
        said = self.chance.choice(["remboursement", "facture", "carte grise"])
        await self._ask("listed", "GET", f"/v1/messages?search={said}&limit=20".replace(" ", "+"))

    async def figures(self) -> None:
        answer = await self._program.get(self.chance.choice(["/metrics", "/readyz", "/v1/queues"]))
        self.statuses["figures", answer.status_code] += 1

    async def correct(self) -> None:
        message, queue = self._one()
        await self._ask("correct", "PUT", f"/v1/messages/{message}/queue", {"queue": queue, "by": "lea"})

    async def redraft(self) -> None:
        body = {"by": "lea", "wish": self.chance.choice(WISHES)}
        await self._ask("redraft", "POST", f"/v1/messages/{self._one()[0]}/draft", body)

    async def save(self) -> None:
        text = f"Bonjour,\n\nVotre demande {self._number} est traitée.\n\nBien cordialement"
        body = {"by": "lea", "text": text, "version": 0}
        await self._ask("save", "PUT", f"/v1/messages/{self._one()[0]}/draft", body)

    async def reply(self) -> None:
        body = {"by": "lea", "text": f"Bonjour,\n\nVotre demande {self._number} est traitée.\n\nBien cordialement"}
        await self._ask("reply", "PUT", f"/v1/messages/{self._one()[0]}/reply", body)

    # people

    async def page(self) -> None:
        await self._ask("page", "GET", self.chance.choice(PAGES), page=True)

    async def lead(self) -> None:
        await self._ask("lead", "GET", self.chance.choice(LEADS), page=True)

    async def news(self) -> None:
        await self._ask("news", "GET", "/news", page=True)

    async def search(self) -> None:
        asked = self.chance.choice(ASKED).format(number=self._number, sender=7, first="Camille", name="Martin")
        await self._ask("search", "GET", f"/?{httpx2.QueryParams({'search': asked})}", page=True)

    async def open(self) -> None:
        await self._ask("open", "GET", f"/messages/{self._one()[0]}", page=True)

    async def take(self) -> None:
        """Takes a message, and gives it back."""
        message, _ = self._one()
        shown = PROOF.search(await self._ask("take", "GET", f"/messages/{message}", page=True))
        if shown is None:
            return
        for verb in ("claim", "release"):
            answer = await self._browser.post(f"/messages/{message}/{verb}", data={"proof": shown.group(1)})
            self.statuses["take", answer.status_code] += 1

    async def sign_in(self) -> None:
        """A browser of its own, with the password, and out again."""
        headers = {"accept": "text/html", "origin": self.base}
        async with httpx2.AsyncClient(base_url=self.base, headers=headers, timeout=60, trust_env=False) as browser:
            fields = {"name": self.login, "password": PASSWORD}
            for path, form in (("/sign-in", fields), ("/sign-out", {})):
                shown = PROOF.search((await browser.get("/sign-in" if form else "/")).text)
                proof = {"proof": shown.group(1)} if shown else {}
                answer = await browser.post(path, data=form | proof)
                self.statuses["sign_in", answer.status_code] += 1
