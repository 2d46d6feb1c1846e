"""Train the two small networks that ``cnnbook predict text`` answers with, and write their weights and vocabularies.

One network a language, with filters over one, two and three tokens, trained on the training texts alone; what it gets
right of the test texts is printed and kept among the facts.

    python tools/make_text_weights.py
"""

from __future__ import annotations

import torch

from cnnbook import weights
from cnnbook.data.texts import NAMES, sentiment
from cnnbook.domains.text import TextCNN, encode, tokens, vocabulary
from fitting import fit

SHAPE = {"width": 16, "kernels": [1, 2, 3], "channels": 32}
STEPS, BATCH = 500, 50


def train(lang: str) -> None:
    """Train one network and write it."""
    data = sentiment(lang)
    texts = [tokens(text) for text in data.train_texts]
    numbers = vocabulary(texts)
    torch.manual_seed(0)
    network = TextCNN(len(numbers) + 2, **SHAPE)
    ids = encode(texts, numbers)

    def batch() -> tuple[torch.Tensor, torch.Tensor]:
        rows = torch.randint(len(ids), (BATCH,))
        return ids[rows], data.train_labels[rows]

    fit(network, batch, STEPS)
    network.eval()
    with torch.no_grad():
        right = network(encode([tokens(text) for text in data.test_texts], numbers)).argmax(-1) == data.test_labels
    path = weights.save(
        f"text-{lang}",
        network.state_dict(),
        shape=SHAPE,
        words="\n".join(numbers),
        classes={lang: list(names) for lang, names in data.card.classes.items()},
        data=NAMES[lang],
        test_accuracy=right.double().mean().item(),
    )
    print(f"{path.name}: {path.stat().st_size} bytes, test accuracy {right.double().mean():.3f}")


if __name__ == "__main__":
    torch.set_num_threads(1)
    for lang in NAMES:
        train(lang)
