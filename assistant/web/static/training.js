// The page 培训: what is given to a unit, how far it is, and its results. The address says which
// unit and which task is shown: ?unit=…&task=…
(() => {
  "use strict";

  const { h, read, write, call, say, confirm, Refused } = window.zp;
  const main = document.getElementById("z-training");
  const POLL_MS = 4000;
  const SLOW_MS = 90000; // results wait their turn behind other long work
  const NO_NET = "网络不通，没有做成；请再试一次。";
  let start = null;
  let leave = () => {};
  let shown = 0;

  const query = () => Object.fromEntries(new URLSearchParams(location.search));
  const address = (to) => `/training?${new URLSearchParams(to)}`;
  const api = (path, to) => `/api/training/${path}${to ? `?${new URLSearchParams(to)}` : ""}`;

  function go(to, { replace = false } = {}) {
    history[replace ? "replaceState" : "pushState"](null, "", address(to));
    return draw();
  }

  async function draw() {
    leave();
    leave = () => {};
    const mine = (shown += 1);
    const live = () => mine === shown;
    main.setAttribute("aria-busy", "true");
    try {
      start ??= await call(api("start"));
      if (!live()) return;
      const at = query();
      if (!start.units.length) page("培训", h("p.z-closed", {}, "还没有单位。请管理员先建单位，再把人放进去。"));
      else if (at.task) await showTask(at, live);
      else await showUnit(at, live);
    } catch (error) {
      if (live()) trouble(error);
    } finally {
      if (live()) main.removeAttribute("aria-busy");
    }
  }

  function page(title, ...children) {
    const heading = h("h1", { tabindex: "-1" }, title);
    main.replaceChildren(heading, ...children.flat(3).filter(Boolean));
    document.title = `${title} · 知责`;
    scrollTo(0, 0);
    heading.focus({ preventScroll: true });
  }

  function trouble(error) {
    const refused = error instanceof Refused;
    page(refused ? "没有打开" : "网络不通",
      h("p.z-closed", { role: "alert" }, refused ? error.message : "没有连上服务。请检查网络，再试一次。"),
      h("button.z-do", { type: "button", onclick: draw }, "再试一次"));
    if (!refused && !(error instanceof window.zp.Offline)) console.error(error);
  }

  // runs work when the button is pressed, once at a time, and says what went wrong
  function does(button, work) {
    button.addEventListener("click", async (event) => {
      event.preventDefault();
      button.disabled = true;
      say("");
      try {
        await work();
      } catch (error) {
        say(error instanceof Refused ? error.message : NO_NET);
      }
      button.disabled = false;
    });
    return button;
  }

  const field = (name, input, note) => h("label.z-field", {}, h("span", {}, name), input, note ? h("small", {}, note) : "");

  function choose(options, value, props) {
    return h("select", props || {}, options.map(([id, name]) => h("option", { value: id, selected: id === value }, name)));
  }

  // ---- a unit ----------------------------------------------------------------------------
  async function showUnit(at, live) {
    const known = start.units.some((u) => u.id === at.unit);
    const unit = known ? at.unit : start.units.find((u) => u.id === read("zt:unit", ""))?.id || start.units[0].id;
    write("zt:unit", unit);
    const span = { unit, since: at.since || start.since, until: at.until || start.until };
    const [choices, given] = await Promise.all([call("choices"), call(api("tasks", { unit }))]);
    if (!live()) return;
    const tasks = h("div.z-tasks");
    const fill = (found) => tasks.replaceChildren(...(found.length ? found.map((t) => card(t)) :
      [h("p.z-quiet", {}, "还没有布置过任务。")]));
    fill(given.tasks);
    const results = h("div.z-results", {}, h("p.z-quiet", {}, "正在统计…"));
    const picker = choose(start.units.map((u) => [u.id, u.name]), unit,
      { id: "z-unit", onchange: () => go({ ...span, unit: picker.value }) });
    page("培训",
      field("单位", picker),
      giveForm(unit, choices),
      h("h2", {}, "布置的任务"), tasks,
      h("h2", {}, "成绩"), periodForm(span), results);
    const timer = setInterval(async () => {
      if (document.hidden || !live()) return;
      try {
        const found = (await call(api("tasks", { unit }))).tasks;
        if (live() && !tasks.contains(document.activeElement)) fill(found);
      } catch {
        /* the next turn tries again */
      }
    }, POLL_MS);
    leave = () => clearInterval(timer);
    const found = await call(api("results", span), undefined, SLOW_MS);
    if (live()) results.replaceChildren(window.ztTables.results(found, files(span)));
  }

  const STATES = { open: "进行中", over: "已截止", withdrawn: "已撤回" };

  function card(t) {
    const form = t.exam ? `考试 ${t.size} 题，${t.minutes} 分钟` : `练习 ${t.size} 题`;
    const open = h("a.z-do", {
      href: address({ unit: t.unit, task: t.id }),
      onclick: (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go({ unit: t.unit, task: t.id });
      },
    }, "看进度和成绩");
    return h("article.z-task", { "data-task": t.id },
      h("h3", {}, t.title, " ", h(`span.z-state.${t.state}`, {}, STATES[t.state])),
      h("p", {}, `${form}；${t.due} 截止`),
      h("p.z-count", {}, `应做 ${t.people} 人，完成 ${t.finished} 人，进行中 ${t.begun} 人`,
        t.mean === null ? "" : `，平均 ${t.mean} / ${t.total}`,
        t.guests ? `；另有未登录 ${t.unknown.people} 人，完成 ${t.unknown.finished} 人` : ""),
      open);
  }

  function giveForm(unit, choices) {
    const set = choose([["", "按岗位和专项出新题"], ...choices.sets.map((s) => [s.id, `${s.name}（${s.size} 题）`])], "", { name: "set" });
    const post = choose([["", "不限岗位"], ...choices.posts.map((p) => [p.id, p.name])], "", { name: "post" });
    const topic = choose([["", "不限专项"], ...choices.topics.map((t) => [t, t])], "", { name: "topic" });
    const size = h("input", { name: "size", type: "number", min: "1", max: "50", value: "10", inputmode: "numeric" });
    const exam = choose([["", "练习：答一题看一题"], ["1", "考试：限时，交卷后看结果"]], "", { name: "exam" });
    const minutes = h("input", { name: "minutes", type: "number", min: "1", max: "600", value: "60", inputmode: "numeric" });
    const title = h("input", { name: "title", maxlength: "60", placeholder: "不填就用题目的名称" });
    const due = h("input", { name: "due", type: "datetime-local", value: start.due, required: true });
    const guests = h("input", { name: "guests", type: "checkbox" });
    const parts = { scope: h("div.z-pair", {}, field("岗位", post), field("专项", topic)),
      size: field("题数", size, "1 到 50 题，每个人的题一样"), minutes: field("考试时间（分钟）", minutes) };
    const fit = () => {
      const chosen = choices.sets.find((s) => s.id === set.value);
      parts.scope.hidden = Boolean(chosen);
      parts.size.hidden = Boolean(chosen && chosen.paper);
      parts.minutes.hidden = !exam.value;
    };
    set.addEventListener("change", fit);
    exam.addEventListener("change", fit);
    fit();
    const send = does(h("button.z-do.z-main", { type: "submit" }, "布置给这个单位"), async () => {
      const made = await call(api("tasks"), {
        unit, due: due.value, title: title.value, set: set.value, post: post.value, topic: topic.value,
        size: Number(size.value), exam: Boolean(exam.value), minutes: exam.value ? Number(minutes.value) : 0,
        guests: guests.checked,
      }, 20000);
      await go({ unit });
      say(`已布置：${made.title}`);
    });
    return h("details.z-give", {}, h("summary", {}, "布置任务"),
      h("form", {}, field("用什么题", set), parts.scope, parts.size, field("方式", exam), parts.minutes,
        field("名称", title), field("截止时间", due),
        h("label.z-tick", {}, guests, h("span", {}, "允许不登录参加",
          h("small", {}, "扫大屏二维码的人写个姓名就能答。姓名没有核对，成绩里单独列出。"))), send));
  }

  function periodForm(span) {
    const since = h("input", { type: "date", value: span.since, id: "z-since" });
    const until = h("input", { type: "date", value: span.until, id: "z-until" });
    const show = does(h("button.z-do", { type: "button" }, "看这段时间"),
      () => go({ unit: span.unit, since: since.value, until: until.value }));
    return h("div.z-pair.z-period", {}, field("从", since), field("到", until), show);
  }

  function files(to) {
    const link = (form, name) => h("a.z-do", { href: api("file", { form, ...to }), download: "" }, name);
    return h("p.z-files", {}, link("xlsx", "下载成绩（Excel）"), link("docx", "打印培训记录（Word）"));
  }

  // ---- a task ----------------------------------------------------------------------------
  async function showTask(at, live) {
    let now = await call(api(`tasks/${encodeURIComponent(at.task)}`));
    if (!live()) return;
    const progress = h("div", { "aria-live": "polite" });
    const results = h("div.z-results");
    let counted = -1;
    const count = async (t) => {
      counted = t.finished + t.unknown.finished;
      const found = await call(api("results", { task: t.id }), undefined, SLOW_MS);
      if (live()) results.replaceChildren(window.ztTables.results(found, files({ task: t.id }), { people: false }));
    };
    const fill = () => progress.replaceChildren(window.ztTables.progress(now));
    fill();
    page(now.title,
      h("p", {}, h("a.z-back", { href: address({ unit: now.unit }),
        onclick: (event) => (event.preventDefault(), go({ unit: now.unit })) }, "‹ 回到单位")),
      h("p", {}, `${now.exam ? `考试 ${now.size} 题，${now.minutes} 分钟` : `练习 ${now.size} 题`}；${now.due} 截止 `,
        h(`span.z-state.${now.state}`, {}, STATES[now.state])),
      now.state === "withdrawn" ? "" : change(now),
      now.guests ? h("p.z-quiet", {}, "允许不登录参加。") : "",
      now.state === "open" ? h("p", {}, h("a.z-do.z-onscreen", { href: `/training/screen?task=${encodeURIComponent(now.id)}` }, "大屏显示二维码，大家一起做")) : "",
      h("h2", {}, "进度"), progress, h("h2", {}, "成绩分析"), results);
    const timer = setInterval(async () => {
      if (document.hidden || !live()) return;
      try {
        now = await call(api(`tasks/${encodeURIComponent(at.task)}`));
        if (!live()) return;
        fill();
        if (now.finished + now.unknown.finished !== counted) await count(now);
      } catch {
        /* the next turn tries again */
      }
    }, POLL_MS);
    leave = () => clearInterval(timer);
    await count(now);
  }

  function change(t) {
    const due = h("input", { type: "datetime-local", value: t.due.replace(" ", "T"), "aria-label": "新的截止时间" });
    const later = does(h("button.z-do", { type: "button" }, "改截止时间"), async () => {
      await call(api(`tasks/${t.id}/deadline`), { due: due.value });
      await draw();
      say("截止时间已改。");
    });
    const withdraw = does(h("button.z-do.z-danger", { type: "button" }, "撤回任务"), async () => {
      if (!(await confirm(`撤回“${t.title}”？没做的人不用再做，已经答的成绩还在。`, "撤回", "不撤回"))) return;
      await call(api(`tasks/${t.id}/withdraw`), {});
      await draw();
      say("任务已撤回。");
    });
    return h("div.z-change", {}, due, later, withdraw);
  }

  addEventListener("popstate", draw);
  addEventListener("DOMContentLoaded", draw);
})();
