// The test box of a rule pack: what the draft, not saved yet, says of a text.
const at = (id) => document.getElementById(id);
const { name, csrf } = at("pack").dataset;

function line(className, text) {
  return Object.assign(document.createElement("p"), { className, textContent: text });
}

function told(found) {
  if (found.error) return [line("notice", `规则有误，${found.error}${found.hint ? `（${found.hint}）` : ""}`)];
  const why = found.learned ? "由模型判断" : found.reason;
  const lines = [line(found.is_clean ? "done" : "notice", found.is_clean ? "放行" : `${found.verdict}：${why}`)];
  for (const hit of found.hits) {
    const where = `${hit.rule}，命中“${hit.matched}”`;
    lines.push(line("hint", hit.spared_by ? `${where}，因“${hit.spared_by}”放行` : `${where}，${hit.reason}（${hit.severity}）`));
  }
  return lines;
}

async function tryIt() {
  const body = JSON.stringify({ draft: at("draft").value, text: at("sample").value });
  const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf };
  const sent = await fetch(`/console/rules/${name}/test`, { method: "POST", headers, body }).catch(() => null);
  const found = sent?.ok ? await sent.json() : { error: "没有成功，请刷新页面后再试" };
  at("tried").replaceChildren(...told(found));
}

at("try").addEventListener("click", tryIt);
at("sample").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    tryIt();
  }
});
