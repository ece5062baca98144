"use strict";
// The page's line to the server: it brings what the lab shows, and says when there is nothing more to come.
(() => {
  const REDIAL = [500, 1000, 2000, 4000, 8000]; // milliseconds between two attempts; the last one repeats
  const LOST = "The connection to the classroom is lost. Trying again …";
  const BROKEN = "This lab could not be shown here. Please reload the page.";

  // anywidget gives a script 2 s to come. On a slow line, or beside a busy one, it takes longer, and comes all the same.
  const LONG = 3_600_000; // milliseconds
  const timeout = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = () => timeout(LONG);

  const config = JSON.parse(document.getElementById("jupyter-config-data").textContent);
  const outputs = new Map(); // cell: what it shows
  let listener = null;
  let end;
  const over = new Promise((resolve) => (end = resolve));
  let state = "starting"; // then "ready"; or "over", after which it never changes
  let attempts = 0;
  let met = false; // whether the server has ever answered
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
      enter("over");
      say(message.message);
      end();
    }
  };

  const dial = () => {
    const address = new URL(config.line + location.search, location.href.replace(/^http/, "ws"));
    if (met) address.searchParams.set("resume", "1");
    const line = new WebSocket(address);
    line.onopen = () => {
      met = true;
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
