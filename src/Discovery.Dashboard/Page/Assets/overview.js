
const services = new Map();
let events = [];
let registries = [];
let receivedAt = Date.now();

const link = name => `#/${encodeURIComponent(name)}`;

// Ages grow here as they do in the app.
const ageOf = service => service.source === "live" ? 0 : service.ageSeconds + (Date.now() - service.receivedAt) / 1000;

const sourceText = service => service.source === "live" || service.source === "static" || service.source === "dns" || service.source === "none"
  ? sourceWords[service.source] : `${sourceWords[service.source]}, ${duration(ageOf(service))} old`;

function renderServices() {
  const wanted = $("services-filter").value.trim().toLowerCase();
  const all = [...services.values()].sort((one, other) => one.name < other.name ? -1 : 1);
  const shown = all.filter(service => service.name.includes(wanted));
  setText($("services-count"), all.length > 0 ? number(all.length) : "");
  $("services-none").hidden = shown.length > 0;
  setText($("services-none"), all.length > 0 ? "No service has that in its name." : "No services yet.");
  reconcile($("services"), shown, service => service.name,
    service => element("li", {}, element("a", { href: link(service.name) },
      element("span", { class: "row" }, element("span", { class: "name" }, service.name), element("span", { class: "total" })),
      element("span", { class: "bar" }), element("span", { class: "muted" }))),
    (item, service) => {
      const anchor = item.firstElementChild;
      const [row, bar, note] = anchor.children;
      setText(row.lastElementChild, service.isWatched ? number(service.instances.total) : "–");
      if (show(bar, service.instances, meter(service.instances))) {
        highlight(anchor);
      }

      const other = counted(service.instances);
      const source = service.isWatched ? service.source === "live" ? "" : sourceText(service) : "not watched";
      setText(note, [source, other || (service.isWatched && service.instances.total > 0 ? "all healthy" : "")].filter(text => text).join(" · ") || "no instances");
      if (service.name === chosen) {
        anchor.setAttribute("aria-current", "true");
      } else {
        anchor.removeAttribute("aria-current");
      }
    });
}

function fact(term, ...values) {
  return values.every(value => value === null || value === undefined) ? [] : [element("dt", {}, term), element("dd", term === "Error" ? { class: "error" } : {}, ...values.filter(value => value))];
}

function renderRegistrations(list) {
  $("registrations-none").hidden = list.length > 0;
  const own = list.map(each => each.instanceId).filter(id => id);
  setText($("who"), own.length > 0 ? `as ${own[0]} sees it` : "the registry as this app sees it");
  reconcile($("registrations"), list, (each, i) => `${each.service} ${each.registry} ${each.instanceId ?? ""} ${each.lease ?? ""}`, () => element("li"), (item, each) => {
    show(item, each,
      element("div", { class: "first" }, element("a", { class: "id", href: link(each.service) }, each.instanceId ?? each.service), badge(stateTones[each.state], stateWords[each.state])),
      element("dl", {},
        ...fact("Service", each.service),
        ...fact("Registry", each.registry),
        ...fact("Lease", each.lease),
        ...fact("Since", ago(each.since)),
        ...each.lastBeat ? fact("Last beat", ago(each.lastBeat), each.lastHealth ? `, ${each.lastHealth}` : null) : [],
        ...each.nextBeat ? fact("Next beat", ago(each.nextBeat)) : [],
        ...each.reregistrations > 0 ? fact("Registered anew", `${plural(each.reregistrations, "time")}`) : [],
        ...fact("Error", each.lastError)));
  });
}

function renderRegistries(list) {
  registries = list;
  reconcile($("registries"), list, each => each.registry, () => element("li"), (item, each) => {
    const tone = each.failingSince ? "unhealthy" : each.lastAnswer ? "healthy" : "idle";
    show(item, each,
      element("div", { class: "first" }, element("span", { class: "id" }, each.registry), badge(tone, each.failingSince ? "does not answer" : each.lastAnswer ? "answers" : "not asked yet")),
      element("dl", {},
        ...each.lastAnswer ? fact("Last answer", ago(each.lastAnswer)) : [],
        ...each.failingSince ? fact("Failing since", ago(each.failingSince)) : [],
        ...fact("Error", each.lastError)));
  });
}

function renderEvents(added, areNews) {
  events = [...events, ...added].slice(-100);
  $("events-none").hidden = events.length > 0;
  reconcile($("events"), [...events].reverse(), event => String(event.number),
    event => {
      const [tone, text] = describe(event);
      return element("li", {}, element("time", { datetime: event.at }, clock(event.at)),
        element("span", { class: "what" }, element("span", { "data-tone": tone, "aria-hidden": "true" }, "● "), element("a", { href: link(event.service) }, event.service), ` ${text}`));
    },
    (item, event, isNew) => {
      if (isNew && areNews) {
        highlight(item);
      }
    });
}

// What must not be missed: that what is shown may be out of date, and by how much.
function renderNotice() {
  const failing = registries.filter(each => each.failingSince);
  const old = [...services.values()].filter(service => service.source === "stale" || service.source === "disk");
  const hasNews = failing.length > 0 || old.length > 0;
  if (hasNews === $("notice").hidden) {
    $("notice").hidden = !hasNews;
    say(hasNews ? "What is shown may be out of date: the registry does not confirm it." : "What is shown is live again.");
  }

  setText($("notice-title"), failing.length > 0 ? `${failing.map(each => each.registry).join(", ")} has not answered for ${duration((now() - Date.parse(failing[0].failingSince)) / 1000)}.` : "Not all that is shown is confirmed by the registry.");
  setText($("notice-text"), old.length > 0
    ? `What was last known stays in use: ${old.length === 1 ? `${old[0].name} is` : `${number(old.length)} services are`} stale, ${old.length === 1 ? "" : "the oldest "}${duration(Math.max(...old.map(ageOf)))} old.` : "");
}
