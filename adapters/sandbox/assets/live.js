"use strict";
// Pages work without this script. With it, they follow what happens without
// being reloaded: the server says that something changed, and the page asks for
// itself again and takes over the parts that differ.
(() => {
  document.documentElement.classList.add("js");
  const source = document.body.dataset.events;
  if (!source) return;

  const log = () => document.getElementById("log");
  // The end of what was said; the beginning of the last message, if it is long.
  function toEnd() {
    const l = log(), last = l?.querySelector(".message:last-of-type");
    if (!l) return;
    const bar = l.querySelector(".pinned")?.offsetHeight ?? 0;
    if (last && last.offsetHeight + bar > l.clientHeight) last.scrollIntoView({ block: "start" });
    else l.scrollTop = l.scrollHeight;
  }

  // Children are matched by id, so that only what is new is announced.
  function mergeLog(now, next) {
    keepOpen(now, next);
    const atEnd = now.scrollHeight - now.scrollTop - now.clientHeight < 80;
    const wanted = new Set([...next.children].map((n) => n.id));
    for (const old of [...now.children]) if (!wanted.has(old.id)) old.remove();
    let at = now.firstElementChild;
    for (const node of [...next.children]) {
      const same = at && at.id === node.id;
      if (same && at.isEqualNode(node)) { at = at.nextElementSibling; continue; }
      const fresh = document.adoptNode(node);
      if (same) { const after = at.nextElementSibling; at.replaceWith(fresh); at = after; }
      else now.insertBefore(fresh, at);
    }
    if (atEnd) toEnd();
  }

  function mergeSheet(now, next, forced) {
    const version = (n) => n.querySelector("[data-version]")?.dataset.version;
    if (!forced && version(now) === version(next)) return;
    const had = now.firstElementChild !== null;
    now.replaceChildren(...[...next.childNodes].map((n) => document.adoptNode(n)));
    const open = now.firstElementChild !== null;
    document.getElementById("app").inert = open;
    if (open) (now.querySelector("[autofocus]") ?? now.querySelector("button")).focus();
    else if (had) document.getElementById("text")?.focus();
  }

  // A menu that is open stays open, whatever arrives.
  function keepOpen(now, next) {
    for (const d of now.querySelectorAll("details[open]")) {
      const twin = next.querySelector("#" + d.id);
      if (twin) twin.open = true;
    }
  }

  function mergePart(now, next) {
    keepOpen(now, next);
    if (now.isEqualNode(next)) return;
    now.replaceWith(document.adoptNode(next));
  }

  // Forced: the page answers what was just done here, so that even a form that
  // came back as it was is shown anew.
  function take(html, forced) {
    const page = new DOMParser().parseFromString(html, "text/html");
    const focused = document.activeElement?.id;
    const ids = (d) => [...d.querySelectorAll("[data-part]")].map((n) => n.id).join();
    // A channel that opened or closed is another page: nothing there to merge.
    if (ids(document) !== ids(page)) return location.reload();
    document.title = page.title;
    for (const next of page.querySelectorAll("[data-part]")) {
      const now = document.getElementById(next.id);
      if (next.dataset.part === "log") mergeLog(now, next);
      else if (next.dataset.part === "sheet") mergeSheet(now, next, forced);
      else if (next.dataset.part !== "problem") mergePart(now, next);
      else if (forced) now.textContent = next.textContent;
    }
    if (focused && document.activeElement === document.body) document.getElementById(focused)?.focus();
  }

  const offline = (is) => { document.getElementById("offline").hidden = !is; };
  const here = () => location.pathname;

  // One request at a time, and one more if something changed meanwhile.
  let asking = false, again = false;
  async function refresh() {
    if (asking) { again = true; return; }
    asking = true;
    try {
      do {
        again = false;
        const answer = await fetch(here(), { headers: { Accept: "text/html" } });
        take(await answer.text(), false);
      } while (again);
      offline(false);
    } catch { offline(true); } finally { asking = false; }
  }

  const events = new EventSource(source);
  events.addEventListener("change", refresh);
  events.onerror = () => offline(true);
  // What happened before the line was open, or while it was cut, is asked for.
  events.onopen = () => { offline(false); refresh(); };

  document.addEventListener("submit", async (e) => {
    const form = e.target;
    if (!form.matches("[data-live]")) return;
    e.preventDefault();
    if (form.dataset.busy) return;
    const button = e.submitter;
    const action = button?.getAttribute("formaction") ?? form.getAttribute("action");
    const body = new URLSearchParams(new FormData(form, button));
    form.dataset.busy = "yes";
    try {
      const answer = await fetch(action, { method: "POST", body });
      if (answer.redirected && new URL(answer.url).pathname !== here()) return location.assign(answer.url);
      const html = await answer.text();
      delete form.dataset.busy;
      if (answer.ok && form.id === "composer") form.elements.text.value = "";
      if (form.closest(".more")) form.closest(".more").open = false;
      take(html, true);
      if (answer.ok && form.matches("#composer, .verbs, .buttons")) toEnd();
      offline(false);
    } catch { delete form.dataset.busy; offline(true); }
  });

  document.addEventListener("keydown", (e) => {
    const area = e.target.closest?.("#composer textarea");
    // A phone's keyboard has no other way to start a new line.
    if (area && e.key === "Enter" && !e.shiftKey && !e.isComposing && !matchMedia("(pointer: coarse)").matches) {
      e.preventDefault();
      area.form.requestSubmit();
    }
    if (e.key === "Escape") {
      document.querySelector("[data-dismiss]")?.click();
      closeMenus(null);
    }
  });

  function closeMenus(except) {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (menu.contains(except)) continue;
      const inside = menu.contains(document.activeElement);
      menu.open = false;
      if (inside) menu.querySelector("summary").focus();
    }
  }
  document.addEventListener("click", (e) => closeMenus(e.target));

  document.addEventListener("change", (e) => {
    const into = e.target.dataset?.fills;
    if (!into || !e.target.value) return;
    const [, y, m, d, hour] = e.target.value.match(/^(\d+)-(\d+)-(\d+)(?:T(\d+:\d+))?/);
    const field = document.getElementById(into);
    field.value = `${d}/${m}/${y}${hour ? " " + hour : ""}`;
    field.focus();
  });

  if (!location.hash || location.hash === "#last") toEnd();
})();
