import numpy as np
import pytest

torch = pytest.importorskip("torch")

from cogo_search.groups.abelian import Group  # noqa: E402
from cogo_search.networks.network import Setting  # noqa: E402
from cogo_search.networks.torch_module import QuadraticNetwork  # noqa: E402
from cogo_search.recipes.compose import build  # noqa: E402


def test_module_gives_the_network_s_outputs_and_gives_it_back():
    network = build("f4/6", Group.parse("2x4"), Setting()).assemble()
    module = QuadraticNetwork.from_network(network)
    x1, x2 = torch.meshgrid(torch.arange(8), torch.arange(8), indexing="ij")
    np.testing.assert_allclose(module(x1, x2).detach().numpy(), network.outputs(), atol=1e-12)
    again = module.to_network()
    np.testing.assert_array_equal(again.V, network.V)
    assert len(list(module.parameters())) == 3
