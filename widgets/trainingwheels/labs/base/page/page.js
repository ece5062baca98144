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
  for (const button of lab.querySelectorAll(".tw-control > button")) {
    button.setAttribute("aria-label", button.title); // they show only a sign
  }
  const picture = lab.querySelector(".jupyter-matplotlib-canvas-div");
  picture?.setAttribute("role", "img");
  picture?.setAttribute("aria-label", "the picture that the text below describes");
}

const VALUE = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
const onceHeard = new Map(); // what is done when the kernel answers, by the number of the question
let asked = 0;

function whenHeard(model, then) {
  // When the kernel has had all that was sent before, and the page knows it.
  onceHeard.set(++asked, then);
  model.send({ event: "asks", number: asked });
}

const JUST_BEFORE = 3000; // milliseconds in which a slider's last place has been sent, on a starved machine too
let inHand = -Infinity; // when a slider or a list was last in hand
let passing = false; // what was held back goes its way

function followHands(lab) {
  const note = () => (inHand = performance.now());
  const takeInHand = ({ type, target }) => {
    if (!target.closest(".noUi-target, select")) return;
    if (type === "keydown") note();
    else addEventListener("pointerup", note, { capture: true, once: true });
  };
  for (const way of ["keydown", "pointerdown"]) lab.addEventListener(way, takeInHand, true);
}

function mustWait() {
  // What is done just after a drag: ipywidgets sends a slider's last place only when the kernel has the one before.
  return !passing && performance.now() - inHand < JUST_BEFORE;
}

function inTurn(model, act) {
  if (mustWait()) whenHeard(model, act);
  else act();
}

function pass(act) {
  passing = true;
  try {
    act();
  } finally {
    passing = false;
  }
}

function takeClick(model, event) {
  // What the button that starts and pauses says when it is pressed counts: it may say something else a moment later.
  const button = event.target.closest("button");
  if (button?.matches(".tw-start")) {
    event.stopPropagation();
    const says = button.textContent;
    inTurn(model, () => model.send({ event: "press", says }));
  } else if (button && !button.matches(".tw-head") && mustWait()) {
    event.stopPropagation();
    whenHeard(model, () => pass(() => button.click()));
  }
}

const guarded = new WeakSet();

function guardBoxes(model, lab) {
  for (const box of lab.querySelectorAll(".tw-control input[type=text]")) {
    if (!guarded.has(box)) guard(model, box);
    guarded.add(box);
  }
}

function guard(model, box) {
  // The kernel writes into a box whenever its value changes, but not over what is just being typed.
  let typing = false;
  let entered = false; // and not yet sent
  let held = null; // what the kernel has written meanwhile
  const write = (text) => VALUE.set.call(box, text);
  Object.defineProperty(box, "value", {
    get: () => VALUE.get.call(box),
    set: (text) => (typing ? (held = text) : write(text)),
  });
  const begin = () => (typing = true);
  const end = () => {
    if (entered) return;
    if (held !== null) write(held);
    typing = false;
    held = null;
  };
  box.addEventListener("focus", begin);
  box.addEventListener("input", begin);
  box.addEventListener("blur", end);
  box.addEventListener("change", (event) => {
    entered = mustWait();
    if (!entered) {
      typing = false;
      held = null;
      return;
    }
    event.stopPropagation();
    whenHeard(model, () => pass(() => box.dispatchEvent(new Event("change", { bubbles: true }))));
  });
}

const followed = new WeakSet();

function followClass(element, tell) {
  // ipywidgets says which button is pressed by a class alone.
  if (followed.has(element)) return;
  followed.add(element);
  const look = () => tell(element.classList.contains("mod-active"));
  new MutationObserver(look).observe(element, { attributes: true, attributeFilter: ["class"] });
  look();
}

function nameSections(lab) {
  for (const head of lab.querySelectorAll(".tw-head")) {
    followClass(head, (open) => head.setAttribute("aria-expanded", open));
  }
}

function nameTabs(lab) {
  for (const tab of lab.querySelectorAll(".tw-tabs button")) {
    tab.parentElement.setAttribute("role", "tablist");
    tab.parentElement.setAttribute("aria-label", "views");
    tab.setAttribute("role", "tab");
    followClass(tab, (chosen) => {
      tab.setAttribute("aria-selected", chosen);
      tab.tabIndex = chosen ? 0 : -1; // the arrow keys go from one to the next
    });
  }
}

