// The front of the page 集体答题 for people without an account: a name, then the questions.
(() => {
  "use strict";

  const { call, queue, flush, say, Refused } = window.zp;
  const v = window.zpViews;
  const { h } = v;
  const id = v.main.dataset.task;
  const login = () => h("a.z-plain", { href: v.main.dataset.login }, "有账号，去登录");

  v.task(async (_, live) => {
    const t = await call(`task?${new URLSearchParams({ id })}`);
    if (!live()) return;
    if (t.round) showBegun(t);
    else showName(t, false);
  });

  function lead(t) {
    const form = t.exam ? `考试，${t.size} 题，${t.minutes} 分钟，交卷后看结果` : `${t.size} 题，答一题看一题`;
    return h("p.z-lead", {}, `${t.unit}。${form}。${t.due} 截止。`);
  }

  async function begin(wanted) {
    const made = await call("begin", { id, ...wanted });
    await v.go({ [made.exam ? "exam" : "round"]: made.id });
  }

  function showBegun(t) {
    v.page(t.title, lead(t), h("p", {}, "你写的姓名：", h("strong", {}, t.name)),
      v.big("接着答，或看结果", t.title, () => begin({}).catch(told)),
      h("p.z-note", {}, "这台手机给别人用？"),
      v.starts(h("button.z-plain", { type: "button" }, "换一个人答"), async () => {
        await flush();
        if (queue().length) say("还有答案没有交上去；请等网络通了再换人。");
        else showName(t, true);
      }));
  }

  function showName(t, anew) {
    if (t.state !== "open") {
      v.page(t.title, h("p.z-empty", { role: "alert" },
        t.state === "over" ? "这个任务已经截止，不能再参加。" : "这个任务已经撤回，不用做了。"), login());
      return;
    }
    const name = h("input", { name: "name", maxlength: "40", autocomplete: "name", required: true, enterkeyhint: "go" });
    const button = h("button.z-primary.z-next", { type: "submit" }, "开始答题");
    const form = h("form.z-name", { autocomplete: "on" },
      h("label", {}, "你的姓名", name),
      h("p.z-note", {}, "姓名由你自己填写，成绩里会标明“未登录”。"), button);
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      button.disabled = true;
      say("");
      await begin({ name: name.value, anew }).catch(told);
      button.disabled = false;
    });
    v.page(t.title, lead(t), form, h("p", {}, login()));
  }

  function told(error) {
    say(error instanceof Refused ? error.message : "网络不通，没有开始；请再试一次。");
  }
})();
