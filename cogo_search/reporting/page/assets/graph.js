const ROW = 26;
const COLUMN = 204;

// Connected parts, those over the same orders together: no line has to pass a column that it does not touch.
function panels() {
  const part = new Map();
  const root = (i) => (part.get(i) === i ? i : root(part.get(i)));
  for (const i of data.edges.flatMap(([source, target]) => [source, target])) part.set(i, i);
  for (const [source, target] of data.edges) part.set(root(source), root(target));
  const members = new Map();
  for (const i of part.keys()) members.set(root(i), [...(members.get(root(i)) || []), i]);
  const byOrders = new Map();
  for (const group of members.values()) {
    const key = distinct(group.map((i) => entries[i].order)).sort(ascending).join();
    byOrders.set(key, [...(byOrders.get(key) || []), ...group]);
  }
  return [...byOrders].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true })).map(([, group]) => group);
}

// Columns by order; in each, targets by the mean height of their sources, so that equal data are drawn equally.
function layout(members) {
  const columns = distinct(members.map((i) => entries[i].order)).sort(ascending);
  const places = new Map();
  for (const [x, order] of columns.entries()) {
    const height = (i) => {
      const heights = data.edges.filter((edge) => edge[1] === i && places.has(edge[0])).map(([source]) => places.get(source)[1]);
      return heights.length ? heights.reduce((a, b) => a + b) / heights.length : 0;
    };
    const column = members.filter((i) => entries[i].order === order).map((i) => [height(i), entries[i].id, i]);
    column.sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1));
    column.forEach(([, , i], row) => places.set(i, [14 + COLUMN * x, 48 + ROW * row]));
  }
  const lowest = Math.max(...[...places.values()].map(([, y]) => y));
  return { columns, places, size: [COLUMN * columns.length - 60, lowest + 20] };
}

// The sets of conditions in the colours of the figures (report/style.py, COVERS).
const COVER_TINTS = { Rc: "n0", "Rc+R*": "n1", "Rc+Rn": "n2", "Rc+Rn+R*": "n3" };
const coverTint = (covers) => COVER_TINTS[covers] || "n6";

const short = (e) => shortId(e.id).slice(0, -8);

function drawPanel(members) {
  const { columns, places, size } = layout(members);
  const heads = columns.map((order, x) => s("text", { x: 8 + COLUMN * x, y: 20, class: "head" }, `order ${order}`));
  const edges = data.edges.filter(([source]) => places.has(source));
  const curves = edges.map(([source, target, order]) => {
    const [x0, y0] = places.get(source);
    const [x1, y1] = places.get(target);
    const from = x0 + 18 + 7.3 * short(entries[source]).length;
    const middle = (from + x1) / 2;
    const text = `${entries[target].id} = ${entries[source].id} times a factor of order ${order}`;
    return s("path", { d: `M${from} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1 - 8} ${y1}`, class: "edge", "data-ends": `${source} ${target}` }, s("title", {}, text));
  });
  const focus = (i) => () => {
    for (const curve of curves) curve.classList.toggle("near", curve.dataset.ends.split(" ").includes(String(i)));
  };
  const nodes = members.map((i) => {
    const [x, y] = places.get(i);
    const e = entries[i];
    return s(
      "a",
      { href: `#entry-${e.id}`, "aria-label": `${e.id}, order ${e.order}, covers ${e.covers}`, onmouseenter: focus(i), onmouseleave: focus(null), onfocus: focus(i), onblur: focus(null) },
      s("rect", { x: x - 8, y: y - 12, width: 24 + 7.3 * short(e).length, height: 24, rx: 4, class: "hit" }),
      s("circle", { cx: x, cy: y, r: 5, class: coverTint(e.covers) }),
      s("text", { x: x + 12, y: y + 4 }, short(e)),
      s("title", {}, `${e.id}: covers ${e.covers}, cost ${e.cost}`)
    );
  });
  const label = `Solution graph over orders ${columns.join(", ")}: ${members.length} entries, ${edges.length} products`;
  return s("svg", { viewBox: `0 0 ${size[0]} ${size[1]}`, width: size[0], height: size[1], role: "group", "aria-label": label, class: "graph" }, heads, curves, nodes);
}

function graphSection() {
  const alone = entries.length - distinct(data.edges.flatMap(([source, target]) => [source, target])).length;
  const text =
    "A line joins S on the left to T on the right where T = S * F for a factor F of order at least 2. F can be taken down to the identity on a path " +
    "on which every condition of S keeps holding; between optimizers the loss stays zero on it (Theorem 6). " +
    `${plural(alone, "entry is", "entries are")} on no line and not drawn.`;
  if (!data.edges.length) return [h("p", {}, "No entry of these catalogs is a product of another one.")];
  const table = pagedTable({
    name: "products",
    caption: "The same as a list: target = source times a factor",
    size: 12,
    rows: data.edges,
    columns: [
      { head: "target", cell: ([, target]) => entryLink(entries[target].id) },
      { head: "source", cell: ([source]) => entryLink(entries[source].id) },
      { head: "order of the factor", cell: (edge) => String(edge[2]), numeric: true },
      { head: "source covers", cell: ([source]) => entries[source].covers },
      { head: "target covers", cell: ([, target]) => entries[target].covers },
    ],
  });
  return [
    h("p", {}, text),
    h("p", { class: "legend" }, Object.keys(COVER_TINTS).map((covers) => [h("i", { class: coverTint(covers) }), covers])),
    h("div", { class: "panels" }, panels().map((members) => h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "solution graph" }, drawPanel(members)))),
    h("details", {}, h("summary", {}, "As a table"), table.node),
  ];
}
