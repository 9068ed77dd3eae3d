// The views of the page 练习. The address says which one is shown, so that reloading and going
// back lead where one expects: ?round=…, ?exam=…, ?task=…, ?view=wrong|progress|cards|exam|topic.
(() => {
  "use strict";

  const { h, read, write, newId, call, put, waiting, say, tell, Refused } = window.zp;
  const main = document.getElementById("z-practice");
  const LETTERS = "ABCDEFGH";
  let leave = () => {}; // what the view on show has to stop when it goes
  let shown = 0; // counts views, so that a late reply does not draw over another one

  const post = () => read("zp:post", "");
  const query = () => Object.fromEntries(new URLSearchParams(location.search));
  // on the page 集体答题 there is one task, and nobody who has a wrong book or a front page
  const { task: only, home: front = "/practice" } = main.dataset;
  const address = (to) => {
    const asked = new URLSearchParams(only ? { task: only, ...to } : to).toString();
    return asked ? `${front}?${asked}` : front;
  };

  // ---- going from view to view -----------------------------------------------------------
  function go(to, { replace = false } = {}) {
    history[replace ? "replaceState" : "pushState"](null, "", address(to));
    return draw();
  }

  function link(to, name, ...children) {
    return h(name, {
      href: address(to),
      onclick: (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        go(to);
      },
    }, ...children);
  }

  async function draw() {
    leave();
    leave = () => {};
    const mine = (shown += 1);
    const at = query();
    const view = at.round ? playRound : at.exam ? sitExam : at.task ? joinTask : VIEWS[at.view] || home;
    main.setAttribute("aria-busy", "true");
    try {
      await view(at, () => mine === shown);
    } catch (error) {
      if (mine === shown) trouble(error);
    } finally {
      if (mine === shown) main.removeAttribute("aria-busy");
    }
  }

  function page(title, ...children) {
    const heading = h("h1", { tabindex: "-1" }, title);
    main.replaceChildren(heading, ...children.flat(3).filter(Boolean));
    document.title = `${title} · 知责`;
    scrollTo(0, 0);
    heading.focus({ preventScroll: true });
    return heading;
  }

  const back = () => link({}, "a.z-backlink", only ? "‹ 回到开始" : "‹ 练习首页");

  function trouble(error) {
    const refused = error instanceof Refused;
    page(refused ? "没有打开" : "网络不通",
      h("p.z-empty", { role: "alert" },
        refused ? error.message : "没有连上服务。请检查网络，再试一次；已经答的题不会丢。"),
      h("div.z-two", {},
        h("button.z-plain", { type: "button", onclick: draw }, "再试一次"),
        link({}, "a.z-primary", only ? "回到开始" : "回练习首页")));
    if (!refused && !(error instanceof zp.Offline)) console.error(error);
  }

  async function begin(path, wanted, key) {
    try {
      const made = await call(path, { id: newId(), ...wanted });
      go({ [key]: made.id });
    } catch (error) {
      say(error instanceof Refused ? error.message : "网络不通，没有开始；请再试一次。");
    }
  }

  function starts(button, work) {
    button.addEventListener("click", async () => {
      button.disabled = true;
      say("");
      await work();
      button.disabled = false;
    });
    return button;
  }

  const big = (title, note, work) =>
    starts(h("button.z-big", { type: "button" }, h("strong", {}, title), h("span", {}, note)), work);

  // ---- front -------------------------------------------------------------------------
  let choices = null;
  async function known() {
    choices ??= await call("choices");
    if (post() && !choices.posts.some((p) => p.id === post())) write("zp:post", null);
    return choices;
  }

  function postChooser(onchange) {
    const groups = Object.entries(Object.groupBy ? Object.groupBy(choices.posts, (p) => p.group) : grouped());
    const select = h("select", { id: "z-post", onchange: () => (write("zp:post", select.value), onchange()) },
      h("option", { value: "" }, "不限岗位"),
      groups.map(([name, posts]) => h("optgroup", { label: name },
        posts.map((p) => h("option", { value: p.id, selected: p.id === post() }, p.name)))));
    return h("p.z-choose", {}, h("label", { for: "z-post" }, "我的岗位"), select);
  }

  function grouped() {
    const out = {};
    for (const p of choices.posts) (out[p.group] ??= []).push(p);
    return out;
  }

  async function home(_, live) {
    await known();
    const now = await call(`home?post=${encodeURIComponent(post())}`);
    if (!live()) return;
    const note = now.due ? `先复习到期的 ${now.due} 题，不够 10 题再出新题` : "10 题，约 5 分钟，答完马上知道为什么";
    page("练习",
      h("p.z-lead", {}, "每天十分钟。答错的题会再来，直到记住。"),
      postChooser(draw),
      now.tasks.map(task),
      now.open.filter((r) => !now.tasks.some((t) => t.round === r.id)).map((r) => link({ [r.exam ? "exam" : "round"]: r.id }, "a.z-open",
        h("strong", {}, r.exam ? "考试还没有交卷" : "接着上次做"), h("span", {}, `${r.title}，${r.done} / ${r.size} 题`))),
      big("开始每日一练", note, () => begin("rounds", { mode: "daily", post: post() }, "round")),
      h("ul.z-figures", {},
        figure(now.streak, "天连续练习"), figure(now.today, "题今天做了"), figure(now.due, "题该复习")),
      h("nav.z-tiles", { "aria-label": "更多练习" },
        tile({ view: "wrong" }, "错题本", now.wrong ? `${now.wrong} 题还没有做对` : "现在没有错题"),
        tile({ view: "exam" }, "模拟考试", "限时，交卷后看结果"),
        tile({ view: "topic" }, "专项练习", "按领域，或用自己的试卷、题库"),
        tile({ view: "cards" }, "应知应会", "每个岗位 20 条，可打印"),
        tile({ view: "progress" }, "我的进步", now.answered ? `一共答了 ${now.answered} 题` : "做完一组就能看")));
  }

  // what a trainer gave; it is begun once, and gone on with later
  function task(t) {
    const amount = t.exam ? `考试，${t.size} 题，${t.minutes} 分钟` : `${t.size} 题`;
    const where = t.round ? `已做 ${t.done} / ${t.size} 题` : amount;
    return starts(h("button.z-open.z-task", { type: "button" },
      h("strong", {}, `单位任务：${t.title}`), h("span", {}, `${where}，${t.due} 前完成`)), async () => {
      try {
        const made = await call("tasks", { id: t.id });
        go({ [made.exam ? "exam" : "round"]: made.id });
      } catch (error) {
        say(error instanceof Refused ? error.message : "网络不通，没有开始；请再试一次。");
      }
    });
  }

  // where the code on the large screen leads
  let joinTask = async (at) => {
    const made = await call("tasks", { id: at.task });
    await go({ [made.exam ? "exam" : "round"]: made.id }, { replace: true });
  };

  const figure = (n, words) => h("li", {}, h("strong", {}, String(n)), words);
  const tile = (to, name, note) => link(to, "a.z-tile", h("strong", {}, name), h("span", {}, note));

  // ---- a question and what is told about it ------------------------------------------------
  function questionForm(q, given, foot) {
    const kind = q.several ? "checkbox" : "radio";
    const body = q.gaps
      ? [...Array(q.gaps).keys()].map((n) => h("label.z-gap", {}, q.gaps > 1 ? `第 ${n + 1} 空` : "填写",
          h("input", { name: "gap", autocomplete: "off", maxlength: "100", value: given[n] || "" })))
      : q.options.map((text, n) => h("label.z-option", {},
          h("input", { type: kind, name: "option", value: text, checked: given.includes(text) }),
          q.kind === "judge" ? "" : h("b", { "aria-hidden": "true" }, LETTERS[n]), h("span", {}, text)));
    return h("form.z-question", { autocomplete: "off" },
      h("p.z-kind", {}, q.label, q.several ? "（可选多项）" : ""),
      h("fieldset", {}, h("legend", {}, q.stem), body), foot);
  }

  function givenIn(form) {
    const gaps = [...form.querySelectorAll("[name=gap]")].map((i) => i.value.trim());
    if (gaps.length) return gaps.some(Boolean) ? gaps : [];
    return [...form.querySelectorAll("[name=option]:checked")].map((i) => i.value);
  }

  function pressLetter(event, form) {
    if (event.target.matches("input[name=gap], select") || event.ctrlKey || event.altKey || event.metaKey) return;
    const n = "123456789".includes(event.key) ? Number(event.key) - 1 : LETTERS.indexOf(event.key.toUpperCase());
    const inputs = form.querySelectorAll("[name=option]:not(:disabled)");
    if (event.key.length !== 1 || !inputs[n]) return;
    inputs[n].focus();
    inputs[n].click();
  }

  const LOOKS = { right: ["✓", "正确答案"], mine: ["✓", "你选对了"], wrong: ["✗", "你选错了"], missing: ["✓", "你漏选了"], "": ["", ""] };

  function toldOption(q, text, n, told) {
    const key = told.answer.includes(text);
    const chosen = told.given.includes(text);
    const look = key ? (chosen ? "mine" : q.several && told.given.length ? "missing" : "right") : chosen ? "wrong" : "";
    const [sign, words] = LOOKS[look];
    return h(`li.z-option${look ? `.${look}` : ""}`, {},
      q.kind === "judge" ? "" : h("b", {}, LETTERS[n]), h("span", {}, text),
      words ? h("em", {}, `${sign} ${words}`) : "");
  }

  function toldBox(q, told) {
    const list = q.gaps
      ? h("p.z-filled", {}, `正确答案：${told.answer.join("；")}`, told.given.length ? h("br") : "",
          told.given.length ? `你填的：${told.given.map((g) => g || "（空）").join("；")}` : "")
      : h("ul.z-options", {}, q.options.map((text, n) => toldOption(q, text, n, told)));
    return [
      list,
      told.changed ? h("p.z-warn", {}, "这道题依据的条文后来变了，答案可能已经过时，不会再出这道题。") : "",
      h("div.z-why", {}, h("h3", {}, "为什么"), h("p", {}, told.why || told.explanation)),
      told.insisted ? h("p.z-warn.z-insisted", {}, `${told.insisted}。`) : "",
      told.citations.map(citation),
    ];
  }

  function citation(c) {
    return h("section.z-basis", {},
      h("h3", {}, c.citation, " ", h("span.z-badge.kind", {}, c.kind)),
      c.html ? h("div.z-article", { html: c.html }) : h("blockquote", {}, c.quote),
      c.html ? "" : h("p.z-warn", {}, "法规库里已经没有这条原来的文字。"),
      c.href && !only ? h("p", {}, h("a", { href: c.href }, "在法规库中打开")) : "");
  }

  function pinButton(id, pinned, onchange) {
    const name = () => (pinned ? "取消钉住" : "钉在错题本");
    const button = h("button.z-plain.z-small", { type: "button", "aria-pressed": String(pinned) }, name());
    return starts(button, async () => {
      try {
        await call("pins", { question: id, pinned: !pinned });
        pinned = !pinned;
        button.textContent = name();
        button.setAttribute("aria-pressed", String(pinned));
        if (onchange) onchange(pinned);
      } catch (error) {
        say(error instanceof Refused ? error.message : "网络不通，没有改；请再试一次。");
      }
    });
  }

  // ---- a round -------------------------------------------------------------------------
  async function playRound(at, live) {
    const round = await call(`rounds/${encodeURIComponent(at.round)}`);
    if (!live()) return;
    for (const line of zp.queue()) {
      if (line.round === round.id) round.told[line.body.n] = { waits: true, given: line.body.given };
    }
    let n = Number(at.n) || firstOpen(round);
    const open = () => showQuestion(round, n, (to) => {
      n = to;
      history.replaceState(null, "", address({ round: round.id, ...(n > round.questions.length ? {} : { n }) }));
      if (n > round.questions.length) showEnd(round);
      else open();
    });
    heard = (line, reply, refused) => {
      if (line.round !== round.id) return;
      if (refused) say(refused);
      round.told[line.body.n] = reply || undefined;
      if (!reply) delete round.told[line.body.n];
      if (line.body.n === n && n <= round.questions.length) open();
      else if (n > round.questions.length) showEnd(round);
    };
    const keys = (event) => {
      const form = main.querySelector("form.z-question");
      if (form) pressLetter(event, form);
    };
    document.addEventListener("keydown", keys);
    leave = () => {
      heard = () => {};
      document.removeEventListener("keydown", keys);
    };
    if (n > round.questions.length) showEnd(round);
    else open();
  }

  let heard = () => {};
  zp.delivered((line, reply, refused) => heard(line, reply, refused));

  function firstOpen(round) {
    const found = round.questions.find((q) => !round.told[q.n]);
    return found ? found.n : round.questions.length + 1;
  }

  function steps(round, n) {
    const done = Object.keys(round.told).length;
    const size = round.questions.length;
    return h("div.z-steps", {}, back(),
      h("span", {}, `第 ${Math.min(n, size)} 题，共 ${size} 题`),
      h("progress", { max: String(size), value: String(done), "aria-label": `已答 ${done} 题，共 ${size} 题` }));
  }

  function showQuestion(round, n, to) {
    const q = round.questions[n - 1];
    const told = round.told[n];
    if (told && !told.waits) return showTold(round, q, told, to);
    if (told) return showWaiting(round, q, to);
    const since = performance.now();
    const answer = async (given) => {
      main.querySelectorAll("form.z-question button, form.z-question input").forEach((e) => (e.disabled = true));
      const seconds = Math.round((performance.now() - since) / 100) / 10;
      const id = newId();
      round.told[n] = { waits: true, given };
      await put({ id, round: round.id, path: "answers", body: { id, round: round.id, n, given, seconds } });
      if (waiting(id) && main.querySelector(`[data-n="${n}"]`)) showWaiting(round, q, to);
    };
    const submit = h("button.z-primary", { type: "submit", disabled: true }, "看对不对");
    const form = questionForm(q, [], h("div.z-bar", {},
      h("button.z-plain", { type: "button", onclick: () => answer([]) }, "不会"), submit));
    form.dataset.n = n;
    form.addEventListener("input", () => (submit.disabled = !givenIn(form).length));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const given = givenIn(form);
      if (given.length) answer(given);
    });
    page(round.title, steps(round, n), form);
    return undefined;
  }

  function nextBar(round, n, to) {
    const last = firstOpen(round) > round.questions.length || n === round.questions.length;
    const next = last && firstOpen(round) <= round.questions.length ? firstOpen(round) : n + 1;
    const button = h("button.z-primary.z-next", { type: "button", onclick: () => to(next) },
      next > round.questions.length ? "看这一组的结果" : "下一题");
    return h("div.z-bar", {}, n > 1 ? h("button.z-plain", { type: "button", onclick: () => to(n - 1) }, "上一题") : "", button);
  }

  function showWaiting(round, q, to) {
    page(round.title, steps(round, q.n),
      h("div.z-told", {}, h("p.z-kind", {}, q.label), h("p.z-stem", {}, q.stem),
        h("p.z-warn", { role: "status" }, "网络不通。你的答案已经记在这台设备上，连上后自动补交，再告诉你对错。可以先做下一题。"),
        nextBar(round, q.n, to)));
  }

  function showTold(round, q, told, to) {
    const verdict = told.right ? "答对了" : told.given.length ? "答错了" : "没关系，这是正确答案";
    const sign = told.right ? "✓ " : told.given.length ? "✗ " : "";
    const book = told.wrong_book ? `在错题本里：${told.wrong_book.left_words}。` : "";
    page(round.title, steps(round, q.n),
      h(`div.z-told.${told.right ? "good" : "bad"}`, { "data-n": String(q.n) },
        h("p.z-kind", {}, q.label), h("p.z-stem", {}, q.stem),
        h(`p.z-verdict${sign ? "" : ".open"}`, {}, sign, verdict),
        toldBox(q, told),
        only ? "" : h("p.z-next-time", {}, `下次再问：${told.due_words}。${book}`),
        only ? "" : pinButton(q.id, Boolean(told.wrong_book && told.wrong_book.pinned)),
        nextBar(round, q.n, to)));
    tell(`${verdict}。正确答案：${told.answer.join("；")}`);
    main.querySelector(".z-verdict").scrollIntoView({ block: "center" });
    main.querySelector(".z-next").focus({ preventScroll: true });
  }

  function showEnd(round) {
    const told = round.questions.map((q) => [q, round.told[q.n]]);
    const right = told.filter(([, t]) => t && t.right).length;
    const waits = told.filter(([, t]) => t && t.waits).length;
    const wrong = told.filter(([, t]) => t && !t.waits && !t.right);
    page("这一组做完了", back(),
      h("p.z-score", {}, h("strong", {}, `${right} / ${round.questions.length}`), " 题答对",
        waits ? `，${waits} 题等网络通了再判` : ""),
      wrong.length ? [h("h2", {}, "答错的题"), only ? "" : h("p", {}, "已经记进错题本，10 分钟后就可以再练。"),
        wrong.map(([q, t]) => folded(q, t))] : h("p", {}, waits ? "" : "全部答对。"),
      only ? h("p.z-note", {}, "成绩已经交给培训员。") : h("div.z-two", {},
        wrong.length ? link({ view: "wrong" }, "a.z-plain", "看错题本") : link({ view: "progress" }, "a.z-plain", "看我的进步"),
        starts(h("button.z-primary", { type: "button" }, "再来一组"),
          () => begin("rounds", { mode: "daily", post: post() }, "round"))));
  }

  function folded(q, told) {
    const words = told.right ? "对" : told.score ? `得 ${told.score} 分` : told.given.length ? "错" : "没答";
    return h(`details.z-fold.${told.right ? "good" : "bad"}`, {},
      h("summary", {}, h("b", {}, `${q.n}. ${words}`), h("span", {}, q.stem)), toldBox(q, told));
  }

  window.zpViews = {
    h, page, back, link, go, big, begin, starts, post, postChooser, known, questionForm, givenIn,
    pressLetter, toldBox, folded, pinButton, main, query, address, figure,
    only, task: (view) => (joinTask = view), choices: () => choices, redraw: draw, onleave: (f) => (leave = f), onheard: (f) => (heard = f),
  };
  const VIEWS = {};
  window.zpViews.add = (name, view) => (VIEWS[name] = view);
  let sitExam = () => {};
  window.zpViews.exam = (view) => (sitExam = view);
  addEventListener("popstate", draw);
  addEventListener("DOMContentLoaded", draw);
})();
