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
