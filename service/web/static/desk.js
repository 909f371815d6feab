// Keeps the desk up to date while somebody looks at it. Without this file, loading the page anew does the same.
"use strict";

{
  const EVERY_MS = 5000;
  const desk = document.querySelector("[data-news]");
  const said = document.getElementById("news");
  let version = document.getElementById("rows").dataset.version;
  let unread = 0;

  const selecting = () => {
    const selection = document.getSelection();
    return selection && !selection.isCollapsed && desk.contains(selection.anchorNode);
  };

  // What has the focus stays the same element, so that neither a keyboard nor a screen reader loses its place.
  function renew(list, fresh) {
    const known = new Map([...list.children].map((item) => [keyOf(item), item]));
    const items = [...fresh.children].map((item) => {
      const old = known.get(keyOf(item));
      if (!old) return item;
      const [link, other] = [old.querySelector("a"), item.querySelector("a")];
      if (link.innerHTML !== other.innerHTML) link.innerHTML = other.innerHTML;
      old.className = item.className;
      return old;
    });
    for (const item of [...list.children]) {
      if (!items.includes(item) && !item.contains(document.activeElement)) item.remove();
    }
    let before = null;
    for (const item of items.reverse()) {
      if (item.nextElementSibling !== before || item.parentElement !== list) {
        if (item.contains(document.activeElement)) {
          // moved by what stands around it, not by itself
        } else list.insertBefore(item, before);
      }
      before = item;
    }
  }

  const keyOf = (item) => item.id || item.querySelector("a").getAttribute("href");

  function show(page) {
    renew(document.getElementById("piles"), page.getElementById("piles"));
    const [rows, fresh] = [document.getElementById("rows"), page.getElementById("rows")];
    const [list, other] = [rows.querySelector(".rows"), fresh.querySelector(".rows")];
    if (list && other) {
      renew(list, other);
      const more = fresh.querySelector("p");
      const old = rows.querySelector("p");
      if (more && !old) rows.append(more);
      else if (more && old && !old.contains(document.activeElement)) old.replaceWith(more);
    } else if (!rows.contains(document.activeElement)) {
      rows.replaceChildren(...fresh.childNodes);
    }
  }

  function tell(count) {
    unread += count;
    if (!count) return;
    const { one, many, most } = said.dataset;
    said.textContent = unread > 98 ? most : unread === 1 ? one : many.replace("#", unread);
  }

  async function look() {
    const address = new URL(desk.dataset.news, location.href);
    address.searchParams.set("since", version);
    const answer = await fetch(address, { headers: { "If-None-Match": `"${version}"` }, cache: "no-store", redirect: "error" });
    if (answer.status !== 200) return;
    const change = await answer.json();
    const part = await fetch(desk.dataset.part, { cache: "no-store", redirect: "error" });
    if (!part.ok || selecting()) return;
    show(new DOMParser().parseFromString(await part.text(), "text/html"));
    version = change.version;
    tell(change.new);
  }

  async function again() {
    if (document.visibilityState === "visible" && !selecting()) await look().catch(() => {});
    setTimeout(again, EVERY_MS);
  }

  setTimeout(again, EVERY_MS);
}
