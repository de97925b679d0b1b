/* Krzew: what makes pages swifter and kinder. Every page works without this file. */
(() => {
  "use strict";
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  let serial = 0;

  /* Start each helper once for every matching element, now and after htmx brings new ones. */
  const helpers = [];
  const enhance = (selector, start) => helpers.push([selector, start]);
  const ready = (root) => {
    for (const [selector, start] of helpers) {
      const found = all(selector, root);
      if (root.matches && root.matches(selector)) found.unshift(root);
      for (const element of found) {
        const done = (element.krzew ||= new Set());
        if (!done.has(selector)) { done.add(selector); start(element); }
      }
    }
  };

  /* Counter: says how many characters are left; aloud only near the limit. Nothing typed is cut off. */
  enhance("[data-counter-for]", (counter) => {
    const field = document.getElementById(counter.dataset.counterFor);
    if (!field) return;
    const longest = Number(field.dataset.counter);
    const show = () => {
      const left = longest - [...field.value.replace(/\n/g, "\r\n")].length;
      counter.textContent = `${left < 0 ? counter.dataset.over : counter.dataset.left} ${Math.abs(left).toLocaleString(document.documentElement.lang)}`;
      counter.classList.toggle("over", left < 0);
      counter.setAttribute("aria-live", left <= 20 ? "polite" : "off");
    };
    field.addEventListener("input", show);
    show();
  });

  /* Menu in the header: closes on Escape and when one goes elsewhere. */
  enhance("details.menu", (menu) => {
    document.addEventListener("click", (event) => { if (!menu.contains(event.target)) menu.open = false; });
    menu.addEventListener("focusout", (event) => { if (event.relatedTarget && !menu.contains(event.relatedTarget)) menu.open = false; });
    menu.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  });

  /* Combobox (ARIA 1.2): suggestions from data-url as JSON {results: [...]} or as HTML options. */
  enhance("[data-combobox]", (box) => {
    const input = box.querySelector("input:not([type=hidden])");
    const picked = box.querySelector("[data-picked]");
    const list = document.createElement("ul");
    const status = document.createElement("div");
    let options = [], active = -1, timer = 0, request = null;
    list.id = `listbox-${++serial}`;
    list.className = "listbox";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", (input.labels[0] || input).textContent || input.name);
    list.hidden = true;
    status.className = "visually-hidden";
    status.setAttribute("role", "status");
    box.append(list, status);
    for (const [name, value] of Object.entries({ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": list.id })) input.setAttribute(name, value);

    const close = () => {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    const mark = (index) => {
      active = (index + options.length) % options.length;
      options.forEach((option, i) => option.setAttribute("aria-selected", String(i === active)));
      options[active].scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[active].id);
    };
    const pick = (option) => {
      if (box.dataset.navigate !== undefined && option.dataset.url) {
        window.location.assign(option.dataset.url);
        return;
      }
      input.value = option.dataset.label || option.textContent.trim();
      if (picked) picked.value = option.dataset.value || "";
      close();
      input.dispatchEvent(new Event("change", { bubbles: true }));
    };
    const fromJson = (data) => data.results.map((item) => {
      const option = document.createElement("li");
      option.append(item.label);
      if (item.note) {
        const note = document.createElement("span");
        note.className = "note";
        note.textContent = item.note;
        option.append(note);
      }
      Object.assign(option.dataset, { value: item.value ?? "", label: item.label, url: item.url ?? "" });
      return option;
    });
    const fromHtml = (text) => all("[role=option]", new DOMParser().parseFromString(text, "text/html"));
    const show = (found) => {
      options = found;
      list.replaceChildren(...options);
      options.forEach((option, i) => {
        option.id = `${list.id}-${i}`;
        option.setAttribute("role", "option");
        option.setAttribute("aria-selected", "false");
        if (option.dataset.url && !/^\/(?!\/)/.test(option.dataset.url)) delete option.dataset.url;
      });
      status.textContent = options.length ? `${box.dataset.some} ${options.length}` : box.dataset.none;
      list.hidden = !options.length;
      active = -1;
      input.removeAttribute("aria-activedescendant");
      input.setAttribute("aria-expanded", String(options.length > 0));
    };
    const ask = async () => {
      const query = input.value.trim();
      request?.abort();
      if (query.length < Number(box.dataset.min || 2)) return close();
      request = new AbortController();
      const url = new URL(box.dataset.url, window.location.href);
      url.searchParams.set("q", query);
      try {
        const answer = await fetch(url, { signal: request.signal, credentials: "same-origin", headers: { Accept: "application/json, text/html;q=0.8", "X-Requested-With": "XMLHttpRequest" } });
        if (!answer.ok) return close();
        const json = (answer.headers.get("Content-Type") || "").includes("json");
        show(json ? fromJson(await answer.json()) : fromHtml(await answer.text()));
      } catch (error) {
        if (error.name !== "AbortError") close();
      }
    };
    input.addEventListener("input", () => {
      if (picked) picked.value = "";
      all("input[type=radio]", box.parentNode).forEach((radio) => { radio.checked = false; });
      clearTimeout(timer);
      timer = setTimeout(ask, 150);
    });
    input.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !list.hidden) { event.preventDefault(); close(); }
      if (list.hidden) { if (event.key === "ArrowDown") { event.preventDefault(); ask(); } return; }
      if (event.key === "ArrowDown") { event.preventDefault(); mark(active + 1); }
      if (event.key === "ArrowUp") { event.preventDefault(); mark(active < 0 ? -1 : active - 1); }
      if (event.key === "Enter" && active >= 0) { event.preventDefault(); pick(options[active]); }
    });
    input.addEventListener("blur", () => setTimeout(close, 150));
    list.addEventListener("mousedown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) pick(option);
    });
  });

  /* Draft: keeps what is typed in this browser until the form is sent. Only where the form says so. */
  enhance("form[data-draft]", (form) => {
    const key = `draft:${form.dataset.draft}`;
    const fields = () => all("input, textarea, select", form).filter((f) => f.name && !/^(hidden|password|file|submit)$/.test(f.type) && f.name !== "csrfmiddlewaretoken");
    const shape = (f) => (/^(checkbox|radio)$/.test(f.type) ? `${f.name}=${f.value}` : f.name);
    let timer = 0, changed = false, sending = false;
    const keep = () => {
      const values = Object.fromEntries(fields().map((f) => [shape(f), /^(checkbox|radio)$/.test(f.type) ? f.checked : f.value]));
      try { localStorage.setItem(key, JSON.stringify(values)); changed = false; } catch { /* storage is full or closed */ }
    };
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(key) || "null"); } catch { kept = null; }
    if (kept && !form.querySelector(".error-summary")) {
      for (const f of fields()) {
        const value = kept[shape(f)];
        if (value === undefined) continue;
        if (/^(checkbox|radio)$/.test(f.type)) f.checked = value; else f.value = value;
        f.dispatchEvent(new Event("input", { bubbles: true }));
      }
    }
    form.addEventListener("input", () => { changed = true; clearTimeout(timer); timer = setTimeout(keep, 500); });
    form.addEventListener("submit", () => { sending = true; clearTimeout(timer); try { localStorage.removeItem(key); } catch { /* closed */ } });
    window.addEventListener("beforeunload", (event) => { if (changed && !sending) { keep(); if (changed) event.preventDefault(); } });
  });

  /* Dialogs: a link that opens a question on the same page; without this it leads to a page that asks. */
  enhance("[data-dialog]", (opener) => {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (!dialog?.showModal) return;
    opener.setAttribute("aria-haspopup", "dialog");
    opener.addEventListener("click", (event) => { event.preventDefault(); dialog.showModal(); });
    for (const button of all("[data-close]", dialog)) button.addEventListener("click", () => dialog.close());
    dialog.addEventListener("close", () => opener.focus());
  });

  /* Errors come first: move there after a failed form. */
  enhance("[data-autofocus]", (element) => element.focus());

  /* Brightness: at once, and remembered in the same cookie that the server reads. */
  const scheme = () => document.documentElement.dataset.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
  const paintPictures = () => {
    for (const image of all(".figure picture img")) {
      const now = scheme();
      const narrow = matchMedia("(max-width: 36em)").matches ? "-narrow" : "";
      for (const source of all("source", image.parentElement)) source.remove();
      image.src = image.src.replace(/(light|dark)(-narrow)?\.svg/, `${now}${narrow}.svg`);
    }
  };
  enhance("[data-theme-switch]", (form) => form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = event.submitter.value;
    document.cookie = `theme=${chosen}; path=/; samesite=lax; max-age=${chosen ? 31536000 : 0}`;
    if (chosen) document.documentElement.dataset.theme = chosen; else delete document.documentElement.dataset.theme;
    document.querySelector("meta[name=color-scheme]").content = chosen || "light dark";
    for (const button of all("button", form)) button.setAttribute("aria-pressed", String(button === event.submitter));
    paintPictures();
    document.dispatchEvent(new Event("krzew:theme"));
  }));

  /* Figures: the picture becomes interactive where the page says so. Vega is loaded only then. */
  let vega = null;
  const loadVega = (url) => (vega ||= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  }));
  const readable = (items, view, live, says, hint) => {
    let at = -1;
    live.tabIndex = 0;
    live.setAttribute("role", "application");
    live.setAttribute("aria-label", hint);
    says.textContent = hint;
    live.addEventListener("keydown", (event) => {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      at = (at + step + items.length) % items.length;
      says.textContent = items[at].text;
      view.signal("focus", items[at].code).runAsync();
    });
  };
  enhance("[data-figure]", (figure) => {
    const picture = figure.querySelector("picture");
    const live = document.createElement("div");
    const says = document.createElement("p");
    let drawn = null;
    live.className = "figure-live";
    says.className = "figure-says quiet";
    says.setAttribute("aria-live", "polite");
    const draw = async () => {
      try {
        await loadVega(figure.dataset.vega);
        const narrow = figure.clientWidth < 520 ? "-narrow" : "";
        const url = scheme() === "dark" ? figure.dataset.figureDark : figure.dataset.figure;
        const answer = await fetch(url.replace(".json", `${narrow}.json`), { credentials: "same-origin" });
        if (!answer.ok) return;
        const spec = await answer.json();
        if (!live.isConnected) picture.after(live, says);
        const ratio = spec.usermeta.aspect;
        spec.width = Math.max(240, Math.floor(live.clientWidth));
        if (ratio) spec.height = Math.round(spec.width * ratio);
        drawn?.finalize();
        drawn = await window.vegaEmbed(live, spec, spec.usermeta.embedOptions);
        picture.hidden = true;
        if (spec.usermeta.items) readable(spec.usermeta.items, drawn.view, live, says, figure.dataset.hint);
        else { live.setAttribute("role", "img"); live.setAttribute("aria-label", picture.querySelector("img").alt); }
        figure.dataset.live = "yes";
      } catch {
        live.remove();
        picture.hidden = false;
      }
    };
    new IntersectionObserver((seen, watcher) => {
      if (seen.some((entry) => entry.isIntersecting)) { watcher.disconnect(); draw(); }
    }, { rootMargin: "200px" }).observe(figure);
    document.addEventListener("krzew:theme", () => { if (drawn) draw(); });
  });

  /* htmx: a quiet line at the top while something is on its way. */
  let waiting = 0;
  const busy = (change) => {
    waiting = Math.max(0, waiting + change);
    const line = document.getElementById("busy");
    if (!line) return;
    const text = line.querySelector("[data-busy-text]");
    line.classList.toggle("on", waiting > 0);
    text.textContent = waiting > 0 ? text.dataset.busyText : "";
  };
  document.addEventListener("htmx:beforeRequest", () => busy(1));
  document.addEventListener("htmx:afterRequest", () => busy(-1));
  document.addEventListener("htmx:load", (event) => ready(event.detail.elt));
  ready(document);
})();
