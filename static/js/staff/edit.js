// Forms of editors: keeps what is typed on this device until it is saved, so that a closed tab or an outage loses nothing; shows
// a preview while a guide's texts are typed; and puts in a footnote at a press. Without this script buttons do the last two.
const form = document.querySelector("form[data-keep]");
const prefix = "tiebreak-edit ", days = 7;

const read = (name) => {
  try { return JSON.parse(localStorage.getItem(name)); } catch { return null; /* no storage, or not ours */ }
};
const write = (name, kept) => {
  try { localStorage.setItem(name, JSON.stringify(kept)); } catch { /* full or forbidden: the form works as before */ }
};
const forget = (name) => {
  try { localStorage.removeItem(name); } catch { /* then there is nothing */ }
};
const all = () => {
  try { return Object.keys(localStorage).filter((name) => name.startsWith(prefix)); } catch { return []; }
};

// The page after a form that was saved says so.
const saved = document.querySelector("main [role=status]") !== null;
for (const name of all()) {
  const kept = read(name);
  if (!kept || (kept.sent && saved) || Date.now() - kept.at > days * 864e5) forget(name);
}

if (form) {
  const name = prefix + new URL(form.action).pathname;
  const fields = () => [...new FormData(form)].filter(([field, value]) => field !== "seen" && value !== "");
  const drawn = JSON.stringify(fields());
  const keep = (sent) => {
    const typed = fields();
    if (JSON.stringify(typed) === drawn && !sent) forget(name);
    else write(name, { at: Date.now(), seen: form.elements.seen.value, fields: typed, sent });
  };

  const putBack = (kept) => {
    const values = new Map();
    for (const [field, value] of kept.fields) values.set(field, [...(values.get(field) ?? []), value]);
    for (const field of form.elements) {
      if (!field.name || field.type === "hidden" || field.type === "submit") continue;
      const texts = values.get(field.name) ?? [];
      if (field.type === "checkbox" || field.type === "radio") field.checked = texts.includes(field.value);
      else field.value = texts.shift() ?? "";
      if (field.type !== "checkbox" && field.type !== "radio" && !texts.length) values.delete(field.name);
    }
    for (const [field, texts] of values) { // which this form has no field for, such as one more source
      if (form.elements[field]) continue;
      for (const value of texts) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: field, value }));
    }
    form.elements.seen.value = kept.seen; // so that what somebody else saved meanwhile is not overwritten
    form.querySelector("input:not([type=hidden]), textarea")?.focus();
  };

  // What was left here waits under a name of its own, so that typing something else does not take its place.
  const earlier = name + " earlier";
  const left = read(name);
  if (left && JSON.stringify(left.fields) !== drawn) {
    write(earlier, { ...left, sent: false });
    forget(name);
  }
  const kept = read(earlier);
  if (kept) {
    const offer = Object.assign(document.createElement("div"), { className: "notice row", id: "kept" });
    const words = document.createElement("p");
    words.textContent = "This device holds text that you typed here on " + new Date(kept.at).toLocaleString("en-GB", {
      day: "numeric", month: "short", hour: "2-digit", minute: "2-digit",
    }) + " and did not save.";
    const button = (text, act) => {
      const made = Object.assign(document.createElement("button"), { type: "button", className: "alt compact", textContent: text });
      made.addEventListener("click", () => { act(); offer.remove(); });
      return made;
    };
    offer.append(words, button("Put it back", () => {
      putBack(kept);
      forget(earlier);
      keep(false);
    }), button("Delete it", () => forget(earlier)));
    form.prepend(offer);
  }
  form.addEventListener("input", () => keep(false));
  form.querySelector("[data-cancel]")?.addEventListener("click", () => forget(name));
  form.addEventListener("submit", (event) => {
    keep(!["preview", "more"].includes(event.submitter?.value));
    if (kept && JSON.stringify(kept.fields) === JSON.stringify(fields())) forget(earlier);
  });

  // The preview.
  const aside = document.querySelector(".aside"), wide = matchMedia("(width >= 60rem)");
  let waiting = 0, request = null;
  const preview = async () => {
    request?.abort();
    request = new AbortController();
    const typed = new URLSearchParams(new FormData(form));
    typed.set("do", "preview");
    try {
      const answer = await fetch(form.action, { method: "POST", body: typed, signal: request.signal });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const id of ["outcome", "preview"]) {
        const here = document.getElementById(id), there = page.getElementById(id);
        if (here && there) here.replaceWith(there);
        else if (there) aside.prepend(there);
      }
    } catch { /* the button still works */ }
  };
  if (aside && form.querySelector("[value=preview]")) {
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      if (wide.matches || document.getElementById("preview")) waiting = setTimeout(preview, 700);
    });
  }

  // Footnotes.
  let text = form.querySelector("[data-cites]");
  form.addEventListener("focusin", ({ target }) => { if (target.matches("[data-cites]")) text = target; });
  for (const sign of text ? document.querySelectorAll("[data-footnote]") : []) {
    const button = Object.assign(document.createElement("button"), {
      type: "button", className: "alt compact", textContent: sign.textContent,
    });
    button.setAttribute("aria-label", "Insert " + sign.textContent);
    button.addEventListener("click", () => {
      text.setRangeText(sign.textContent, text.selectionEnd, text.selectionEnd, "end");
      text.dispatchEvent(new Event("input", { bubbles: true }));
      text.focus();
    });
    sign.replaceWith(button);
  }
}
