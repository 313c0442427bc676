// A new stream: one line, what was understood of it, and the draft in the making.
import { call, once, Refused } from "./review-api.js";
import { at, el } from "./console-draw.js";

const BASE = "/api/v1/studio";
const { job: begun } = at("studio-new").dataset;
const TYPED = "studio-brief-typed";
let understood = null;
let sources = [];
let job = null;

const show = (id, on) => { at(id).hidden = !on; };

function fault(error) {
  at("fault").textContent = error?.message ?? "";
  show("fault", Boolean(error));
}

function busy(form, on) {
  for (const one of form.querySelectorAll("button")) one.disabled = on;
}

async function guarded(form, work) {
  busy(form, true);
  fault(null);
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    fault(error);
  } finally {
    busy(form, false);
  }
}

at("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  guarded(at("ask"), async () => {
    understood = await call("POST", `${BASE}/briefs`, { text: at("text").value.trim() });
    fill(understood);
  });
});
at("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.ctrlKey && !event.isComposing) at("ask").requestSubmit();
});
at("text").addEventListener("input", () => sessionStorage.setItem(TYPED, at("text").value));

function fill(brief) {
  const form = at("brief");
  for (const name of ["title", "kind", "day", "minutes", "audience", "platform", "frequency"]) {
    form.elements[name].value = brief[name] ?? "";
  }
  form.elements.begins.value = brief.begins?.slice(0, 5) ?? "";
  for (const box of form.querySelectorAll("[name=emphasis]")) box.checked = brief.emphasis.includes(box.value);
  at("missing").replaceChildren(...brief.missing.map((text) => el("p", { className: "notice-line", textContent: text })));
  at("assumed").replaceChildren(...brief.assumed.map((text) => el("li", { textContent: text })));
  sources = brief.sources;
  drawSources();
  show("brief", true);
  (brief.missing.length ? asksFor(form, brief) : at("start")).focus();
  form.scrollIntoView({ block: "start", behavior: "smooth" });
}

// The field that the first question asks for.
function asksFor(form, brief) {
  if (!brief.sources.length) return at("find-source");
  return brief.day ? form.elements.minutes : form.elements.day;
}

function drawSources() {
  const rows = sources.map((one) => el("li", {},
    el("a", { href: one.url, target: "_blank", rel: "noopener", textContent: one.title }),
    one.why ? el("span", { className: "why-not", textContent: one.why }) : null,
    el("button", { type: "button", className: "small", textContent: "去掉", dataset: { drop: one.id }, ariaLabel: `去掉 ${one.title}` })));
  at("sources").replaceChildren(...rows);
  if (!rows.length) at("sources").append(el("li", { className: "why-not", textContent: "还没有依据：请在下面添加事项或文件" }));
}

at("sources").addEventListener("click", (event) => {
  const { drop } = event.target.dataset;
  if (!drop) return;
  sources = sources.filter((one) => one.id !== drop);
  drawSources();
  at("find-source").focus();
});

let waiting = 0;
at("find-source").addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(find, 250);
});
at("find-source").addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  at("found").querySelector("button")?.click();
});

async function find() {
  const text = at("find-source").value.trim();
  if (!text) return at("found").replaceChildren();
  const page = await call("GET", `/api/v1/sources?q=${encodeURIComponent(text)}&limit=12`);
  if (text !== at("find-source").value.trim()) return undefined;
  const usable = page.items.filter((one) => one.kind !== "faq" && !sources.some((known) => known.id === one.id));
  const rows = usable.slice(0, 8).map((one) => el("li", {}, el("button", { type: "button", className: "small", textContent: `＋ ${one.title}`, dataset: { add: JSON.stringify(one) } })));
  at("found").replaceChildren(...(rows.length ? rows : [el("li", { className: "hint", textContent: "没有找到这样的资料" })]));
  return undefined;
}

at("found").addEventListener("click", (event) => {
  const { add } = event.target.dataset;
  if (!add) return;
  const one = JSON.parse(add);
  sources.push({ id: one.id, title: one.title, kind: one.kind, url: one.url ?? `/sources/${encodeURIComponent(one.id)}`, why: "" });
  at("find-source").value = "";
  at("found").replaceChildren();
  drawSources();
  at("start").focus();
});

at("brief").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = at("brief").elements;
  const ids = (kind) => sources.filter((one) => (one.kind === "policy") === (kind === "policy")).map((one) => one.id);
  const body = {
    text: understood.text, title: form.title.value.trim(), kind: form.kind.value, day: form.day.value || null,
    begins: form.begins.value || null, minutes: Number(form.minutes.value) || null, audience: form.audience.value.trim(),
    platform: form.platform.value.trim(), frequency: form.frequency.value.trim(), region: understood.region,
    items: ids("guide"), policies: ids("policy"),
    emphasis: [...at("brief").querySelectorAll("[name=emphasis]:checked")].map((box) => box.value),
  };
  guarded(at("brief"), async () => follow(await once(`${BASE}/jobs`, body)));
});

function follow(made) {
  job = made;
  history.replaceState(null, "", `?job=${job.id}`);
  show("ask", false);
  show("brief", false);
  show("working", true);
  draw(job);
  const events = new EventSource(`${BASE}/jobs/${job.id}/events`);
  events.addEventListener("job", (event) => {
    draw(JSON.parse(event.data));
    if (["done", "failed", "cancelled"].includes(job.state)) events.close();
  });
}

function draw(now) {
  job = now;
  at("working-title").textContent = `正在起草：${job.title}`;
  at("says").textContent = job.says;
  if (job.total) Object.assign(at("bar"), { max: job.total, value: job.done });
  if (job.state === "done") {
    sessionStorage.removeItem(TYPED);
    location.replace(`/console/studio/streams/${job.stream_id}`);
  }
  if (job.state === "failed" || job.state === "cancelled") {
    show("working", false);
    show("ask", true);
    show("brief", Boolean(understood));
    history.replaceState(null, "", location.pathname);
    fault(job.state === "failed" ? new Error(job.says) : new Error("已取消起草。"));
  }
}

at("cancel").addEventListener("click", async () => draw(await call("POST", `${BASE}/jobs/${job.id}/cancel`)));

// What was typed, or even sent, before this file had come is kept.
const sent = new URLSearchParams(location.search).get("text");
at("text").value ||= sent ?? sessionStorage.getItem(TYPED) ?? "";
if (begun) {
  call("GET", `${BASE}/jobs/${begun}`).then(follow).catch(fault);
} else if (sent) {
  history.replaceState(null, "", location.pathname);
  at("ask").requestSubmit();
} else {
  at("text").focus();
}
