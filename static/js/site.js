// Ticking without a reload. The rule is the server's: each change fetches the page that the button would open, and takes
// over its tally, its count and the ticks that go along with a request. Without this script the button does it.
const form = document.querySelector("form.flow");

if (form && window.fetch && window.DOMParser && window.AbortController) {
  let request = null;
  let shown = location.search; // the address of the ticks that the page shows

  const address = () => {
    const given = [...new FormData(form)].filter(([, value]) => value);
    const ticks = new URLSearchParams(given);
    return location.pathname + (String(ticks) && "?" + ticks);
  };

  // A must-have is ticked too; a reason that is not ticked is no must-have.
  const together = ({ target }) => {
    const reason = target.closest(".reason");
    if (target.name === "must" && target.checked) reason.querySelector("[name=tick]").checked = true;
    if (target.name === "tick" && !target.checked) reason.querySelector("[name=must]").checked = false;
  };

  const takeOver = (page, id) => {
    const here = document.getElementById(id), there = page.getElementById(id);
    if (!here || !there) return;
    for (const { name, value } of there.attributes) here.setAttribute(name, value);
    if (!there.hasAttribute("hidden")) here.removeAttribute("hidden");
    here.replaceChildren(...there.childNodes);
  };

  const update = async () => {
    request?.abort();
    request = new AbortController();
    const to = address();
    form.classList.add("live");
    try {
      const answer = await fetch(to, { signal: request.signal });
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const focused = document.activeElement;
      for (const id of ["tally", "outcome", "whose", "count", "carried"]) takeOver(page, id);
      if (focused && !focused.isConnected) document.querySelector("#count button")?.focus();
      document.getElementById("announcement").textContent = document.querySelector("#tally .lead").textContent;
      history.replaceState(null, "", to);
      shown = location.search;
    } catch (reason) {
      // The button still works, and says by itself that the count is old.
      if (reason.name !== "AbortError") form.classList.remove("live");
    }
  };

  // What is ticked is on the page already: the button leads to it, and Back leads to the checklist again.
  form.addEventListener("submit", (event) => {
    if (!form.classList.contains("live")) return;
    event.preventDefault();
    location.assign("#tally");
  });

  // Back may lead to other ticks than the page shows.
  addEventListener("popstate", () => { if (location.search !== shown) location.reload(); });

  form.addEventListener("change", (event) => {
    together(event);
    update();
  });
}

// A link or a button that copies the address of a page. A button shows only where that works; a link leads there.
for (const button of document.querySelectorAll("button[data-copy]")) button.hidden = !navigator.clipboard;

document.addEventListener("click", async (event) => {
  const pressed = event.target.closest("[data-copy]");
  if (!pressed || !navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const address = new URL(pressed.href || pressed.dataset.copy, location.href).href;
  const says = document.getElementById("announcement");
  try {
    await navigator.clipboard.writeText(address);
    pressed.classList.add("copied");
    says.textContent = "Link copied.";
  } catch {
    says.textContent = "Your browser did not allow it. Copy the link from the address bar.";
    if (pressed.href) location.assign(pressed.href);
  }
});

// On phones and tablets the topics of the detailed comparison and the sources are folded, which makes the page half as long. A link
// into one of them opens it, and so does printing.
const foldable = [...document.querySelectorAll("details[data-fold]")];
const setOpen = (open) => foldable.forEach((part) => { part.open = open; });
const narrow = matchMedia("screen and (width < 60rem)");

const openTarget = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const part = target && target.closest("details[data-fold]");
  if (!part || part.open) return;
  part.open = true;
  target.scrollIntoView();
};

if (foldable.length) {
  setOpen(!narrow.matches);
  openTarget();
  narrow.addEventListener("change", () => setOpen(!narrow.matches));
  addEventListener("hashchange", openTarget);
  addEventListener("beforeprint", () => setOpen(true));
  addEventListener("afterprint", () => setOpen(!narrow.matches));
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// What was just done is said once: the address that a reader saves to come back says nothing of it.
if (document.querySelector("main[data-place] #done")) {
  addEventListener("load", () => history.replaceState(null, "", location.pathname));
}

// A new site begins in the time zone of the person who sets it up.
const zone = document.querySelector("[data-guess-zone] #time_zone");
if (zone) {
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (own && own !== "Etc/Unknown" && zone.value === zone.defaultValue) zone.value = own;
}

// Times in the reader's own zone, which only the browser knows.
for (const time of document.querySelectorAll("time[data-local]")) {
  const name = time.dataset.local; // of weekday and month: "long" or "short"
  const words = new Intl.DateTimeFormat("en-GB", {
    weekday: name, day: "numeric", month: name, year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  });
  const instant = new Date(time.dateTime);
  if (Number.isNaN(instant.getTime())) continue;
  // A deadline at midnight is the end of the day before.
  const midnight = "due" in time.dataset && !instant.getHours() && !instant.getMinutes();
  time.textContent = midnight
    ? words.format(instant - 60000).replace(/(,| at) 23:59/, ", end of day")
    : words.format(instant);
}
