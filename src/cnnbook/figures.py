"""What is measured over seeds: figures, and curves of figures. One type from the training engines to the result file.

A *figure* is one number a seed, at the end of a run: ``test_accuracy``. A *curve* is a figure at several points: after
so many steps, at so many pixels apart. What a point means, the declaration of an experiment says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

Values = list[float]  # one number a seed
Points = dict[float, Values]  # point → one number a seed


@dataclass(frozen=True)
class Figures:
    """Figures and curves of some seeds, in the order of the seeds; NaN where a seed diverged.

    Attributes:
        values: name → one number a seed.
        curves: name → point → one number a seed.

    Examples:
        >>> measured = Figures({"loss": [0.5, 0.4]}, {"loss": {0: [2.3, 2.4], 100: [0.5, 0.4]}})
        >>> measured["loss"], measured.curves["loss"][0]
        ([0.5, 0.4], [2.3, 2.4])
    """

    values: dict[str, Values]
    curves: dict[str, Points] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Values:
        """The figure of a name, one number a seed."""
        return self.values[name]

    def plus(self, values: Mapping[str, Values], curves: Mapping[str, Points] | None = None) -> Figures:
        """The same with more figures and more points of curves.

        Examples:
            >>> Figures({"loss": [0.5]}, {"loss": {0: [2.0]}}).plus({"error": [0.1]}, {"loss": {9: [0.5]}}).curves
            {'loss': {0: [2.0], 9: [0.5]}}
        """
        more = {name: self.curves.get(name, {}) | points for name, points in (curves or {}).items()}
        return Figures(self.values | dict(values), self.curves | more)

    def gathered(self, name: str, points: Iterable[int]) -> Figures:
        """The same with a curve ``name`` made of the figures ``name_POINT``, as scores have them.

        Examples:
            >>> Figures({"kept_1": [0.9], "kept_2": [0.8]}).gathered("kept", (1, 2)).curves
            {'kept': {1: [0.9], 2: [0.8]}}
        """
        return self.plus({}, {name: {point: self.values[f"{name}_{point}"] for point in points}})

    def seed(self, place: int) -> Figures:
        """Those of one seed alone, by its place.

        Examples:
            >>> Figures({"loss": [0.5, 0.4]}).seed(1)
            Figures(values={'loss': [0.4]}, curves={})
        """
        return Figures(
            {name: [values[place]] for name, values in self.values.items()},
            {name: {at: [values[place]] for at, values in points.items()} for name, points in self.curves.items()},
        )

    @staticmethod
    def of_seeds(parts: Sequence[Figures]) -> Figures:
        """The figures of some seeds and then of others; all have what the first has.

        Raises:
            KeyError: a part lacks a figure or a point of the first.

        Examples:
            >>> Figures.of_seeds([Figures({"loss": [0.5]}), Figures({"loss": [0.4, 0.3]})])["loss"]
            [0.5, 0.4, 0.3]
        """
        first = parts[0]
        return Figures(
            {name: [value for part in parts for value in part.values[name]] for name in first.values},
            {
                name: {at: [value for part in parts for value in part.curves[name][at]] for at in points}
                for name, points in first.curves.items()
            },
        )
