r"""Variable projection: the output weights V are linear, so only the functions h_j are searched.

A network has zero loss iff every f(x1 + x2), f zero-mean on G (any f for one-hot outputs), lies in the span of the
squares h_j^2. With Phi (d^2, q) the squares and Y (d^2, m) orthonormal targets, the cost is the squared residual

    c = || R ||^2,  R = Y - Phi V,  V = Phi^+ Y,    loss = c / d.

Its Jacobian (Golub and Pereyra 1973) has two parts of orthogonal ranges, so with D = d Phi (one column per weight)
J^T J = (D^T P D) * (V V^T) + (Phi^+ Phi^+^T) * (D^T R R^T D),  P the projector off the span of Phi, * entrywise over
nodes, and J^T R = -D^T R V^T exactly; Kaufman's approximation drops the second part.

Unknowns theta (orbits, n) give the nodes of one orbit each; J^T J at one node of an orbit against all nodes is enough,
because the symmetry carries it to the others. Arrays carry the starts in front: theta (B, orbits, n).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..groups.abelian import Group
from ..networks.network import FloatArray, Network, Setting, balanced, from_spectrum, spectrum
from .symmetry import Ansatz


@dataclass(frozen=True, eq=False)
class State:
    """B networks: theta (B, orbits, n), h (B, d, d, q), an orthonormal basis of the squares, V, R, cost, norm.

    ``norm`` is sqrt(sum_j ||h_j^2||^2 ||v_j||^2), which no gauge changes: at most sqrt(m) without cancellation
    between nodes, and unbounded at a border-rank limit.
    """

    theta: FloatArray
    h: FloatArray
    basis: FloatArray
    inverse: FloatArray
    v: FloatArray
    residual: FloatArray
    cost: FloatArray
    norm: FloatArray
    penalty: FloatArray

    @property
    def total(self) -> FloatArray:
        """What is minimised: cost + sum_j penalty_j^2 ||h_j^2||^2 ||v_j||^2, penalty (B, q) the same along an orbit."""
        return np.asarray(self.cost + np.sum((self.penalty[..., None] * self.v) ** 2, axis=(-2, -1)))

    def __getitem__(self, index: object) -> State:
        return State(*(getattr(self, name)[index] for name in self.__dataclass_fields__))

    def put(self, index: object, other: State) -> None:
        """Overwrite the networks at ``index``."""
        for name in self.__dataclass_fields__:
            getattr(self, name)[index] = getattr(other, name)


@dataclass(frozen=True, eq=False)
class Problem:
    """Zero loss on ``group`` in ``setting`` by a network of the shape that ``ansatz`` says."""

    group: Group
    setting: Setting
    ansatz: Ansatz

    @cached_property
    def sizes(self) -> list[int]:
        """Nodes of each orbit."""
        return [t.size for t in self.ansatz.types]

    @cached_property
    def firsts(self) -> list[int]:
        """Index of each orbit's first node."""
        return [sum(self.sizes[:i]) for i in range(len(self.sizes))]

    @cached_property
    def blocks(self) -> FloatArray:
        """The map from an orbit's unknowns to each node's weights, shape (q, 2d, n), zero where there are fewer."""
        most = max(t.dimension for t in self.ansatz.types)
        return np.concatenate([np.pad(t.nodes, ((0, 0), (0, 0), (0, most - t.dimension))) for t in self.ansatz.types])

    @cached_property
    def targets(self) -> FloatArray:
        """Orthonormal target functions f(x1 + x2), shape (d^2, m)."""
        d = self.group.order
        everything = np.arange(d)
        functions = np.eye(d)
        if self.setting.target == "zero-mean":
            functions = np.linalg.qr(np.eye(d) - 1 / d)[0][:, : d - 1]
        return np.asarray(functions[self.group.add(everything[:, None], everything)].reshape(d * d, -1) / np.sqrt(d))

    def start(self, rng: np.random.Generator) -> FloatArray:
        """Random unknowns of one start, shape (orbits, n): normal, in the directions that an orbit has."""
        theta = rng.standard_normal((len(self.sizes), self.blocks.shape[2]))
        return theta * np.any(self.blocks[self.firsts], axis=1)

    def weights(self, theta: FloatArray) -> FloatArray:
        """(alpha, beta) of every node, shape (B, 2d, q)."""
        per_node = np.repeat(theta, self.sizes, axis=1)
        return np.asarray((self.blocks @ per_node[..., None])[..., 0].swapaxes(-1, -2))

    def evaluate(self, theta: FloatArray, penalty: FloatArray) -> State:
        """The networks of least total with these unknowns and penalties (B, q), every node scaled to || h^2 || = 1."""
        b, d = len(theta), self.group.order
        w = self.weights(theta)
        h = w[:, :d, None, :] + w[:, None, d:, :]
        scale = np.maximum(np.sum(h**4, axis=(1, 2)) ** 0.25, 1e-300)
        theta = theta / scale[:, self.firsts, None]
        h = h / scale[:, None, None, :]
        squares = (h**2).reshape(b, d * d, -1)
        below = penalty[:, :, None] * np.eye(squares.shape[2])
        basis, triangle = np.linalg.qr(np.concatenate([squares, below], axis=1))
        basis = basis[:, : d * d]
        diagonal = np.einsum("bii->bi", triangle)
        diagonal[np.abs(diagonal) < 1e-14] = 1e-14  # dependent squares: shows as a large norm
        inverse = np.linalg.inv(triangle)
        inner = basis.swapaxes(1, 2) @ self.targets
        v = inverse @ inner
        residual = self.targets - basis @ inner
        norm = np.sqrt(np.sum(v**2, axis=(1, 2)))
        cost = np.sum(residual**2, axis=(1, 2))
        return State(theta, h, basis, inverse, v, residual, cost, norm, penalty)

    def normal_equations(self, state: State) -> tuple[FloatArray, FloatArray]:
        """J^T J, shape (B, u, u), and -J^T R, shape (B, u), u = orbits * n, for unknowns theta."""
        b, d, q = len(state.theta), self.group.order, len(self.blocks)
        firsts, orbits = self.firsts, len(self.sizes)
        h = state.h
        both = np.concatenate([h, h.swapaxes(1, 2)], axis=1)  # (B, 2d, d, q): what weight g of node j moves
        some = both[..., firsts]
        curvature = np.zeros((b, 2 * d, orbits, 2 * d, q))
        everything = np.arange(d)
        for half in (slice(0, d), slice(d, 2 * d)):  # alpha against alpha, beta against beta: one g only
            rows = everything + (half.start or 0)
            curvature[:, rows, :, rows, :] = 4 * np.einsum("bgxj,bgxk->gbjk", some[:, half], both[:, half])
        cross = 4 * h[:, :, :, firsts, None] * h[:, :, :, None, :]
        curvature[:, :d, :, d:, :] = cross.transpose(0, 1, 3, 2, 4)
        curvature[:, d:, :, :d, :] = cross.transpose(0, 2, 3, 1, 4)
        basis = state.basis.reshape(b, d, d, q)
        bases = np.concatenate([basis, basis.swapaxes(1, 2)], axis=1)
        seen = (2 * both.swapaxes(2, 3) @ bases).reshape(b, 2 * d * q, q)  # D^T Q, rows (g, j)
        seen_first = seen.reshape(b, 2 * d, q, q)[:, :, firsts].reshape(b, 2 * d * orbits, q)
        curvature -= (seen_first @ seen.swapaxes(1, 2)).reshape(curvature.shape)
        curvature *= (state.v[:, firsts] @ state.v.swapaxes(1, 2))[:, None, :, None, :]
        m = state.residual.shape[2]
        rest = state.residual.reshape(b, d, d, m)
        rests = np.concatenate([rest, rest.swapaxes(1, 2)], axis=1)
        left = 2 * both.swapaxes(2, 3) @ rests  # D^T R: (B, 2d, q, m)
        gram = (left[:, :, firsts].reshape(b, -1, m) @ left.reshape(b, -1, m).swapaxes(1, 2)).reshape(curvature.shape)
        metric = state.inverse @ state.inverse.swapaxes(1, 2)
        curvature += gram * metric[:, firsts][:, None, :, None, :]
        gradient = np.sum(left * state.v[:, None], axis=3)[:, :, firsts]  # (B, 2d, orbits)
        sizes = np.array(self.sizes, dtype=float)
        ends = self.blocks[firsts]  # (orbits, 2d, n)
        reduced = curvature.transpose(0, 4, 2, 1, 3).reshape(b, q, orbits * 2 * d, 2 * d) @ self.blocks
        summed = np.add.reduceat(reduced, firsts, axis=1).reshape(b, orbits, orbits, 2 * d, -1)
        matrix = ends.swapaxes(1, 2)[:, None] * sizes[:, None, None, None]
        equations = (matrix.swapaxes(0, 1) @ summed).transpose(0, 2, 3, 1, 4)
        right = np.einsum("rgn,bgr,r->brn", ends, gradient, sizes)
        u = right[0].size
        equations, right = equations.reshape(b, u, u), right.reshape(b, u)
        tangent = self._tangent(state, both)
        return tangent.swapaxes(1, 2) @ equations @ tangent, (right[:, None] @ tangent)[:, 0]

    def _tangent(self, state: State, both: FloatArray) -> FloatArray:
        """The derivative I - theta n^T / (n^T theta) of scaling to || h^2 || = 1, shape (B, u, u), block by block."""
        b, orbits, n = state.theta.shape
        normal = np.einsum("rgn,bgr->brn", self.blocks[self.firsts], np.sum(both**3, axis=2)[..., self.firsts])
        along = np.sum(normal * state.theta, axis=2)
        tangent = np.zeros((b, orbits, n, orbits, n))
        for r in range(orbits):
            outer = state.theta[:, r, :, None] * normal[:, r, None, :] / along[:, r, None, None]
            tangent[:, r, :, r, :] = np.eye(n) - outer
        return tangent.reshape(b, orbits * n, orbits * n)

    def network(self, theta: FloatArray, metadata: dict[str, str] | None = None) -> Network:
        """The balanced network of one start's unknowns (orbits, n); V is the least-squares one."""
        state = self.evaluate(theta[None], np.zeros((1, len(self.blocks))))
        d = self.group.order
        w = self.weights(state.theta)[0]
        functions = self.targets.reshape(d, d, -1)[0] * np.sqrt(d)  # f at x1 + x2 = x, orthonormal: (d, m)
        v = np.sqrt(d) * functions @ state.v[0].T
        if self.setting.trivial == "without":
            v -= v.mean(axis=0)
        known = {"trivial": self.setting.trivial, "target": self.setting.target, "origin": "frontier"}
        network = Network(self.group, w[:d], w[d:], v)
        return from_spectrum(self.group, balanced(spectrum(network)), known | (metadata or {}))
