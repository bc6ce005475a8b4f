function sheetsSection() {
  if (!data.sheets.length) return [h("p", {}, "No table could be made.")];
  return data.sheets.map((sheet) => {
    const numeric = (i) => sheet.rows.length > 0 && sheet.rows.every((row) => /^(-|[-+]?[0-9.]+( \+- [0-9.]+)?|)$/.test(row[i]));
    const columns = sheet.columns.map((head, i) => ({ head, cell: (row) => row[i], numeric: numeric(i), wide: true }));
    const table = pagedTable({ name: sheet.title, caption: sheet.caption, columns, rows: sheet.rows });
    const notes = sheet.notes.length ? h("ul", { class: "notes" }, sheet.notes.map((text) => h("li", {}, text))) : null;
    return h("section", { id: `sheet-${sheet.name}`, class: "sheet" }, h("h3", {}, sheet.title), table.node, notes);
  });
}

function figuresSection() {
  if (!data.figures.length) return [h("p", {}, "No figure could be drawn: see what is missing.")];
  const picture = (f) =>
    f.image
      ? h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": f.title }, h("img", { src: f.image, alt: f.title, loading: "lazy" }))
      : h("p", {}, "Too large for this page: see ", h("a", { href: encodeURIComponent(f.file) }, f.file), " beside it.");
  return [
    h("div", { class: "gallery" }, data.figures.map((f) => h("figure", { id: f.name }, h("h3", {}, f.title), picture(f), h("figcaption", {}, f.caption)))),
  ];
}

function missingSection() {
  return data.missing.map((m) => h("div", { class: "lacking" }, h("p", {}, h("b", {}, m.what), ": ", m.why), m.command ? command(m.command) : null));
}
