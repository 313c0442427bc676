// Plays a segment sentence by sentence, the one that is heard marked; captions alone where no sound is.
import { call } from "./review-api.js";

let now = null;

export function stop() {
  now?.sound?.pause();
  clearTimeout(now?.timer);
  mark(null);
  if (now) Object.assign(now.button, { textContent: "试听" });
  now = null;
}

export async function play(base, segment, button) {
  const again = now?.segment === segment;
  stop();
  if (again) return;
  const own = now = { segment, button };
  button.textContent = "正在准备";
  const said = await call("GET", `${base}/segments/${segment}/speech`).catch((error) => {
    stop();
    throw error;
  });
  if (now !== own) return;
  button.textContent = "停";
  next(own, said, 0);
}

function next(own, said, index) {
  if (now !== own) return;
  const one = said[index];
  if (!one) return stop();
  mark(one.place);
  if (!one.url) {
    own.timer = setTimeout(() => next(own, said, index + 1), one.seconds * 1000);
    return;
  }
  own.sound = new Audio(one.url);
  own.sound.addEventListener("ended", () => next(own, said, index + 1));
  own.sound.addEventListener("error", () => next(own, said, index + 1));
  own.sound.play().catch(() => stop());
}

function mark(place) {
  for (const one of document.querySelectorAll(".heard")) one.classList.remove("heard");
  if (place) document.querySelector(`.text[data-place="${CSS.escape(place)}"]`)?.closest("li")?.classList.add("heard");
}
