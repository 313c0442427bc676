// Keyboard, announcements and errors around htmx. Without this file the forms still work.
document.documentElement.classList.add("js");

const question = document.getElementById("question");
const status = document.getElementById("status");
const notice = document.getElementById("notice");
const answers = document.getElementById("answers");

function say(text) {
  if (status) status.textContent = text;
}

// Brings an answer into view, its beginning first.
function show(answer) {
  const { top, bottom } = answer.getBoundingClientRect();
  if (bottom > innerHeight || top < 0) answer.scrollIntoView({ block: "start" });
}

function typing(target) {
  return target instanceof Element && target.closest("input, textarea, select, [contenteditable]");
}

if (question) {
  question.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      question.form.requestSubmit();
    } else if (event.key === "Escape") {
      question.value = "";
    }
  });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/" && question) {
    event.preventDefault();
    question.focus();
  } else if (/^[1-4]$/.test(event.key)) {
    document.querySelector(`.answer:first-child [data-choice="${event.key}"]`)?.click();
  }
});

document.body.addEventListener("htmx:beforeRequest", (event) => {
  if (!answers || event.detail.target !== answers) return;
  notice.replaceChildren();
  answers.setAttribute("aria-busy", "true");
  say("正在查找依据");
});

document.body.addEventListener("htmx:afterRequest", (event) => {
  if (!answers || event.detail.target !== answers) return;
  answers.removeAttribute("aria-busy");
  if (event.detail.successful) {
    const first = answers.querySelector(".answer");
    say(first ? first.querySelector(".badge").textContent : "");
    question.value = "";
    const choice = first?.querySelector("[data-choice]");
    (choice ?? question).focus({ preventScroll: true });
    if (first) show(first);
  } else {
    say("没有成功");
  }
});

function unreachable() {
  if (!notice) return;
  const box = document.createElement("div");
  box.className = "notice";
  const text = document.createElement("p");
  text.textContent = "连不上服务，请检查网络后再试一次。您输入的问题还在。";
  box.append(text);
  notice.replaceChildren(box);
}

document.body.addEventListener("htmx:sendError", unreachable);
document.body.addEventListener("htmx:timeout", unreachable);
