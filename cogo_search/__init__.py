"""Exact global optimizers of 2-layer quadratic-activation networks on Abelian-group tasks.

    import cogo_search as cogo

    cat = cogo.search([3, 4])                        # a Catalog of proved minimal solutions
    net = cogo.construct("23", recipe="f4/6")        # a Network of exactly zero loss
    runs = cogo.train("23", seeds=range(1, 6))       # Runs of gradient descent
    cogo.match(runs)                                 # which solution is at which frequency
    cogo.compare(runs)                               # hits of every catalog entry, and Table 2

Names are loaded when they are first used, so that importing the package takes no time.
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

#: The public face: each name, and the module that has it.
_FACE = {
    "Group": "groups.abelian",
    "Weights": "algebra.weights",
    "Element": "algebra.element",
    "generators": "api.searches",
    "generator_table": "api.searches",
    "search": "api.searches",
    "Catalog": "catalog.catalog",
    "Entry": "catalog.entry",
    "load_catalog": "api.catalogs",
    "verify": "api.catalogs",
    "Network": "networks.network",
    "construct": "api.networks",
    "load_network": "api.networks",
    "train": "api.training",
    "naive_training": "training.reference",
    "load_runs": "api.training",
    "potentials": "api.potentials",
    "match": "api.matching",
    "compare": "api.matching",
    "report": "api.reports",
    "Event": "events",
    "CogoError": "errors",
    "InputError": "errors",
    "CatalogError": "errors",
    "VerificationError": "errors",
}

__all__ = [
    "Catalog",
    "CatalogError",
    "CogoError",
    "Element",
    "Entry",
    "Event",
    "Group",
    "InputError",
    "Network",
    "VerificationError",
    "Weights",
    "compare",
    "construct",
    "frontier",
    "generator_table",
    "generators",
    "load_catalog",
    "load_network",
    "load_runs",
    "match",
    "naive_training",
    "potentials",
    "report",
    "search",
    "train",
    "verify",
]

if TYPE_CHECKING:
    from . import frontier as frontier
    from .algebra.element import Element as Element
    from .algebra.weights import Weights as Weights
    from .api.catalogs import load_catalog as load_catalog
    from .api.catalogs import verify as verify
    from .api.matching import compare as compare
    from .api.matching import match as match
    from .api.networks import construct as construct
    from .api.networks import load_network as load_network
    from .api.potentials import potentials as potentials
    from .api.reports import report as report
    from .api.searches import generator_table as generator_table
    from .api.searches import generators as generators
    from .api.searches import search as search
    from .api.training import load_runs as load_runs
    from .api.training import train as train
    from .catalog.catalog import Catalog as Catalog
    from .catalog.entry import Entry as Entry
    from .errors import CatalogError as CatalogError
    from .errors import CogoError as CogoError
    from .errors import InputError as InputError
    from .errors import VerificationError as VerificationError
    from .events import Event as Event
    from .groups.abelian import Group as Group
    from .networks.network import Network as Network
    from .training.reference import naive_training as naive_training


def __getattr__(name: str) -> Any:
    """Load a name of the face when it is first used (PEP 562)."""
    if name == "frontier":
        return import_module(f"{__name__}.frontier")
    if name not in _FACE:
        message = f"module {__name__!r} has no attribute {name!r}: dir({__name__}) lists what it has"
        raise AttributeError(message, name=name, obj=sys.modules[__name__])  # Python adds what was perhaps meant
    value = getattr(import_module(f"{__name__}.{_FACE[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
