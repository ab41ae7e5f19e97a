"use strict";
(() => {
  const evidence = JSON.parse(document.getElementById("evidence").textContent);
  const rows = [...document.querySelectorAll("details.row")];
  const form = document.getElementById("filters");
  const q = document.getElementById("q");
  const level = document.getElementById("level");
  const profile = document.getElementById("profile");
  const boxes = [...form.querySelectorAll("input[name=outcome]")];

  const make = (tag, attributes = {}, ...children) => {
    const node = tag === "svg" || make.inSvg
      ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };
  const svg = (tag, attributes, ...children) => {
    make.inSvg = true;
    try { return make(tag, attributes, ...children); } finally { make.inSvg = false; }
  };

  const apply = () => {
    const wanted = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    const words = q.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.dataset.text ??= row.querySelector("summary").textContent.toLowerCase() +
        (row.querySelector(".message")?.textContent.toLowerCase() ?? "");
      const visible = wanted.has(row.dataset.outcome) &&
        (!level.value || row.dataset.level === level.value) &&
        (!profile.value || row.dataset.profiles.split(" ").includes(profile.value)) &&
        words.every((word) => text.includes(word));
      row.hidden = !visible;
      shown += visible;
    }
    for (const area of document.querySelectorAll("section.area"))
      area.hidden = ![...area.querySelectorAll("details.row")].some((row) => !row.hidden);
    document.getElementById("shown").textContent = `${shown} of ${rows.length} shown`;
    document.getElementById("none").hidden = shown > 0;
  };

  const remember = () => {
    const state = new URLSearchParams();
    if (q.value) state.set("q", q.value);
    if (level.value) state.set("level", level.value);
    if (profile.value) state.set("profile", profile.value);
    const off = boxes.filter((box) => !box.checked).map((box) => box.value);
    if (off.length) state.set("without", off.join(","));
    const text = state.toString();
    history.replaceState(null, "", text ? `#?${text}` : location.pathname + location.search);
    apply();
  };

  const recall = () => {
    if (location.hash.startsWith("#?")) {
      const state = new URLSearchParams(location.hash.slice(2));
      q.value = state.get("q") ?? "";
      level.value = state.get("level") ?? "";
      profile.value = state.get("profile") ?? "";
      const off = new Set((state.get("without") ?? "").split(","));
      for (const box of boxes) box.checked = !off.has(box.value);
    } else if (location.hash.length > 1) {
      const row = document.getElementById(decodeURIComponent(location.hash.slice(1)));
      if (row?.matches("details.row")) { form.reset(); row.hidden = false; row.closest("section").hidden = false; row.open = true; row.scrollIntoView(); row.querySelector("summary").focus(); }
    }
    apply();
  };

  const LANES = ["check", "kubernetes", "api", "cloud"];
  const laneOf = (entry) => entry.lane === "cloud" ? `cloud ${entry.detail?.caller ?? ""}`.trim() : entry.lane;

  const timeline = (entries, table) => {
    const lanes = [...new Set(entries.map(laneOf))].sort(
      (a, b) => LANES.indexOf(a.split(" ")[0]) - LANES.indexOf(b.split(" ")[0]) || a.localeCompare(b));
    const times = entries.map((entry) => entry.at);
    const first = Math.min(...times), span = Math.max(Math.max(...times) - first, 0.001), left = 150, width = 1000, step = 26;
    const height = lanes.length * step + 34;
    const x = (at) => left + (at - first) / span * (width - left - 20);
    const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "group", "aria-label": "Timeline" });
    for (let tick = 0; tick <= 4; tick++) {
      const at = first + span * tick / 4;
      drawing.append(svg("line", { class: "grid", x1: x(at), x2: x(at), y1: 6, y2: height - 22 }),
        svg("text", { x: x(at), y: height - 6, "text-anchor": tick < 4 ? "middle" : "end" }, `${(at - first).toFixed(span < 1 ? 3 : 1)} s`));
    }
    lanes.forEach((lane, row) => drawing.append(
      svg("text", { x: 8, y: row * step + 24 }, lane),
      svg("line", { class: "grid", x1: left, x2: width - 20, y1: row * step + 20, y2: row * step + 20 })));
    entries.forEach((entry, index) => {
      const y = lanes.indexOf(laneOf(entry)) * step + 20;
      const wrong = entry.error || entry.kind === "gap" || entry.detail?.held === false;
      const shape = wrong ? `M${x(entry.at)} ${y - 7}l7 7l-7 7l-7 -7z` : `M${x(entry.at) - 4.5} ${y}a4.5 4.5 0 1 0 9 0a4.5 4.5 0 1 0 -9 0z`;
      const mark = svg("path", { class: `mark ${wrong ? "k-wrong" : `k-${entry.lane}`}`, d: shape },
        svg("title", {}, `${(entry.at - first).toFixed(3)} s ${entry.kind} ${entry.title} ${entry.error || ""}`));
      mark.addEventListener("click", () => {
        table.querySelector(".picked")?.classList.remove("picked");
        table.closest("details").open = true;
        const line = table.rows[index + 1];
        line.classList.add("picked");
        line.scrollIntoView({ block: "nearest" });
      });
      drawing.append(mark);
    });
    return make("div", { class: "timeline", tabindex: "0", role: "region", "aria-label": "Timeline, scrollable" }, drawing);
  };

  const listing = (entries) => {
    const head = make("tr", {}, ...["time", "where", "what", "detail"].map((word) => make("th", { scope: "col" }, word)));
    const body = entries.map((entry) => {
      const told = Object.entries({ ...(entry.revision && { revision: entry.revision }), ...entry.detail })
        .filter(([, value]) => value !== "" && value !== false && !(Array.isArray(value) && !value.length))
        .map(([name, value]) => `${name}: ${typeof value === "number" ? +value.toFixed(4) : Array.isArray(value) ? value.join(" ") : typeof value === "object" ? JSON.stringify(value) : value}`).join(", ");
      return make("tr", entry.error ? { class: "wrong" } : {},
        make("td", {}, `${(entry.at - entries[0].at).toFixed(3)} s`), make("td", {}, laneOf(entry)),
        make("td", {}, `${entry.kind} ${entry.title}`), make("td", {}, make("code", {}, [told, entry.error].filter(Boolean).join(" ").slice(0, 400))));
    });
    return make("table", { class: "entries" }, make("thead", {}, head), make("tbody", {}, ...body));
  };

  const fold = (title, ...children) => make("details", { class: "object" }, make("summary", {}, title), ...children);

  const open = (row) => {
    const place = row.querySelector(".evidence");
    const found = evidence[place.dataset.evidence];
    if (!found || place.hasChildNodes()) return;
    if (found.entries?.length) {
      const table = listing(found.entries);
      place.append(make("h4", {}, "What was seen, to scale"), timeline(found.entries, table),
        fold(`${found.entries.length} entries`, make("div", { class: "scroll", tabindex: "0" }, table)));
    }
    if (found.events) place.append(make("h4", {}, "Events"), make("ul", { class: "events" },
      ...found.events.map((event) => make("li", {}, `${event.type} ${event.reason}: ${event.message}`))));
    for (const one of found.objects ?? [])
      place.append(fold(`${one.kind} ${one.name} as last seen`, make("pre", { tabindex: "0" }, JSON.stringify(one.object, null, 2))));
    for (const [name, text] of Object.entries(found.logs ?? {}))
      place.append(fold(`End of ${name}`, make("pre", { tabindex: "0" }, text)));
    for (const note of found.notes ?? []) place.append(make("p", { class: "remark" }, note));
  };

  for (const row of rows) row.addEventListener("toggle", () => row.open && open(row));
  for (const button of document.querySelectorAll(".copy")) {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(button.previousElementSibling.textContent);
      button.textContent = "Copied";
    });
  }
  document.getElementById("reset").addEventListener("click", () => {
    form.reset();
    remember();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", remember);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.matches("input, select, textarea")) { event.preventDefault(); q.focus(); }
    if (event.key === "Escape" && event.target === q) { q.value = ""; remember(); }
  });
  window.addEventListener("hashchange", recall);
  form.hidden = false;
  recall();
})();
