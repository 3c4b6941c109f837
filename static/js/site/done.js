// A confirmation shows once: the script takes it out of the address, which the reader may save.
if (document.querySelector("main[data-place] #done")) {
  addEventListener("load", () => history.replaceState(null, "", location.pathname));
}
