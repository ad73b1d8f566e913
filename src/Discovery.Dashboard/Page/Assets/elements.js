"use strict";

const $ = id => document.getElementById(id);
const svgNamespace = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? "" : value);
    }
  }

  node.append(...children);
  return node;
}

// Text stays text: what comes from a registry is never given to the browser as markup.
const element = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
const shape = (tag, attributes = {}, ...children) => fill(document.createElementNS(svgNamespace, tag), attributes, children);

function setText(node, text) {
  if (node.textContent !== String(text)) {
    node.textContent = text;
  }
}

function setAttribute(node, name, value) {
  if (node.getAttribute(name) !== String(value)) {
    node.setAttribute(name, value);
  }
}

const badge = (tone, text) => element("span", { class: "badge", "data-tone": tone }, text);

// Shows items in order. The nodes of those that stay are kept where they are, and with them focus, selection and what is folded out.
function reconcile(parent, items, key, create, update) {
  const wanted = new Set(items.map(key));
  const known = new Map();
  for (const node of [...parent.children]) {
    if (wanted.has(node.dataset.key)) {
      known.set(node.dataset.key, node);
    } else {
      if (node.contains(document.activeElement)) {
        $("instances-title").focus({ preventScroll: true });
      }

      node.remove();
    }
  }

  let at = parent.firstElementChild;
  for (const item of items) {
    let node = known.get(key(item));
    if (!node) {
      node = create(item);
      node.dataset.key = key(item);
    }

    if (node === at) {
      at = at.nextElementSibling;
    } else {
      parent.insertBefore(node, at);
    }

    update(node, item, !known.has(key(item)));
  }
}

// Replaces what a node holds, unless it shows the same already.
function show(node, value, ...children) {
  const text = JSON.stringify(value);
  if (node.dataset.shown === text) {
    return false;
  }

  const isFirst = node.dataset.shown === undefined;
  node.dataset.shown = text;
  node.replaceChildren(...children);
  return !isFirst;
}

function highlight(node) {
  node.classList.remove("changed");
  void node.offsetWidth;
  node.classList.add("changed");
  setTimeout(() => node.classList.remove("changed"), 2000);
}

// Tells screen readers, a few sentences at a time.
let saying = [];
function say(text) {
  if (saying.push(text) === 1) {
    setTimeout(() => {
      $("say").textContent = saying.length > 3 ? `${saying.length} changes. The last: ${saying.at(-1)}` : saying.join(" ");
      saying = [];
    }, 1000);
  }
}
