// Keys for the staff's list, and drafts that are saved while they are typed. Without this script links and buttons do the same.
document.documentElement.classList.add("scripted");

const table = document.querySelector("table[data-keys]");
const dialog = document.getElementById("keys");
const rows = table ? [...table.querySelectorAll("tbody tr:not(.group)")] : [];
let here = -1;

const go = (to) => {
  if (!rows.length) return;
  rows[here]?.classList.remove("here");
  here = Math.min(Math.max(to, 0), rows.length - 1);
  rows[here].classList.add("here");
  rows[here].querySelector("th a").focus({ preventScroll: true });
  rows[here].scrollIntoView({ block: "nearest" });
};

const keys = {
  j: () => go(here + 1),
  k: () => go(here - 1),
  x: () => rows[here]?.querySelector("[type=checkbox]")?.click(),
  n: () => document.querySelector("[rel=next]")?.click(),
  p: () => document.querySelector("[rel=prev]")?.click(),
  "/": () => document.getElementById("q")?.focus(),
  "?": () => dialog?.showModal(),
};

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select, dialog[open]");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !keys[event.key] || !dialog) return;
  event.preventDefault();
  keys[event.key]();
});
// The keys continue from the row that was reached by tab or mouse.
table?.addEventListener("focusin", (event) => {
  const row = rows.indexOf(event.target.closest("tr"));
  if (row >= 0 && row !== here) {
    rows[here]?.classList.remove("here");
    here = row;
  }
});

const reply = document.querySelector("form[data-draft]");
if (reply) {
  const state = document.getElementById("draft-state"), text = reply.elements.reply;
  const pause = 1000;
  let saved = text.value, waiting = 0;

  const save = async () => {
    const typed = text.value;
    if (typed === saved) return;
    try {
      const answer = await fetch(reply.dataset.draft, {
        method: "POST", body: new URLSearchParams({ reply: typed }), keepalive: typed.length < 60000,
      });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      saved = typed;
      state.textContent = typed ? "Draft saved." : "";
    } catch {
      state.textContent = "The draft was not saved. Send or copy your reply before you leave this page.";
    }
  };
  text.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, pause);
  });
  addEventListener("pagehide", () => { clearTimeout(waiting); save(); });
  text.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.repeat || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    reply.requestSubmit(reply.querySelector("[value=send]"));
  });
  reply.addEventListener("submit", () => { clearTimeout(waiting); saved = text.value; });
}
