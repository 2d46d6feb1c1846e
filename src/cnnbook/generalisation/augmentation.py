r"""Data augmentation: new training images from old ones, and new labels where two are mixed.

Each layer takes the inputs and targets of a batch and gives them back changed, in training alone; every example draws
for itself, all of a batch at once:

    augment = Compose(RandomShift(2), RandomFlip())
    for inputs, targets in batches:
        inputs, targets = augment(inputs, targets)
        loss = cross_entropy(network(inputs), targets)

=====================  ===============================================  =============
layer                  what it does                                     labels
=====================  ===============================================  =============
`RandomShift`          moves by whole pixels                            stay
`RandomFlip`           mirrors                                          stay
`RandomRotation`       turns about the centre                           stay
`RandomResizedCrop`    cuts out a rectangle and enlarges it             stay
`Cutout`               covers a square                                  stay
`GaussianNoise`        adds noise                                       stay
`Mixup`                lays another image over it                       mixed
`CutMix`               puts a rectangle of another image into it        mixed by area
`MixupOrCutMix`        the one or the other                             mixed
=====================  ===============================================  =============

That labels "stay" is a claim about the data, not about the layer: a 6 turned by 180° is a 9.

Examples:
    >>> import torch
    >>> augment = Compose(RandomShift(2), RandomFlip())
    >>> images, labels = augment(torch.zeros(4, 1, 28, 28), torch.arange(4))
    >>> images.shape, labels.tolist()
    (torch.Size([4, 1, 28, 28]), [0, 1, 2, 3])

The layers are `cnnbook.randomness.RandomLayer`: they draw from torch's generator like any layer, or reproducibly from
a seed and a step.

References:
    L. Perez, J. Wang, "The effectiveness of data augmentation in image classification", arXiv:1712.04621.
    C. Szegedy et al., "Going deeper with convolutions", arXiv:1409.4842 (random resized crops).
    T. DeVries, G. W. Taylor, "Improved regularization of convolutional neural networks with cutout", arXiv:1708.04552.
    H. Zhang et al., "mixup: beyond empirical risk minimization", arXiv:1710.09412.
    S. Yun et al., "CutMix: regularization strategy to train strong classifiers", arXiv:1905.04899.
"""

from cnnbook.generalisation._augmentation import Augmentation, Compose
from cnnbook.generalisation._layers import (
    Cutout,
    GaussianNoise,
    RandomFlip,
    RandomResizedCrop,
    RandomRotation,
    RandomShift,
)
from cnnbook.generalisation._mixing import CutMix, Mixup, MixupOrCutMix, cutmix, mixup, soft_targets
from cnnbook.generalisation._moving import erase, flip, resized_crop, rotate
from cnnbook.geometry import shift

__all__ = [
    "Augmentation",
    "Compose",
    "CutMix",
    "Cutout",
    "GaussianNoise",
    "Mixup",
    "MixupOrCutMix",
    "RandomFlip",
    "RandomResizedCrop",
    "RandomRotation",
    "RandomShift",
    "cutmix",
    "erase",
    "flip",
    "mixup",
    "resized_crop",
    "rotate",
    "shift",
    "soft_targets",
]
