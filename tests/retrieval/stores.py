"""A store of passages in memory, and small collections to search."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from retrieval.passages import Passage, StoredPassage, Vector

ANSWERS = "club/answers"

TEXTS = {
    "panne": "Déclarer une panne mécanique : le garage attend l'accord avant de réparer le moteur",
    "cles": "Déclarer des clés de voiture perdues ou volées",
    "deces": "Informer du décès d'un membre et transmettre l'acte aux héritiers",
    "rib": "Changer de coordonnées bancaires : nouveau RIB pour les prélèvements",
    "adresse": "Déménagement : changer l'adresse postale du dossier",
    "resiliation": "Résilier le contrat à l'échéance par lettre recommandée",
    "facture": "Recevoir un duplicata de facture de la cotisation annuelle",
    "stage": "Book a driving course and get the confirmation by mail",
}


def passages(texts: Mapping[str, str] = TEXTS) -> list[Passage]:
    return [
        Passage(key, text, {"language": "en" if key == "stage" else "fr", "group": key[:1]})
        for key, text in texts.items()
    ]


def many(count: int, start: int = 0) -> list[Passage]:
    """Passages that are all different, some of them nearly alike."""
    return [
        Passage(f"p{n:05}", f"dossier {n} {TEXTS[key]} référence {n % 97}", {"language": "fr", "group": key[:1]})
        for n, key in ((n, sorted(TEXTS)[n % len(TEXTS)]) for n in range(start, start + count))
    ]


class MemoryStore:
    """A `retrieval.passages.PassageStore` that forgets at the end of the test."""

    def __init__(self, **collections: Sequence[Passage]) -> None:
        self._passages: dict[str, dict[str, Passage]] = defaultdict(dict)
        self._vectors: dict[tuple[str, str], dict[str, Vector]] = defaultdict(dict)
        self._revisions: dict[str, int] = defaultdict(int)
        self._put_at: dict[tuple[str, str], int] = {}
        self.at_hand = True
        self.reads: list[int] = []
        """How many passages each call of `read` gave."""
        for collection, given in collections.items():
            self.put(collection, given)

    def revision(self, collection: str) -> int:
        return self._revisions[collection]

    def revisions(self, one: str, other: str) -> tuple[int, int]:
        return self._revisions[one], self._revisions[other]

    def read(self, collection: str, embedder: str, after: int | None = None) -> list[StoredPassage]:
        vectors = self._vectors[collection, embedder]
        at = {key: self._put_at[collection, key] for key in sorted(self._passages[collection])}
        known = self._passages[collection]
        found = [StoredPassage(known[key], vectors.get(key), at[key]) for key in at if after is None or at[key] > after]
        self.reads.append(len(found))
        return found

    def put(self, collection: str, passages: Sequence[Passage]) -> None:
        for one in passages:
            before = self._passages[collection].get(one.id)
            if before is not None and before.text != one.text:
                self._forget(collection, one.id)
            self._passages[collection][one.id] = one
            self._put_at[collection, one.id] = self._revisions[collection] + 1
        self._revisions[collection] += 1

    def put_vectors(self, collection: str, embedder: str, vectors: Mapping[str, Vector]) -> None:
        self._vectors[collection, embedder].update(vectors)

    def delete(self, collection: str, ids: Sequence[str]) -> None:
        for key in ids:
            self._passages[collection].pop(key, None)
            self._forget(collection, key)
        self._revisions[collection] += 1

    def _forget(self, collection: str, key: str) -> None:
        for (known, _), vectors in self._vectors.items():
            if known == collection:
                vectors.pop(key, None)
