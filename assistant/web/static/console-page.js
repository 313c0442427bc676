// Small things of the page: the alert's tone, copying an address, one area at a time on a phone.
import { at } from "./console-draw.js";

export function beep() {
  const audio = new AudioContext();
  const tone = audio.createOscillator();
  tone.connect(audio.destination);
  tone.start();
  tone.stop(audio.currentTime + 0.25);
  tone.onended = () => audio.close();
}

export function listenToCopies() {
  for (const button of document.querySelectorAll("[data-copy]")) {
    button.addEventListener("click", async () => {
      at(button.dataset.copy).select();
      await navigator.clipboard?.writeText(at(button.dataset.copy).value).catch(() => document.execCommand("copy"));
      button.textContent = "已复制";
    });
  }
}

export function listenToTabs() {
  for (const tab of document.querySelectorAll("[data-tab]")) {
    tab.addEventListener("click", () => {
      at("console").dataset.shown = tab.dataset.tab;
      for (const other of document.querySelectorAll("[data-tab]")) other.setAttribute("aria-pressed", String(other === tab));
    });
  }
}
