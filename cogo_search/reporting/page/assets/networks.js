const TARGETS = { "zero-mean": "zero-mean targets", "one-hot": "one-hot targets" };

// Weights (d, width) as a grid of cells, the larger the darker; positive and negative ones differ in colour.
function heatMap(name, weights) {
  const largest = Math.max(...weights.flat().map(Math.abs));
  const [d, width] = [weights.length, weights[0].length];
  const cells = weights.flatMap((row, x) =>
    row.map((value, j) =>
      s("rect", { x: j, y: x, width: 0.92, height: 0.92, class: value < 0 ? "negative" : "positive", "fill-opacity": Math.abs(value / largest).toFixed(3) }, s("title", {}, `${name}[${x}, ${j}] = ${value}`))
    )
  );
  const label = `${name}: ${d} elements by ${width} nodes, largest size ${largest}`;
  const drawing = s("svg", { viewBox: `0 0 ${width} ${d}`, role: "img", "aria-label": label, class: "heat" }, cells);
  return h("figure", {}, drawing, h("figcaption", {}, `${name}, largest |w| = ${largest}`));
}

const setting = (n) => `${n.trivial} the trivial character, ${TARGETS[n.target]}`;

function boundText(n) {
  if (n.bound === null) return "-";
  return n.width === n.bound ? `${n.bound}: least width` : `${n.bound}`;
}

function networkPart(n) {
  const known = facts([
    ["group", `${n.group}, ${plural(n.order, "element", "elements")}`],
    ["setting", `weights ${setting(n)}`],
    ["width", `${n.width} hidden nodes`],
    ["lower bound", n.bound === null ? "not tabulated for this group" : `${boundText(n)} (${n.argument})`],
    ["paper", n.paper === null ? "-" : `${n.paper} nodes`],
    ["weights over", n.over],
    ["loss", n.problem ? n.problem : n.loss],
    ["name", n.name],
    ["in", n.catalogs.join(", ")],
  ]);
  const pictures = n.weights
    ? h("div", { class: "heats" }, Object.entries(n.weights).map(([name, weights]) => heatMap(name, weights)))
    : null;
  return [
    known,
    pictures && [h("h4", {}, "Weights"), h("p", {}, "Rows are the elements of the group in lexicographic order, columns the nodes; blue is positive, orange negative, the deeper the larger. Layers are balanced."), pictures],
    h("h4", {}, "Command"),
    h("p", {}, "builds the network:"),
    command(n.command),
    h("h4", {}, "JSON"),
    copyable("JSON", n.json),
  ];
}

function networksSection() {
  const table = pagedTable({
    name: "whole networks",
    caption: "Networks of loss exactly 0 whose nodes mix frequencies; the bound holds for every real network of the setting.",
    rows: data.networks,
    columns: [
      { head: "network", cell: (n) => h("a", { href: `#entry-${n.id}`, class: "id" }, shortId(n.id)) },
      { head: "group", cell: (n) => n.group },
      { head: "trivial character", cell: (n) => n.trivial },
      { head: "targets", cell: (n) => n.target },
      { head: "width", cell: (n) => String(n.width), numeric: true },
      { head: "bound", cell: boundText, numeric: true },
      { head: "paper", cell: (n) => (n.paper === null ? "-" : String(n.paper)), numeric: true },
      { head: "over", cell: (n) => n.over },
      { head: "name", cell: (n) => n.name, wide: true },
    ],
  });
  return [table.node];
}
