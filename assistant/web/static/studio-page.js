// The studio's editor: sentences are saved as they are left, steps are taken, parts are played.
import { call, once, Refused } from "./review-api.js";
import { at, el } from "./console-draw.js";
import { ask, closeAsking } from "./studio-ask.js";
import { announcementField, clipItem, commentItem, groundItem, planField, problemItem, segmentItem } from "./studio-draw.js";
import { listen } from "./studio-keys.js";
import { FilmBox } from "./studio-films.js";
import { play, stop } from "./studio-play.js";

const page = at("studio");
const BASE = `/api/v1/studio/streams/${page.dataset.stream}`;
const PAUSE = 900; // ms without typing after which a text is saved
let view = null;
let timer = 0;
let saving = Promise.resolve();
const films = new FilmBox(at, tell);

const STEPS = {
  submit: ["提交审核", "strong"], approve: ["批准", "strong"], ask_changes: ["退回修改", ""], take_back: ["撤回继续写", ""],
  schedule: ["去排期", "strong"], unschedule: ["", ""], reopen: ["重新修改", ""], archive: ["归档", ""], drop: ["弃用", "danger"],
};

function tell(error) {
  at("fault").textContent = error?.message ?? "";
  at("fault").hidden = !error;
  if (error) at("fault").scrollIntoView({ block: "nearest" });
}

async function guarded(work) {
  tell(null);
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    tell(error);
    if (error.status === 409) await load();
    return null;
  }
}

async function load() {
  show(await call("GET", BASE));
}

// Redraws what changed; the field that is being written keeps its element and its caret.
function put(list, rows, draw) {
  const known = new Map([...list.children].map((item) => [item.dataset.key, item]));
  rows.forEach((row, index) => {
    const text = JSON.stringify([row, view.writes, view.comments_on, ...(draw.with?.(row) ?? [])]);
    let item = known.get(row.id);
    known.delete(row.id);
    const writing = item?.contains(document.activeElement) && document.activeElement.matches("textarea");
    if (item && writing && fresh(item, row)) item.row = text;
    if (!item || item.row !== text) {
      const made = draw(row, index);
      made.dataset.key = row.id;
      made.row = text;
      const open = item ? [...item.querySelectorAll("details")].map((one) => one.open) : [];
      [...made.querySelectorAll("details")].forEach((one, n) => { one.open = open[n] ?? false; });
      const focused = item?.contains(document.activeElement) ? document.activeElement.dataset.place : null;
      if (item) item.replaceWith(made);
      item = made;
      if (focused) item.querySelector(`.text[data-place="${CSS.escape(focused)}"]`)?.focus();
    }
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
  });
  for (const item of known.values()) item.remove();
}

// Whether a row differs from what stands on the page in nothing but the texts that are written.
function fresh(item, row) {
  const texts = new Map([...item.querySelectorAll("textarea")].map((one) => [one.dataset.place, one]));
  const all = [...(row.sentences ?? []), row.caption, row.interaction].filter(Boolean);
  const same = all.every((one) => texts.has(one.place) && !one.mark === !texts.get(one.place).classList.contains("marked") && !one.problems.length === !texts.get(one.place).classList.contains("faulty"));
  if (!same || (row.sentences ?? []).length !== item.querySelectorAll(".lines-of textarea").length) return false;
  for (const one of all) texts.get(one.place).dataset.was = one.text;
  return true;
}

