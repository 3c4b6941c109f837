// What was just done is said once: the address that a reader saves to come back says nothing of it.
if (document.querySelector("main[data-place] #done")) {
  addEventListener("load", () => history.replaceState(null, "", location.pathname));
}