const AROUND = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function stepThroughTabs(event) {
  const here = event.target.closest(".tw-tabs button");
  if (!here) return;
  const tabs = [...here.parentElement.children];
  const ends = { Home: 0, End: tabs.length - 1 };
  const beside = event.key in AROUND ? (tabs.indexOf(here) + AROUND[event.key] + tabs.length) % tabs.length : -1;
  const next = tabs[ends[event.key] ?? beside];
  if (!next) return;
  event.preventDefault();
  next.focus();
  next.click();
}

function nameAll(lab) {
  nameControls(lab);
  nameSections(lab);
  nameTabs(lab);
}

async function quickenFrames(model) {
  // ipympl's page decodes each frame through an <img>, then encodes its canvas once more, as a data URL for static
  // export. Here a frame is decoded at once, and only the newest is drawn: 4 ms instead of 18 for 1040 x 510 pixels.
  // One that has fewer pixels than the page is stretched.
  const canvas = await model.widget_manager.get_model(model.get("canvas").replace("IPY_MODEL_", ""));
  let newest = 0;
  canvas.handle_binary = async (_, [frame]) => {
    const own = ++newest;
    const bitmap = await createImageBitmap(new Blob([frame]));
    if (own === newest) {
      const { width, height } = canvas.offscreen_canvas;
      canvas.offscreen_context.drawImage(bitmap, 0, 0, width, height);
      canvas._for_each_view((view) => view.update_canvas());
    }
    bitmap.close();
  };
}

function drawWithFinger(model, lab) {
  // ipympl hears the mouse alone. Where the picture is held ready for it, a finger does what a mouse would; elsewhere it
  // moves the page.
  let finger = null;
  const isHeld = ({ target, clientX, clientY }) => {
    const [left, top, width, height] = model.get("held");
    const box = target.getBoundingClientRect();
    const [x, y] = [(clientX - box.left) / box.width - left, (clientY - box.top) / box.height - top];
    return x >= 0 && x <= width && y >= 0 && y <= height;
  };
  const act = (type) => (event) => {
    const touch = [...event.changedTouches].find(({ identifier }) => identifier === finger);
    if (!touch) return;
    event.preventDefault();
    const { target, clientX, clientY } = touch;
    target.dispatchEvent(new MouseEvent(type, { clientX, clientY, bubbles: true, cancelable: true }));
    if (type === "mouseup") finger = null;
  };
  const begin = (event) => {
    const [touch] = event.changedTouches;
    if (finger !== null || !touch.target.matches(".tw-picture canvas") || !isHeld(touch)) return;
    finger = touch.identifier;
    act("mousedown")(event);
  };
  const how = { passive: false }; // so that the page can be kept from moving
  lab.addEventListener("touchstart", begin, how);
  lab.addEventListener("touchmove", act("mousemove"), how);
  for (const end of ["touchend", "touchcancel"]) lab.addEventListener(end, act("mouseup"), how);
}

const PATIENCE = 200; // milliseconds; what comes sooner is not worth a flicker

function showWaiting(model, el) {
  // What has been asked for and is not there yet: said over the picture, which is greyed, as are its words.
  const status = document.createElement("p");
  status.className = "tw-waiting";
  status.setAttribute("role", "status");
  el.append(status);
  let timer = 0;
  const show = () => {
    const what = model.get("waiting");
    timer = 0;
    status.textContent = what ?? "";
    el.closest(".tw-picture")?.classList.toggle("tw-old", what !== null);
  };
  const follow = () => {
    if (model.get("waiting") !== null) return void (timer ||= setTimeout(show, PATIENCE));
    clearTimeout(timer);
    show();
  };
  model.on("change:waiting", follow);
  follow();
  return () => {
    clearTimeout(timer);
    model.off("change:waiting", follow);
  };
}

function save(name, data) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([data]));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const KEPT = "trainingwheels.runs"; // what labs of this site have trained, for the lab that looks at curves
const MOST = 1_000_000; // characters; a browser has room for five times that
const HOURS = 12; // a lecture's day; who comes tomorrow begins anew

function recall() {
  try {
    const kept = JSON.parse(localStorage.getItem(KEPT) ?? "[]");
    const now = Date.now();
    const fresh = ({ text, when }) => typeof text === "string" && when <= now && now - when < HOURS * 3_600_000;
    return kept.filter(fresh);
  } catch {
    return []; // no storage, or something else in it
  }
}

