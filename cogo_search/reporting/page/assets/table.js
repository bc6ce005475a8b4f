const PAGE = 25;
let tables = 0;

// A table of rows that come in pages: columns {head, cell(row) -> node or text, numeric, wide, name}.
function pagedTable({ caption, columns, rows, size = PAGE, name }) {
  let shown = rows;
  let page = 0;
  const body = h("tbody");
  const place = h("span", { role: "status" });
  const button = (label, step) => h("button", { type: "button", onclick: () => turn(page + step) }, label);
  const [back, forth] = [button("Previous", -1), button("Next", 1)];
  const bar = h("div", { class: "pages", role: "group", "aria-label": `Pages of ${name}` }, back, place, forth);
  const head = h("thead", {}, h("tr", {}, columns.map((c) => h("th", { scope: "col", class: kind(c) }, c.head))));
  const words = h("p", { class: "caption", id: `about-table-${(tables += 1)}` }, caption);
  const table = h("table", { "aria-label": name, "aria-describedby": words.id }, head, body);
  const scroller = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": name }, table);

  function kind(column) {
    return [column.numeric && "numeric", column.wide && "wide", column.name && "name"].filter(Boolean).join(" ") || null;
  }

  function turn(to) {
    const last = Math.max(0, Math.ceil(shown.length / size) - 1);
    page = Math.min(Math.max(0, to), last);
    const part = shown.slice(page * size, (page + 1) * size);
    body.replaceChildren(
      ...part.map((row) => h("tr", {}, columns.map((c) => h("td", { class: kind(c) }, c.cell(row)))))
    );
    const first = shown.length ? page * size + 1 : 0;
    place.textContent = `${first}\u2013${page * size + part.length} of ${shown.length}`;
    back.disabled = page === 0;
    forth.disabled = page === last;
    bar.hidden = last === 0;
  }

  turn(0);
  const show = (subset) => {
    shown = subset;
    turn(0);
  };
  return { node: h("div", { class: "paged" }, words, scroller, bar), show };
}

// A labelled choice among the values that occur; calls back when it changes.
function choice(label, options, changed) {
  const select = h(
    "select",
    { onchange: changed },
    options.map(([value, text]) => h("option", { value }, text))
  );
  return { node: h("label", {}, h("span", {}, label), select), select };
}
