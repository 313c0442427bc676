// What the desk shows of the queue and of one case. Texts only: nothing of a viewer is ever markup.
import { badge, el } from "./console-draw.js";

const STEPS = ["", "已提醒", "已请别的复核员", "已报负责人"];
const LIKE = { same: ["相同", "clarify"], near: ["相近", "open"], conflict: ["冲突", "bad"] };
const URGENT = { urgent: ["紧急", "bad"], emergency: ["危急", "bad"] };

const dueMark = (at) => el("span", { className: "due", dataset: { due: at ?? "" } });

// Marked by a person shows before what the room judged; danger to life before both.
function haste(row) {
  if (row.urgency === "emergency") return badge(URGENT.emergency);
  if (row.is_urgent) return badge(["加急", "bad"]);
  return row.urgency === "urgent" ? badge(URGENT.urgent) : null;
}

export function queueItem(row) {
  const head = el("p", { className: "entry-head" },
    haste(row),
    row.on_air ? badge(["直播中", "answer"]) : null,
    row.cases > 1 ? badge([`${row.cases} 个相近提问`, "review"]) : null,
    el("span", { className: "people", textContent: `${row.asked_by} 人` }),
    row.due_at ? dueMark(row.due_at) : null,
    row.step ? el("span", { className: "hint", textContent: STEPS[row.step] ?? STEPS.at(-1) }) : null);
  const where = [row.reason, row.region_name, row.room_name].filter(Boolean).join("，");
  return el("li", { className: `card row card-${row.urgency}`, tabIndex: -1 }, head,
    el("p", { className: "card-text clip", textContent: row.question }),
    el("p", { className: "hint clip", textContent: where }),
    row.holder ? el("p", { className: "holder", textContent: row.mine ? "您正在处理" : `${row.holder} 正在处理` }) : null);
}

const section = (title, ...children) => {
  const shown = children.flat().filter(Boolean);
  return shown.length ? el("section", { className: "part" }, el("h3", { textContent: title }), ...shown) : null;
};
const list = (texts, className = "lines") => (texts.length ? el("ul", { className }, ...texts.map((text) => el("li", { textContent: text }))) : null);

export function caseHead(view) {
  const row = view.row;
  const chance = view.confidence === null ? null : el("span", { className: "state", textContent: `系统把握 ${Math.round(view.confidence * 100)}%` });
  return [
    el("p", { className: "entry-head" },
      haste(row),
      row.on_air ? badge(["直播中，批准后可以播出", "answer"]) : badge(["不在直播，答复以文字送达", "refuse"]),
      el("span", { className: "people", textContent: `${row.asked_by} 人在问` }),
      dueMark(row.due_at), el("span", { className: "hint", dataset: { since: row.made_at } }), chance),
    el("h2", { className: "asked", textContent: row.question }),
    el("p", { className: "hint", textContent: [row.room_name, `地区：${row.region_name || "没有确定"}`, `事项：${view.item || "没有确定"}`].join("　") }),
    row.question_id ? el("p", { className: "hint" }, el("a", { href: `/console/ledger/questions/${encodeURIComponent(row.question_id)}`, target: "_blank", rel: "noopener", textContent: "在台账里看这个问题" })) : null,
  ].filter(Boolean);
}

export function draftPart(view) {
  const label = view.confirms ? "这样答对不对，请核对" : view.route_name ? `拟好的答复（${view.route_name}）` : "拟好的答复";
  const text = view.confirms ? view.learned?.answer || view.given : view.draft;
  const given = view.given && !view.confirms ? el("div", { className: "given" }, el("b", { textContent: "网友已经收到的答复" }), el("p", { className: "words", textContent: view.given })) : null;
  return section(label, given,
    text ? el("p", { className: "words drafted-words", textContent: text }) : el("p", { className: "hint", textContent: "没有拟好的答复。按 F 写答复，或按 B 追问、X 不答、H 转部门。" }),
    view.draft && view.draft_spoken && view.draft_spoken !== view.draft ? el("details", {}, el("summary", { textContent: "口播怎么说" }), el("p", { className: "words hint", textContent: view.draft_spoken })) : null);
}

function evidenceItem(one) {
  const is = one.validity;
  const title = el(one.url ? "a" : "span", { className: "cite", textContent: one.title || one.source_id });
  if (one.url) Object.assign(title, { href: one.url, target: "_blank", rel: "noopener" });
  const facts = [one.locator, is?.document_number, is?.effective_from && `${is.effective_from} 起施行`, is?.effective_to && `有效期至 ${is.effective_to}`, is?.version && `第 ${is.version} 版`].filter(Boolean);
  return el("li", { className: `evidence evidence-${is?.tone ?? "off"}` },
    el("p", { className: "entry-head" }, el("span", { className: `validity validity-${is?.tone ?? "off"}`, textContent: is?.label ?? "找不到原文" }), title),
    el("p", { className: "hint", textContent: facts.join("，") }),
    is && !is.in_force && is.why ? el("p", { className: "why-not", textContent: is.why }) : null,
    el("blockquote", { textContent: one.quote }));
}

export function evidencePart(view) {
  const found = view.evidence.map(evidenceItem);
  return section("依据", found.length ? el("ol", { className: "evidences" }, ...found) : el("p", { className: "hint", textContent: "没有引用任何依据。" }));
}

export function nearItems(near) {
  return near.map((one) => el("li", { className: `near near-${one.kind}` },
    el("p", { className: "entry-head" }, badge(LIKE[one.kind] ?? LIKE.near), el("b", { textContent: one.question }), el("span", { className: "hint", textContent: `相似 ${Math.round(one.likeness * 100)}%` })),
    el("p", { className: "words", textContent: one.answer })));
}

function memberItem(one, index, without, maySplit) {
  const box = el("input", { type: "checkbox", checked: !without.has(one.case_id), dataset: { member: one.case_id } });
  const label = el("label", { className: "member" }, box, index < 9 ? el("kbd", { textContent: String(index + 1) }) : null,
    el("span", { className: "grow", textContent: one.question }), el("span", { className: "hint", textContent: `${one.asked_by} 人，${one.room_name}` }));
  return el("li", {}, label, maySplit ? el("button", { type: "button", className: "small", textContent: "拆出", dataset: { split: one.case_id } }) : null);
}

export function caseBody(view, without, mine) {
  const split = view.members.map((one, index) => memberItem(one, index, without, mine));
  return [
    section(`一并处理的相近提问（${view.members.length}）`, split.length ? [el("p", { className: "hint", textContent: "去掉勾选的，这次不一起处理。" }), el("ul", { className: "members" }, ...split)] : []),
    section("为什么要人工", list([view.row.reason, ...view.reasons].filter((one, at, all) => one && all.indexOf(one) === at))),
    section("风险提示", list(view.risks, "lines risks")),
    section("已有的常见问答", view.near.length ? el("ul", { className: "nears" }, ...nearItems(view.near)) : null),
    section("这位网友之前问过", list(view.history)),
    section("网友的原话", list(view.comments)),
    view.learned ? section("学到的答复", el("p", { className: "hint", textContent: [view.learned.state_name, view.learned.why].filter(Boolean).join("，") })) : null,
  ].filter(Boolean);
}
