"use strict";
// The map of latent topics, the switches of painted pages, dark or light. Text becomes text nodes, never markup.
(() => {
  const root = document.documentElement;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  document.getElementById("theme").addEventListener("click", () => {
    const now = root.dataset.theme || (dark.matches ? "dark" : "light");
    root.dataset.theme = now === "dark" ? "light" : "dark";
  });

  for (const box of document.querySelectorAll(".switch")) {
    const set = () => document.body.classList.toggle(`no-${box.value}`, !box.checked);
    box.addEventListener("change", set);
    set();
  }

  const holder = document.getElementById("latent-data");
  if (!holder) return;
  const found = JSON.parse(holder.textContent);
  const topics = found.topics;
  const SIZE = 480, EDGE = 44;
  let chosen = 0, marked = null;

  const element = (name, attributes = {}, ...children) => {
    const svg = ["svg", "g", "circle", "rect", "text", "title"].includes(name);
    const made = svg ? document.createElementNS("http://www.w3.org/2000/svg", name) : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };
  const percent = (share, places = 1) => `${(100 * share).toFixed(places)} %`;
  const title = (k) => `${k}${topics[k].name ? " " + topics[k].name : ""}`;

  // Places: the same scale on both axes, so that distances mean what they say.
  const xs = topics.map((t) => t.x), ys = topics.map((t) => t.y);
  const middle = [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
  const span = Math.max(Math.max(...xs) - Math.min(...xs), Math.max(...ys) - Math.min(...ys)) || 1;
  const scale = (SIZE - 2 * EDGE) / span;
  const place = (t) => [SIZE / 2 + (t.x - middle[0]) * scale, SIZE / 2 - (t.y - middle[1]) * scale];
  const largest = Math.max(...topics.map((t) => t.share));
  const radius = (share) => 4 + 34 * Math.sqrt(Math.max(0, share) / largest) * Math.min(1, Math.sqrt(20 / topics.length));

  const field = element("svg", { viewBox: `0 0 ${SIZE} ${SIZE}`, class: "field", role: "radiogroup", "aria-label": "Map of latent topics" });
  const circles = topics.map((topic, k) => {
    const [x, y] = place(topic);
    const circle = element("circle", { cx: x, cy: y, r: radius(topic.share) });
    const words = `latent topic ${title(k)}, ${percent(topic.share)} of the words`;
    const group = element("g", { role: "radio", "aria-label": words, "data-k": k }, element("title", {}, words), circle);
    if (topics.length <= 120) group.append(element("text", { x, y }, String(k)));
    group.addEventListener("click", () => choose(k));
    group.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step && event.key !== "Home" && event.key !== "End") return;
      event.preventDefault();
      choose(step ? (k + step + topics.length) % topics.length : event.key === "Home" ? 0 : topics.length - 1);
      circles[chosen].group.focus();
    });
    return { group, circle };
  });
  // The largest first, so that small ones lie on top.
  [...circles.keys()].sort((a, b) => topics[b].share - topics[a].share).forEach((k) => field.append(circles[k].group));

  const list = element("select", { id: "latent-choice" }, ...topics.map((_, k) => element("option", { value: k }, title(k))));
  list.addEventListener("change", () => choose(Number(list.value)));
  const step = (words, by) => {
    const button = element("button", { type: "button" }, words);
    button.addEventListener("click", () => choose((chosen + by + topics.length) % topics.length));
    return button;
  };
  const slider = element("input", { type: "range", min: 0, max: 1, step: 0.1, value: 0.6, id: "latent-lambda" });
  const shownLambda = element("output", { for: "latent-lambda" });
  slider.addEventListener("input", () => draw());
  const heading = element("h3", { "aria-live": "polite" });
  const about = element("p", { class: "quiet" });
  const bars = element("ol", { class: "bars", id: "latent-terms" });
  const near = element("ul", { class: "near" });
  const examples = element("div", { id: "latent-examples" });

  const relevance = (share, p, balance) => balance * Math.log(share) + (1 - balance) * Math.log(share / p);

  const draw = () => {
    const topic = topics[chosen], balance = Number(slider.value);
    shownLambda.textContent = `λ = ${balance.toFixed(1)}`;
    slider.setAttribute("aria-valuetext", `lambda ${balance.toFixed(1)}: ${balance > 0.7 ? "frequent terms" : balance < 0.3 ? "terms of its own" : "between"}`);
    const best = topic.terms
      .map(([word, share]) => ({ word, share, weight: relevance(share, found.p[word], balance) }))
      .sort((a, b) => b.weight - a.weight || (found.words[a.word] < found.words[b.word] ? -1 : 1))
      .slice(0, found.bars);
    const most = Math.max(...best.map((b) => found.p[b.word]), 1e-12);
    bars.replaceChildren(...best.map(({ word, share }) => {
      const here = share * topic.share, all = Math.max(found.p[word], here);
      const bar = element("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
        element("rect", { x: 0, y: 0, width: 100 * all / most, height: 10, class: "all" }),
        element("rect", { x: 0, y: 0, width: 100 * here / most, height: 10, class: "here" }));
      const button = element("button", { type: "button", class: "term", "aria-pressed": String(marked === word), title: "Show which latent topics have this term" }, found.words[word]);
      button.addEventListener("click", () => mark(word));
      return element("li", {}, button, bar, element("span", { class: "number", title: "share of the topic's words; share of the term's uses that are here" }, `${percent(share)} · ${percent(Math.min(1, here / all), 0)}`));
    }));
  };

  const mark = (word) => {
    marked = marked === word ? null : word;
    for (const button of bars.querySelectorAll("button")) button.setAttribute("aria-pressed", String(marked !== null && button.textContent === found.words[marked]));
    const held = topics.map((t) => {
      const entry = marked === null ? null : t.terms.find(([w]) => w === marked);
      return entry ? entry[1] * t.share : 0;
    });
    const most = Math.max(...held) || 1;
    circles.forEach(({ circle }, k) => circle.setAttribute("r", marked === null ? radius(topics[k].share) : held[k] ? radius(largest * held[k] / most) : 1.5));
  };

  const example = (entry) => {
    const words = entry.title || entry.id;
    const name = entry.href ? element("a", { href: `#${entry.href}` }, words) : element("b", {}, words);
    const item = element("li", {}, name);
    const rest = [entry.share, entry.title ? entry.id : "", entry.opening].filter(Boolean).join(" · ");
    if (rest) item.append(element("span", { class: "quiet" }, ` ${rest}`));
    return item;
  };

  const choose = (k) => {
    chosen = k;
    const topic = topics[k];
    circles.forEach(({ group }, j) => {
      group.setAttribute("aria-checked", String(j === k));
      group.setAttribute("tabindex", j === k ? 0 : -1);
    });
    list.value = String(k);
    heading.textContent = `Latent topic ${title(k)}`;
    about.textContent = `${percent(topic.share)} of all words. Bars: how often the term is used at all, and how much of that is here. Numbers: its share of the topic's words, and how much of its uses are here.`;
    near.replaceChildren(...topic.near.map(([j, distance]) => {
      const button = element("button", { type: "button" }, `${title(j)} (${distance.toFixed(2)})`);
      button.addEventListener("click", () => choose(j));
      return element("li", {}, button);
    }));
    const parts = [];
    if (topic.seen.length) parts.push(element("h4", {}, "Of the pages given, the articles with most of it"), element("ol", {}, ...topic.seen.map(example)));
    if (topic.examples.length) parts.push(element("h4", {}, "Articles learned from that stand for it"), element("ol", {}, ...topic.examples.map(example)));
    if (topic.sentences.length) parts.push(element("h4", {}, "Sentences that say most of it"), ...topic.sentences.map((text) => element("blockquote", {}, text)));
    examples.replaceChildren(...parts);
    draw();
    if (marked !== null) { const word = marked; marked = null; mark(word); }
  };

  document.getElementById("map").append(
    element("div", { class: "latent" },
      element("div", {},
        element("div", { class: "choose" }, element("label", { for: "latent-choice" }, "Latent topic"), list, step("Previous", -1), step("Next", 1)),
        field),
      element("div", {},
        heading, about,
        element("div", { class: "slide" }, element("label", { for: "latent-lambda" }, "Relevance: terms of its own"), slider, element("span", {}, "frequent terms"), shownLambda),
        bars, element("h4", {}, "Nearest, with their distance"), near, examples)));
  choose(0);
})();
