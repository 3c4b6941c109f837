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