function show(next) {
  view = next;
  const { stream } = view;
  at("state").textContent = stream.state_name;
  drawSteps();
  const wanted = view.wanted_minutes ? `（要求 ${view.wanted_minutes} 分钟）` : "";
  const approved = stream.approved_by ? `　${stream.approved_by} 批准了第 ${view.stream.version} 版` : "";
  at("figures").textContent = `${view.segments.length} 段，${view.slides.length} 页，约 ${view.minutes} 分钟${wanted}　第 ${stream.version} 版${approved}`;
  drawTold();
  at("problems").hidden = !view.problems.length;
  at("all-checked").hidden = !(view.writes && view.problems.filter((one) => one.code === "stale").length > 1);
  at("problem-list").replaceChildren(...view.problems.map((one) => problemItem(one, view)));
  at("outline").replaceChildren(...view.segments.map((one) => el("a", { href: `#at-${one.id}`, className: "chip-button button", textContent: `${one.name.replace(/[第段]/g, "")} ${one.title}` })));
  const bySlide = new Map(view.slides.map((one) => [one.id, one]));
  const remarks = (owner) => view.comments.filter((one) => one.place.startsWith(owner));
  const draw = (row) => segmentItem(row, view, row.slides.map((id) => bySlide.get(id)));
  draw.with = (row) => [row.slides.map((id) => [bySlide.get(id), remarks(`slide ${id}.`)]), remarks(`${row.id}.`)];
  put(at("segments"), view.segments, draw);
  const clip = (row, index) => clipItem(row, view, index);
  clip.with = (row) => [remarks(`${row.id}.`)];
  at("clips-part").hidden = !view.clips.length;
  put(at("clips"), view.clips, clip);
  films.show(view);
  put(at("plan"), view.plan.map((one) => ({ ...one, id: one.place })), (row) => planField(row, view));
  const told = (row) => announcementField(row, view);
  told.with = (row) => [remarks(row.place)];
  put(at("announcement"), view.announcement.map((one) => ({ ...one, id: one.place })), told);
  at("grounds").replaceChildren(...view.grounds.map(groundItem));
  at("remarks").replaceChildren(...view.comments.map((one) => commentItem(one, view)));
  at("remark-all").hidden = !view.comments_on;
  for (const one of page.querySelectorAll("textarea")) grow(one);
  page.dataset.ready = String(stream.version);
}

function drawSteps() {
  const order = ["submit", "approve", "ask_changes", "schedule", "take_back", "reopen", "archive", "drop"];
  const made = order.filter((step) => view.steps.includes(step)).map((step) => {
    const [label, look] = STEPS[step];
    const props = { textContent: label, className: look, dataset: { step } };
    if (step === "schedule") return el("a", { ...props, className: "button strong", href: `/console/studio/streams/${view.stream.id}/schedule` });
    return el("button", { ...props, type: "button", disabled: step === "approve" && view.blocked });
  });
  at("steps").replaceChildren(...made);
}

function drawTold() {
  const lines = [];
  const notice = (text, bad, ...more) => lines.push(el("p", { className: bad ? "notice" : "notice-line" }, text, ...more));
  if (view.stream.alarm) notice(`已退回审核：${view.stream.alarm}`, true);
  if (view.stream.asked) notice(`退回意见：${view.stream.asked}`, false);
  if (view.near) notice(`${view.near}，请换一些说法或场景。`, false, el("a", { href: view.near_url, textContent: "看那一场" }));
  if (view.stream.state === "in_review" && view.wrote && !view.steps.includes("approve")) notice("您写过或改过这份稿子，要由另一位审核人批准。", false);
  at("told").replaceChildren(...lines);
}

function grow(one) {
  one.style.removeProperty("height");
  if (one.offsetParent && !CSS.supports("field-sizing", "content")) one.rows = Math.max(1, Math.ceil((one.scrollHeight - 10) / 27));
}

// Saves one field; saves go one after the other, each with what stood there before it.
function save(area) {
  clearTimeout(timer);
  if (!area || area.value === area.dataset.was || !view?.writes) return saving;
  at("saved").textContent = "正在保存";
  saving = saving.then(() => guarded(async () => {
    if (area.value === area.dataset.was) return;
    const text = area.value;
    const next = await call("PUT", `${BASE}/words`, { place: area.dataset.place, text, was: area.dataset.was });
    area.dataset.was = text;
    at("saved").textContent = "已保存";
    show(next);
  }));
  return saving;
}

page.addEventListener("input", (event) => {
  if (!event.target.matches("textarea[data-place]")) return;
  grow(event.target);
  clearTimeout(timer);
  timer = setTimeout(() => save(event.target), PAUSE);
});
page.addEventListener("focusout", (event) => { if (event.target.matches("textarea[data-place]")) save(event.target); });
window.addEventListener("pagehide", () => {
  const area = document.activeElement;
  if (!area?.matches("textarea[data-place]") || area.value === area.dataset.was) return;
  call("PUT", `${BASE}/words`, { place: area.dataset.place, text: area.value, was: area.dataset.was }, { keepalive: true }).catch(() => null);
});

