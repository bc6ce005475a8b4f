const trained = data.trained;
const [WIDTH, HEIGHT] = [460, 200];

const last = (curve) => (curve && curve.length ? curve[curve.length - 1] : null);
const runLink = (run) => h("a", { href: `#run-${encodeURIComponent(run.name)}` }, run.name);
const decimal = (x) => (x && x < 1e-3 ? x.toExponential() : String(x));
const settingOf = (name) => (run) => {
  if (!run.settings) return "-";
  const value = run.settings[name];
  return typeof value === "number" ? decimal(value) : String(value);
};
const share = (x) => (x === null || x === undefined ? "-" : `${(100 * x).toFixed(1)} %`);

function tally(values) {
  const counts = new Map();
  for (const value of values) counts.set(value, (counts.get(value) || 0) + 1);
  return [...counts];
}

// How many frequencies have each order: 25 of 4, 30 of 6.
function ordersText(run) {
  if (!run.frequencies) return "-";
  return tally(run.frequencies.map((f) => f[1]))
    .sort((a, b) => a[0] - b[0])
    .map(([order, count]) => `${count} of ${order}`)
    .join(", ");
}

const familyOf = (f) => (f[3] < 0 ? "-" : trained.families[f[3]]);
const statusOf = (f) => trained.statuses[f[2]];
const entryOf = (f) => (f[6] < 0 ? null : trained.entries[f[6]]);

function matchesText(run) {
  if (!run.frequencies) return run.problem || "-";
  const names = run.frequencies.map((f) => (statusOf(f) === "family" ? familyOf(f) : f[1] ? statusOf(f) : "no node"));
  return tally(names)
    .sort((a, b) => b[1] - a[1])
    .map(([name, count]) => `${count} ${name}`)
    .join(", ");
}

// Curves over epochs: {name, values}; the vertical axis is logarithmic or from 0 to 1.
function chart(title, epochs, lines, logarithmic) {
  const drawn = lines.filter(({ values }) => values);
  const scale = logarithmic ? (v) => (v > 0 ? Math.log10(v) : null) : (v) => v;
  const all = drawn.flatMap(({ values }) => values.map((v) => (v === null ? null : scale(v)))).filter((v) => v !== null);
  if (!all.length) return h("p", {}, `${title}: nothing finite was recorded.`);
  let [low, high] = logarithmic ? [Math.floor(Math.min(...all)), Math.ceil(Math.max(...all))] : [0, 1];
  if (low === high) high = low + 1;
  const x = (epoch) => 44 + (WIDTH - 60) * (epoch / Math.max(1, last(epochs)));
  const y = (v) => 30 + (HEIGHT - 58) * (1 - (v - low) / (high - low));
  const step = logarithmic ? Math.max(1, Math.ceil((high - low) / 5)) : 0.25;
  const ticks = [];
  for (let v = low; v <= high + 1e-9; v += step) ticks.push(v);
  const grid = ticks.map((v) => [
    s("path", { d: `M44 ${y(v)}H${WIDTH - 16}`, class: "axis" }),
    s("text", { x: 38, y: y(v) + 4, class: "tick" }, logarithmic ? `1e${v}` : String(v)),
  ]);
  const ends = [0, last(epochs)].map((epoch, i) => s("text", { x: x(epoch), y: HEIGHT - 8, class: i ? "tick" : "tick start" }, i ? `${epoch} epochs` : "0"));
  const paths = drawn.map(({ values }, i) => {
    let pen = "M";
    const d = values.map((v, t) => {
      const place = v === null ? null : scale(v);
      if (place === null) {
        pen = "M";
        return "";
      }
      const point = `${pen}${x(epochs[t]).toFixed(1)} ${y(place).toFixed(1)}`;
      pen = "L";
      return point;
    });
    return s("path", { d: d.join(""), class: `curve curve${i}` });
  });
  const names = drawn.map(({ name }, i) => [s("path", { d: `M${44 + 120 * i} 14h18`, class: `curve curve${i}` }), s("text", { x: 68 + 120 * i, y: 18 }, name)]);
  const drawing = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title, class: "chart" }, grid, ends, paths, names);
  return h("figure", {}, drawing, h("figcaption", {}, title));
}

