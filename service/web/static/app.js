// Keys and copying. Everything works without this file; no page waits for it.
"use strict";

const typing = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;

// A key works on what carries it in `data-key`: a link is followed, a button pressed, a field gets the focus.
function press(element) {
  if (element.dataset.card) {
    document.getElementById(element.dataset.card).showModal();
  } else if (typing(element)) {
    element.closest("details:not([open])")?.setAttribute("open", "");
    element.focus();
  } else {
    element.click();
  }
}

function step(by) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const at = rows.indexOf(document.activeElement);
  const next = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
  next?.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && typing(event.target)) return event.target.blur();
  if (typing(event.target)) return;
  if (event.key !== "Escape" && document.body.dataset.keys === "off") return;
  if (event.key === "j" || event.key === "k") return step(event.key === "j" ? 1 : -1);
  const carrier = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === event.key);
  if (!carrier || carrier.hidden) return;
  event.preventDefault();
  press(carrier);
});

for (const link of document.querySelectorAll("[data-card]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    document.getElementById(link.dataset.card).showModal();
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const field = document.getElementById(button.dataset.copy);
    field.select();
    await navigator.clipboard?.writeText(field.value).catch(() => {});
  });
}
