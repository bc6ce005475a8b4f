// Which records an id of a link means: exactly, or as a prefix of the whole id or of a part of it, as `show` has it.
function lookUp(text) {
  const all = [...entries, ...data.networks];
  const exact = all.filter((e) => e.id === text);
  if (exact.length || !text) return exact;
  const starts = (id) => [id, id.slice(id.indexOf("-") + 1), id.slice(id.lastIndexOf("-") + 1)].some((part) => part.startsWith(text));
  return all.filter((e) => starts(e.id));
}

function facts(pairs) {
  return h("dl", {}, pairs.map(([label, value]) => [h("dt", {}, label), h("dd", {}, value)]));
}

function relations(entry) {
  const at = entries.indexOf(entry);
  const listed = (edges, end) => edges.map((edge, i) => [i ? ", " : "", entryLink(entries[edge[end]].id), ` times order ${edge[2]}`]);
  const sources = data.edges.filter(([, target]) => target === at);
  const targets = data.edges.filter(([source]) => source === at);
  const factors = entry.products.map((text) => h("div", {}, text));
  return [
    ["factors", [entry.factors, factors]],
    ["is a product of", sources.length ? listed(sources, 0) : "no other entry here"],
    ["is a factor of", targets.length ? listed(targets, 1) : "no other entry here"],
  ];
}

function certificate(entry) {
  const { certificate: proof } = JSON.parse(entry.json).optimality;
  if (proof === null) return h("p", {}, "No certificate is stored: ", h("code", {}, "verify"), " repeats the search, or the method says that it cannot.");
  return h("details", {}, h("summary", {}, "Certificate"), h("pre", {}, JSON.stringify(proof)));
}

function entryPart(entry) {
  const drawing = circles(entry);
  return [
    h("div", { class: "columns" }, [
      h("div", {}, drawing, nodeTable(entry, drawing)),
      h("div", {}, h("h4", {}, "Potentials"), zeroMatrix(entry), h("h4", {}, "What is known"), facts([...entry.facts, ...relations(entry), ["gradient descent", discoveryText(entry)], ["in", entry.catalogs.join(", ")]])),
    ]),
    h("h4", {}, "Bound"),
    h("p", {}, entry.bound),
    certificate(entry),
    h("h4", {}, "Command"),
    h("p", {}, entry.role),
    command(entry.command),
    h("h4", {}, "JSON"),
    copyable("JSON", entry.json),
  ];
}

function note(text, ids) {
  return [h("p", {}, text), ids.length ? h("ul", {}, ids.map((id) => h("li", {}, entryLink(id)))) : null];
}

// Show the entry or network that a link #entry-TEXT means, or say why there is none.
function showPart(text) {
  const place = document.getElementById("shown");
  const matches = lookUp(text);
  const article = h("article", { id: `entry-${text}`, tabindex: -1 });
  const title = (heading) => h("h3", {}, heading);
  if (matches.length === 1) {
    const [record] = matches;
    article.append(title(record.id));
    if (record.id !== text) fill(article, {}, [h("p", { class: "note" }, `${text} is short for this id.`)]);
    fill(article, {}, record.potentials ? entryPart(record) : networkPart(record));
  } else if (matches.length) {
    article.append(title(text));
    fill(article, {}, note(`${text} is ambiguous: ${matches.length} records match. Give more characters:`, matches.slice(0, 12).map((e) => e.id)));
  } else {
    article.append(title(text || "no id"));
    const files = distinct([...entries, ...data.networks].flatMap((e) => e.catalogs)).sort().join(", ");
    fill(article, {}, note(`No entry of this page has the id ${text}. It was made from ${files || "no catalog"}; a newer or a larger catalog may hold it.`, []));
  }
  article.append(h("p", {}, h("a", { href: "#catalog" }, "Back to the catalog")));
  place.replaceChildren(article);
  article.scrollIntoView();
  article.focus({ preventScroll: true });
}
