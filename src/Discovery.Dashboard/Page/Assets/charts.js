
// A bar of the groups that a service's instances are in.
function meter(counts) {
  const bar = shape("svg", { class: "meter", viewBox: "0 0 100 4", preserveAspectRatio: "none", "aria-hidden": "true" });
  bar.append(shape("rect", { class: "track", width: 100, height: 4 }));
  let x = 0;
  for (const group of groups.filter(each => counts[each] > 0)) {
    const width = counts[group] / counts.total * 100;
    bar.append(shape("rect", { class: `fill-${group}`, x, width, height: 4 }));
    x += width;
  }

  return bar;
}

function bar(share, failed = 0) {
  return shape("svg", { viewBox: "0 0 100 8", preserveAspectRatio: "none", "aria-hidden": "true" },
    shape("rect", { class: "track", width: 100, height: 8, rx: 2 }),
    shape("rect", { width: Math.max(share * 100, share > 0 ? 1 : 0), height: 8, rx: 2 }),
    shape("rect", { class: "failed", width: failed * 100, height: 8, rx: 2 }));
}

// How many instances there were, as areas on top of one another with steps: a count stays what it was until it changes.
function areaChart(points) {
  const width = 600, height = 120, end = now();
  const starts = points.map(point => Date.parse(point.at));
  const begin = Math.max(end - 15 * 60000, Math.min(starts[0] ?? end, end - 10000));
  const visible = points.map((point, i) => ({ counts: point.instances, from: Math.max(starts[i], begin), to: Math.max(starts[i + 1] ?? end, begin) })).filter(point => point.to > point.from);
  const most = Math.max(1, ...visible.map(point => point.counts.total));
  const x = time => ((time - begin) / (end - begin) * width).toFixed(1);
  const y = count => (height - count / most * (height - 24)).toFixed(1);
  const chart = shape("svg", { class: "area", viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: "none", role: "img" });
  const below = visible.map(() => 0);
  for (const group of groups.filter(each => visible.some(point => point.counts[each] > 0))) {
    const top = visible.map((point, i) => below[i] + point.counts[group]);
    const upper = visible.map((point, i) => `${x(point.from)},${y(top[i])} ${x(point.to)},${y(top[i])}`);
    const lower = visible.map((point, i) => `${x(point.to)},${y(below[i])} ${x(point.from)},${y(below[i])}`).reverse();
    chart.append(shape("path", { class: `fill-${group}`, d: `M${[...upper, ...lower].join(" L")}Z` }));
    top.forEach((value, i) => { below[i] = value; });
  }

  const last = visible.at(-1)?.counts;
  const least = Math.min(...visible.map(point => point.counts.total));
  chart.setAttribute("aria-label", last ? `${plural(last.total, "instance")} now; between ${number(least)} and ${number(most)} in the last ${duration((end - begin) / 1000)}` : "Nothing is known yet");
  return [
    element("div", { class: "plot" }, chart, element("span", { class: "most" }, number(most))),
    element("div", { class: "axis" }, element("span", {}, `${duration((end - begin) / 1000)} ago`), element("span", {}, "now")),
    element("ul", { class: "legend", "aria-label": "Instances now" }, ...groups.filter(group => last?.[group] > 0).map(
      group => element("li", {}, element("span", { "data-tone": group }, "■ "), `${number(last[group])} ${groupWords[group]}`))),
  ];
}

function pickChart(detail) {
  if (detail.picks === 0) {
    return [element("p", { class: "empty" }, "This app has not called this service yet.")];
  }

  const most = Math.max(1, ...detail.busiest.map(each => each.picks));
  const others = detail.picks - detail.busiest.reduce((sum, each) => sum + each.picks, 0);
  const rows = detail.busiest.filter(each => each.picks > 0).map(each => element("li", {},
    element("span", { class: "id", title: each.id }, each.id), bar(each.picks / most, each.failures / most), element("span", { class: "number" }, number(each.picks))));
  return [element("ol", { class: "bars" }, ...rows), ...others > 0 ? [element("p", { class: "muted" }, `and ${number(others)} to others`)] : []];
}
