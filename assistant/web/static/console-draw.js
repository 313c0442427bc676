// What the console shows. Rows are keyed: one that did not change keeps its element and its focus.

// States in which an answer was given and can be taken back, as the review API has it.
const GIVEN = ["answered", "clarified"];

export const at = (id) => document.getElementById(id);

export function el(tag, props = {}, ...children) {
  const { dataset, ...rest } = props;
  const made = Object.assign(document.createElement(tag), rest);
  Object.assign(made.dataset, dataset ?? {});
  made.append(...children.filter((one) => one !== null && one !== undefined && one !== ""));
  return made;
}

export function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} 秒`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} 分` : `${Math.floor(minutes / 60)} 小时 ${minutes % 60} 分`;
}

// Brings a list's children to `rows` in order; `draw` is called only for rows that changed.
export function keyed(list, rows, draw) {
  const known = new Map([...list.children].map((item) => [item.dataset.key, item]));
  let before = null;
  for (const row of rows) {
    const text = JSON.stringify(row);
    let item = known.get(row.id);
    if (!item || item.row !== text) {
      const made = draw(row);
      made.dataset.key = row.id;
      made.row = text;
      const focused = item?.contains(document.activeElement) ? focusName(item) : null;
      if (item) item.replaceWith(made);
      item = made;
      if (focused !== null) (item.querySelector(`[data-act="${focused}"]`) ?? item).focus();
    }
    known.delete(row.id);
    const place = before ? before.nextSibling : list.firstChild;
    if (place !== item) list.insertBefore(item, place);
    before = item;
  }
  for (const item of known.values()) item.remove();
}

function focusName(item) {
  return document.activeElement === item ? "" : document.activeElement.dataset.act ?? "";
}

const PLATFORMS = { page: "自有页面", console: "粘贴", webhook: "签名推送", bilibili: "B站", douyin: "抖音", kuaishou: "快手", wechat: "视频号" };
export const platformName = (name) => PLATFORMS[name] ?? name;

export const OUTCOMES = {
  spoken: ["口播", "answer"], replied: ["文字", "answer"], queued_for_review: ["人工", "review"],
  merged: ["合并", "clarify"], set_aside: ["未作答", "refuse"], open: ["在答", "open"],
};
const STATES = { open: ["正在答", "open"], answered: ["已答", "answer"], clarified: ["已追问", "clarify"], in_review: ["待人工", "review"], refused: ["不作答", "refuse"] };

const clock = new Intl.DateTimeFormat("zh-CN", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false, timeZone: "Asia/Shanghai" });
export const badge = ([label, look]) => el("span", { className: `badge badge-${look}`, textContent: label });

export function entryItem(one) {
  const kind = one.decision?.kind ?? "open";
  const line = el("p", { className: "entry-head" }, badge(OUTCOMES[kind] ?? [kind, "open"]),
    el("span", { className: "hint", textContent: `${clock.format(new Date(one.at))} ${platformName(one.platform)} ${one.name}` }));
  const why = one.decision?.reason ? el("p", { className: "hint", textContent: one.decision.reason }) : null;
  return el("li", { className: `entry entry-${kind}` }, line, el("p", { textContent: one.text }), why);
}

const act = (name, label, more = {}) => el("button", { type: "button", className: "small", textContent: label, ...more, dataset: { act: name } });

function buttons(row, may) {
  const made = [];
  const pending = row.state === "in_review" || row.case;
  if (may.say && pending) {
    if (row.answer && row.state === "in_review" && row.code !== "withdrawn") made.push(act("approve", "播出", { className: "small strong" }));
    made.push(act("edit", row.code === "withdrawn" ? "写更正" : row.answer ? "改后播出" : "写答复"));
  }
  if (may.run && row.case && ["answered", "clarified", "refused"].includes(row.state)) made.push(act("settled", "已处理"));
  if (may.run && row.queued) made.push(act("review", "转复核"));
  if (may.approve && row.answer && GIVEN.includes(row.state)) made.push(act("retract", "撤回答复", { className: "small danger" }));
  if (may.approve && row.case_id) made.push(el("a", { className: "button small", href: `/console/review#${encodeURIComponent(row.case_id)}`, textContent: "去复核" }));
  return made.length ? el("div", { className: "card-tools" }, ...made) : null;
}

export function questionItem(row, may) {
  const head = el("p", { className: "entry-head" }, row.urgency !== "normal" ? badge([row.urgency === "emergency" ? "危急" : "紧急", "bad"]) : null,
    badge(row.queued ? ["待播出", "clarify"] : STATES[row.state] ?? [row.state, "open"]),
    el("span", { className: "people", textContent: `${row.asked_by} 人` }),
    el("span", { className: "hint waited", dataset: { since: row.first_at } }));
  const why = row.case ? el("p", { className: "case", textContent: row.case }) : null;
  const label = row.state !== "in_review" ? "答复" : row.code === "withdrawn" ? "已撤回的答复" : "拟好的答复";
  const answer = row.answer ? el("details", { className: "drafted", open: row.state === "in_review" }, el("summary", { textContent: label }), el("p", { textContent: row.answer }), ...row.basis.map((one) => el("p", { className: "hint", textContent: `依据：${one.where}` }))) : null;
  return el("li", { className: `card card-${row.urgency}`, tabIndex: -1 }, head, el("p", { className: "card-text", textContent: row.text }), why, answer, buttons(row, may));
}

const CUES = { answer: "答复", clarify: "追问", fixed_line: "固定用语", operator_said: "人工播出", correction: "更正", script: "讲稿" };

export function cueHead(cue) {
  const who = cue.actor ? `${CUES[cue.kind]}（${cue.actor}）` : CUES[cue.kind];
  return `${who}${cue.asked_by > 1 ? `，${cue.asked_by} 人在问` : ""}`;
}

export function waitingItem(cue, may) {
  const tools = may.run ? el("div", { className: "card-tools" }, act("withdraw", "撤下")) : null;
  return el("li", { className: "wait" }, el("p", { className: "hint", textContent: `${cueHead(cue)}，约 ${Math.round(cue.seconds)} 秒` }), el("p", { className: "clip", textContent: cue.text }), tools);
}

export function platformItem(one, now) {
  const good = one.connected && !one.is_silent;
  const since = one.last_event_at ? `最近消息 ${span(now - Date.parse(one.last_event_at))}前` : "还没有消息";
  const state = !one.connected ? "未连接" : one.is_silent ? "长时间没有消息" : "正常";
  const more = [since, one.can_reply ? "可回复" : "只读", one.reconnects ? `重连 ${one.reconnects} 次` : "", one.last_error].filter(Boolean);
  return el("li", {}, el("span", { className: `dot ${good ? "dot-good" : "dot-bad"}` }), el("b", { textContent: platformName(one.name) }), ` ${state}`, el("span", { className: "hint", textContent: ` ${more.join("，")}` }));
}

export function alertItem(one, may) {
  const who = one.assignee ? `已通知 ${one.assignee}` : "还没有通知到人";
  return el("li", { className: `alert alert-${one.level}` }, el("p", {}, el("b", { textContent: one.text }), ` ${who}`), may.run ? el("button", { type: "button", className: "small", textContent: "知道了", dataset: { act: "acknowledge" } }) : null);
}
