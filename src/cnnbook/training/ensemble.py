"""All seeds at once: K networks as one Lightning module, trained in one vectorised step.

The weights of K networks, each initialised by its own seed, are stacked along a new first axis, and one step computes
the loss of each on its own batch (``vmap``) and adds the losses up. As every loss depends on its own slice of the
weights alone, the gradient of the sum is the K gradients side by side, and an optimiser that works element by element
takes K independent steps. A network whose loss is no longer finite spoils its own slice and no other.

What the random layers draw depends on (seed, step) alone, so that the K networks end where K single runs end. Buffers
are stacked as well: batch normalisation keeps the running statistics of each network.

References:
    PyTorch, "Model ensembling" (torch.func.stack_module_state, functional_call, vmap).
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.func import functional_call, stack_module_state, vmap

from cnnbook.data.batches import Batch
from cnnbook.randomness import key_of, random_layers
from cnnbook.training.config import TrainConfig
from cnnbook.training.methods import Weights
from cnnbook.training.networks import build
from cnnbook.training.seeded import SeededModule


def _stored(name: str) -> str:
    """A parameter's name as PyTorch lets a module hold it, without dots."""
    return name.replace(".", "/")


class SeedEnsemble(SeededModule):
    """The networks of several seeds, trained together, measured apart.

    Args:
        config: The arm.
        seeds: One network each.

    Raises:
        ValueError: There is no seed, or a seed twice, or the network draws from torch's global generator.

    Examples:
        >>> import torch
        >>> ensemble = SeedEnsemble(TrainConfig(network="mlp"), seeds=[0, 1, 2])
        >>> ensemble(torch.zeros(2, 1, 28, 28)).shape  # three networks, two images
        torch.Size([3, 2, 10])
    """

    def __init__(self, config: TrainConfig, seeds: Sequence[int]) -> None:
        seeds = list(seeds)
        if not seeds or len(set(seeds)) < len(seeds):
            raise ValueError(f"an ensemble needs at least one seed, and each once, got {seeds}")
        super().__init__(config.optimizer, config.loss, config.loss_options, config.methods, networks=len(seeds))
        self.config, self.seeds, self.task = config, seeds, config.task
        augment = config.methods.function("augment")
        networks = [build(config.network, config.network_options, seed, augment) for seed in seeds]
        params, buffers = stack_module_state(networks)
        self.stacked = nn.Module()
        for name, value in params.items():
            self.stacked.register_parameter(_stored(name), nn.Parameter(value.detach()))
        self._keys = [f"{layer}.key".lstrip(".") for layer, _ in random_layers(networks[0])]
        for name, value in buffers.items():
            self.stacked.register_buffer(_stored(name), value, persistent=name not in self._keys)
        self._names = (list(params), list(buffers))
        # The shape of one network, without its weights; kept in a list so that it is no submodule.
        self._shape = [copy.deepcopy(networks[0]).to("meta").train()]

    def record(self) -> dict[str, Any]:
        """See ``SeededModule``."""
        return {"module": "SeedEnsemble", "config": self.config.to_json(), "seeds": self.seeds}

    def network_state(self, place: int) -> dict[str, Tensor]:
        """Parameters and buffers of the network at one place, by their names in a single network."""
        return {n: getattr(self.stacked, _stored(n))[place].detach() for names in self._names for n in names}

    def weights(self) -> list[Weights]:
        """See ``SeededModule``."""
        return [self.network_state(place) for place in range(len(self.seeds))]

    def constrain(self, constraint: Callable[..., Weights]) -> None:
        """See ``SeededModule``."""
        parameters = {n: getattr(self.stacked, _stored(n)) for n in self._names[0]}
        for name, value in vmap(constraint)(parameters).items():
            parameters[name].copy_(value)

    def _map(self, function: Any, *inputs: Tensor, shared: bool = False) -> Tensor:
        """``function(network, its parameters, *inputs)`` for each network; ``shared`` inputs are the same for all."""
        (shape,) = self._shape
        if shape.training != self.training:
            shape.train(self.training)
        params, buffers = ({n: getattr(self.stacked, _stored(n)) for n in names} for names in self._names)

        def one(params: dict[str, Tensor], buffers: dict[str, Tensor], *own: Tensor) -> Tensor:
            return function(lambda *x: functional_call(shape, (params, buffers), x), params, *own)

        axis = None if shared else 0
        return vmap(one, in_dims=(0, 0, *[axis] * len(inputs)))(params, buffers, *inputs)

    def forward(self, inputs: Tensor) -> Tensor:
        """Outputs ``(K, N, …)`` of all networks for the same inputs ``(N, …)``."""
        return self._map(lambda network, _, x: network(x), inputs, shared=True)

    def losses(self, batch: Batch) -> Tensor:
        """See ``SeededModule``."""
        for number, name in enumerate(self._keys):
            keys = [key_of(seed, batch.step, number, batch.row) for seed in self.seeds]
            getattr(self.stacked, _stored(name)).copy_(torch.tensor(keys))
        return self._map(self.loss_of, batch.inputs, batch.targets)

    def predict(self, batch: Batch) -> Tensor:
        """See ``SeededModule``."""
        return self._map(lambda network, _, x: network(x), batch.inputs, shared=not batch.stacked)
