// Saves what is typed into the intake form on the reader's own device until it is sent, so that a closed tab or an outage loses
// nothing. It leaves the device only when the form is sent.
const name = "tiebreak-draft", days = 7;
const form = document.querySelector("form[action='/intake']");
const offer = document.getElementById("draft");

const read = () => {
  try {
    const draft = JSON.parse(localStorage.getItem(name));
    if (draft && Date.now() - draft.at < days * 864e5) return draft;
    localStorage.removeItem(name);
  } catch { /* no storage, or not ours */ }
  return null;
};
const write = (draft) => {
  try { localStorage.setItem(name, JSON.stringify(draft)); } catch { /* full or forbidden: the form works as before */ }
};
const forget = () => {
  try { localStorage.removeItem(name); } catch { /* then there is nothing */ }
};

// typed are the fields that a person fills in.
const typed = () => [...form.querySelectorAll("input:not([type=hidden]):not([type=checkbox]):not([name=website]), textarea")];
const empty = () => typed().every((field) => field.type === "radio" || !field.value);

// key names this filling-in of the form, so that sending it twice, even from a draft, is one request.
const key = (value) => {
  let field = form.querySelector("[name=key]");
  if (!field) {
    field = Object.assign(document.createElement("input"), { type: "hidden", name: "key" });
    form.append(field);
  }
  if (value) field.value = value;
  else if (!field.value) {
    const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
    field.value = bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }
  return field.value;
};

const save = (sent) => {
  if (empty()) return forget();
  const fields = {};
  for (const field of typed()) if (field.type !== "radio" || field.checked) fields[field.name] = field.value;
  write({ at: Date.now(), key: key(), fields, sent });
};

const putBack = (draft) => {
  for (const field of typed()) {
    if (field.type === "radio") field.checked = draft.fields[field.name] === field.value || field.checked;
    else if (draft.fields[field.name]) field.value = draft.fields[field.name];
  }
  key(draft.key);
  offer.hidden = true;
  form.querySelector("textarea").focus();
};

const button = (what, act) => {
  const made = document.createElement("button");
  Object.assign(made, { type: "button", className: "alt", textContent: offer.dataset[what] });
  made.dataset.draft = what;
  made.addEventListener("click", act);
  return made;
};

if (form && offer) {
  const draft = read();
  if (draft && empty()) {
    const words = Object.assign(document.createElement("p"), { textContent: offer.dataset.words });
    offer.append(words, button("back", () => putBack(draft)), button("forget", () => { forget(); offer.hidden = true; }));
    offer.hidden = false;
  }
  form.addEventListener("input", () => save(false));
  form.addEventListener("submit", () => save(true));
} else if (document.querySelector("main[data-place]") && read()?.sent) {
  forget(); // it arrived: this is its receipt
}
