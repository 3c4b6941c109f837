// Ticking without a reload. The rule is the server's: each change fetches the page that the button would open, and takes
// over its tally, its count and the ticks that go along with a request. Without this script the button does it.
const form = document.querySelector("form.flow");

if (form && window.fetch && window.DOMParser && window.AbortController) {
  let request = null;

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
      for (const id of ["tally", "count", "carried"]) takeOver(page, id);
      if (focused && !focused.isConnected) document.querySelector("#count button")?.focus();
      document.getElementById("announcement").textContent = document.querySelector("#tally .lead").textContent;
      history.replaceState(null, "", to);
    } catch (reason) {
      // The button still works, and says by itself that the count is old.
      if (reason.name !== "AbortError") form.classList.remove("live");
    }
  };

  form.addEventListener("change", (event) => {
    together(event);
    update();
  });
}

document.addEventListener("click", async (event) => {
  const link = event.target.closest("a[data-copy]");
  if (!link || !navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  try {
    await navigator.clipboard.writeText(link.href);
    link.classList.add("copied");
    document.getElementById("announcement").textContent = "Link copied.";
  } catch {
    location.assign(link.href);
  }
});

// A button that copies the address of a page. It shows only where that works.
for (const button of document.querySelectorAll("button[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    const says = document.getElementById("announcement");
    try {
      await navigator.clipboard.writeText(new URL(button.dataset.copy, location.href).href);
      says.textContent = "Link copied.";
    } catch {
      says.textContent = "Your browser did not allow it. Copy the link from the address bar.";
    }
  });
}

// What was just done is said once: the address that a reader saves to come back says nothing of it.
if (document.querySelector("main[data-place] #done")) {
  addEventListener("load", () => history.replaceState(null, "", location.pathname));
}

// Times in the reader's own zone, which only the browser knows.
for (const time of document.querySelectorAll("time[data-local]")) {
  const name = time.dataset.local; // of weekday and month: "long" or "short"
  const words = new Intl.DateTimeFormat("en-GB", {
    weekday: name, day: "numeric", month: name, year: "numeric", hour: "2-digit", minute: "2-digit", timeZoneName: "short",
  });
  const instant = new Date(time.dateTime);
  if (!Number.isNaN(instant.getTime())) time.textContent = words.format(instant);
}
