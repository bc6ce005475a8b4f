"""Figures show what the inputs say, legibly, and the same way twice."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

matplotlib = pytest.importorskip("matplotlib")

from matplotlib.text import Text  # noqa: E402

from cogo_search.reporting.collect import Lacking  # noqa: E402
from cogo_search.reporting.figures import FIGURES, write_figure, write_figures  # noqa: E402
from cogo_search.reporting.figures.base import described  # noqa: E402
from cogo_search.reporting.figures.dynamics import figure_three  # noqa: E402
from cogo_search.reporting.figures.orders import LAST, of_width, overview  # noqa: E402
from cogo_search.reporting.remedies import FIGURE_RUNS  # noqa: E402
from cogo_search.reporting.style import blank, rendered, style  # noqa: E402

#: Reports are made of runs that are trained for it.
pytestmark = pytest.mark.slow

NAMES = [figure.name for figure in FIGURES]
#: Those that need no runs.
ALWAYS = {"figure-7", "width-frontier", "zero-patterns", "solution-graph"}


@pytest.fixture(scope="module")
def drawings(inputs):
    """Every figure, drawn once."""
    with style():
        drawn = {figure.name: figure.draw(inputs) for figure in FIGURES}
        for drawing in drawn.values():
            drawing.figure.canvas.draw()
        yield drawn


def shown_texts(figure):
    """Every piece of text that is drawn: tick labels outside the limits of their axis are not."""
    hidden = set()
    for ax in figure.findobj(matplotlib.axes.Axes):
        for axis in (ax.xaxis, ax.yaxis):
            low, high = sorted(axis.get_view_interval())
            for minor in (False, True):
                for place, label in zip(axis.get_ticklocs(minor=minor), axis.get_ticklabels(minor=minor), strict=False):
                    if not low - 1e-9 <= place <= high + 1e-9:
                        hidden.add(label)
        if not ax.get_visible():
            hidden.update(ax.findobj(Text))
    return [t for t in figure.findobj(Text) if t.get_text().strip() and t.get_visible() and t not in hidden]


def flaws(figure):
    """What is illegible: texts that leave the canvas, and pairs that overlap."""
    renderer = figure.canvas.get_renderer()
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in shown_texts(figure)]
    width, height = figure.canvas.get_width_height()
    found = [t for t, b in boxes if min(b.x0, b.y0) < -0.5 or b.x1 > width + 0.5 or b.y1 > height + 0.5]
    for (one, a), (other, b) in combinations(boxes, 2):
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 0.5 and min(a.y1, b.y1) - max(a.y0, b.y0) > 0.5:
            found.append((one, other))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_texts_neither_overlap_nor_leave_the_canvas(drawings, name):
    assert len(shown_texts(drawings[name].figure)) > 4
    assert not flaws(drawings[name].figure)


def test_flaws_are_noticed():
    with style():
        figure, axes = blank(1, 1, 2.0)
        axes[0, 0].text(0.5, 0.5, "one")
        figure.canvas.draw()
        assert not flaws(figure)
        axes[0, 0].text(0.52, 0.5, "other")
        figure.text(0.98, 0.5, "far out")
        figure.canvas.draw()
        assert flaws(figure) == ["far out", ("one", "other")]


@pytest.mark.parametrize("name", NAMES)
def test_the_same_inputs_give_the_same_bytes(inputs, name):
    figure = next(f for f in FIGURES if f.name == name)
    with style():
        first, second = (rendered(figure.draw(inputs).figure, figure.title, "scope") for _ in range(2))
    assert first == second
    assert b"<dc:date>" not in first[0]
    assert b"NaN" not in first[0]


def test_every_figure_says_its_scope(drawings):
    for drawing in drawings.values():
        assert drawing.scope.endswith(".") and any(c.isdigit() for c in drawing.scope)


@pytest.mark.parametrize("hidden", [256, 512])
def test_bars_are_the_counted_orders(inputs, hidden):
    """Against a count of its own from the JSON file."""
    records = json.loads((Path(__file__).resolve().parents[2] / "docs" / "order-distributions.json").read_text())
    with style():
        figure = of_width(hidden)(inputs).figure
    panels = [ax for ax in figure.axes if ax.patches]
    mine = [r for r in records if r["hidden"] == hidden]
    assert len(panels) == len(mine) == 15
    by_row = sorted(mine, key=lambda r: (r["weight_decay"], int(r["group"])))
    for ax, record in zip(panels, by_row, strict=True):
        heights = [bar.get_height() for bar in ax.patches[: LAST + 1]]
        total = sum(record["orders"].values())
        expected = [100 * record["orders"].get(str(order), 0) / total for order in range(LAST)]
        assert np.allclose(heights[:LAST], expected) and np.isclose(sum(heights), 100)


def test_many_groups_fit_beside_each_other(bare):
    records = json.loads((Path(__file__).resolve().parents[2] / "docs" / "order-distributions.json").read_text())
    groups = ("7", "11", "2x2x3", "4x4x3", "113")
    more = [{**r, "group": group} for r in records for group in groups if r["group"] == "23"]
    with style():
        for draw in (of_width(512), overview):
            figure = draw(replace(bare, orders=(*records, *more))).figure
            figure.canvas.draw()
            assert not flaws(figure)


def test_figure_three_is_what_the_metrics_say(inputs):
    """Traces from snapshots against metrics.npz, which training computed by other code."""
    from cogo_search.reporting.traces import trace

    run = next(run for run in inputs.runs if run.name == "paths/7-q20-wd0.005-s2")
    t, m = trace(run), run.metrics
    both = [(i, list(m["epoch"]).index(e)) for i, e in enumerate(t.epoch) if e in set(m["epoch"])]
    assert len(both) > 5
    for i, j in both:
        assert np.allclose(t.r_kkk[i], m["r_kkk"][j], atol=1e-4)
        assert np.allclose(t.fours[i] + t.sixes[i] + t.others[i], m["rn"][j], atol=1e-4)
        assert np.isclose(t.losses[i, 0], m["train_loss"][j], rtol=1e-3, atol=1e-6)
        assert np.isnan(t.losses[i, 1])
        assert np.isclose(t.accuracies[i, 0], m["train_accuracy"][j])


def test_parts_of_r_n_cancel_between_the_orders(inputs):
    """At output frequencies of order 4 the nodes of order 6 take away what the own ones leave (Corollary 5)."""
    from cogo_search.reporting.traces import trace

    traces = [trace(run) for run in inputs.runs if run.name.startswith("paths/")]
    mixed = [t for t in traces if {4, 6} == set(t.order)]
    assert mixed
    for t in mixed:
        shown = t.along_own(4)
        assert shown["fours"][-1] > 0.5
        assert np.isclose(shown["sixes"][-1], -shown["fours"][-1], rtol=0.05)


def test_figure_three_draws_the_orders_at_the_end(inputs, drawings):
    bars = {round(bar.get_x() + 0.4): bar.get_height() for bar in drawings["figure-3"].figure.axes[2].patches}
    run = next(run for run in inputs.usable if described(run.settings)[1:] in drawings["figure-3"].scope)
    assert f"seed {run.settings.seed};" in drawings["figure-3"].scope
    assert {order: n for order, n in bars.items() if n} == Counter(run.metrics["order"][-1].tolist())


def test_half_of_figure_two_names_the_other(inputs, tmp_path):
    some = replace(inputs, runs=tuple(run for run in inputs.runs if not run.name.startswith("no-rstar")))
    figure = next(f for f in FIGURES if f.name == "figure-2")
    done = write_figure(figure, some, tmp_path)
    assert done.missing.command.endswith("--loss no-rstar --out runs/figure-2-no-rstar") and "half" in done.missing.why
    assert write_figure(figure, inputs, tmp_path).missing is None


def test_few_snapshots_show_no_dynamics(inputs):
    some = replace(inputs, runs=tuple(run for run in inputs.runs if len(run.snapshots) < 8))
    assert some.usable
    with pytest.raises(Lacking, match="snapshots") as error:
        figure_three(some)
    assert "--snapshots" in error.value.command


def test_one_weight_decay_makes_no_overview(bare):
    records = json.loads((Path(__file__).resolve().parents[2] / "docs" / "order-distributions.json").read_text())
    one = [r for r in records if r["weight_decay"] == 5e-5]
    with pytest.raises(Lacking, match="5e-5"):
        overview(replace(bare, orders=tuple(one)))
    with style():
        figure = overview(replace(bare, orders=tuple(records))).figure
        figure.canvas.draw()
    decays = sorted({r["weight_decay"] for r in records})
    assert list(figure.axes[0].get_xticks()) == decays and not len(figure.axes[0].get_xticks(minor=True))


def test_histograms_of_parameters_hold_every_frequency(inputs, drawings):
    families = Counter(f["family"] for n in inputs.matches.report["networks"] for f in n["frequencies"])
    figure = drawings["figure-5"].figure
    for ax, family in zip(figure.axes[:2], ("nu_i*xi", "nu*syn"), strict=True):
        assert sum(bar.get_height() for bar in ax.patches) == families[family]
    points = figure.axes[2].lines[0].get_xdata()
    assert len(points) == families["nu_i*syn_ab"]


def test_constants_of_figure_seven_cancel_and_the_printed_ones_do_not():
    from cogo_search.groups.abelian import Group
    from cogo_search.networks.network import Setting
    from cogo_search.recipes.compose import build
    from cogo_search.reporting.figures.spectra import constant_parts, sorted_nodes

    z, found = sorted_nodes(build("f4/6", Group.parse("7"), Setting()).assemble())
    assert [block.order for block in found] == [6, 4, 4]
    own, others = constant_parts(z, found, 1)
    assert abs(own) > 1 and abs(own + others) < 1e-12
    assert np.allclose(np.ptp(z[2, 1, :6]), 0)  # one constant for all six


def test_frontier_draws_every_row(inputs, drawings):
    from cogo_search.reporting.figures.frontier import MARKS, of_setting

    figure = drawings["width-frontier"].figure
    settings = (("without", "zero-mean"), ("with", "zero-mean"), ("with", "one-hot"))
    for ax, setting in zip(figure.axes, settings, strict=True):
        records = of_setting(inputs, *setting)
        assert [label.get_text() for label in ax.get_xticklabels()] == [r["group"] for r in records]
        lines = {line.get_label(): list(line.get_ydata()) for line in ax.lines}
        for name, _, _, label in MARKS:
            assert lines[label] == [r[name] for r in records if r[name] is not None]


def test_zero_patterns_count_every_entry(inputs):
    from cogo_search.algebra.potentials import conditions
    from cogo_search.reporting.figures.entries import CHARACTERS, zero_patterns

    total = 0
    for kind in CHARACTERS:
        for pattern in zero_patterns(inputs, kind):
            zero = {name for name, holds in zip(conditions(kind), pattern.zero, strict=True) if holds}
            own = [
                item.record
                for item in inputs.entries
                if item.record["character_order"] == kind and item.record["order"] == pattern.order
            ]
            assert pattern.count == sum(set(entry["zero_set"]) == zero for entry in own)
            total += pattern.count
    assert total == len(inputs.entries)


def test_graph_draws_every_product(inputs, drawings):
    ax = drawings["solution-graph"].figure.axes[0]
    assert len(ax.texts) == inputs.graph.number_of_edges() > 30


def test_match_rate_is_the_share_of_distances(inputs, drawings):
    best = []
    for network in inputs.matches.report["networks"]:
        for f in network["frequencies"]:
            if f["order"] in (4, 6):
                known = [f["distance"], *(a["distance"] for a in f["also"])]
                known += [f["nearest"]["distance"]] if f["nearest"] else []
                best.append(min(d for d in known if d is not None))
    line = drawings["match-rate"].figure.axes[0].lines[0]
    for x, y in line.get_xydata():
        assert np.isclose(y, 100 * np.mean(np.array(best) <= x))
    assert all(b >= a for a, b in pairwise(line.get_ydata()))


def test_hits_are_drawn_where_the_comparison_has_them(inputs, drawings):
    for ax, order in zip(drawings["cost-and-hits"].figure.axes, (4, 6), strict=True):
        found = next(line for line in ax.lines if line.get_label() == "found")
        mine = [h for h in inputs.matches.comparison["entries"] if h["order"] == order]
        assert list(found.get_ydata()) == [h["hits"] for h in mine]


def test_without_runs_the_rest_is_drawn_and_the_gaps_are_named(bare, tmp_path):
    written, missing = write_figures(bare, tmp_path)
    assert {w.name for w in written} == ALWAYS
    assert len(written) + len(missing) == len(FIGURES)
    for item in missing:
        assert item.command.startswith("python ") and item.why
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(f"{n}.{s}" for n in ALWAYS for s in ("png", "svg"))
    for w in written:
        assert w.caption and w.svg.read_bytes().startswith(b"<?xml") and w.png.read_bytes().startswith(b"\x89PNG")


def test_commands_of_missing_figures_are_ones_that_the_program_takes(bare):
    from cogo_search.cli import build_parser

    nothing = replace(bare, entries=(), networks=(), orders=(), graph=bare.graph.subgraph([]))
    for figure in FIGURES:
        try:
            figure.draw(nothing)
        except Lacking as error:
            for command in error.command.split("; "):
                if command.startswith("python -m cogo_search "):
                    build_parser().parse_args(command.split()[3:])


def test_figures_wait_for_matplotlib(bare, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    written, [missing] = write_figures(bare, tmp_path)
    assert not written and "cogo_search[report]" in missing.command
    assert not list(tmp_path.iterdir())


def test_matplotlib_is_not_imported_before_a_figure_is_drawn():
    code = (
        "import cogo_search.reporting.figures, cogo_search.reporting.sheets, sys; sys.exit('matplotlib' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_script_of_a_figure_draws_it(tmp_path):
    script = Path(__file__).resolve().parents[2] / "scripts" / "figure_7.py"
    run = subprocess.run([sys.executable, script, "--out", tmp_path], capture_output=True, text=True, check=True)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["figure-7.png", "figure-7.svg"]
    assert "zero in exact arithmetic" in run.stdout


def test_every_training_that_a_figure_asks_for_is_one_that_can_be_done():
    from cogo_search.api.training import sweep_of
    from cogo_search.cli import build_parser
    from cogo_search.cli.train import asked

    for figure, folders in FIGURE_RUNS.items():
        for options in folders.values():
            arguments = build_parser().parse_args(["train", *options.split(), "--out", "x"])
            sweep = sweep_of(arguments.group.split(","), **asked(arguments))
            assert len(sweep.runs()) == {"figure-2": 8, "figure-3": 1, "figure-5": 15, "figure-6": 10}.get(figure, 75)
