"""Architecture: structures differ in what their names say, and the networks in size as the claims say."""

from dataclasses import replace

from cnnbook.evidence import registry
from cnnbook.experiments.generalisation import architecture
from cnnbook.generalisation.architecture import Block, convnet, count_parameters

NAME = "generalisation/architecture"


def test_a_quick_try_is_short_and_runs(quick_try):
    experiment, result = registry.load(NAME), quick_try(NAME)
    assert all(0 <= value < 70 for value in result.figures[experiment.baseline]["test_accuracy"])  # per cent
    assert {metric.name for metric in experiment.metrics} == set(result.figures[experiment.baseline])


def number(name, letter):
    """The number after a letter in an arm's name: of d8_skip and d, 8."""
    found = [part[1:] for part in name.split("_") if part[0] == letter and part[1:].isdigit()]
    return int(found[0]) if found else None


def test_structures_differ_in_what_their_names_say():
    for name, arm in architecture.ARMS.items():
        options = arm.network_options
        assert options["depth"] == (number(name, "d") or 2)
        assert options["width"] == (number(name, "w") or 8)
        assert options["skip"] == name.endswith("skip") and options["batch_norm"]
        assert arm.n_train == (4000 if name.startswith("many") else 512)
        assert arm.label_noise == (0.3 if name.startswith("noise") else 0.0)
        assert arm.total_steps == (600 if name.startswith(("many", "noise")) else 400)
        same = {"network_options": {}, "n_train": 512, "label_noise": 0.0, "steps": 400}
        assert replace(arm, **same) == replace(architecture.ARMS["d2"], **same)


def test_a_skip_changes_neither_size_nor_start():
    for depth in architecture.DEPTHS:
        plain, skip = (architecture.ARMS[name].network_options for name in (f"d{depth}", f"d{depth}_skip"))
        assert plain | {"skip": True} == skip
        networks = [convnet(**options) for options in (plain, skip)]
        assert len({count_parameters(network) for network in networks}) == 1
        blocks = [[block.skip for block in network if isinstance(block, Block)] for network in networks]
        assert blocks == [[False] * ((depth - 2) // 2), [True] * ((depth - 2) // 2)]


def test_the_narrow_network_has_fewer_parameters_than_the_shallow_one_and_that_fewer_than_the_deep_one():
    counts = [count_parameters(convnet(**architecture.ARMS[name].network_options)) for name in ("w2", "d2", "d8")]
    assert counts == sorted(counts) and len(set(counts)) == 3
