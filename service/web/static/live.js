// A preview that follows what is typed. Without this file the form's preview button does the same.
"use strict";

for (const form of document.querySelectorAll("form[data-live]")) {
  const shown = document.getElementById("preview");
  let waiting = 0;
  let asked = 0;

  const look = async () => {
    const mine = ++asked;
    const answer = await fetch(form.dataset.live, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      headers: { "X-Fragment": "1" },
    }).catch(() => null);
    // An older answer may come after a newer one; a session that has ended gives a whole page, which is no preview.
    if (answer?.ok && mine === asked && answer.headers.get("x-fragment")) shown.innerHTML = await answer.text();
  };

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(look, 400);
  });

  // What was typed before this file had come, or what the browser brought back, is shown as well.
  if ([...form.elements].some((one) => "defaultValue" in one && one.value !== one.defaultValue)) look();
}
