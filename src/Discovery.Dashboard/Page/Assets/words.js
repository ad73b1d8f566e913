
const number = value => value.toLocaleString("en");
const percent = value => value === 0 ? "0 %" : value < 0.001 ? "< 0.1 %" : `${(value * 100).toFixed(value < 0.1 ? 1 : 0)} %`;
const plural = (count, one) => `${number(count)} ${one}${count === 1 ? "" : "s"}`;
const milliseconds = value => value === 0 ? "–" : value < 10 ? `${value.toFixed(1)} ms` : value < 10000 ? `${Math.round(value)} ms` : duration(value / 1000);

function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return whole < 120 ? `${whole} s`
    : whole < 7200 ? `${Math.floor(whole / 60)} min`
    : whole < 172800 ? `${Math.floor(whole / 3600)} h`
    : `${Math.floor(whole / 86400)} d`;
}

// The clock of the app, which may differ from that of the browser.
let clockAhead = 0;
const setClock = time => { clockAhead = Date.parse(time) - Date.now(); };
const now = () => Date.now() + clockAhead;

function relative(at) {
  const seconds = (now() - Date.parse(at)) / 1000;
  return seconds >= 0 ? `${duration(seconds)} ago` : `in ${duration(-seconds)}`;
}

const clock = at => new Date(at).toLocaleTimeString([], { hour12: false });
const ago = at => element("time", { datetime: at, "data-relative": true, title: new Date(at).toLocaleString() }, relative(at));

// "2 minutes ago" grows old.
function refreshTimes() {
  for (const time of document.querySelectorAll("time[data-relative]")) {
    setText(time, relative(time.dateTime));
  }
}

const groups = ["healthy", "degraded", "idle", "ejected", "held", "unhealthy"];

const groupWords = {
  healthy: "healthy", degraded: "degraded", idle: "of weight 0", ejected: "ejected", held: "held", unhealthy: "unhealthy",
};

const sourceWords = {
  live: "live", stale: "stale", disk: "from disk", static: "static", dns: "from DNS", none: "unknown",
};

const sourceTones = { live: "healthy", stale: "degraded", disk: "degraded", static: "idle", dns: "idle", none: "unhealthy" };

const stateWords = {
  pending: "pending", registering: "registering", registered: "registered", suspect: "suspect", superseded: "superseded", refused: "refused", revoked: "revoked",
};

const stateTones = {
  pending: "idle", registering: "degraded", registered: "healthy", suspect: "degraded", superseded: "unhealthy", refused: "unhealthy", revoked: "idle",
};

const ejectionWords = {
  connectFailures: "no connection", consecutiveFailures: "calls failed in a row", successRate: "fails more than the others",
};

const counted = counts => groups.filter(group => counts[group] > 0 && group !== "healthy").map(group => `${number(counts[group])} ${groupWords[group]}`).join(", ");

// What an event says, and how good or bad that is.
function describe(event) {
  const who = event.instanceId ?? plural(event.count, "instance");
  switch (event.kind) {
    case "instanceJoined": return ["healthy", event.health && event.health !== "healthy" ? `${who} joined, ${event.health}` : `${who} joined`];
    case "instanceLeft": return ["idle", `${who} left`];
    case "healthChanged": return [event.health ?? "degraded", event.health ? `${who} is ${event.health}` : `${who} changed their health`];
    case "instanceChanged": return ["idle", `${who} changed`];
    case "instancesHeld": return ["held", `${who} vanished from the registry; held while not proven dead`];
    case "instanceEjected": return ["ejected", `${who} ejected: ${ejectionWords[event.ejection] ?? event.ejection}`];
    case "instanceReadmitted": return ["healthy", `${who} gets calls again`];
    case "sourceChanged": return [sourceTones[event.source] ?? "idle", event.source === "live" ? "live again" : event.source === "stale" ? "became stale" : `now known ${sourceWords[event.source]}`];
    case "watchLost": return ["unhealthy", `${event.registry ?? "the registry"} does not answer`];
    case "watchRestored": return ["healthy", "the registry answers again"];
    case "registrationChanged": return [stateTones[event.registration] ?? "idle", `this app${event.instanceId ? ` (${event.instanceId})` : ""} is ${stateWords[event.registration] ?? event.registration} in ${event.registry}`];
    default: return ["idle", event.kind];
  }
}