const sent = (path, body) => guarded(async () => { show(await once(`${BASE}/${path}`, body)); return true; });
const named = (place) => view.problems.find((one) => one.place === place)?.name ?? "";

const ACTS = {
  goto: ({ place }) => goTo(place),
  checked: ({ place }) => sent("checked", { places: [place] }),
  insert: ({ place }) => ask({ title: "加一句", yes: "加上", fields: [["text", "说什么", true]] }, ({ text }) => once(`${BASE}/sentences`, { after: place, text }), show),
  comment: ({ place }) => ask({ title: "批注", of: textAt(place), yes: "写上", fields: [["text", "批注", false], ["suggestion", "建议改成（可以不填）", false, textAt(place)]] },
    ({ text, suggestion }) => once(`${BASE}/comments`, { place, text, suggestion: suggestion === textAt(place) ? "" : suggestion }), show),
  redo: ({ place, name }) => ask({ title: `重写${name}`, yes: "重写", of: "不写要求，就按最新的依据重新起草。", fields: [["wish", "怎么改", false, "", ["短一点", "举个例子", "更口语"]]] },
    ({ wish }) => once(`${BASE}/redo`, { place, wish }), show),
  play: ({ segment }, target) => guarded(() => play(BASE, segment, target)),
  accept: (_, target) => settle(target, "accepted"),
  refuse: (_, target) => settle(target, "refused"),
  done: (_, target) => settle(target, "done"),
};

const settle = (target, state) => sent(`comments/${target.closest("[data-comment]").dataset.comment}`, { state });
const textAt = (place) => page.querySelector(`.text[data-place="${CSS.escape(place)}"]`)?.value ?? page.querySelector(`.text[data-place="${CSS.escape(place)}"]`)?.textContent ?? "";

page.addEventListener("click", async (event) => {
  const target = event.target.closest("[data-act]");
  if (!target) return;
  await saving;
  ACTS[target.dataset.act]?.(target.dataset, target);
});

const SURE = {
  drop: { title: "弃用这份稿子？", of: "弃用后不能恢复。", yes: "弃用", fields: [] },
  reopen: { title: "重新修改？", of: "现在的批准作废，改完要重新审核。", yes: "重新修改", fields: [] },
  ask_changes: { title: "退回修改", yes: "退回", fields: [["text", "要改什么", true]] },
  approve: { title: "批准这份稿子？", of: "批准后口播稿和课件不能再改，只有批准的这一版能播出；短视频随即制作并上架。", yes: "批准", fields: [] },
};

async function step(name) {
  await save(document.activeElement?.matches("textarea[data-place]") ? document.activeElement : null);
  await saving;
  const seen = ["submit", "approve", "ask_changes"].includes(name) ? { version: view.stream.version } : undefined;
  const path = `${BASE}/${name.replace("_", "-")}`;
  const take = async (more) => once(path, seen || more.text ? { ...seen, ...more } : undefined);
  const after = async () => { stop(); await load(); };
  if (SURE[name]) return ask(SURE[name], take, after);
  return guarded(async () => { await take({}); await after(); });
}

at("steps").addEventListener("click", (event) => {
  const name = event.target.dataset.step;
  if (name && name !== "schedule") step(name);
});
at("all-checked").addEventListener("click", () => sent("checked", { places: [] }));
at("remark-all").addEventListener("click", () => ask({ title: "对整份稿子写批注", yes: "写上", fields: [["text", "批注", true]] }, ({ text }) => once(`${BASE}/comments`, { text }), show));

function goTo(place) {
  const found = page.querySelector(`.text[data-place="${CSS.escape(place)}"]`) ?? document.getElementById(`at-${place}`);
  if (!found) return;
  for (let up = found.closest("details"); up; up = up.parentElement.closest("details")) up.open = true;
  found.scrollIntoView({ block: "center" });
  found.focus();
}

listen({ page, view: () => view, step, goTo, save, named, stop, closeAsking });
load().catch(tell);
