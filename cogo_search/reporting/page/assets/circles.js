const RADIUS = 66;

// Where a node's number z is drawn on circle i: x to the right, the imaginary axis upwards.
const spot = (i, [re, im]) => [78 + 162 * i + RADIUS * re, 80 - RADIUS * im];
const onCircle = (turns) => [Math.cos(2 * Math.PI * turns), Math.sin(2 * Math.PI * turns)];

// A round mark in equal parts, one for each node that lies there.
function mark([x, y], nodes) {
  const r = 6;
  const parts =
    nodes.length === 1
      ? [s("circle", { cx: x, cy: y, r, class: tint(nodes[0]), "data-node": nodes[0] })]
      : nodes.map((j, i) => {
          const [from, to] = [i, i + 1].map((t) => (2 * Math.PI * t) / nodes.length - Math.PI / 2);
          const at = (angle) => `${x + r * Math.cos(angle)} ${y + r * Math.sin(angle)}`;
                    return s("path", { d: `M${x} ${y}L${at(from)}A${r} ${r} 0 0 1 ${at(to)}Z`, class: tint(j), "data-node": j });
        });
  return s("g", { class: "mark" }, parts, s("title", {}, `node ${nodes.join(", ")}`));
}

// a, b and c of every node in the complex plane, joined by colour. a and b lie on the unit circle, c is drawn
// relative to the largest |c|.
function circles(entry) {
  const largest = Math.max(...entry.nodes.map((node) => Math.hypot(...node.c)));
  const places = entry.nodes.map((node) => [
    spot(0, onCircle(node.turns[0])),
    spot(1, onCircle(node.turns[1])),
    spot(2, node.c.map((x) => x / largest)),
  ]);
  const frames = ["a", "b", "c"].map((name, i) => {
    const [x, y] = spot(i, [0, 0]);
    return [
      s("circle", { cx: x, cy: y, r: RADIUS, class: "frame" }),
      s("path", { d: `M${x - RADIUS} ${y}H${x + RADIUS}M${x} ${y - RADIUS}V${y + RADIUS}`, class: "axis" }),
      s("text", { x, y: 166, class: "label" }, name),
    ];
  });
  const joined = places.map((way, j) => {
    const [[x0, y0], [x1, y1], [x2, y2]] = way;
    return s("path", {
      d: `M${x0} ${y0}C${(x0 + x1) / 2} ${y0} ${(x0 + x1) / 2} ${y1} ${x1} ${y1}S${(x1 + x2) / 2} ${y2} ${x2} ${y2}`,
      class: `joined ${tint(j)}`,
      "data-node": j,
    });
  });
  const marks = [0, 1, 2].flatMap((i) => {
    const there = new Map();
    places.forEach((way, j) => {
      const key = way[i].map((x) => x.toFixed(1)).join();
      there.set(key, [...(there.get(key) || []), j]);
    });
    return [...there.values()].map((nodes) => mark(places[nodes[0]][i], nodes));
  });
  const label = `The ${entry.order} nodes: a, b and c in the complex plane`;
  const drawing = s("svg", { viewBox: "0 0 480 174", role: "img", "aria-label": label, class: "circles" }, frames, joined, marks);
  const note = `a and b on the unit circle; c relative to the largest, |c| = ${largest.toFixed(4)} (scaled so that r_kkk = 1)`;
  return h("figure", {}, drawing, h("figcaption", {}, note));
}

function nodeTable(entry, drawing) {
  const highlight = (j) => () => {
    for (const part of drawing.querySelectorAll("[data-node]")) {
      part.classList.toggle("faint", j !== null && Number(part.dataset.node) !== j);
    }
  };
  const rows = entry.nodes.map((node, j) =>
    h(
      "tr",
      { onmouseenter: highlight(j), onmouseleave: highlight(null) },
      h("th", { scope: "row" }, h("span", { class: `swatch ${tint(j)}` }), String(j)),
      node.text.map((text) => h("td", { class: "exact" }, text))
    )
  );
  const head = ["node", "a", "b", "c"].map((text) => h("th", { scope: "col" }, text));
  const table = h("table", { class: "nodes" }, h("thead", {}, h("tr", {}, head)), h("tbody", {}, rows));
  const words = `Nodes, exactly: z = exp(2\u03c0i/${entry.n}), wN = exp(2\u03c0i/N)`;
  return [h("p", { class: "caption" }, words), h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "nodes" }, table)];
}
