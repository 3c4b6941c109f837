// The list of guides, filtered while the reader types. Words match the beginnings of words: "go" finds Go and not Django. Without
// this script, and for what the list does not show, the form searches the whole site.
const field = document.querySelector(".home-intro [name=q]");
const list = document.getElementById("guides");

if (field && list?.classList.contains("guide-list")) {
  const matching = document.getElementById("matching");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = (text) => plain(text).match(/[\p{L}\p{N}+#]+/gu) ?? [];
  const shelves = [...list.querySelectorAll(".shelf")].map((shelf) => ({
    shelf,
    rest: shelf.querySelector("details"),
    guides: [...shelf.querySelectorAll("li")].map((line) => ({
      line, words: words(line.querySelector("h4").textContent + " " + shelf.querySelector("h3").textContent),
    })),
  }));

  const filter = () => {
    const asked = words(field.value).filter((word) => !["vs", "versus", "or", "and"].includes(word));
    let shown = 0;
    for (const { shelf, rest, guides } of shelves) {
      let onShelf = 0;
      for (const { line, words } of guides) {
        line.hidden = !asked.every((word) => words.some((known) => known.startsWith(word)));
        if (!line.hidden) onShelf++;
      }
      shelf.hidden = onShelf === 0;
      if (rest) rest.open = asked.length > 0;
      shown += onShelf;
    }
    // The list comes up to the field, and what belongs to none of its lines goes.
    document.querySelector("main").classList.toggle("filtered", asked.length > 0);
    matching.hidden = asked.length === 0;
    if (matching.hidden) return;
    const link = document.createElement("a");
    link.href = "/search?" + new URLSearchParams({ q: field.value });
    link.textContent = "Search all guides, facts and questions";
    const count = shown === 0 ? "No guide in this list matches." : shown === 1 ? "1 guide matches." : shown + " guides match.";
    matching.replaceChildren(count + " ", link);
  };

  field.addEventListener("input", filter);
  filter(); // the browser may have kept what was typed
}
