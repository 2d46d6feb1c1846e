"""What the augmentations share: nothing in evaluation; in training, random numbers for each example."""

from __future__ import annotations

from torch import Tensor, nn

from cnnbook.generalisation._moving import check_images
from cnnbook.randomness import RandomLayer


class Augmentation(RandomLayer):
    """What the augmentations share: in evaluation nothing, in training `change` with numbers for each example."""

    draws = 1

    def forward(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Changed inputs and targets; in evaluation both as they are."""
        check_images(inputs)
        if not self.training:
            return inputs, targets
        return self.change(inputs, targets, self.uniform((len(inputs), self.draws)))

    def change(self, inputs: Tensor, targets: Tensor, u: Tensor) -> tuple[Tensor, Tensor]:
        """The changed pair, from uniform numbers ``(N, draws)``."""
        raise NotImplementedError

    def extra_repr(self) -> str:
        """What ``print`` shows."""
        hidden = {"training", "seed", "number", "draws"}
        return ", ".join(f"{k}={v}" for k, v in vars(self).items() if k not in hidden and not k.startswith("_"))


class Compose(nn.Module):
    """Several augmentations, one after the other.

    Examples:
        >>> import torch
        >>> from cnnbook.generalisation.augmentation import RandomFlip, RandomShift
        >>> augment = Compose(RandomShift(2), RandomFlip())
        >>> images, labels = augment(torch.zeros(2, 1, 8, 8), torch.tensor([3, 1]))
        >>> images.shape, labels.tolist()
        (torch.Size([2, 1, 8, 8]), [3, 1])
    """

    def __init__(self, *augmentations: nn.Module) -> None:
        super().__init__()
        self.augmentations = nn.ModuleList(augmentations)

    def forward(self, inputs: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        """Changed inputs and targets."""
        for augment in self.augmentations:
            inputs, targets = augment(inputs, targets)
        return inputs, targets


def centre(u: Tensor, images: Tensor) -> tuple[Tensor, Tensor]:
    """A pixel of each image, from the first two of its numbers."""
    return (u[:, 0] * images.shape[-2]).long(), (u[:, 1] * images.shape[-1]).long()
