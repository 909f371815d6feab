// While a reply is written: Tab goes through its placeholders, canned answers are put in at the cursor, and what is
// typed is kept. Without this file the buttons of the form do the same.
"use strict";

{
  const PAUSE_MS = 2500;
  const AGAIN_MS = 5000;
  const form = document.getElementById("answer");
  const area = document.getElementById("text");

  // The last placeholder lets Tab go on to the next field: nobody is caught in the text.
  function fill(event) {
    if (event.key !== "Tab" || event.ctrlKey || event.altKey || event.metaKey) return;
    const found = [...area.value.matchAll(/\{[^\W\d_]\w*\}/gu)];
    const next = event.shiftKey
      ? found.findLast((one) => one.index < area.selectionStart)
      : found.find((one) => one.index >= area.selectionEnd);
    if (!next) return;
    event.preventDefault();
    area.setSelectionRange(next.index, next.index + next[0].length);
  }

  function put(text) {
    area.focus();
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function keep() {
    const version = form.querySelector("[name=version]");
    const proof = form.querySelector("[name=proof]");
    const said = document.getElementById("kept");
    const place = `draft:${form.dataset.message}`;
    let timer = 0;
    let kept = area.defaultValue; // what was typed before this file had come is not kept yet
    let saving = false;
    let overtaken = false;

    function say(sentence) {
      if (said.textContent !== sentence) said.textContent = sentence;
    }

    function later(pause) {
      clearTimeout(timer);
      timer = setTimeout(save, pause);
    }

    async function send(text) {
      const body = new URLSearchParams({ text, version: version.value, proof: proof.value });
      const options = { method: "POST", body, redirect: "error", signal: AbortSignal.timeout(15000) };
      const answer = await fetch(`/messages/${form.dataset.message}/autosave`, options).catch(() => null);
      const isJson = answer?.headers.get("content-type")?.startsWith("application/json");
      return [answer, isJson ? await answer.json().catch(() => null) : null];
    }

    async function save() {
      if (saving || overtaken || area.value === kept || !area.value.trim()) return;
      saving = true;
      const text = area.value;
      say(form.dataset.saving);
      const [answer, told] = await send(text);
      saving = false;
      if (answer?.ok && told) {
        version.value = told.version ?? version.value;
        kept = text;
        if (area.value === text) sessionStorage.removeItem(place);
        else later(PAUSE_MS);
        say(form.dataset.saved.replace("#", new Date().toLocaleTimeString(document.documentElement.lang)));
      } else if (told) {
        overtaken = answer.status === 409; // the button shows both texts
        say(told.told);
      } else {
        say(answer && answer.status < 500 ? form.dataset.ended : form.dataset.offline);
        later(AGAIN_MS);
      }
    }

    function restore() {
      const left = JSON.parse(sessionStorage.getItem(place) ?? "null");
      if (!left || left.text === area.value) return sessionStorage.removeItem(place);
      area.value = left.text;
      overtaken = left.base !== kept;
      say(form.dataset.restored);
      if (!overtaken) later(PAUSE_MS);
    }

    area.addEventListener("input", () => {
      try {
        sessionStorage.setItem(place, JSON.stringify({ text: area.value, base: kept }));
      } catch {
        // a browser that keeps nothing: the server does
      }
      later(PAUSE_MS);
    });
    window.addEventListener("online", () => later(0));
    restore();
    if (!overtaken && area.value !== kept) later(PAUSE_MS);
  }

  function find(asked) {
    const found = document.getElementById("answers-found");
    let order = 0;
    let waiting = 0;

    async function search() {
      const mine = ++order;
      const address = `${asked.dataset.answers}?${new URLSearchParams({ asked: asked.value })}`;
      const answer = await fetch(address, { redirect: "error" }).catch(() => null);
      if (answer?.ok && mine === order) found.innerHTML = await answer.text();
    }

    asked.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(search, 250);
    });
    asked.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      search();
    });
    asked.closest("details").addEventListener("toggle", (event) => {
      if (event.target.open && !found.childElementCount) search();
    });
    form.addEventListener("click", (event) => {
      const button = event.target.closest("[data-insert], [formaction$='/answers']");
      if (!button) return;
      event.preventDefault();
      if (button.dataset.insert) put(button.dataset.insert);
      else search();
    });
  }

  if (form && area) {
    const asked = document.getElementById("asked");
    area.addEventListener("keydown", fill);
    keep();
    if (asked) find(asked);
  }
}
