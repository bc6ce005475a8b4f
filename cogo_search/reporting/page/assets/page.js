const SECTIONS = [
  ["catalog", "Catalog", entries.length, catalogSection],
  ["networks", "Whole networks", data.networks.length, networksSection],
  ["graph", "Solution graph", true, graphSection],
  ["runs", "Training runs", true, runsSection],
  ["tables", "Tables", true, sheetsSection],
  ["figures", "Figures", true, figuresSection],
  ["missing", "What is missing", data.missing.length, missingSection],
];

// Links to parts that are made on demand; the others the browser finds by itself.
function route() {
  const hash = window.location.hash.slice(1);
  let name = hash;
  try {
    name = decodeURIComponent(hash);
  } catch {
    name = hash; // a stray % in a link that was typed
  }
  if (name.startsWith("entry-")) showPart(name.slice("entry-".length));
  else if (name.startsWith("run-") && trained.runs.length) showRun(name.slice("run-".length));
  else if (name) document.getElementById(name)?.scrollIntoView();
}

function start() {
  const main = document.getElementById("main");
  const nav = document.getElementById("nav");
  for (const [id, title, there, make] of SECTIONS) {
    if (!there) continue;
    nav.append(h("a", { href: `#${id}` }, title));
    main.append(h("section", { id, "aria-labelledby": `${id}-title` }, h("h2", { id: `${id}-title` }, title), make()));
  }
  const counts = [
    plural(entries.length, "exact solution", "exact solutions"),
    plural(data.networks.length, "whole network", "whole networks"),
    plural(trained.runs.length, "training run", "training runs"),
  ];
  document.getElementById("lead").textContent =
    `Exact global optimizers of 2-layer quadratic networks on Abelian-group tasks: ${counts.join(", ")}.`;
  if (data.missing.length) {
    const where = h("a", { href: "#missing" }, plural(data.missing.length, "thing", "things"));
    document.getElementById("lead").after(h("p", { class: "note" }, "Missing here: ", where, ". The last part names them, and the commands that make them."));
  }
  const foot = document.getElementById("foot");
  foot.textContent = `Made by cogo_search ${data.version}. The page is one file and fetches nothing.`;
  window.addEventListener("hashchange", route);
  route();
}

start();
