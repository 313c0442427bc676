// Calls `beat` now and every fifteen seconds, also while the page is in the background.
export function beating(beat) {
  const worker = new Worker("/static/beat-worker.js");
  worker.addEventListener("message", beat);
  // A phone that was asleep says at once that it is back.
  document.addEventListener("visibilitychange", () => document.hidden || beat());
  beat();
}
