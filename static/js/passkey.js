// Passkeys: the browser asks for one, and its answer goes with the form. Where the browser cannot, the form stays hidden and
// the page says so. A key that would not be kept is not made: the page that guards it is asked first.
const words = {
  NotAllowedError: "No passkey came back. Try once more, or use another way.",
  InvalidStateError: "This device keeps a passkey for you already.",
  SecurityError: "Passkeys open this site at its own address only. Look at the address at the top.",
};
const able = window.PublicKeyCredential?.parseRequestOptionsFromJSON && PublicKeyCredential.prototype.toJSON;
let offer;
if (!able) document.querySelectorAll("[data-unable]").forEach((told) => { told.hidden = false; });

const ask = async (form, more) => {
  const { guarded } = form.dataset;
  if (guarded && (await fetch(guarded, { method: "HEAD", redirect: "manual" })).type === "opaqueredirect") {
    location.assign(guarded);
    return;
  }
  const options = JSON.parse(form.dataset.options);
  const credential = form.dataset.passkey === "create"
    ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options), ...more })
    : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options), ...more });
  form.elements.credential.value = JSON.stringify(credential);
  form.submit();
};

for (const form of able ? document.querySelectorAll("form[data-passkey]") : []) {
  const button = form.querySelector("button"), problem = form.querySelector("[role=alert]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    offer?.abort();
    button.disabled = true;
    problem.hidden = true;
    try {
      await ask(form);
    } catch (error) {
      problem.textContent = words[error.name] ?? "This browser could not use a passkey here. Use another way.";
      problem.hidden = false;
      button.disabled = false;
      button.focus();
    }
  });
  // Beside the field for the e-mail, where the browser lists what it could fill in.
  if ("offered" in form.dataset && await PublicKeyCredential.isConditionalMediationAvailable?.()) {
    offer = new AbortController();
    ask(form, { mediation: "conditional", signal: offer.signal }).catch(() => {});
  }
}
