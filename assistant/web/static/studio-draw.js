// What the studio's editor shows of a stream. Texts only: nothing that was written is ever markup.
import { el } from "./console-draw.js";

const MAKERS = { template: "模板", model: "模型", person: "人写" };
const moment = new Intl.DateTimeFormat("zh-CN", { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });

export const when = (text) => moment.format(new Date(text));
export const minutes = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.round(seconds % 60)).padStart(2, "0")}`;
const button = (label, act, more = {}) => el("button", { type: "button", className: "small", textContent: label, ...more, dataset: { act, ...more.dataset } });

// A text that can be changed: a field where one may write, else words.
export function field(one, view, label) {
  const look = `${one.mark ? " marked" : ""}${one.problems?.length ? " faulty" : ""}`;
  const words = view.writes
    ? el("textarea", { className: `text${look}`, value: one.text, rows: 1, ariaLabel: label, dataset: { place: one.place, was: one.text } })
    : el("p", { className: `text${look}`, textContent: one.text || "（空）", tabIndex: -1, dataset: { place: one.place } });
  return words;
}

function warnings(one, view) {
  const found = (one.problems ?? []).map((text) => el("p", { className: "why-not", textContent: text }));
  if (one.mark) found.push(el("p", { className: "why-not" }, one.mark, view.writes ? button("已核对", "checked", { dataset: { place: one.place } }) : null));
  return found;
}

function factChips(one, view) {
  if (!one.facts.length) return [];
  const chips = one.facts.map((id) => view.facts[id]).filter(Boolean).map((fact) => el("li", {},
    el("b", { textContent: `${fact.source}，${fact.locator}` }), el("span", { className: "words", textContent: `：${fact.text}` }),
    fact.url ? el("a", { href: fact.url, target: "_blank", rel: "noopener", textContent: "看原文" }) : null));
  return [el("details", { className: "facts-of" }, el("summary", { textContent: `依据 ${chips.length}` }), el("ul", {}, ...chips))];
}

export function commentItem(one, view) {
  const open = one.state === "open";
  const states = { done: "已处理", accepted: "已采纳", refused: "未采纳" };
  const moved = { moved: "这一句换了位置", changed: "这一句已改动" }[one.how];
  return el("li", { className: `remark${open ? "" : " remark-over"}`, dataset: { comment: one.id } },
    el("p", { className: "entry-head" }, el("b", { textContent: one.author }), el("span", { className: "hint", textContent: `${when(one.at)}　${one.name}` }),
      open ? null : el("span", { className: "state", textContent: `${states[one.state]}（${one.settled_by}）` }), moved ? el("span", { className: "state state-paused", textContent: moved }) : null),
    one.quote && one.how !== "here" ? el("blockquote", { textContent: one.quote }) : null,
    one.text ? el("p", { className: "words", textContent: one.text }) : null,
    one.suggestion ? el("p", { className: "words suggestion" }, el("span", { className: "hint", textContent: "建议改成：" }), one.suggestion) : null,
    open && view.comments_on ? el("p", { className: "row-tools" },
      one.suggestion && view.writes ? button("采纳", "accept", { className: "small strong" }) : null,
      one.suggestion && view.writes ? button("不采纳", "refuse") : null,
      one.suggestion ? null : button("已处理", "done")) : null);
}

function remarksAt(place, view) {
  const found = view.comments.filter((one) => one.place === place && one.state === "open");
  return found.length ? [el("ul", { className: "remarks" }, ...found.map((one) => commentItem(one, view)))] : [];
}

function sentence(one, view, label) {
  const tools = el("p", { className: "line-tools" },
    ...factChips(one, view),
    view.writes && label.includes("段") ? button("加一句", "insert", { dataset: { place: one.place }, title: "在后面加一句" }) : null,
    view.comments_on ? button("批注", "comment", { dataset: { place: one.place } }) : null);
  return el("li", { className: "line", id: `at-${one.place}` }, field(one, view, label), ...warnings(one, view), tools, ...remarksAt(one.place, view));
}

function picture(slide, view) {
  const source = `/api/v1/studio/streams/${view.stream.id}/slides/${encodeURIComponent(slide.id)}.svg?v=${view.stream.version}-${Date.parse(view.stream.changed_at)}`;
  const image = el("img", { src: source, alt: `${slide.name}：${slide.title}`, loading: "lazy", width: 1280, height: 720 });
  const texts = slide.texts.map((one) => el("li", {}, field(one, view, `${slide.name}文字`), ...warnings(one, view)));
  return el("figure", { className: `slide${slide.mark ? " marked" : ""}`, id: `at-slide ${slide.id}` }, image,
    el("figcaption", {}, el("b", { textContent: slide.name }), slide.part ? el("span", { className: "hint", textContent: slide.part }) : null,
      view.comments_on ? button("批注", "comment", { dataset: { place: `slide ${slide.id}.title` } }) : null,
      view.writes ? button("重写这页", "redo", { dataset: { place: `slide ${slide.id}`, name: slide.name } }) : null),
    slide.mark ? el("p", { className: "why-not" }, slide.mark, view.writes ? button("已核对", "checked", { dataset: { place: `slide ${slide.id}` } }) : null) : null,
    view.writes ? el("details", { className: "slide-texts" }, el("summary", { textContent: "改这页的文字" }), el("ul", {}, ...texts)) : null,
    ...slide.texts.flatMap((one) => remarksAt(one.place, view)));
}

export function segmentItem(segment, view, slides) {
  const head = el("div", { className: "segment-head" },
    el("h2", { textContent: `${segment.name}　${segment.title}` }),
    el("span", { className: "hint", textContent: `${minutes(segment.starts)} 起，${Math.round(segment.seconds)} 秒${segment.open_seconds ? `，其中 ${Math.round(segment.open_seconds)} 秒答网友` : ""}，${MAKERS[segment.made_by] ?? ""}` }),
    el("span", { className: "row-tools" }, button("试听", "play", { dataset: { segment: segment.id } }),
      view.writes ? button("重写这段", "redo", { dataset: { place: segment.id, name: segment.name } }) : null));
  const lines = el("ol", { className: "lines-of" }, ...segment.sentences.map((one, at) => sentence(one, view, `${segment.name}第${at + 1}句`)));
  const extra = el("details", { className: "more-of" }, el("summary", { textContent: "字幕和互动" }),
    el("label", {}, el("span", { className: "hint", textContent: "字幕" }), field(segment.caption, view, "字幕")), ...warnings(segment.caption, view),
    el("label", {}, el("span", { className: "hint", textContent: "互动" }), field(segment.interaction, view, "互动")), ...warnings(segment.interaction, view));
  return el("li", { className: "panel segment", id: `at-${segment.id}` }, head,
    segment.fallback ? el("p", { className: "notice-line", textContent: segment.fallback }) : null,
    el("div", { className: "sides" }, el("div", { className: "side-a" }, lines, extra), el("div", { className: "slides-of" }, ...slides.map((one) => picture(one, view)))));
}

export function clipItem(clip, view, index) {
  return el("li", { className: "panel clip-card", id: `at-${clip.id}` },
    el("div", { className: "segment-head" }, el("h3", { textContent: `${index + 1}　${clip.question || clip.title}` }),
      el("span", { className: "hint", textContent: `成片约 ${clip.film_seconds.toFixed(1)} 秒，须短于 40 秒` }), button("试听", "play", { dataset: { segment: clip.id } })),
    el("ol", { className: "lines-of" }, ...clip.sentences.map((one, at) => sentence(one, view, `短视频第${at + 1}句`))));
}

export function problemItem(one, view) {
  return el("li", { className: one.blocks ? "todo" : "todo todo-soft" },
    one.place ? el("button", { type: "button", className: "link", textContent: one.name, dataset: { act: "goto", place: one.place } }) : el("b", { textContent: one.name }),
    el("span", { className: "grow" }, one.reason, one.words && one.code === "words" ? `：“${one.words}”` : "", one.suggestion ? el("span", { className: "hint", textContent: `　${one.suggestion}` }) : null),
    one.code === "stale" && view.writes ? button("已核对", "checked", { dataset: { place: one.place } }) : null,
    one.blocks ? el("span", { className: "state state-bad", textContent: "改好才能批准" }) : null);
}

export function planField(one, view) {
  const made = view.writes ? field(one, view, one.name) : el("p", { className: "text words", textContent: one.text || "（没有填）", dataset: { place: one.place } });
  return el("div", { className: "plan-field", id: `at-${one.place}` }, el("span", { className: "hint", textContent: one.name }), made,
    ...one.problems.map((text) => el("p", { className: "why-not", textContent: text })));
}

export function announcementField(one, view) {
  return el("div", { className: "plan-field", id: `at-${one.place}` }, field(one, view, one.place === "announcement" ? "预告" : "预告标题"), ...warnings(one, view), ...factChips(one, view), ...remarksAt(one.place, view));
}

export function groundItem(one) {
  const bad = one.why || (one.changed ? `有 ${one.changed} 处改动` : "");
  return el("li", {}, el("a", { href: one.url, target: "_blank", rel: "noopener", textContent: one.title }),
    el("span", { className: bad ? "validity validity-bad" : "validity validity-good", textContent: bad || "播出那天有效" }));
}
