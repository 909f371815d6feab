"""All that was learned for one account, as one value that can be stored as bytes."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property
from hashlib import sha256
from io import BytesIO
from typing import Any

import numpy as np

from service.learning.answers import AnswerModel
from service.learning.embedded import Embedded
from service.learning.familiarity import Familiarity
from service.learning.guard import Guard
from service.learning.kindred import Kindred
from service.learning.linear import Linear, Scores
from service.learning.network import Network
from service.learning.pool import Pool
from service.learning.promise import Threshold
from service.learning.signals import Signal
from service.learning.vocabulary import Vocabulary

LAYOUT = 13
"""Counts up whenever stored bytes of before can no longer be read, or mean something else."""


class StaleError(ValueError):
    """Bytes of another layout: fit again."""


@dataclass(frozen=True)
class Learned:
    """`sharpness` turns the linear model's margins into probabilities. `pools`, `confidences` and `familiarities` go
    by the set of voters that are present, e.g. `keywords+classifier`. `asides` has a label a flag, then one a queue.
    `version` is a hash of the content: same data, same version. `examples` counts the confirmed messages behind it.
    `embedded` is there where the embedder knows meanings, `network` may be where it knows none. `kindred` finds what
    the playbook's own texts say of a message. `answers` tells which canned answers fit. `together` is
    `service.learning.asides.besides`, one row a queue."""

    queues: tuple[str, ...]
    flags: tuple[str, ...]
    playbook_version: str
    examples: int
    vocabulary: Vocabulary
    linear: Linear
    asides: Linear
    sharpness: float
    pools: dict[str, Pool]
    threshold: Threshold
    confidences: dict[str, Signal] = field(default_factory=dict)
    familiarities: dict[str, Familiarity] = field(default_factory=dict)
    text_signals: tuple[Signal, ...] = ()
    flag_signals: tuple[Signal, ...] = ()
    ask_signal: Signal = field(default_factory=lambda: Signal((0.0,) * 8, -3.0, 0.9))
    secondary: Signal = field(default_factory=lambda: Signal((0.0, 1.0, 0.0, 0.0, 0.0), 0.0, 0.5))
    together: tuple[tuple[float, ...], ...] = ()
    familiar: float = 0.0
    embedded: Embedded | None = None
    network: Network | None = None
    kindred: Kindred = field(default_factory=Kindred)
    guards: tuple[Guard, ...] = ()
    answers: AnswerModel = field(default_factory=AnswerModel)
    version: str = ""

    def besides(self, queues: Sequence[str], probabilities: Scores) -> Scores:
        """How likely each of the queues is to be asked for besides, by what the message is likely to be about alone. 0
        for a queue that was not learned."""
        if tuple(queues) == self.queues:
            return np.asarray(probabilities @ self._together[:-1, :-1])
        at = [self.queues.index(queue) if queue in self.queues else -1 for queue in queues]
        return np.asarray(probabilities @ self._together[np.ix_(at, at)])

    @cached_property
    def _together(self) -> Scores:
        """With a row and a column of 0 behind."""
        return np.pad(np.array(self.together).reshape(len(self.together), len(self.together)), (0, 1))

    def to_bytes(self) -> bytes:
        """No pickle in it: arrays as .npy, the rest as JSON. The same content gives the same bytes."""
        body = BytesIO()
        header = json.dumps(self._header(), ensure_ascii=False, sort_keys=True).encode()
        body.write(len(header).to_bytes(8, "big") + header)
        seen = tuple(array for view in (self.embedded, self.network) if view for array in view.arrays)
        told = (self.answers.columns, *_arrays(self.answers.linear))
        read = (self.vocabulary.idf, *_arrays(self.linear), *_arrays(self.asides))
        for array in (*read, *told, *self.kindred.arrays, *seen):
            np.save(body, array, allow_pickle=False)
        return body.getvalue()

    @classmethod
    def from_bytes(cls, stored: bytes) -> "Learned":
        """Raises StaleError where the bytes are of another layout."""
        body = BytesIO(stored)
        header = json.loads(body.read(int.from_bytes(body.read(8), "big")))
        if header.pop("layout") != LAYOUT:
            raise StaleError("learned under another layout: fit again")
        arrays = [np.load(body, allow_pickle=False) for _ in range(13 + _second(header))]
        stems, pairs, grams, routes = (block.split("\n") if block else [] for block in header["terms"])
        return cls(
            queues=tuple(header["queues"]),
            flags=tuple(header["flags"]),
            playbook_version=header["playbook_version"],
            examples=header["examples"],
            vocabulary=Vocabulary(stems, pairs, grams, routes, arrays[0], header["strange_idf"]),
            linear=Linear(arrays[1], arrays[2]),
            asides=Linear(arrays[3], arrays[4]),
            sharpness=header["sharpness"],
            pools={name: _pool(stored) for name, stored in header["pools"].items()},
            confidences={name: _signal(stored) for name, stored in header["confidences"].items()},
            familiarities={name: _familiarity(stored) for name, stored in header["familiarities"].items()},
            threshold=Threshold(**header["threshold"]),
            guards=tuple(Guard(**stored) for stored in header["guards"]),
            **{name: tuple(map(_signal, header[name])) for name in ("text_signals", "flag_signals")},
            ask_signal=_signal(header["ask_signal"]),
            secondary=_signal(header["secondary"]),
            together=tuple(map(tuple, header["together"])),
            familiar=header["familiar"],
            answers=_answers(arrays[5:8], header["answers"]),
            kindred=Kindred(*arrays[8:13]),
            embedded=_embedded(arrays[13:], header["embedded"]),
            network=_network(arrays[13:], header["network"]),
            version=sha256(stored).hexdigest()[:12],
        )

    def sealed(self) -> "Learned":
        """With its version."""
        return Learned.from_bytes(self.to_bytes())

    def _header(self) -> dict[str, object]:
        vocabulary = self.vocabulary
        return {
            "layout": LAYOUT,
            "queues": self.queues,
            "flags": self.flags,
            "playbook_version": self.playbook_version,
            "examples": self.examples,
            "terms": ["\n".join(block) for block in vocabulary.blocks],
            "strange_idf": vocabulary.strange_idf,
            "sharpness": self.sharpness,
            "pools": {name: _stored_pool(pool) for name, pool in self.pools.items()},
            "confidences": {name: asdict(signal) for name, signal in self.confidences.items()},
            "familiarities": {name: asdict(one) for name, one in self.familiarities.items()},
            "threshold": asdict(self.threshold),
            "guards": [asdict(guard) for guard in self.guards],
            "text_signals": [asdict(signal) for signal in self.text_signals],
            "flag_signals": [asdict(signal) for signal in self.flag_signals],
            "ask_signal": asdict(self.ask_signal),
            "secondary": asdict(self.secondary),
            "together": self.together,
            "familiar": self.familiar,
            "embedded": self.embedded.sharpness if self.embedded else None,
            "network": self.network.sharpness if self.network else None,
            "answers": {"ids": self.answers.answers, "ranker": asdict(self.answers.ranker)},
        }


def _arrays(linear: Linear) -> tuple[np.ndarray, np.ndarray]:
    return linear.coefficients, linear.intercepts


def _second(header: dict[str, Any]) -> int:
    """Arrays of the classifier's second view."""
    return 3 if header["embedded"] else 5 if header["network"] else 0


