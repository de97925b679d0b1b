/* Dictation into a field, only where the browser understands speech on the device itself: no sound leaves it. */
"use strict";
(() => {
  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  if (!Recognition || typeof Recognition.available !== "function") return;
  const language = document.documentElement.lang === "en" ? "en-GB" : "pl-PL";

  const offer = (button) => {
    const field = document.getElementById(button.dataset.dictate);
    if (!field) return;
    const start = button.textContent;
    let heard = null;
    const stopped = () => {
      heard = null;
      button.textContent = start;
      button.setAttribute("aria-pressed", "false");
    };
    button.hidden = false;
    button.addEventListener("click", () => {
      if (heard) return heard.stop();
      heard = new Recognition();
      heard.lang = language;
      heard.continuous = true;
      heard.processLocally = true;
      heard.onresult = (event) => {
        for (let i = event.resultIndex; i < event.results.length; i += 1) {
          if (event.results[i].isFinal) field.value = `${field.value} ${event.results[i][0].transcript.trim()}`.trim();
        }
        field.dispatchEvent(new Event("input", { bubbles: true }));
      };
      heard.onend = stopped;
      heard.onerror = stopped;
      heard.start();
      button.textContent = button.dataset.stop;
      button.setAttribute("aria-pressed", "true");
    });
  };

  Recognition.available({ langs: [language], processLocally: true })
    .then((state) => { if (state === "available") document.querySelectorAll("[data-dictate]").forEach(offer); })
    .catch(() => {});
})();
