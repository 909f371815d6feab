// What is under way is looked at again and again, and shown in its place; what is being typed elsewhere stays.
// Without this file the page is loaded anew.
"use strict";

const EVERY_MS = 3000;

async function look() {
  const shown = document.querySelector("[data-poll]");
  if (!shown) return;
  const answer = await fetch(location.href).catch(() => null);
  if (answer?.ok && !answer.redirected) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(shown.id);
    if (!fresh) return location.reload();
    shown.replaceWith(fresh);
  }
  setTimeout(look, EVERY_MS);
}

setTimeout(look, EVERY_MS);
