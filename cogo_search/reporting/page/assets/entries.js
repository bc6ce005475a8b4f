const entries = data.entries;
const SETS = { Rg: "R_g", Rc: "R_c", Rn: "R_n", "R*": "R_*" };
const CHARACTERS = { generic: "generic", 4: "4k = 0", 2: "2k = 0" };
const COVERS = ["Rc", "Rc+Rn", "Rc+R*", "Rc+Rn+R*"];

const shortId = (id) => id.replace(/^cogo1-/, "");
const entryLink = (id) => h("a", { href: `#entry-${id}`, class: "id" }, shortId(id));

function discovery(entry) {
  if (entry.found) return entry.found.hits ? "found" : "not";
  return data.compared ? "uncompared" : "unknown";
}

const DISCOVERY = {
  found: "found",
  not: "not found",
  uncompared: "not compared",
  unknown: "unknown: no runs",
};

function discoveryText(entry) {
  if (!entry.found) return data.compared ? "not compared: the matcher looks for entries of order 4 and 6 at generic frequencies" : "unknown: no runs";
  const { hits, expected } = entry.found;
  const times = hits ? `nearest to ${plural(hits, "frequency", "frequencies")}` : "nearest to no frequency";
  return `${times} within ${data.trained.tolerance}; ${expected} expected if the family's parameters were uniform`;
}

// One cell for each potential: filled where it does not vanish, hollow where it does.
function zeroPattern(entry) {
  const conditions = entry.potentials.filter((p) => p.wanted);
  const text = conditions.map((p) => `${p.name} ${p.value === "0" ? "0" : "not 0"}`).join(", ");
  return h(
    "span",
    { class: "strip", role: "img", "aria-label": text, title: text },
    conditions.map((p, i) => {
      const starts = i && p.set !== conditions[i - 1].set;
      return h("i", { class: `${p.value === "0" ? "zero" : "nonzero"}${starts ? " starts" : ""}` });
    })
  );
}

function zeroMatrix(entry) {
  const cell = (p) =>
    h(
      "div",
      { class: `potential ${p.value === "0" ? "zero" : "nonzero"}${p.wanted ? "" : " beside"}` },
      h("b", {}, p.name),
      h("span", {}, p.value)
    );
  const groups = [...new Set(entry.potentials.map((p) => p.set))];
  return h(
    "div",
    { class: "matrix" },
    groups.map((set) =>
      h(
        "div",
        { class: "set" },
        h("span", { class: "setname" }, SETS[set] || "other"),
        entry.potentials.filter((p) => p.set === set).map(cell)
      )
    )
  );
}

function entryColumns() {
  const compared = data.compared;
  return [
    { head: "entry", cell: (e) => entryLink(e.id) },
    { head: "order", cell: (e) => String(e.order), numeric: true },
    { head: "covers", cell: (e) => e.covers },
    { head: "zero pattern", cell: zeroPattern },
    { head: "factors", cell: (e) => e.factors },
    { head: "family", cell: (e) => e.families[0] || "-" },
    { head: "cost", cell: (e) => e.cost, numeric: true },
    {
      head: "found",
      cell: (e) => (e.found ? String(e.found.hits) : h("abbr", { title: discoveryText(e) }, compared ? "n/a" : "?")),
      numeric: true,
    },
    { head: "claim", cell: (e) => e.claim, wide: true },
  ];
}

const distinct = (values) => [...new Set(values)];
const ascending = (a, b) => a - b;
const optionsOf = (values, text = String) => [["", "any"], ...values.map((v) => [String(v), text(v)])];

function catalogSection() {
  const conditions = [];
  const controls = [];
  const add = (label, options, test) => {
    const { node, select } = choice(label, options, apply);
    controls.push(node);
    conditions.push((e) => select.value === "" || test(e, select.value));
    return select;
  };
  const present = COVERS.filter((c) => entries.some((e) => e.covers === c));
  const selects = [
    add("Order", optionsOf(distinct(entries.map((e) => e.order)).sort(ascending)), (e, v) => e.order === Number(v)),
    add("Cover", optionsOf(present, (c) => `${c} exactly`).concat(["Rc", "Rn", "R*"].map((c) => [`>${c}`, `${c} and more`])), (e, v) =>
      v.startsWith(">") ? e.covers.split("+").includes(v.slice(1)) : e.covers === v
    ),
    add("Family", optionsOf([...distinct(entries.flatMap((e) => e.families)).sort(), "none"]), (e, v) =>
      v === "none" ? !e.families.length : e.families.includes(v)
    ),
    add("Roots n", optionsOf(distinct(entries.map((e) => e.n)).sort(ascending)), (e, v) => e.n === Number(v)),
    add("Factors", [["", "any"], ["irreducible", "irreducible"], ["product", "a product"], ["-", "unknown (sums of potentials)"]], (e, v) =>
      v === "product" ? e.factors.includes(" x ") : e.factors === v
    ),
    add("Gradient descent", [["", "any"], ...Object.entries(DISCOVERY).filter(([key]) => entries.some((e) => discovery(e) === key))], (e, v) => discovery(e) === v),
    add("Character", optionsOf(Object.keys(CHARACTERS).filter((c) => entries.some((e) => e.characterOrder === c)), (c) => CHARACTERS[c]), (e, v) => e.characterOrder === v),
    add("Catalog file", optionsOf(distinct(entries.flatMap((e) => e.catalogs)).sort()), (e, v) => e.catalogs.includes(v)),
  ];
  const search = h("input", { type: "search", placeholder: "n12-q6-2a", oninput: apply, spellcheck: "false" });
  controls.push(h("label", {}, h("span", {}, "Id contains"), search));
  conditions.push((e) => e.id.includes(search.value.trim()));
  const count = h("p", { role: "status", id: "count" });
  const table = pagedTable({
    name: "catalog entries",
    caption: "Exact solutions at one frequency. Zero pattern: abc, then R_c, R_n, R_*; a hollow cell vanishes, a filled one does not. A capital letter is a conjugate (Abc); at 4k = 0 and 2k = 0, characters of order 4 and 2, some conditions merge. Cost: least squared norm, r_kkk = 1.",
    columns: entryColumns(),
    rows: entries,
  });

  function apply() {
    const kept = entries.filter((e) => conditions.every((test) => test(e)));
    count.textContent = `${kept.length} of ${plural(entries.length, "entry", "entries")}`;
    table.show(kept);
  }

  function reset() {
    for (const select of selects) select.value = "";
    search.value = "";
    apply();
  }

  apply();
  const form = h(
    "form",
    { class: "filters", "aria-label": "Filter the catalog", onsubmit: (event) => event.preventDefault() },
    controls,
    h("button", { type: "button", onclick: reset }, "Reset")
  );
  return [form, count, table.node, h("div", { id: "shown", "aria-live": "polite" })];
}
