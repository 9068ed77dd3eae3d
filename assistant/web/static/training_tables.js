// The tables of the page 培训. On a phone every row becomes a block with its labels.
(() => {
  "use strict";

  const { h } = window.zp;
  const percent = (part, of) => (of ? `${Math.round((100 * part) / of)}%` : "");

  // columns: [name, cell of a row, class]; the first one heads its row
  function table(name, columns, rows, empty) {
    if (!rows.length) return h("p.z-quiet", {}, empty);
    return h(`table.${name}`, {},
      h("thead", {}, h("tr", {}, columns.map(([title]) => h("th", { scope: "col" }, title)))),
      h("tbody", {}, rows.map((row) => h("tr", {}, columns.map(([title, cell, kind], n) =>
        h(`${n ? "td" : "th"}${kind ? `.${kind}` : ""}`, { "data-th": title, scope: n ? null : "row" }, cell(row)))))));
  }

  const who = (r) => [r.name, r.account ? h("small", {}, ` ${r.account}`) : ""];
  const article = (r) => (r.href ? h("a", { href: r.href }, r.citation) : r.citation || "没有写依据");

  function progress(t) {
    const mark = (s) => [s.late ? "逾期完成" : "", s.by_clock ? "到时自动交卷" : ""].filter(Boolean).join("，");
    const score = (s) => (s.state !== "finished" ? (t.exam ? "" : `已答 ${s.answered} / ${t.size}`) :
      t.exam ? `${s.score} 分，${s.passed ? "合格" : "不合格"}` : `${s.right} / ${t.size} 题对`);
    const rest = [["状态", (s) => h(`span.z-state.${s.state}`, {}, s.state_words)],
      ["成绩", score], ["完成时间", (s) => s.finished_at], ["备注", mark]];
    return h("div", {},
      h("ul.z-sums", {},
        [[t.finished, "人完成"], [t.begun, "人进行中"], [t.people - t.finished - t.begun, "人未开始"],
          t.exam ? [t.passed, `人合格（${t.enough} 分）`] : [t.mean ?? "—", `题平均答对（共 ${t.total} 题）`]]
          .map(([n, words]) => h("li", {}, h("strong", {}, String(n)), words))),
      table("z-progress", [
        ["姓名", who], ["岗位", (s) => s.post], ...rest,
      ], t.seats, "这个单位还没有员工。"),
      t.guests ? part(`未登录参加的 ${t.unknown.people} 人`,
        h("p.z-quiet", {}, "姓名由本人填写，没有核对，不算在上面的人数里。"),
        table("z-progress.z-unknown", [["姓名", who], ...rest], t.others, "还没有人不登录参加。")) : "");
  }

  function results(r, files, { people = true } = {}) {
    if (!r.total.answered) return h("div", {}, h("p.z-quiet", {}, "这里还没有人答题。"), files);
    return h("div", {},
      h("p", {}, people ? `${r.period}，` : "", `${r.total.people} 人里有 ${r.total.active} 人答题，`,
        r.total.unknown ? `其中未登录 ${r.total.unknown} 人，下面的统计把他们算在内；` : "", `共 ${r.total.answered} 题，`,
        `答对 ${r.total.right} 题（${percent(r.total.right, r.total.answered)}）。`),
      files,
      people ? part("每个人", table("z-people", [
        ["姓名", who], ["岗位", (p) => p.post], ["答题", (p) => p.answered, "n"], ["答对", (p) => p.right, "n"],
        ["正确率", (p) => percent(p.right, p.answered), "n"], ["练习天数", (p) => p.days, "n"], ["最后答题", (p) => p.last_at],
      ], r.people, "")) : "",
      part("薄弱条文", h("p.z-quiet", {}, `按答错比例排，答题不到 ${r.few} 次的排在后面。点条文看原文。`),
        table("z-provisions", [
          ["条文", article], ["答题", (p) => p.answered, "n"], ["答错", (p) => p.wrong, "n"],
          ["答错比例", (p) => percent(p.wrong, p.answered), "n"], ["人数", (p) => p.people, "n"],
        ], r.provisions, "没有带依据的题。"), more(r.provisions.length, r.provisions_all)),
      part("各专项", table("z-bytopic", [
        ["专项", (t) => t.topic], ["答题", (t) => t.answered, "n"], ["答错", (t) => t.wrong, "n"],
        ["答错比例", (t) => percent(t.wrong, t.answered), "n"], ["人数", (t) => t.people, "n"],
      ], r.topics, "")),
      part("每道题", h("p.z-quiet", {}, "只算每个人第一次作答。难度是答对的比例，越低越难。区分度看会的人是不是更容易答对。"),
        table("z-items", [
          ["题目", (i) => [i.stem, " ", h("small", {}, article(i))]], ["题型", (i) => i.label],
          ["人数", (i) => i.answered, "n"], ["答对", (i) => i.right, "n"], ["难度", (i) => percent(i.right, i.answered), "n"],
          ["区分度", (i) => (i.discrimination === null ? i.discrimination_words : `${i.discrimination.toFixed(2)}（${i.discrimination_words}）`)],
        ], r.items, ""), more(r.items.length, r.items_all)));
  }

  const more = (n, all) => (n < all ? h("p.z-quiet", {}, `这里列出 ${n} 行，共 ${all} 行；全部在 Excel 里。`) : "");
  const part = (title, ...content) => h("section", {}, h("h3", {}, title), content);

  window.ztTables = { progress, results };
})();
