// The large screen of a group round: how many have begun and finished, followed while it is open.
(() => {
  "use strict";

  const { h, call } = window.zp;
  const main = document.getElementById("z-training");
  const counts = document.getElementById("z-counts");

  async function follow() {
    try {
      const t = await call(`/api/training/tasks/${encodeURIComponent(main.dataset.task)}`);
      counts.replaceChildren(...[[t.people, "人应做"], [t.begun, "人正在做"], [t.finished, "人做完"],
        ...(t.guests ? [[t.unknown.begun, "人未登录，正在做"], [t.unknown.finished, "人未登录，做完"]] : [])]
        .map(([n, words]) => h("li", {}, h("strong", {}, String(n)), words)));
    } catch {
      /* the next turn tries again */
    }
    setTimeout(follow, 3000);
  }

  addEventListener("DOMContentLoaded", follow);
})();
