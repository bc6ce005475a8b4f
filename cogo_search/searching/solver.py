"""CP-SAT with the habits that a catalog needs: one worker, fixed seed, deterministic time, validation.

The solve runs in a thread so that Ctrl-C reaches Python at once. OPTIMAL is reported only if the
bound equals the objective; it is never taken for a proof elsewhere in the package.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ortools.sat.python import cp_model


@dataclass(frozen=True)
class Solve:
    """Status name, objective and bound (None without a solution), values of the watched variables."""

    status: str
    objective: int | None
    bound: int | None
    values: tuple[int, ...] | None

    @property
    def optimal(self) -> bool:
        """The solver says OPTIMAL and its bound meets the objective."""
        return self.status == "OPTIMAL" and self.objective == self.bound


def _solver(budget: float) -> cp_model.CpSolver:
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    parameters = solver.parameters
    parameters.num_workers = 1
    parameters.random_seed = 0
    parameters.max_deterministic_time = budget
    parameters.relative_gap_limit = 0.0
    parameters.absolute_gap_limit = 0.0
    parameters.catch_sigint_signal = False
    return solver


def _run(solver: cp_model.CpSolver, model: cp_model.CpModel, callback: cp_model.CpSolverSolutionCallback | None) -> str:
    if problem := model.validate():
        raise AssertionError(f"invalid CP-SAT model: {problem}")
    box: list[cp_model.CpSolverStatus | BaseException] = []
    done = threading.Event()

    def work() -> None:
        try:
            box.append(solver.solve(model, callback) if callback else solver.solve(model))
        except BaseException as error:
            box.append(error)
        done.set()

    threading.Thread(target=work, daemon=True).start()
    # Not by Thread.join: where a signal interrupts it, Python 3.11 takes a running thread for ended (bpo-45274), and a
    # program that ends while the solver runs is aborted.
    try:
        while not done.wait(0.1):
            pass
    except BaseException:
        _stop(solver, done)
        raise
    result = box[0]
    if isinstance(result, BaseException):
        raise result
    return str(solver.status_name(result))


def _stop(solver: cp_model.CpSolver, done: threading.Event) -> None:
    """Ask the solver to stop until it has, whatever further signals come."""
    while not done.is_set():
        try:
            solver.stop_search()  # forgotten if the search proper has not begun
            done.wait(0.05)
        except KeyboardInterrupt:
            continue


def minimize(model: cp_model.CpModel, watched: Sequence[cp_model.IntVar], budget: float) -> Solve:
    """Solve a model that has an objective, within ``budget`` deterministic seconds."""
    solver = _solver(budget)
    status = _run(solver, model, None)
    if status not in ("OPTIMAL", "FEASIBLE"):
        return Solve(status, None, None, None)
    values = tuple(int(solver.value(v)) for v in watched)
    return Solve(status, round(solver.objective_value), round(solver.best_objective_bound), values)


def enumerate_all(
    model: cp_model.CpModel,
    watched: Sequence[cp_model.IntVar],
    budget: float,
    on_solution: Callable[[tuple[int, ...]], bool],
) -> bool:
    """Hand every solution of a model without objective to ``on_solution`` until it returns False.

    Returns True iff the enumeration is complete: the solver exhausted the space in its budget.
    """
    from ortools.sat.python import cp_model

    class Collector(cp_model.CpSolverSolutionCallback):
        failure: BaseException | None = None
        stopped = False

        def on_solution_callback(self) -> None:
            if self.stopped:
                return
            try:
                more = on_solution(tuple(int(self.value(v)) for v in watched))
            except BaseException as error:  # a C++ frame lies between here and the caller
                self.failure, more = error, False
            if not more:
                self.stopped = True
                self.stop_search()

    solver = _solver(budget)
    solver.parameters.enumerate_all_solutions = True
    collector = Collector()
    status = _run(solver, model, collector)
    if collector.failure:
        raise collector.failure
    return status in ("OPTIMAL", "INFEASIBLE") and not collector.stopped
