"use strict";
// The page's line to the server: it brings what the lab shows, and says when there is nothing more to come.
(() => {
  const REDIAL = [500, 1000, 2000, 5000, 8000]; // milliseconds between two attempts; the last one repeats
  const LOST = "The connection to the classroom is lost. Trying again …";
  const BROKEN = "This lab could not be shown here. Please reload the page.";

  // anywidget gives a script 2 s to come. On a slow line, or beside a busy one, it takes longer, and comes all the same.
  const LONG = 3_600_000; // milliseconds
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = () => timeout(LONG);

  // ipywidgets gives the kernel 4 s to tell of all its widgets, then asks for each by itself, and waits for ever for one
  // that has gone meanwhile. Here it has longer, and each time it has to ask again (outputs.js) twice as long.
  const ANSWER = 4000; // milliseconds; no other timer of this page has just this length
  let patience = 15_000;
  const timer = window.setTimeout.bind(window);
  window.setTimeout = (what, delay, ...more) => {
    if (delay !== ANSWER) return timer(what, delay, ...more);
    const number = timer(what, patience, ...more);
    patience *= 2;
    return number;
  };

  // Voila asks once for its kernel, and the answer takes as long as the lesson: what was cut off is asked again.
  const ask = window.fetch.bind(window);
  const enough = new AbortController();
  let answered = false;
  window.fetch = async (request, options) => {
    if (answered || !/\/api\/kernels\/[^/?]+(\?|$)/.test(request.url ?? request)) return ask(request, options);
    for (;;) {
      const answer = await ask(request.clone?.() ?? request, { ...options, signal: enough.signal }).catch(() => null);
      answered ||= Boolean(answer?.ok);
      if (answered) return answer;
      await Promise.race([over, new Promise((resolve) => setTimeout(resolve, REDIAL[1]))]);
      if (state === "over") return new Promise(() => {}); // the page has said why, and widgets have no more to add
    }
  };

  const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const outputs = new Map(); // cell: what it shows
  let listener = null;
  let end;
  const over = new Promise((resolve) => (end = resolve));
  let state = "starting"; // then "ready"; or "over", after which it never changes
  let attempts = 0;
  let met = false; // whether the server has ever answered
  let redialed = false; // whether the line is not the first
  let leaving = false;

  const whenParsed = (action) =>
    document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", action) : action();

  const enter = (next) => {
    state = next;
    whenParsed(() => (document.body.dataset.state = state));
  };

  const say = (text) =>
    whenParsed(() => {
      const notice = document.getElementById("notice");
      notice.hidden = !text;
      notice.querySelector("p").textContent = text;
    });

  const hear = (message) => {
    if (message.type === "outputs" && !outputs.has(message.cell)) {
      outputs.set(message.cell, message.outputs);
      listener?.(message.cell, message.outputs);
    } else if (message.type === "ready" && state === "starting") {
      enter("ready");
    } else if (message.type === "over") {
      // What is gone before anything was shown can come anew; else the learner is told what there was to lose.
      if (redialed && document.querySelector(".wait")) return location.reload();
      enter("over");
      say(message.message);
      end();
      enough.abort();
    }
  };

  const dial = () => {
    const address = new URL(config.line + location.search, location.href.replace(/^http/, "ws"));
    const resumes = met;
    if (resumes) address.searchParams.set("resume", "1");
    const line = new WebSocket(address);
    line.onopen = () => {
      met = true;
      redialed = resumes;
      attempts = 1;
      say("");
    };
    line.onmessage = (event) => hear(JSON.parse(event.data));
    line.onclose = () => {
      if (leaving || state === "over") return;
      if (attempts > 1) say(LOST); // a blink of the network is not worth a word
      setTimeout(dial, REDIAL[Math.min(attempts, REDIAL.length) - 1] ?? REDIAL[0]);
      attempts += 1;
    };
  };

  const openElsewhere = (event) => {
    // Following a link that is no page, such as mailto: or a download, would tell the server that this page has gone.
    const link = event.target.closest?.("a[href]");
    if (link && !link.target && !/^https?:/.test(link.protocol)) link.target = "_blank";
  };

  addEventListener("pagehide", () => (leaving = true));
  addEventListener("click", openElsewhere, true);
  whenParsed(() => document.querySelector("#notice button").addEventListener("click", () => location.reload()));

  window.trainingwheels = {
    files: document.currentScript.src, // its address tells where the others lie
    over, // a promise: the lab will not come, or has gone
    // Calls `show(cell, outputs)` for each cell that has run, and for those to come.
    onOutputs(show) {
      listener = show;
      outputs.forEach((shown, cell) => show(cell, shown));
    },
    // For the part of the page that draws: it could not.
    fail: () => say(BROKEN),
  };
  dial();
})();
