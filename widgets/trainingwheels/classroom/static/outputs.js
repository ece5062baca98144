"use strict";
// A JupyterLab extension without a build step: it puts what the cells show, and typeset formulas, into the page.
(() => {
  const AFTER_THE_LAB = 100; // milliseconds, in which its picture is painted
  const PATIENCE = 15_000; // milliseconds that a cell with widgets may take to show a picture before it is shown without
  const AGAIN = [100, 300, 1000, 3000]; // milliseconds between two tries; the last one repeats
  const WIDGET = "application/vnd.jupyter.widget-view+json";
  const page = window.trainingwheels;
  let drawn;
  const firstCell = new Promise((resolve) => (drawn = resolve));
  let shared; // webpack's table of shared libraries: {name: {version: {get, from}}}

  const library = async (name) => {
    const ours = Object.values(shared[name]).find(({ from }) => from.startsWith("_JUPYTERLAB"));
    return (await ours.get())();
  };

  const showText = (place, text) => {
    place.appendChild(document.createElement("pre")).textContent = text;
  };

  let over = false;
  page.over.then(() => (over = true));

  const pause = (tries) => new Promise((resolve) => setTimeout(resolve, AGAIN[Math.min(tries, AGAIN.length - 1)]));

  // However slow the line, the page or the server: what fails is tried again, until it works or the visit is over.
  const insist = async (what) => {
    for (let tries = 0; ; tries++) {
      try {
        return await what();
      } catch (error) {
        if (over) throw error;
        if (tries === AGAIN.length) console.warn("It is tried again until it works:", error);
        await pause(tries);
      }
    }
  };

  // Instead of asking for each widget by itself, where one that has gone would be waited for for ever. (page.js: ANSWER)
  const askForAllAgain = async (manager) => {
    await pause(AGAIN.length);
    if (over) throw new Error("The visit is over.");
    return manager._loadFromKernel();
  };

  // The manager asks the kernel for all widgets at once. A widget that is asked of the manager before it has them is
  // waited for two seconds, and then never again. (ipywidgets 8.1.9: get_model)
  const restored = async (manager) => {
    for (let tries = 0; !manager.restoredStatus && !over; tries++) {
      await Promise.race([new Promise((resolve) => manager.restored.connect(resolve)), pause(tries)]);
      if (!manager.restoredStatus && !manager._kernelRestoreInProgress) await manager.restoreWidgets();
    }
  };

  // JupyterLab's renderer of widgets shows an error instead when one is late.
  const showWidget = async (manager, place, id) => {
    const { Widget } = await library("@lumino/widgets");
    await restored(manager);
    const view = await insist(async () => manager.create_view(await manager.get_model(id)));
    Widget.attach(view.luminoWidget, place);
  };

  const showOutput = async ({ rendermime, manager }, place, output) => {
    if (output.output_type === "stream") return showText(place, output.text);
    if (output.data[WIDGET]) return showWidget(manager, place, output.data[WIDGET].model_id);
    const kind = rendermime.preferredMimeType(output.data, "any");
    if (!kind) return undefined;
    const { Widget } = await library("@lumino/widgets");
    const view = rendermime.createRenderer(kind);
    Widget.attach(view, place);
    return view.renderModel({ data: output.data, metadata: output.metadata, trusted: true, setData() {} });
  };

  // A lab is laid out piece by piece, and its picture comes when the kernel has heard how wide it is. All of that happens
  // out of sight, behind the room that was kept for it: what is not seen cannot jump.
  const comeToRest = (content) =>
    new Promise((resolve) => {
      // A lab always has a picture, however long it takes; other widgets may have none.
      const patience = content.querySelector(".tw-lab") ? 0 : setTimeout(resolve, PATIENCE);
      const look = () => {
        const canvas = content.querySelector("canvas");
        const trouble = content.querySelector('[role="alert"]')?.textContent;
        if (!content.querySelector(".jupyter-widgets") || canvas?.clientHeight || trouble) {
          clearTimeout(patience);
          requestAnimationFrame(resolve);
        } else requestAnimationFrame(look);
      };
      look();
    });

  const showCell = async (front, cell, outputs) => {
    const place = document.querySelector(`[data-cell="${cell}"]`);
    const content = place.appendChild(document.createElement("div"));
    content.hidden = true; // a lab under construction has widths that it had better not hear of
    try {
      for (const output of outputs) await showOutput(front, content, output);
    } catch (error) {
      if (!over) {
        console.error(error);
        page.fail();
      }
    }
    content.classList.add("unseen");
    content.hidden = false;
    await Promise.race([comeToRest(content), page.over]);
    content.classList.remove("unseen");
    place.querySelector(".wait")?.remove();
    place.removeAttribute("aria-busy");
    drawn();
  };

  // Fonts of formulas and icons lie in one script with all of JupyterLab's style sheets, which this page does without.
  const loadFonts = () => {
    const script = document.createElement("script");
    // Widgets bring style sheets of their own meanwhile. What was added last before the script's load event, in the
    // microtask that follows its run, is the script's.
    let added = [];
    const watch = new MutationObserver((records) => (added = records.flatMap(({ addedNodes }) => [...addedNodes])));
    watch.observe(document.head, { childList: true });
    script.onload = () => {
      watch.disconnect();
      for (const node of added) {
        if (node.tagName === "STYLE" && !node.textContent.includes("@font-face")) node.remove();
      }
    };
    script.src = new URL("../voila/voila-style.js", page.files);
    document.head.append(script);
  };

  const typesetProse = ({ latexTypesetter }) => {
    loadFonts();
    document.querySelectorAll(".prose").forEach((prose) => latexTypesetter?.typeset(prose));
  };

  const activate = (app, rendermime) => {
    // Not awaited: the widgets' manager comes when the kernel has run the lesson; the rest of the page starts meanwhile.
    app.widgetManagerPromise.promise.then((manager) => {
      manager._loadFromKernelModels = () => askForAllAgain(manager);
      page.onOutputs((cell, outputs) => showCell({ rendermime, manager }, cell, outputs));
    });
    // Formulas keep the page busy for a quarter of a second: the lab comes first.
    Promise.race([firstCell, page.over]).then(() => setTimeout(typesetProse, AFTER_THE_LAB, rendermime));
  };

  window._JUPYTERLAB.own = {
    init: (scope) => (shared = scope),
    get: async () => {
      const { IRenderMimeRegistry } = await library("@jupyterlab/rendermime");
      const plugin = { id: "trainingwheels:outputs", autoStart: true, requires: [IRenderMimeRegistry], activate };
      return () => ({ __esModule: true, default: plugin });
    },
  };
})();