def _embedded(arrays: Sequence[np.ndarray], sharpness: Sequence[float] | None) -> Embedded | None:
    if sharpness is None:
        return None
    anchors, coefficients, intercepts = arrays
    return Embedded(anchors, coefficients, intercepts, (sharpness[0], sharpness[1]))


def _network(arrays: Sequence[np.ndarray], sharpness: Sequence[float] | None) -> Network | None:
    if sharpness is None:
        return None
    rows, hidden, bias, coefficients, intercepts = arrays
    return Network(rows, hidden, bias, coefficients, intercepts, (sharpness[0], sharpness[1]))


def _answers(arrays: Sequence[np.ndarray], stored: dict[str, Any]) -> AnswerModel:
    columns, coefficients, intercepts = arrays
    return AnswerModel(tuple(stored["ids"]), columns, Linear(coefficients, intercepts), _signal(stored["ranker"]))


def _signal(stored: dict[str, Any]) -> Signal:
    weights, bias, threshold = stored["weights"], stored["bias"], stored["threshold"]
    return Signal(tuple(weights), bias, threshold)


def _familiarity(stored: dict[str, Any]) -> Familiarity:
    weights, middle, spread = (tuple(stored[name]) for name in ("weights", "middle", "spread"))
    return Familiarity(weights, middle, spread, stored["routed"], stored["named"])


def _stored_pool(pool: Pool) -> dict[str, object]:
    matrices = (pool.corrections, pool.bias)
    return {"weights": pool.weights, "extra": [None if one is None else one.tolist() for one in matrices]}


def _pool(stored: dict[str, Any]) -> Pool:
    corrections, bias = (None if one is None else np.array(one) for one in stored["extra"])
    return Pool(tuple(stored["weights"]), corrections, bias)
