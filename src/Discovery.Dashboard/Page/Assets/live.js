
const base = location.pathname.replace(/\/+$/, "");
const detailInterval = 2000;
const silence = 15000;
let stream = null;
let heardAt = 0;
let isLoading = false;
let isWanted = false;

async function loadDetail() {
  if (!chosen || document.hidden) {
    return;
  }

  if (isLoading) {
    isWanted = true;
    return;
  }

  isLoading = true;
  const asked = { chosen, offset, filter: $("instances-filter").value.trim() };
  try {
    const query = new URLSearchParams({ offset: asked.offset, limit: pageSize, filter: asked.filter });
    const answer = await fetch(`${base}/api/services/${encodeURIComponent(asked.chosen)}?${query}`, { headers: { accept: "application/json" } });
    if (chosen === asked.chosen) {
      if (answer.ok) {
        takeDetail(await answer.json(), asked);
      } else if (answer.status === 404) {
        $("service-body").hidden = true;
        $("service-none").hidden = false;
        setText($("service-none"), "There is no such service any more.");
        $("service-source").replaceChildren();
      }
    }
  } catch {
    // The app is not there: the stream of changes says so, and tries again.
  } finally {
    isLoading = false;
    if (isWanted) {
      isWanted = false;
      loadDetail();
    }
  }
}

function takeDetail(detail, asked) {
  if (asked.offset !== offset || asked.filter !== $("instances-filter").value.trim()) {
    return; // another page is wanted by now
  }

  if (detail.instances.length === 0 && detail.offset > 0 && detail.matched > 0) {
    offset = Math.floor((detail.matched - 1) / pageSize) * pageSize; // what was the last page is no more
    isWanted = true;
    return;
  }

  renderDetail(detail);
}

function takeServices(list) {
  for (const service of list) {
    services.set(service.name, { ...service, receivedAt: Date.now() });
  }
}

function takeState(state) {
  setClock(state.time);
  services.clear();
  takeServices(state.services);
  events = [];
  renderEvents(state.events, false);
  renderRegistrations(state.registrations);
  renderRegistries(state.registries);
  renderServices();
  if (!chooseFromAddress() && !chosen && services.size > 0) {
    choose((state.registrations.find(each => services.has(each.service))?.service) ?? [...services.keys()][0]);
  }

  renderNotice();
  loadDetail();
}

function takeChange(change) {
  setClock(change.time);
  takeServices(change.services ?? []);
  (change.removed ?? []).forEach(name => services.delete(name));
  if (change.services || change.removed) {
    renderServices();
  }

  if (change.registrations) {
    renderRegistrations(change.registrations);
  }

  if (change.registries) {
    renderRegistries(change.registries);
  }

  if (change.events) {
    renderEvents(change.events, true);
    change.events.forEach(event => say(`${event.service}: ${describe(event)[1]}.`));
  }

  if (!chosen && services.size > 0) {
    choose([...services.keys()][0]);
  }

  renderNotice();
  if (change.services?.some(service => service.name === chosen) || change.events?.some(event => event.service === chosen)) {
    loadDetail();
  }
}

function setLink(state, text) {
  setAttribute($("link"), "data-state", state);
  if ($("link").textContent !== text) {
    setText($("link"), text);
    if (state === "lost") {
      say("The connection to the app is lost. It is tried again.");
    }
  }
}

function connect() {
  heardAt = Date.now();
  stream?.close();
  stream = new EventSource(`${base}/api/events`);
  const on = (name, take) => stream.addEventListener(name, message => {
    heardAt = Date.now();
    setLink("live", "Live");
    take(JSON.parse(message.data));
  });
  on("state", takeState);
  on("change", takeChange);
  on("beat", () => { });
  stream.onerror = () => setLink("lost", "Reconnecting");
}

// EventSource tries again by itself, but not after an answer that is no stream (the app is behind a proxy, or full), nor when nothing comes at all.
setInterval(() => {
  if (Date.now() - heardAt > silence || stream.readyState === EventSource.CLOSED && Date.now() - heardAt > 3000) {
    setLink("lost", "Reconnecting");
    connect();
  }

  refreshTimes();
  renderNotice();
  if ([...services.values()].some(service => service.source === "stale" || service.source === "disk")) {
    renderServices();
  }

  if (shownDetail && shownDetail.service.name === chosen) {
    renderSource(shownDetail.service);
  }
}, 1000);
setInterval(loadDetail, detailInterval);

let typed = 0;
$("instances-filter").addEventListener("input", () => {
  offset = 0;
  clearTimeout(typed);
  typed = setTimeout(loadDetail, 200);
});
$("services-filter").addEventListener("input", renderServices);
$("previous").addEventListener("click", () => turn(-pageSize));
$("next").addEventListener("click", () => turn(pageSize));
addEventListener("hashchange", chooseFromAddress);
document.addEventListener("visibilitychange", loadDetail);

function turn(by) {
  offset = Math.max(0, offset + by);
  loadDetail();
}

const themes = ["auto", "light", "dark"];
function setTheme(theme) {
  setText($("theme"), `Theme: ${theme}`);
  if (theme === "auto") {
    delete document.documentElement.dataset.theme;
  } else {
    document.documentElement.dataset.theme = theme;
  }
}

// Browsers that keep nothing for a page refuse even to say what they kept.
const remembered = use => {
  try {
    return use(localStorage);
  } catch {
    return null;
  }
};
setTheme(themes.find(theme => theme === remembered(kept => kept.getItem("discovery-theme"))) ?? "auto");
$("theme").addEventListener("click", () => {
  const theme = themes[(themes.indexOf(document.documentElement.dataset.theme ?? "auto") + 1) % themes.length];
  setTheme(theme);
  remembered(kept => kept.setItem("discovery-theme", theme));
});

connect();
