
const pageSize = 50;
let chosen = "";
let offset = 0;
let shownDetail = null;
let rates = [];
let shownPage = "";

function chooseFromAddress() {
  const name = location.hash.startsWith("#/") ? decodeURIComponent(location.hash.slice(2)) : "";
  if (name && name !== chosen) {
    choose(name);
    return true;
  }

  return false;
}

function choose(name) {
  chosen = name;
  offset = 0;
  shownDetail = null;
  rates = [];
  $("instances-filter").value = "";
  $("rows").replaceChildren();
  shownPage = "";
  setText($("service-name"), name);
  setText($("service-none"), "Waiting for what is known of it.");
  document.title = `${name} · Discovery`;
  renderServices();
  loadDetail();
}

// PowerOfTwoChoices may be broken between its words.
const breakable = text => text.split(/(?=[A-Z])/).flatMap(word => [element("wbr"), word]);

function tile(term, value, isSmall = false) {
  return element("div", {}, element("dt", {}, term), element("dd", isSmall ? { class: "small" } : {}, ...isSmall ? breakable(value) : [value]));
}

// Calls per second between two looks of the last half minute.
function rateOf(detail) {
  rates.push({ at: Date.parse(detail.time), picks: detail.picks });
  rates = rates.filter(rate => rate.at > Date.parse(detail.time) - 30000);
  const [first, last] = [rates[0], rates.at(-1)];
  return last.at - first.at < 1000 ? null : Math.max(0, (last.picks - first.picks) / (last.at - first.at) * 1000);
}

function renderDetail(detail) {
  const { service } = detail;
  $("service-body").hidden = false;
  $("service-none").hidden = true;
  const rate = rateOf(detail);
  shownDetail = detail;
  renderSource(service);
  $("tiles").replaceChildren(
    tile("Instances", number(service.instances.total)),
    tile("Calls", number(detail.picks)),
    tile("Per second", rate === null ? "–" : rate === 0 ? "0" : rate < 10 ? rate.toFixed(1) : number(Math.round(rate))),
    tile("In flight", number(detail.inFlight)),
    tile("Failed", detail.picks === 0 ? "0" : `${number(detail.failures)} (${percent(detail.failures / detail.picks)})`),
    tile("Balanced by", service.policy ?? "–", true));
  $("history").replaceChildren(...areaChart(detail.history));
  show($("busiest"), [detail.picks, detail.busiest], ...pickChart(detail));
  renderRows(detail);
}

function renderSource(service) {
  const known = services.get(service.name) ?? service;
  show($("service-source"), sourceText(known), badge(sourceTones[known.source], sourceText(known)));
}

function renderRows(detail) {
  const filter = $("instances-filter").value.trim();
  const page = JSON.stringify([detail.service.name, detail.offset, filter]);
  const isSamePage = page === shownPage;
  shownPage = page;
  reconcile($("rows"), detail.instances, instance => instance.id, createRow, (row, instance, isNew) => {
    const cells = row.children;
    const health = show(cells[1], instance.health, badge(instance.health, instance.health));
    const [tone, state, note] = stateOf(instance);
    const calls = show(cells[2], [state, note], badge(tone, state), ...note ? [element("div", { class: "muted note" }, note)] : []);
    showIdentity(cells[0], instance);
    setText(cells[3], instance.version ?? "–");
    setText(cells[4], instance.zone ?? "–");
    setText(cells[5], instance.effectiveWeight < instance.weight ? `${number(instance.effectiveWeight)} of ${instance.weight}` : instance.weight);
    setText(cells[6], number(instance.inFlight));
    setText(cells[7], milliseconds(instance.latencyMs));
    show(cells[8], [instance.share, instance.picks], percent(instance.share), bar(instance.share));
    setText(cells[9], duration(instance.ageSeconds));
    if (health || calls || (isNew && isSamePage)) {
      highlight(row);
    }
  });
  const isEmpty = detail.instances.length === 0;
  $("instances-none").hidden = !isEmpty;
  setText($("instances-none"), filter ? "No instance has that in it." : emptyText(detail.service));
  $("instances").hidden = isEmpty;
  const pages = detail.matched > pageSize;
  $("pager").hidden = !pages && detail.offset === 0;
  setText($("page"), isEmpty ? "" : `${number(detail.offset + 1)}–${number(detail.offset + detail.instances.length)} of ${number(detail.matched)}`);
  $("previous").disabled = detail.offset === 0;
  $("next").disabled = detail.offset + detail.instances.length >= detail.matched;
}

const emptyText = service => service.source === "none" ? "Nothing is known of this service yet." : "There are no instances.";

function createRow(instance) {
  const cell = (label, isNumber) => element("td", { role: "cell", "data-label": label, class: isNumber ? "number" : null });
  return element("tr", { role: "row" },
    element("th", { role: "rowheader", scope: "row" }),
    cell("Health"), cell("Calls"), cell("Version"), cell("Zone"), cell("Weight", true), cell("In flight", true), cell("Latency", true),
    element("td", { role: "cell", "data-label": "Share of picks", class: "number share" }), cell("Known for", true));
}

// Of several registries, those that list it: each has a provider of its own, whose name is the first word.
const placesOf = instance => registries.length > 1 && instance.registries.length > 0
  ? `in ${instance.registries.map(registry => registry.split(" ")[0]).join(" and ")}` : "";

function showIdentity(cell, instance) {
  const { id, endpoints, tags, metadata } = instance;
  const places = placesOf(instance);
  const labels = Object.entries(metadata);
  const isOpen = cell.querySelector("details")?.open ?? false;
  const hadFocus = cell.contains(document.activeElement);
  if (show(cell, [id, endpoints, places, tags, labels],
    element("div", { class: "id" }, id),
    ...endpoints.map(endpoint => element("div", { class: "muted id" }, endpoint)),
    ...places ? [element("div", { class: "muted places", title: instance.registries.join("\n") }, places)] : [],
    element("div", { class: "labels" },
      ...tags.length > 0 ? [element("div", { class: "tags" }, ...tags.map(tag => element("span", {}, tag)))] : [],
      ...labels.length > 0 ? [element("details", { open: isOpen },
        element("summary", {}, `${number(labels.length)} metadata`),
        element("dl", {}, ...labels.flatMap(([key, value]) => [element("dt", {}, key), element("dd", {}, value)])))] : [])) && hadFocus) {
    cell.querySelector("summary")?.focus({ preventScroll: true });
  }
}

// Whether calls are sent to it, and what stands against that.
function stateOf(instance) {
  return instance.isHeld ? ["held", "held", "not in the registry"]
    : instance.ejectedFor ? ["ejected", "ejected", ejectionWords[instance.ejectedFor] ?? instance.ejectedFor]
    : instance.health === "unhealthy" && !instance.isCalled ? ["unhealthy", "none"]
    : instance.weight === 0 ? ["idle", "none", "weight 0"]
    : instance.isStartingSlowly ? ["degraded", "slow start"]
    : instance.isCalled ? ["healthy", "called"]
    : ["idle", "spare"];
}