function frequencyTable(run) {
  const table = pagedTable({
    name: `frequencies of ${run.name}`,
    caption: `What each frequency is, at the last snapshot; within ${trained.tolerance} counts as a match.`,
    rows: run.frequencies,
    size: 16,
    columns: [
      { head: "k", cell: (f) => String(f[0]), numeric: true },
      { head: "order", cell: (f) => String(f[1]), numeric: true },
      { head: "status", cell: statusOf },
      { head: "family", cell: (f) => (statusOf(f) === "family" ? familyOf(f) : f[3] < 0 ? "-" : `(nearest: ${familyOf(f)})`) },
      { head: "distance", cell: (f) => number(f[4]), numeric: true },
      { head: "parameters, in turns", cell: (f) => f[5] || "-" },
      { head: "catalog entry", cell: (f) => (entryOf(f) ? entryLink(entryOf(f)) : "-") },
      { head: "to nearest entry", cell: (f) => number(f[7]), numeric: true },
    ],
  });
  return table.node;
}

function runPart(run) {
  const parts = [];
  if (run.settings) {
    const t = run.settings;
    const words = [`group ${t.group}`, `q = ${t.hidden}`, `weight decay ${decimal(t.weight_decay)}`, `learning rate ${decimal(t.lr)}`, `seed ${t.seed}`, t.optimizer, `loss ${t.loss}`];
    if (t.activation) words.push(`activation ${t.activation}`);
    if (t.loss_function) words.push(t.loss_function);
    if (t.bias) words.push("hidden bias");
    parts.push(h("p", {}, `${run.status} at epoch ${run.epoch} of ${t.epochs}: ${words.join(", ")}.`));
  }
  if (run.problem) parts.push(h("p", { class: "note" }, run.problem), command(run.command));
  for (const text of run.notes || []) parts.push(h("p", { class: "note" }, text));
  if (run.curves) {
    const { epoch } = run.curves;
    const shown = `${epoch.length} of the recorded epochs`;
    parts.push(
      h("div", { class: "columns" }, [
        chart(`Loss, mean of ${run.settings.loss_function || "||P(o - onehot)||^2"} over the pairs (${shown})`, epoch, [{ name: "train", values: run.curves.train_loss }, { name: "test", values: run.curves.test_loss }], true),
        chart(`Accuracy, share of pairs (${shown})`, epoch, [{ name: "train", values: run.curves.train_accuracy }, { name: "test", values: run.curves.test_accuracy }], false),
      ])
    );
  }
  if (run.frequencies) parts.push(frequencyTable(run));
  return parts;
}

function showRun(text) {
  const run = trained.runs.find((r) => r.name === text);
  const article = h("article", { id: `run-${text}`, tabindex: -1 }, h("h3", {}, text), run ? runPart(run) : h("p", {}, "No run of this page has this name."));
  article.append(h("p", {}, h("a", { href: "#runs" }, "Back to the runs")));
  document.getElementById("shown-run").replaceChildren(article);
  article.scrollIntoView();
  article.focus({ preventScroll: true });
}

function runsSection() {
  const runs = trained.runs;
  if (!runs.length) return [h("p", {}, "No runs were given.")];
  const count = h("p", { role: "status", id: "run-count" });
  const controls = [];
  const tests = [];
  const add = (label, values, value) => {
    const { node, select } = choice(label, optionsOf(distinct(values).sort((a, b) => a - b || a.localeCompare(b, "en", { numeric: true }))), apply);
    controls.push(node);
    tests.push((run) => select.value === "" || value(run) === select.value);
  };
  const table = pagedTable({
    name: "runs",
    caption: "Runs at their last epoch; test accuracy is that of the held-out pairs, matches count frequencies.",
    rows: runs,
    columns: [
      { head: "run", cell: runLink, name: true },
      { head: "status", cell: (r) => r.status },
      { head: "group", cell: settingOf("group"), numeric: true },
      { head: "q", cell: settingOf("hidden"), numeric: true },
      { head: "weight decay", cell: settingOf("weight_decay"), numeric: true },
      { head: "seed", cell: settingOf("seed"), numeric: true },
      { head: "train loss", cell: (r) => number(last(r.curves && r.curves.train_loss)), numeric: true },
      { head: "test acc.", cell: (r) => share(last(r.curves && r.curves.test_accuracy)), numeric: true },
      { head: "orders", cell: ordersText },
      { head: "matches", cell: matchesText, wide: true },
    ],
  });

  function apply() {
    const kept = runs.filter((run) => tests.every((test) => test(run)));
    count.textContent = `${kept.length} of ${plural(runs.length, "run", "runs")}`;
    table.show(kept);
  }

  for (const [label, value] of [
    ["Group", settingOf("group")],
    ["Width q", settingOf("hidden")],
    ["Weight decay", settingOf("weight_decay")],
    ["Status", (run) => run.status],
  ]) add(label, runs.map(value), value);
  apply();
  const form = h("form", { class: "filters", "aria-label": "Filter the runs", onsubmit: (event) => event.preventDefault() }, controls);
  return [form, count, table.node, h("div", { id: "shown-run", "aria-live": "polite" })];
}
