"use strict";

const data = JSON.parse(document.getElementById("data").textContent);

// Text from files only ever becomes a text node or an attribute value: nothing is parsed as HTML.
function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
  return node;
}

const h = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
const s = (tag, attributes, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);

const plural = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;

const hidden = (text) => h("span", { class: "visually-hidden" }, text);

// A label, a text in a read-only box that can be selected, and a button that copies it.
function copyable(label, text) {
  const said = h("span", { role: "status", class: "said" });
  const box = h("textarea", { readonly: true, rows: 4, spellcheck: "false", "aria-label": label });
  box.value = text;
  return h("div", { class: "copyable" }, h("div", { class: "copybar" }, copyButton(`Copy ${label}`, text, box, said), said), box);
}

function copyButton(label, text, box, said) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      said.textContent = "copied";
    } catch {
      if (box) box.select();
      said.textContent = box && document.execCommand("copy") ? "copied" : "select the text and copy it";
    }
  };
  return h("button", { type: "button", onclick: copy }, label);
}

// A command line, with a button beside it.
function command(text) {
  const said = h("span", { role: "status", class: "said" });
  const code = h("code", {}, text);
  return h("div", { class: "command" }, code, copyButton("Copy", text, null, said), said);
}

// The colour of a node, by its number; beyond eight they repeat.
const tint = (j) => `n${j % 8}`;

// A number as people write it: 0.00123, 4.6e-9.
function number(x) {
  if (x === null || x === undefined) return "-";
  if (x === 0) return "0";
  const size = Math.abs(x);
  return size >= 0.001 && size < 1e6 ? String(Number(x.toPrecision(3))) : x.toExponential(1);
}
