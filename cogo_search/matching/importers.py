from dataclasses import dataclass

from ..optimizers.files import read_network


@dataclass(frozen=True)
class Imported:
    network: object
    mapping: dict
    scale: float = 1.0
    notes: tuple = ()


def import_network(path, group=None, mapping=None):
    return Imported(read_network(path), {"W_a": "W_a", "W_b": "W_b", "V": "V"})
