const NUMERIC = /^(-|[-+]?[0-9.]+(e[-+]?[0-9]+)?( ± [0-9.]+)?|)$/;
const LONG = 30;

// Cells that differ from the printed paper are marked, for the eye and for those who listen.
function sheetPart(sheet) {
  const marked = new Set(sheet.marked.map(([row, column]) => `${row} ${column}`));
  const rows = sheet.rows.map((cells, i) => ({ cells, i }));
  const columns = sheet.columns.map((head, j) => ({
    head,
    numeric: rows.length > 0 && rows.every(({ cells }) => NUMERIC.test(cells[j])),
    wide: rows.some(({ cells }) => cells[j].length > LONG),
    cell: ({ cells, i }) => (marked.has(`${i} ${j}`) ? h("mark", {}, cells[j], hidden(" (differs from print)")) : cells[j]),
  }));
  const table = pagedTable({ name: sheet.title, caption: sheet.caption, columns, rows });
  const notes = sheet.notes.length ? h("ul", { class: "notes" }, sheet.notes.map((text) => h("li", {}, text))) : null;
  return h("section", { id: `sheet-${sheet.name}`, class: "sheet", "aria-label": sheet.title }, h("h3", {}, sheet.title), table.node, notes);
}

function sheetsSection() {
  return data.sheets.length ? data.sheets.map(sheetPart) : [h("p", {}, "No table could be made.")];
}

function figuresSection() {
  if (!data.figures.length) return [h("p", {}, "No figure could be drawn: see what is missing.")];
  const picture = (f) =>
    f.image
      ? h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": f.title }, h("img", { src: f.image, alt: f.title, loading: "lazy" }))
      : h("p", {}, "Too large for this page: see ", h("a", { href: f.file.split("/").map(encodeURIComponent).join("/") }, f.file), " beside it.");
  return [
    h("div", { class: "gallery" }, data.figures.map((f) => h("figure", { id: f.name }, h("h3", {}, f.title), picture(f), h("figcaption", {}, f.caption)))),
  ];
}

function missingSection() {
  return data.missing.map((m) => h("div", { class: "lacking" }, h("p", {}, h("b", {}, m.what), ": ", m.why), m.command ? command(m.command) : null));
}
