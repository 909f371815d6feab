"""A sentence embedder of a few words, made on the spot: an ONNX model and its tokenizer."""

from pathlib import Path

import numpy as np
import onnx
import tokenizers
from onnx import TensorProto, helper, numpy_helper

WORDS = ("[PAD]", "[UNK]", "chat", "chien", "facture", "paiement")
MEANINGS = np.array([[9, 9, 9], [0, 0, 1], [1, 0, 0], [0.9, 0.1, 0], [0, 1, 0], [0, 0.9, 0.1]], dtype=np.float32)


def make_tiny_model(folder: Path) -> Path:
    """A folder with `model.onnx` and `tokenizer.json`: each word's meaning is looked up, nothing more."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = {word: place for place, word in enumerate(WORDS)}
    tokenizer = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    tokenizer.save(str(folder / "tokenizer.json"))
    node = helper.make_node("Gather", ["meanings", "input_ids"], ["last_hidden_state"])
    shape = ["batch", "tokens"]
    graph = helper.make_graph(
        [node],
        "tiny",
        [
            helper.make_tensor_value_info("input_ids", TensorProto.INT64, shape),
            helper.make_tensor_value_info("attention_mask", TensorProto.INT64, shape),
        ],
        [helper.make_tensor_value_info("last_hidden_state", TensorProto.FLOAT, [*shape, 3])],
        [numpy_helper.from_array(MEANINGS, "meanings")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=10)
    onnx.save(model, str(folder / "model.onnx"))
    return folder
