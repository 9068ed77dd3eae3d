// What every view of the page 练习 needs: elements, requests, and answers that wait for a
// connection. Exposes window.zp. No library.
(() => {
  "use strict";

  const WAIT_MS = 8000;
  const RETRY_MS = [2000, 5000, 15000, 30000];
  // several people may share a device: what waits is handed in by the account that answered
  // the page 集体答题 has an interface and a queue of its own
  const OWN = document.querySelector("main[data-api]")?.dataset;
  const API = OWN ? OWN.api : "/api/practice/";
  const WHO = document.querySelector(".z-who")?.dataset.person;
  const QUEUE = OWN ? OWN.queue : WHO ? `zp:queue:${WHO}` : "zp:queue";

  // ---- elements ------------------------------------------------------------------------
  // h("p.z-x", {title: "…"}, "text", element, [more]); texts are never read as HTML
  function h(name, props, ...children) {
    const [tag, ...classes] = name.split(".");
    const element = document.createElement(tag);
    if (classes.length) element.className = classes.join(" ");
    for (const [key, value] of Object.entries(props || {})) {
      if (value === undefined || value === null || value === false) continue;
      if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
      else if (key === "html") element.innerHTML = value; // only what our server has escaped
      else if (value === true) element.setAttribute(key, "");
      else element.setAttribute(key, value);
    }
    element.append(...children.flat(3).filter((c) => c !== null && c !== undefined && c !== ""));
    return element;
  }

  // ---- what is kept in the browser ---------------------------------------------------------
  function read(key, otherwise) {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? otherwise;
    } catch {
      return otherwise;
    }
  }

  function write(key, value) {
    try {
      if (value === null) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(value));
    } catch {
      /* private mode or a full disk: the page goes on without */
    }
  }

  function newId() {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return [...bytes].map((b) => b.toString(16).padStart(2, "0")).join("");
  }

  // ---- requests ------------------------------------------------------------------------
  class Refused extends Error {} // the server says no, and would say so again
  class Offline extends Error {} // nothing was heard, or not now: try again

  // a path from the root goes where it says, any other one to practice
  async function call(path, body, wait = WAIT_MS) {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), wait);
    const options = { signal: stop.signal, cache: "no-store" };
    if (body !== undefined) {
      options.method = "POST";
      options.headers = { "content-type": "application/json" };
      options.body = JSON.stringify(body);
    }
    let reply;
    let data = {};
    try {
      reply = await fetch(path.startsWith("/") ? path : `${API}${path}`, options);
      data = await reply.json();
    } catch (error) {
      if (!reply || reply.ok || reply.status >= 500) throw new Offline("网络不通");
    } finally {
      clearTimeout(timer);
    }
    if (reply.ok) return data;
    if (reply.status === 401) {
      // the session has ended; what waits stays on this device until he is logged in again
      location.assign(`/login?next=${encodeURIComponent(location.pathname + location.search)}`);
      throw new Offline(data.error || "请先登录");
    }
    if (reply.status >= 500 || reply.status === 429) throw new Offline(data.error || "服务暂时没有回应");
    throw new Refused(data.error || "请求没有被接受；请刷新页面再试");
  }

  // ---- answers that wait ---------------------------------------------------------------
  // A line is {id, path, body, at, same}; a later line with the same `same` takes its place.
  const listeners = [];
  let sending = null;
  let retry = 0;
  let timer = 0;

  const queue = () => read(QUEUE, []);

  function put(line) {
    const left = queue().filter((x) => x.id !== line.id && !(line.same && x.same === line.same));
    write(QUEUE, [...left, { ...line, at: Date.now() }]);
    return flush();
  }

  function flush() {
    sending ??= drain().finally(() => {
      sending = null;
    });
    return sending.then(() => (queue().length && !timer ? again() : undefined));
  }

  function again() {
    timer = setTimeout(() => {
      timer = 0;
      flush();
    }, RETRY_MS[Math.min(retry, RETRY_MS.length - 1)]);
    retry += 1;
  }

  async function drain() {
    for (let line = queue()[0]; line; line = queue()[0]) {
      let reply = null;
      let refused = "";
      try {
        const ago = Math.max(0, (Date.now() - line.at) / 1000);
        reply = await call(line.path, { ...line.body, ago });
      } catch (error) {
        if (!(error instanceof Refused)) {
          network(false);
          return;
        }
        refused = error.message;
      }
      retry = 0;
      write(QUEUE, queue().filter((x) => x.id !== line.id || x.at !== line.at));
      listeners.forEach((f) => f(line, reply, refused));
    }
    network(true);
  }

  const waiting = (id) => queue().some((x) => x.id === id);

  // ---- saying things -------------------------------------------------------------------
  function say(message) {
    const line = document.getElementById("z-say");
    line.textContent = message;
    line.classList.toggle("on", Boolean(message));
    clearTimeout(say.timer);
    if (message) say.timer = setTimeout(() => say(""), 6000);
  }

  // for screen readers only: what the eye sees at once
  function tell(message) {
    document.getElementById("z-live").textContent = message;
  }

  function network(good) {
    const line = document.getElementById("z-net");
    const count = queue().length;
    line.hidden = good || !count;
    line.textContent = `网络不通。${count} 个答案记在这台设备上，连上后自动补交。`;
  }

  function confirm(question, yes, no) {
    return new Promise((done) => {
      const close = (value) => () => {
        dialog.close();
        dialog.remove();
        done(value);
      };
      const dialog = h("dialog.z-ask", { "aria-label": question, oncancel: close(false) },
        h("p", {}, question),
        h("div.z-two", {},
          h("button.z-plain", { type: "button", onclick: close(false) }, no),
          h("button.z-primary", { type: "button", onclick: close(true) }, yes)));
      document.body.append(dialog);
      dialog.showModal();
    });
  }

  addEventListener("online", () => flush());
  document.addEventListener("visibilitychange", () => document.hidden || flush());
  if (queue().length) flush();

  window.zp = {
    h, read, write, newId, call, put, flush, waiting, queue, say, tell, confirm, Refused, Offline,
    delivered: (f) => listeners.push(f),
  };
})();
