// A button that opens the file chooser. What is too large never leaves the page: the server would cut the line.

export default {
  render({ model, el }) {
    const input = Object.assign(document.createElement("input"), { type: "file", hidden: true });
    input.accept = model.get("accept");
    input.multiple = model.get("multiple");
    const button = Object.assign(document.createElement("button"), { type: "button", title: model.get("tooltip") });
    button.textContent = model.get("description");
    button.className = "jupyter-widgets jupyter-button widget-button widget-upload";
    button.addEventListener("click", () => input.click());
    input.addEventListener("change", async () => {
      const files = [...input.files];
      input.value = ""; // so that the same file can be chosen again
      const size = files.reduce((sum, file) => sum + file.size, 0);
      const names = files.map((file) => file.name.slice(-200));
      if (size > model.get("largest")) {
        const detail = { event: "too-large", name: names.join(", ").slice(0, 80), size };
        el.dispatchEvent(new CustomEvent("tw-too-large", { bubbles: true, detail }));
        return;
      }
      const buffers = await Promise.all(files.map((file) => file.arrayBuffer()));
      if (files.length) model.send({ names }, undefined, buffers);
    });
    el.append(button, input);
  },
};
