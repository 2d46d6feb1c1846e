"""The topics of the book in its order, which is that of the navigation in ``mkdocs.yml``; a test compares them."""

TOPICS = (
    "convolution/standard",
    "convolution/transposed",
    "convolution/checkerboard",
    "convolution/porting",
    "convolution/upsampling",
    "parameters/learning_rate",
    "parameters/batch_size",
    "parameters/epochs",
    "parameters/weight_decay",
    "parameters/recipe",
    "generalisation/more_data",
    "generalisation/batch_size",
    "generalisation/data_distribution",
    "generalisation/objective",
    "generalisation/architecture",
    "generalisation/augmentation",
    "generalisation/weight_penalty",
    "generalisation/dropout",
    "generalisation/overview",
    "generalisation/transfer",
    "domains/similarities",
    "domains/differences",
    "domains/images",
    "domains/text",
    "domains/speech",
)


def place(topic: str) -> tuple[int, str]:
    """What to sort topics by; one that is not of the book comes after those that are.

    Examples:
        >>> sorted(["domains/text", "convolution/dilated", "convolution/transposed"], key=place)
        ['convolution/transposed', 'domains/text', 'convolution/dilated']
    """
    return (TOPICS.index(topic) if topic in TOPICS else len(TOPICS), topic)
