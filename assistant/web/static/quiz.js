// The page 出题组卷 in the browser: fills in plans, sends commands, keeps the place while a paper
// is redrawn, remembers the last draft. No library.
(() => {
  "use strict";

  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const SLOW_MS = 1200;
  const LOST_MS = 120000;
  const SHOWN_MS = 9000;
  let waiting = false; // true between a command and its answer
  let timers = [];
  let place = null; // what to restore once the paper is drawn again
  let busyLabel = "";

  const paper = () => $("#z-out .z-paper");

  // ---- commands ------------------------------------------------------------------------
  function send(command, label = "正在处理…") {
    const box = $("#z-do textarea, #z-do input");
    if (!box || waiting) return;
    waiting = true;
    busyLabel = label;
    const top = scrollY;
    const open = new Set($$(".z-keyfold[open]").map((d) => d.closest(".z-q").dataset.q));
    const active = document.activeElement;
    const stay = command.do === "insist" || command.do === "release";
    place = { top, stay, open, draft: paper()?.dataset.draft, focus: active?.dataset };
    place.name = active?.closest(".z-q") ? active.getAttribute("aria-label") : "";
    place.number = active?.closest(".z-q")?.dataset.n;
    box.value = JSON.stringify(command);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => $("#z-do-go").click(), 0);
    $("#z-out").setAttribute("aria-busy", "true");
    timers.push(setTimeout(() => wait(busyLabel), SLOW_MS));
    timers.push(setTimeout(() => {
      settle();
      wait("服务没有回应；请确认程序还在运行，再刷新页面。");
    }, LOST_MS));
  }

  function settle() {
    waiting = false;
    timers.forEach(clearTimeout);
    timers = [];
    $("#z-out")?.removeAttribute("aria-busy");
    wait("");
  }

  function wait(message) {
    let line = $("#z-wait");
    if (!line) {
      line = document.createElement("p");
      line.id = "z-wait";
      line.setAttribute("role", "status");
      document.body.append(line);
    }
    line.textContent = message;
  }

  function ofPaper(more) {
    const shown = paper();
    return { ...more, draft: shown.dataset.draft, rev: Number(shown.dataset.rev) };
  }

  function unsaved(except) {
    const form = $$("form.z-edit").find((f) => f !== except && f.dataset.touched);
    return form && !confirm(`第 ${form.dataset.n} 题正在编辑，还没有点“改好了”。放弃这些改动吗？`);
  }

  function press(button) {
    const command = JSON.parse(button.dataset.do);
    const makesAnew = ["replace", "lock", "unlock", "delete", "redraw", "undo"];
    if (makesAnew.includes(command.do)) {
      if (unsaved()) return;
      if (!command.draft) Object.assign(command, ofPaper({}));
    }
    if (button.dataset.ask && !confirm(button.dataset.ask)) return;
    const labels = { replace: "正在换题…", redraw: "正在重新出题…", check: "正在准备体检…" };
    send(command, labels[command.do]);
  }

  // ---- the plan ------------------------------------------------------------------------
  function planned(form) {
    const data = new FormData(form);
    const plan = { posts: data.getAll("posts"), topics: data.getAll("topics") };
    for (const [name, value] of data) if (!(name in plan)) plan[name] = value;
    return plan;
  }

  function total(form) {
    let count = 0;
    let points = 0;
    for (const row of $$("tr[data-kind]", form)) {
      const [n, each] = $$("input", row).map((i) => Number(i.value) || 0);
      row.classList.toggle("on", n > 0);
      $(".z-part", row).textContent = n > 0 ? `${+(n * each).toFixed(1)} 分` : "—";
      count += n;
      points += n * each;
    }
    $(".z-allcount", form).textContent = `${count} 题`;
    $(".z-allpoints", form).textContent = `${+points.toFixed(1)} 分`;
  }

  function fill(form, plan) {
    for (const [name, value] of Object.entries(plan)) {
      if (Array.isArray(value)) {
        $$(`input[name="${name}"]`, form).forEach((i) => (i.checked = value.includes(i.value)));
      } else if (form.elements[name]) form.elements[name].value = value;
    }
    const known = $$('input[name="posts"]', form).map((i) => i.value);
    form.elements.others.value = plan.posts.filter((p) => !known.includes(p)).join("、");
    $$('input[name="topics"]', form).forEach((i) => (i.checked = false));
    total(form);
    const button = $("button[type=submit]", form);
    button.scrollIntoView({ block: "nearest" });
    button.focus({ preventScroll: true });
  }

  // ---- editing -------------------------------------------------------------------------
  async function openEdit(button) {
    const block = button.closest(".z-q");
    const before = $("form.z-edit", block);
    if (before) {
      before.remove();
      return;
    }
    const query = new URLSearchParams({ draft: paper().dataset.draft, n: button.dataset.n });
    try {
      const reply = await fetch(`/api/quiz/edit?${query}`);
      if (!reply.ok) throw new Error(reply.statusText);
      if ($("form.z-edit", block)) return; // pressed twice
      block.insertAdjacentHTML("beforeend", await reply.text());
    } catch {
      wait("这道题的编辑表单没有取到；请刷新页面再试。");
      return;
    }
    const form = $("form.z-edit", block);
    $$("textarea", form).forEach(grow);
    form.elements.stem.focus({ preventScroll: true });
    form.scrollIntoView({ block: "nearest" });
  }

  function grow(area) {
    area.style.height = "auto";
    area.style.height = `${area.scrollHeight + 4}px`;
  }

  function edited(form) {
    const number = Number(form.dataset.n);
    const command = { do: "edit", n: number, stem: form.elements.stem.value };
    command.explanation = form.elements.explanation.value;
    const rows = $$(".z-optrow", form);
    if (rows.length) {
      command.options = rows.map((r) => [$("textarea", r).value, $("input", r).checked]);
    } else command.answer = form.elements.answer.value;
    if (!unsaved(form)) send(ofPaper(command));
  }

  // ---- banks ---------------------------------------------------------------------------
  function roles(form) {
    const out = [];
    for (const box of $$("select[data-sheet]", form)) {
      (out[box.dataset.sheet] ||= [])[box.dataset.column] = box.value;
    }
    return out;
  }

  function mapped(form, what) {
    const command = { do: what, bank: form.dataset.bank };
    const chosen = roles(form);
    if (chosen.length) command.roles = chosen;
    send(command, what === "check" ? "正在准备体检…" : undefined);
  }

  function insist(form) {
    const { bank, question, state } = form.dataset;
    const ask = "体检说这道题与现行规定不符或说法过时。练习时会写明“培训员坚持使用”和理由，操作会记下来。确定要用吗？";
    if (!confirm(ask)) return;
    send({ do: "insist", bank, question, state, reason: form.elements.reason.value });
  }

  // ---- what is shown -------------------------------------------------------------------
  function paperShown(shown) {
    document.title = `${shown.dataset.title} · 知责`;
    try {
      localStorage.setItem("zhize-draft", shown.dataset.draft);
    } catch { /* a browser that keeps nothing still has the address */ }
    if (!$(".z-plan")) {
      location.replace(shown.dataset.address); // opened from the list of saved papers
      return;
    }
    const same = place?.draft === shown.dataset.draft;
    goTo(shown.dataset.address, same || !place);
    if (place && !same) {
      $(".z-planbox").open = false;
      shown.scrollIntoView({ block: "start" });
    } else if (place) {
      for (const d of $$(".z-keyfold", shown)) d.open = place.open.has(d.closest(".z-q").dataset.q);
      const again = place.number && $(`#q${place.number}`);
      const button = again && ($$("button", again).find((b) => b.getAttribute("aria-label") === place.name) || $("button", again));
      button?.focus({ preventScroll: true }); // where the keyboard was
      scrollTo(0, place.top);
      const target = shown.dataset.focus !== "0" && $(`#q${shown.dataset.focus}`);
      if (target) {
        target.classList.add("flash");
        const { top } = target.getBoundingClientRect();
        if (top < 0 || top > innerHeight * 0.7) target.scrollIntoView({ block: "start" });
      }
    }
  }

  function goTo(address, replace) {
    const url = new URL(address, location.origin);
    if (location.pathname + location.search === url.pathname + url.search) return;
    history[replace ? "replaceState" : "pushState"](null, "", url);
  }

  function bankShown(shown) {
    document.title = `${shown.dataset.title} · 题库体检 · 知责`;
    goTo(shown.dataset.address, !place && location.search.includes("bank="));
    if (place?.stay) scrollTo(0, place.top);
    if (place?.focus?.column !== undefined) {
      const { sheet, column } = place.focus;
      $(`select[data-sheet="${sheet}"][data-column="${column}"]`, shown)?.focus({ preventScroll: true });
      scrollTo(0, place.top);
    }
  }

  let saidStamp = "";
  let outStamp = "";
  function look() {
    const form = $("form.z-plan:not([data-ready])");
    if (form) {
      form.dataset.ready = "1";
      total(form);
    }
    const out = $("#z-out .z-reply");
    if (out && out.dataset.stamp !== outStamp) {
      outStamp = out.dataset.stamp;
      const shown = out.firstElementChild;
      if (shown?.matches(".z-paper")) paperShown(shown);
      else if (shown?.matches(".z-bank")) bankShown(shown);
      if (shown?.matches("[data-forget]")) localStorage.removeItem("zhize-draft");
      place = null;
    }
    const said = $("#z-said .z-reply");
    if (said && said.dataset.stamp !== saidStamp) {
      saidStamp = said.dataset.stamp;
      settle();
      const toast = $(".z-toast:not(.bad)", said);
      if (toast) setTimeout(() => toast.remove(), SHOWN_MS);
    }
  }

  // ---- wiring --------------------------------------------------------------------------
  document.addEventListener("click", (event) => {
    const at = (selector) => event.target.closest?.(selector);
    if (at(".z-do")) press(at(".z-do"));
    else if (at(".z-preset")) fill(at("form"), JSON.parse(at(".z-preset").dataset.plan));
    else if (at(".z-openedit")) openEdit(at(".z-openedit"));
    else if (at(".z-canceledit")) at("form").remove();
    else if (at(".z-hide")) at(".z-toast").remove();
    else if (at(".z-openkeys")) {
      const folds = $$(".z-keyfold");
      const open = folds.some((d) => !d.open);
      folds.forEach((d) => (d.open = open));
      at(".z-openkeys").textContent = open ? "收起全部答案" : "展开全部答案";
    } else if (at(".z-fresh")) {
      try {
        localStorage.removeItem("zhize-draft");
      } catch { /* see above */ }
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches?.(".z-plan, .z-edit, .z-save, .z-mapping, .z-insist")) return;
    event.preventDefault();
    if (form.matches(".z-plan")) {
      if (!unsaved()) send({ do: "make", form: planned(form) }, "正在出题组卷，启动后的第一次要十几秒…");
    } else if (form.matches(".z-edit")) edited(form);
    else if (form.matches(".z-insist")) insist(form);
    else if (form.matches(".z-save")) {
      if (!unsaved()) send(ofPaper({ do: "save", name: form.elements.name.value }));
    } else mapped(form, "check");
  });

  document.addEventListener("reset", (event) => {
    const form = event.target;
    if (!form.matches?.(".z-plan")) return;
    event.preventDefault(); // the form may have been filled in by the server
    $$("input[type=checkbox]", form).forEach((i) => (i.checked = false));
    $$("input:not([type=checkbox])", form).forEach((i) => {
      if (!i.name.endsWith("_points")) i.value = "";
    });
    form.elements.region.selectedIndex = 0;
    total(form);
  });

  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form");
    if (form?.matches(".z-plan")) total(form);
    if (form?.matches(".z-edit")) {
      form.dataset.touched = "1";
      if (event.target.matches("textarea")) grow(event.target);
      const rows = $$(".z-optrow", form);
      const empty = rows.filter((r) => !r.hidden && !$("textarea", r).value.trim());
      const next = rows.find((r) => r.hidden);
      if (!empty.length && next) next.hidden = false;
    }
  });

  document.addEventListener("change", (event) => {
    const box = event.target;
    if (box.matches?.(".z-points")) {
      if (!unsaved()) send(ofPaper({ do: "points", kind: box.dataset.kind, points: box.value }));
    } else if (box.matches?.(".z-versions-of select")) {
      for (const link of $$(".z-files a[data-form]")) {
        const url = new URL(link.href);
        url.searchParams.set("versions", box.value);
        link.href = url;
      }
    } else if (box.matches?.("select[data-sheet]")) mapped(box.closest("form"), "map");
  });

  addEventListener("popstate", () => {
    const shown = $("#z-out [data-address]");
    if (!location.hash && shown && shown.dataset.address !== location.pathname + location.search) location.reload();
  });

  addEventListener("beforeunload", (event) => {
    if ($$("form.z-edit").some((f) => f.dataset.touched)) event.preventDefault();
  });

  new MutationObserver(look).observe(document.documentElement, { childList: true, subtree: true });
  look();
})();
