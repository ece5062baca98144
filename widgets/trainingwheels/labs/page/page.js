// What only the browser knows or can do: the page's width, its link, the clipboard, keys, and names for screen readers.

function currentLink() {
  // JupyterLab rewrites the address bar while it starts; the address that was opened still has the query.
  const [opened] = performance.getEntriesByType("navigation");
  return new URL(opened ? opened.name : location.href);
}

async function copy(query) {
  const link = new URL(location.href);
  link.search = query;
  link.hash = "";
  try {
    await navigator.clipboard.writeText(link.href);
    return { event: "copied", link: link.href };
  } catch {
    return { event: "not-copied", link: link.href };
  }
}

function nameControls(lab) {
  // ipywidgets puts a visible label beside a slider, but ties it to nothing that a screen reader would read out.
  for (const slider of lab.querySelectorAll(".widget-slider")) {
    const name = slider.querySelector("label")?.textContent ?? "";
    slider.querySelector(".noUi-handle")?.setAttribute("aria-label", name);
    slider.nextElementSibling?.querySelector("input")?.setAttribute("aria-label", `${name}, exact value`);
  }
  for (const button of lab.querySelectorAll(".tw-pair button")) {
    button.setAttribute("aria-label", button.title); // they show only a sign
  }
  const picture = lab.querySelector(".jupyter-matplotlib-canvas-div");
  picture?.setAttribute("role", "img");
  picture?.setAttribute("aria-label", "the picture that the text below describes");
}

async function quickenFrames(model) {
  // ipympl's page decodes each frame through an <img>, then encodes its canvas once more, as a data URL for static
  // export. Here a frame is decoded at once, and only the newest is drawn: 4 ms instead of 18 for 1040 x 510 pixels.
  const canvas = await model.widget_manager.get_model(model.get("canvas").replace("IPY_MODEL_", ""));
  let newest = 0;
  canvas.handle_binary = async (_, [frame]) => {
    const own = ++newest;
    const bitmap = await createImageBitmap(new Blob([frame]));
    if (own === newest) {
      canvas.offscreen_context.drawImage(bitmap, 0, 0);
      canvas._for_each_view((view) => view.update_canvas());
    }
    bitmap.close();
  };
}

function save(name, data) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([data]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function refuseLargeFiles(lab, largest, send) {
  // The server would cut the line to the whole page.
  const check = (event) => {
    const files = [...(event.target.files ?? [])];
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (size > largest) {
      event.stopImmediatePropagation();
      send({ event: "too-large", name: files.map((file) => file.name).join(", ").slice(0, 80), size });
    }
  };
  lab.addEventListener("change", check, true);
}

const STEPS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }; // a presenter's clicker sends the Page keys

function stepThroughPresets(lab, send) {
  lab.querySelector(".tw-presets")?.addEventListener("keydown", (event) => {
    if (event.key in STEPS) {
      event.preventDefault();
      send({ event: "step", by: STEPS[event.key] });
    }
  });
}

export default {
  initialize({ model }) {
    model.set("query", currentLink().search.slice(1, 4000));
    model.save_changes();
  },

  render({ model, el }) {
    quickenFrames(model);
    let lab = null;
    const watcher = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry.contentRect.width);
      if (width > 0 && width !== model.get("width")) {
        model.set("width", width);
        model.save_changes();
      }
      if (!lab && (lab = el.closest(".tw-lab"))) {
        nameControls(lab);
        stepThroughPresets(lab, (message) => model.send(message));
        refuseLargeFiles(lab, model.get("largest"), (message) => model.send(message));
      }
    });
    watcher.observe(el);
    const onMessage = async (message, buffers) => {
      if (message.save !== undefined) save(message.save, buffers[0]);
      if (message.copy !== undefined) model.send(await copy(message.copy));
    };
    model.on("msg:custom", onMessage);
    return () => {
      watcher.disconnect();
      model.off("msg:custom", onMessage);
    };
  },
};