function keep(text) {
  const all = [{ text, when: Date.now() }, ...recall().filter((each) => each.text !== text)];
  let room = MOST;
  const kept = all.filter((each) => (room -= each.text.length) >= 0);
  try {
    if (text) localStorage.setItem(KEPT, JSON.stringify(kept));
    else localStorage.removeItem(KEPT);
  } catch {
    // a browser without storage, or with a full one: the runs are gone with their page, as they always were
  }
}

function tellRecalled(model) {
  model.send({ event: "recalled", texts: recall().map((each) => each.text) });
}

const SESSION = "trainingwheels.session."; // what a lab of this name has put down in this tab, as a part of a query

function putDown(name, query) {
  try {
    sessionStorage.setItem(SESSION + name, query);
  } catch {
    // a browser without storage: it is gone with the page
  }
}

function openedWith(name) {
  // The link's own word counts; what was put down is for a page that is loaded again.
  const query = currentLink().search.slice(1, 4000);
  try {
    const before = name ? (sessionStorage.getItem(SESSION + name) ?? "") : "";
    const told = new URLSearchParams(query);
    const news = [...new URLSearchParams(before)].filter(([key]) => !told.has(key));
    return [query, new URLSearchParams(news).toString()].filter(Boolean).join("&");
  } catch {
    return query;
  }
}

const STEPS = { ArrowRight: 1, PageDown: 1, ArrowLeft: -1, PageUp: -1 }; // a presenter's clicker sends the Page keys

function stepThroughPresets(model, event) {
  if (event.key in STEPS && event.target.closest(".tw-presets")) {
    event.preventDefault();
    inTurn(model, () => model.send({ event: "step", by: STEPS[event.key] }));
  }
}

const BELOW = 44; // CSS pixels under the picture for the line that says how it is

function roomFor(el) {
  // From the top of the lab's page, or, in a notebook, of the lab: where it lies there is a matter of scrolling.
  const { width, top } = el.getBoundingClientRect();
  const lab = el.closest(".tw-lab");
  const above = document.querySelector("main#content") ? top + scrollY : lab ? top - lab.getBoundingClientRect().top : 0;
  return { width: Math.floor(width), room: lab ? Math.max(Math.floor(innerHeight - above - BELOW), 0) : 0 };
}

export default {
  initialize({ model }) {
    model.set("query", openedWith(model.get("session")));
    model.save_changes();
    if (model.get("recalls")) {
      tellRecalled(model);
      addEventListener("storage", (event) => event.key === KEPT && tellRecalled(model)); // from another tab
    }
  },

  render({ model, el }) {
    quickenFrames(model);
    const waitNoMore = showWaiting(model, el);
    let lab = null;
    const tellRoom = () => {
      const { width, room } = roomFor(el);
      if (width > 0 && (width !== model.get("width") || room !== model.get("room"))) {
        model.set({ width, room });
        model.save_changes();
      }
    };
    addEventListener("resize", tellRoom);
    const watcher = new ResizeObserver(() => {
      tellRoom();
      if (!lab && (lab = el.closest(".tw-lab"))) {
        const prepare = () => {
          nameAll(lab);
          guardBoxes(model, lab);
        };
        prepare();
        new MutationObserver(prepare).observe(lab, { childList: true, subtree: true }); // views come one by one
        drawWithFinger(model, lab);
        lab.addEventListener("keydown", stepThroughTabs);
        lab.addEventListener("keydown", (event) => stepThroughPresets(model, event));
        lab.addEventListener("click", (event) => takeClick(model, event), true);
        followHands(lab);
        lab.addEventListener("tw-too-large", (event) => model.send(event.detail)); // from upload.js
      }
    });
    watcher.observe(el);
    const onMessage = async (message, buffers) => {
      if (message.save !== undefined) save(message.save, buffers[0]);
      if (message.keep !== undefined) keep(message.keep);
      if (message.put_down !== undefined) putDown(model.get("session"), message.put_down);
      if (message.copy !== undefined) model.send(await copy(message.copy));
      if (message.heard !== undefined) {
        onceHeard.get(message.heard)?.();
        onceHeard.delete(message.heard);
      }
    };
    model.on("msg:custom", onMessage);
    return () => {
      watcher.disconnect();
      removeEventListener("resize", tellRoom);
      waitNoMore();
      model.off("msg:custom", onMessage);
    };
  },
};
