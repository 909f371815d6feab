// What runs in the background, followed without reloading. Without this file the page reloads by itself.
"use strict";

for (const shown of document.querySelectorAll("[data-follow]")) {
  const look = async () => {
    const answer = await fetch(shown.dataset.follow, { headers: { "X-Fragment": "1" } }).catch(() => null);
    if (answer?.ok && answer.headers.get("x-fragment")) shown.innerHTML = await answer.text();
    else if (answer) return location.reload(); // it has ended, or the session has
    setTimeout(look, 1500);
  };
  setTimeout(look, 1500);
}
