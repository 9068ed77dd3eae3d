// The further views of the page 练习: mock exam, wrong book, topics, progress, cards.
(() => {
  "use strict";

  const { call, put, flush, say, confirm, queue, Refused } = window.zp;
  const v = window.zpViews;
  const { h } = v;

  // ---- mock exam -----------------------------------------------------------------------
  v.add("exam", async (_, live) => {
    await v.known();
    if (!live()) return;
    const choices = v.choices();
    const papers = choices.sets.filter((s) => s.paper);
    v.page("模拟考试", v.back(), v.postChooser(() => {}),
      h("p", {}, `限时，交卷前不告诉对错。满分 100 分，${choices.pass} 分及格。${choices.partial}`),
      h("p", {}, "断网、刷新、换手机都不要紧：已经选的答案记着，时间照走，可以接着考。"),
      choices.plans.map((p) => v.big(p.name, `${p.size} 题，${p.minutes} 分钟`,
        () => v.begin("exams", { plan: p.id, post: v.post() }, "exam"))),
      papers.length ? h("h2", {}, "用保存的试卷考") : "",
      papers.map((s) => v.big(s.name, `${s.size} 题，60 分钟${s.why ? `；没有放进来：${s.why}` : ""}`,
        () => v.begin("exams", { set: s.id, minutes: 60 }, "exam"))));
  });

  v.exam(async (at, live) => {
    const exam = await call(`exams/${encodeURIComponent(at.exam)}`);
    if (!live()) return;
    if (exam.result) showResult(exam);
    else sit(exam, at);
  });

  function sit(exam, at) {
    const size = exam.questions.length;
    const endsAt = exam.left === null ? null : Date.now() + exam.left * 1000;
    for (const line of queue()) if (line.exam === exam.id) exam.given[line.body.n] = line.body.given;
    let n = Math.min(Math.max(Number(at.n) || 1, 1), size);
    let since = performance.now();
    let closing = false;

    const clock = h("span.z-clock", { role: "timer" });
    const tick = () => {
      if (endsAt === null) return;
      const left = Math.max(0, Math.ceil((endsAt - Date.now()) / 1000));
      clock.textContent = `剩 ${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
      clock.classList.toggle("soon", left <= 60);
      if (left === 300 || left === 60) say(`还剩 ${left / 60} 分钟`);
      if (!left && !closing) hand(true);
    };
    const timer = setInterval(tick, 1000);
    const keys = (event) => {
      const form = v.main.querySelector("form.z-question");
      if (form && !document.querySelector("dialog[open]")) v.pressLetter(event, form);
    };
    document.addEventListener("keydown", keys);
    v.onleave(() => {
      clearInterval(timer);
      v.onheard(() => {});
      document.removeEventListener("keydown", keys);
    });
    v.onheard((line, reply, refused) => {
      if (line.exam !== exam.id || !refused) return;
      say(refused);
      v.redraw();
    });

    const keep = (form) => {
      const given = v.givenIn(form);
      exam.given[n] = given;
      const seconds = Math.round((performance.now() - since) / 100) / 10;
      const same = `${exam.id}/${n}`;
      put({ id: same, same, exam: exam.id, path: `exams/${exam.id}/answers`, body: { n, given, seconds } });
      sheet.replaceWith((sheet = drawSheet()));
    };

    async function hand(byClock) {
      const empty = exam.questions.filter((q) => !(exam.given[q.n] || []).length).length;
      const ask = empty ? `还有 ${empty} 题没有答。交卷以后不能再改，确定交卷吗？` : "交卷以后不能再改，确定交卷吗？";
      if (!byClock && !(await confirm(ask, "交卷", "再看看"))) return;
      closing = true;
      await flush();
      if (!byClock && queue().some((x) => x.exam === exam.id)) {
        closing = false;
        say("网络不通，还没有交卷。答案都记着，连上后请再点交卷。");
        return;
      }
      try {
        await call(`exams/${exam.id}/submit`, {});
        v.go({ exam: exam.id }, { replace: true });
      } catch (error) {
        closing = false;
        say(error instanceof Refused ? error.message : "网络不通，还没有交卷；请再试一次。");
        if (byClock) setTimeout(() => v.main.contains(clock) && hand(true), 3000);
      }
    }

    const to = (next) => {
      n = next;
      since = performance.now();
      history.replaceState(null, "", v.address({ exam: exam.id, n }));
      show();
    };

    function drawSheet() {
      const done = exam.questions.filter((q) => (exam.given[q.n] || []).length).length;
      return h("details.z-sheet", { open: sheet && sheet.open },
        h("summary", {}, `答题卡：已答 ${done} / ${size}`),
        h("ol", {}, exam.questions.map((q) => {
          const answered = (exam.given[q.n] || []).length > 0;
          return h("li", {}, h(`button${answered ? ".done" : ""}`, {
            type: "button", "aria-current": q.n === n ? "true" : null,
            "aria-label": `第 ${q.n} 题，${answered ? "已答" : "未答"}`, onclick: () => to(q.n),
          }, String(q.n)));
        })));
    }

    let sheet = null;
    function show() {
      const q = exam.questions[n - 1];
      const form = v.questionForm(q, exam.given[n] || [], h("div.z-bar", {},
        h("button.z-plain", { type: "button", disabled: n === 1, onclick: () => to(n - 1) }, "上一题"),
        n < size ? h("button.z-primary", { type: "submit" }, "下一题")
          : h("button.z-primary", { type: "submit" }, "交卷")));
      form.dataset.n = n;
      form.addEventListener("change", () => keep(form));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        if (n < size) to(n + 1);
        else hand(false);
      });
      sheet = drawSheet();
      v.page(exam.title,
        h("div.z-steps", {}, h("span", {}, `第 ${n} / ${size} 题，${exam.points[n - 1]} 分`), clock,
          h("button.z-plain.z-small.z-hand", { type: "button", onclick: () => hand(false) }, "交卷")),
        form, sheet);
      tick();
    }
    show();
  }

  function showResult(exam) {
    const r = exam.result;
    v.page("考试结果", v.back(),
      h(`div.z-result.${r.passed ? "good" : "bad"}`, {},
        h("p.z-score", {}, h("strong", {}, `${r.score} 分`), `，满分 ${r.total} 分`),
        h("p", {}, r.passed ? "及格了。" : `没有及格，及格线 ${r.enough} 分。`,
          `答对 ${r.right} 题，共 ${exam.questions.length} 题。${exam.partial}`),
        exam.by_clock ? h("p", {}, "考试时间到了，由程序交卷；时间到以前选的都算。") : "",
        v.only ? h("p", {}, "成绩已经交给培训员。") : h("p", {}, "没有答对的题已经进了错题本。")),
      h("h2", {}, "逐题看"), exam.questions.map((q) => v.folded(q, r.told[q.n])),
      v.only ? "" : h("div.z-two", {}, v.link({ view: "wrong" }, "a.z-plain", "看错题本"),
        v.link({ view: "exam" }, "a.z-primary", "再考一次")));
  }

  // ---- wrong book ----------------------------------------------------------------------
  v.add("wrong", async (_, live) => {
    const book = await call("wrong");
    if (!live()) return;
    const asked = book.entries.filter((e) => !e.changed).length;
    v.page("错题本", v.back(), h("p.z-lead", {}, book.rule),
      asked ? v.big(`重练错题`, `${Math.min(asked, 10)} 题，到期的先来`, () => v.begin("rounds", { mode: "wrong" }, "round")) : "",
      book.entries.length ? h("ul.z-wrong", {}, book.entries.map(wrongLine))
        : [h("p.z-empty", {}, "错题本是空的。先做一组每日一练，答错的题会自动进来。"),
          v.big("开始每日一练", "10 题，约 5 分钟", () => v.begin("rounds", { mode: "daily", post: v.post() }, "round"))]);
  });

  function wrongLine(e) {
    const box = h("div", {});
    const fold = h("details", {
      ontoggle: async () => {
        if (!fold.open || box.childElementCount) return;
        try {
          const told = await call(`wrong/${encodeURIComponent(e.id)}`);
          box.replaceChildren(...v.toldBox(e, { ...told, given: [] }).flat(3).filter(Boolean));
        } catch (error) {
          say(error instanceof Refused ? error.message : "网络不通，没有打开；请再试一次。");
          fold.open = false;
        }
      },
    }, h("summary", {}, "看答案和条文"), box);
    return h("li", { "data-q": e.id },
      h("p.z-stem", {}, e.pinned ? h("span.z-badge.kind", {}, "已钉住") : "", " ", e.stem),
      e.changed ? h("p.z-warn", {}, "依据的条文后来变了，这道题不再出。")
        : h("p.z-note", {}, `错过 ${e.misses} 次，${e.left_words}。下次：`, h("span.z-due", {}, e.due_words)),
      fold, v.pinButton(e.id, e.pinned, v.redraw));
  }

  // ---- topics, papers, banks --------------------------------------------------------------
  v.add("topic", async (_, live) => {
    await v.known();
    if (!live()) return;
    const { topics, sets } = v.choices();
    const round = (wanted) => () => v.begin("rounds", { mode: "topic", ...wanted }, "round");
    v.page("专项练习", v.back(), v.postChooser(() => {}),
      h("p", {}, "选一个领域，每组 10 题；没做过的先出，都做过就把最久没做的再出一遍。"),
      h("div.z-topiclist", {}, topics.map((t) => v.starts(h("button.z-plain", { type: "button" }, t),
        () => round({ topic: t, post: v.post() })()))),
      sets.length ? h("h2", {}, "自己的试卷和题库") : "",
      sets.map((s) => v.big(s.name, `${s.size} 题${s.why ? `；没有放进来：${s.why}` : ""}`, round({ set: s.id }))));
  });

  // ---- progress ------------------------------------------------------------------------
  v.add("progress", async (_, live) => {
    const p = await call("progress");
    if (!live()) return;
    if (!p.answered) {
      v.page("我的进步", v.back(), h("p.z-empty", {}, "还没有做过题。做完一组，这里就有连续天数和各专项的掌握情况。"),
        v.big("开始每日一练", "10 题，约 5 分钟", () => v.begin("rounds", { mode: "daily", post: v.post() }, "round")));
      return;
    }
    v.page("我的进步", v.back(),
      h("ul.z-figures", {}, v.figure(p.streak, "天连续练习"), v.figure(p.longest, "天最长连续"),
        v.figure(`${Math.round((100 * p.right) / p.answered)}%`, "正确率")),
      h("h2", {}, "最近四周"), h("p.z-note", {}, "格子里是当天答的题数。"), h("div", { html: p.days_svg }),
      h("h2", {}, "各专项掌握情况"),
      h("p.z-note", {}, `${p.rule}。一共做过 ${p.questions} 道不同的题，掌握 ${p.mastered} 道。`),
      h("p.z-legend", { "aria-hidden": "true" }, h("i.b2"), "掌握", h("i.b1"), "上次答对", h("i.b0"), "做过"),
      h("div", { html: p.topics_svg }));
  });

  // ---- what everybody of a post must know ---------------------------------------------------
  v.add("cards", async (at, live) => {
    await v.known();
    if (!live()) return;
    const chosen = v.post();
    const chooser = v.postChooser(v.redraw);
    if (!chosen) {
      v.page("应知应会", v.back(), chooser, h("p.z-empty", {}, "请先在上面选岗位，就能看到这个岗位的 20 条。"));
      return;
    }
    const made = await call(`cards?post=${encodeURIComponent(chosen)}`);
    if (!live()) return;
    const parts = [...new Set(made.items.map((i) => i.part))];
    v.page("应知应会", v.back(), chooser, h("p.z-lead", {}, `${made.post}的 ${made.items.length} 条。${made.rule}`),
      h("p", {}, h("a.z-plain", { href: `/api/practice/cards/file?post=${encodeURIComponent(chosen)}` },
        "下载可打印的卡片（Word）")),
      parts.map((part) => [h("h2", {}, part), h("ol.z-cards", {}, made.items.filter((i) => i.part === part).map((i) =>
        h("li", { value: String(i.n) }, i.lead ? h("p.z-note", {}, i.lead) : "", h("p.z-cardtext", {}, i.text),
          h("p.z-note", {}, h("a", { href: i.href }, i.citation), " ", h("span.z-badge.kind", {}, i.kind)))))]));
  });
})();
