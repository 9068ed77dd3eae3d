// What the pages do in the browser: open citations in place, ask from links, copy, print,
// scroll a document to the place that was asked for, choose a bearer. No library. Its one request
// fetches the article around a citation of a long list.
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const WAIT_MS = 15000;
  let asked = false; // true between a question and its answer
  let waiting = 0;

  // ---- a session that has ended --------------------------------------------------------
  const plainFetch = window.fetch;
  window.fetch = async (...request) => {
    const reply = await plainFetch(...request);
    if (reply.status === 401 && new URL(reply.url).origin === location.origin) {
      location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
    }
    return reply;
  };

  // ---- citations -----------------------------------------------------------------------
  function closePanel(panel) {
    panel.hidden = true;
    $$(`.z-cite[data-panel="${panel.id}"]`).forEach((c) => c.setAttribute("aria-expanded", "false"));
  }

  async function fetchPanel(chip) {
    const query = new URL(chip.href).searchParams;
    for (const key of ["mark", "n"]) query.set(key, chip.dataset[key]);
    query.set("name", chip.dataset.panel);
    chip.setAttribute("aria-busy", "true");
    try {
      const reply = await fetch(`/api/context?${query}`);
      if (!reply.ok) throw new Error(reply.statusText);
      chip.closest(".z-line").insertAdjacentHTML("beforeend", await reply.text());
      openCitation(chip);
    } catch {
      location.assign(chip.href);
    } finally {
      chip.removeAttribute("aria-busy");
    }
  }

  function openCitation(chip) {
    const panel = document.getElementById(chip.dataset.panel);
    if (!panel && chip.dataset.mark) {
      if (!chip.hasAttribute("aria-busy")) fetchPanel(chip);
      return true;
    }
    if (!panel) return false;
    if (chip.getAttribute("aria-expanded") === "true") {
      closePanel(panel);
      return true;
    }
    closePanel(panel);
    panel.hidden = false;
    panel.dataset.opener = chip.dataset.n;
    chip.setAttribute("aria-expanded", "true");
    $$("mark", panel).forEach((m) => m.classList.toggle("on", m.dataset.n === chip.dataset.n));
    const mark = $("mark.on", panel);
    panel.focus({ preventScroll: true });
    (mark || panel).scrollIntoView({ block: "center", behavior: calm() });
    return true;
  }

  function calm() {
    return matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
  }

  // ---- asking --------------------------------------------------------------------------
  const questionBox = () => $("#z-question textarea, #z-question input");

  function ask(question) {
    const box = questionBox();
    const button = $("#z-submit");
    if (!box || !button) return false;
    box.value = question;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => button.click(), 0);
    return true;
  }

  function began() {
    const out = $("#z-out");
    if (!out || !(questionBox() || bearerBox())) return;
    if ($("#z-as-of input")?.validity.badInput) say("日期没有填完整，这次按今天有效的规定。");
    asked = true;
    out.setAttribute("aria-busy", "true");
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (asked) say("服务没有回应；请确认程序还在运行，再试一次。");
    }, WAIT_MS);
  }

  function ended() {
    asked = false;
    clearTimeout(waiting);
    $("#z-out")?.removeAttribute("aria-busy");
    if (!$("#z-as-of input")?.validity.badInput) say("");
  }

  function say(message) {
    let line = $("#z-trouble");
    if (!line && message) {
      line = document.createElement("p");
      line.id = "z-trouble";
      line.setAttribute("role", "alert");
      $("#z-out").before(line);
    }
    if (line) line.textContent = message;
  }

  function answerShown(answer) {
    const query = new URLSearchParams();
    for (const [name, key] of [["q", "q"], ["as_of", "asOf"], ["region", "region"]]) {
      if (answer.dataset[key]) query.set(name, answer.dataset[key]);
    }
    document.title = `${answer.dataset.q.slice(0, 40)} · 知责`;
    const address = `/?${query}`;
    const here = new URLSearchParams(location.search);
    if (here.toString() !== query.toString()) history.pushState(null, "", address);
    if (asked) answer.scrollIntoView({ block: "nearest", behavior: calm() });
    if (asked && answer.getBoundingClientRect().top > innerHeight * 0.6) {
      answer.scrollIntoView({ block: "start", behavior: calm() });
    }
  }

  // ---- reading -------------------------------------------------------------------------
  function flash(id) {
    const target = document.getElementById(id);
    if (!target) return false;
    const article = target.closest(".z-article") || target;
    target.scrollIntoView({ block: target === article ? "start" : "center" });
    article.classList.remove("flash");
    void article.offsetWidth; // restarts the animation
    article.classList.add("flash");
    article.setAttribute("tabindex", "-1");
    article.focus({ preventScroll: true });
    return true;
  }

  function documentShown(doc) {
    document.title = `${doc.dataset.title} · 知责`;
    const toc = $(".z-toc", doc);
    if (toc && matchMedia("(min-width: 900px)").matches) toc.open = true;
    const anchor = decodeURIComponent(location.hash.slice(1));
    flash(anchor || doc.dataset.at);
  }

  function remember(id) {
    // the whole address: Gradio's <base> would take a bare #… to the front page
    history.pushState(null, "", `${location.pathname}${location.search}#${encodeURIComponent(id)}`);
  }

  function jump(form) {
    const wanted = form.elements.at.value.trim().replace(/\s/g, "");
    if (!wanted) return true;
    const plain = wanted.replace(/^第/, "").replace(/条$/, "");
    const number = /^\d{1,4}$/.test(plain) ? chinese(Number(plain)) : plain;
    const found = [wanted, `第${number}条`].find((id) => flash(id));
    if (!found) return false;
    remember(found);
    $$(".z-jump [role=alert], .z-jump .z-missing").forEach((e) => e.remove());
    return true;
  }

  function chinese(n) {
    const digits = "零一二三四五六七八九";
    const units = ["", "十", "百", "千"];
    let out = "";
    const text = String(n);
    [...text].forEach((d, i) => {
      const unit = units[text.length - 1 - i];
      if (d !== "0") out += digits[d] + unit;
      else if (!out.endsWith("零")) out += "零";
    });
    out = out.replace(/零+$/, "");
    return n >= 10 && n < 20 ? out.replace(/^一十/, "十") : out;
  }

  // ---- copying -------------------------------------------------------------------------
  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = document.createElement("textarea"); // plain http has no clipboard API
      area.value = text;
      area.className = "z-offscreen";
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  }

  async function copyAnswer(button) {
    const answer = button.closest(".z-answer");
    const done = await copy($(".z-plain", answer).textContent);
    $(".z-said", answer).textContent = done ? "已复制" : "没能复制，请手工选中文字复制";
  }

  // ---- importing -----------------------------------------------------------------------
  function act(button) {
    if (!confirm(button.dataset.ask)) return;
    const box = $("#z-act textarea, #z-act input");
    box.value = button.dataset.act;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => $("#z-act-go").click(), 0);
  }

  // ---- choosing a bearer ---------------------------------------------------------------
  const bearerBox = () => $("#z-bearer textarea, #z-bearer input");
  const options = () => $$("#z-options [role=option]").filter((o) => !o.hidden);

  function openOptions(box) {
    const list = $("#z-options");
    if (!list) return;
    const typed = box.value.replace(/\s/g, "");
    const all = $$("#z-options [role=option]");
    const whole = all.some((o) => o.dataset.name === typed); // chosen before: offer all again
    let some = false;
    all.forEach((o) => {
      o.hidden = !whole && !o.dataset.names.replace(/ /g, "\n").includes(typed);
      o.classList.remove("on");
      some ||= !o.hidden;
    });
    $$("#z-options [role=group]").forEach((g) => (g.hidden = !$("[role=option]:not([hidden])", g)));
    list.hidden = !some;
    box.setAttribute("aria-expanded", String(some));
  }

  function closeOptions() {
    const list = $("#z-options");
    if (!list || list.hidden) return false;
    list.hidden = true;
    bearerBox()?.setAttribute("aria-expanded", "false");
    bearerBox()?.removeAttribute("aria-activedescendant");
    return true;
  }

  function moveOption(box, step) {
    if ($("#z-options").hidden) openOptions(box);
    const shown = options();
    if (!shown.length) return;
    const at = shown.findIndex((o) => o.classList.contains("on"));
    const next = shown[(at + step + shown.length + (at < 0 && step < 0 ? 1 : 0)) % shown.length];
    shown.forEach((o) => {
      o.classList.toggle("on", o === next);
      o.setAttribute("aria-selected", String(o === next));
    });
    box.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }

  function choose(option) {
    const box = bearerBox();
    box.value = option.dataset.name;
    box.dispatchEvent(new Event("input", { bubbles: true }));
    closeOptions();
    box.blur(); // on a phone the keyboard would hide the list
    setTimeout(() => $("#z-submit").click(), 0);
  }

  function bearerKey(event, box) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      moveOption(box, event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && !event.isComposing) {
      const on = $("#z-options:not([hidden]) [role=option].on");
      closeOptions();
      if (on) {
        event.preventDefault();
        event.stopPropagation();
        choose(on);
      }
    } else if (event.key === "Escape") closeOptions();
    else if (event.key === "Tab") closeOptions();
  }

  function dutiesShown(list) {
    document.title = `${list.dataset.title} · 知责`;
    const address = new URL(list.dataset.address, location.origin);
    if (location.pathname + location.search === address.pathname + address.search) return;
    const step = list.hasAttribute("data-arrived") ? "replaceState" : "pushState";
    history[step](null, "", address);
    if (asked && list.getBoundingClientRect().top > innerHeight * 0.6) {
      list.scrollIntoView({ block: "start", behavior: calm() });
    }
  }

  function fold(button, open) {
    const list = button.closest(".z-duties");
    $$(".z-field, .z-larger", list).forEach((d) => (d.open = open));
  }

  // ---- wiring --------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const at = (selector) => event.target.closest?.(selector);
    if (!at("#z-who")) closeOptions();
    if (at("#z-options [role=option]")) {
      choose(at("#z-options [role=option]"));
    } else if (bearerBox() && event.target === bearerBox()) {
      openOptions(bearerBox());
    } else if (at(".z-unfold, .z-fold")) {
      fold(at(".z-unfold, .z-fold"), Boolean(at(".z-unfold")));
    } else if (at(".z-cite")) {
      if (openCitation(at(".z-cite"))) event.preventDefault();
    } else if (at(".z-close")) {
      const panel = at(".z-context");
      closePanel(panel);
      $(`.z-cite[data-panel="${panel.id}"][data-n="${panel.dataset.opener}"]`)?.focus();
    } else if (at(".z-ask")) {
      const question = new URL(at(".z-ask").href).searchParams.get("q");
      if (ask(question)) event.preventDefault();
    } else if (at(".z-copy")) {
      copyAnswer(at(".z-copy"));
    } else if (at(".z-act")) {
      act(at(".z-act"));
    } else if (at(".z-print")) {
      print();
    } else if (at("#z-submit")) {
      began();
    } else if (at('a[href^="#"]')) {
      const id = decodeURIComponent(at('a[href^="#"]').getAttribute("href").slice(1));
      event.preventDefault();
      if (flash(id) && at(".z-doc")) remember(id);
    }
  });

  document.addEventListener("input", (event) => {
    const box = bearerBox();
    if (box && event.target === box && event.isTrusted) openOptions(box);
  });

  document.addEventListener(
    "keydown",
    (event) => {
      const box = bearerBox();
      if (box && event.target === box) bearerKey(event, box);
    },
    true, // before Gradio, which would take Enter for a submission
  );

  document.addEventListener("submit", (event) => {
    if (event.target.matches?.(".z-jump") && jump(event.target)) event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.target === questionBox()) began();
    if (event.key === "Escape") $$(".z-context:not([hidden])").forEach((p) => closePanel(p));
  });

  addEventListener("beforeprint", () => $$(".z-sources").forEach((d) => (d.open = true)));

  let path = location.pathname + location.search;
  addEventListener("popstate", () => {
    if (location.pathname + location.search !== path) location.reload();
    else if (location.hash) flash(decodeURIComponent(location.hash.slice(1)));
  });

  let stamp = "";
  function look() {
    const reply = $("#z-out .z-reply");
    if (!reply || reply.dataset.stamp === stamp) return;
    const shown = reply.firstElementChild;
    const box = questionBox();
    if (shown.matches(".z-examples") && !box) return; // Gradio puts the box in place a little later
    stamp = reply.dataset.stamp;
    if (shown.matches(".z-answer")) answerShown(shown);
    else if (shown.matches(".z-doc")) documentShown(shown);
    else if (shown.matches(".z-duties")) dutiesShown(shown);
    else if (shown.matches(".z-examples") && matchMedia("(min-width: 900px)").matches) {
      box.focus({ preventScroll: true }); // on a phone the keyboard would hide the page
    } else if (shown.matches(".z-list")) {
      history.replaceState(null, "", shown.dataset.address);
      document.title = "法规库 · 知责";
    }
    path = location.pathname + location.search;
    ended();
  }

  function tidy() {
    const root = document.documentElement; // Gradio names the browser's language, not the page's
    if (root.lang !== "zh-CN") root.lang = "zh-CN";
    const looks = document.body.classList; // one high-contrast look, whatever the system prefers
    if (looks.contains("dark")) looks.remove("dark");
    const day = $("#z-as-of input");
    if (day && day.type === "text") day.type = "date"; // the browser's own date picker
    const box = bearerBox();
    if (box && !box.hasAttribute("role")) {
      const looks = { role: "combobox", "aria-controls": "z-options", "aria-expanded": "false", "aria-autocomplete": "list", autocomplete: "off" };
      Object.entries(looks).forEach(([name, value]) => box.setAttribute(name, value));
    }
    look();
  }

  new MutationObserver(tidy).observe(document.documentElement, {
    childList: true,
    subtree: true,
    attributes: true,
    attributeFilter: ["data-stamp", "class", "lang"],
  });
})();
