// Keys that work on the row that has the focus, else on the first one: `data-row-key` names them.
"use strict";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  if (document.body.dataset.keys === "off") return;
  if (event.target.closest("input, textarea, select")) return;
  const row = document.activeElement.closest("[data-row]") ?? document.querySelector("[data-row]");
  const carrier = [...(row?.querySelectorAll("[data-row-key]") ?? [])].find((one) => one.dataset.rowKey === event.key);
  if (!carrier) return;
  event.preventDefault();
  if (carrier.matches("select")) carrier.focus();
  else carrier.click();
});
