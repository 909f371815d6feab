// A form kept as one types, with its mistakes beside the fields. Without this file the form's button does the same.
"use strict";

const PAUSE_MS = 500;
const AGAIN_MS = 5000;

for (const form of document.querySelectorAll("form[data-autosave]")) {
  const saved = document.getElementById("saved");
  let waiting = 0;
  let busy = false;
  let again = false;

  const field = (name) => form.querySelector(`[name="now.${CSS.escape(name)}"]:not([type=hidden])`);
  const valueOf = (one) => (one.type === "checkbox" ? (one.checked ? "yes" : "") : one.value);

  // What stands in the edition now is what the next change starts from; what somebody else changed is shown.
  const settle = (sent, kept) => {
    for (const was of form.querySelectorAll('[name^="was."]')) {
      const name = was.name.slice(4);
      const one = field(name);
      if (!one || !(name in kept) || valueOf(one) !== sent[name]) continue;
      if (one.type === "checkbox") one.checked = kept[name] === "yes";
      else if (one.value.trimEnd() !== kept[name].trimEnd() && document.activeElement !== one) one.value = kept[name];
      else if (one.value.trimEnd() !== kept[name].trimEnd()) continue;
      was.value = kept[name];
    }
  };

  // A file that is edited as it stands says only which text was seen.
  const settleWhole = (sent, said) => {
    const [seen, one] = [form.elements.namedItem("seen"), field("whole")];
    if (!seen || !one || one.value !== sent) return;
    if ("whole" in said.form) one.value = said.form.whole;
    seen.value = said.seen;
  };

  const tell = (said) => {
    for (const list of form.querySelectorAll(".mistakes")) list.replaceChildren();
    for (const one of form.querySelectorAll("[aria-invalid]")) one.removeAttribute("aria-invalid");
    for (const mistake of said.mistakes) {
      const line = document.createElement("li");
      line.className = mistake.severity;
      line.textContent = mistake.text;
      document.getElementById(`m-${mistake.field.replaceAll(".", "-")}`)?.append(line);
      if (mistake.severity === "error") field(mistake.field)?.setAttribute("aria-invalid", "true");
    }
    const elsewhere = document.getElementById("elsewhere");
    elsewhere.textContent = said.elsewhere;
    elsewhere.hidden = !said.elsewhere;
    const clashes = document.getElementById("clashes");
    clashes.replaceChildren(
      ...said.conflicts.map((text) => Object.assign(document.createElement("p"), { className: "told warn", textContent: text })),
    );
    saved.textContent = said.saved;
  };

  // What was typed before this file had come, or what the browser brought back, is kept as well.
  const changed = (one) => (one.type === "checkbox" ? one.checked !== one.defaultChecked : one.value !== one.defaultValue);

  const later = (pause) => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, pause);
  };

  const keep = async () => {
    if (busy) return void (again = true);
    busy = true;
    const sent = {};
    for (const was of form.querySelectorAll('[name^="was."]')) {
      const one = field(was.name.slice(4));
      if (one) sent[was.name.slice(4)] = valueOf(one);
    }
    const whole = field("whole")?.value;
    const body = new URLSearchParams(new FormData(form));
    const options = { method: "POST", body, headers: { "X-Fragment": "1" }, signal: AbortSignal.timeout(15000) };
    const answer = await fetch(form.action, options).catch(() => null);
    if (answer?.ok && answer.headers.get("x-fragment")) {
      const said = await answer.json();
      settle(sent, said.form);
      settleWhole(whole, said);
      tell(said);
    } else {
      saved.textContent = form.dataset.lost;
      if (!answer || answer.status >= 500) later(AGAIN_MS);
    }
    busy = false;
    if (again) {
      again = false;
      keep();
    }
  };

  form.addEventListener("input", () => later(PAUSE_MS));
  if ([...form.querySelectorAll("input:not([type=hidden]), textarea")].some(changed)) later(PAUSE_MS);
}
