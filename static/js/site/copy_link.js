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
