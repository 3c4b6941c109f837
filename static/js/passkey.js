// Passkeys: the browser asks for one, and the form sends its answer. If the browser cannot, the form stays hidden and the page
// says so. Before the browser makes a passkey, the script checks that the page that stores it is still open to the member.
const words = {
  NotAllowedError: "No passkey was used. Try again, or use another way.",
  InvalidStateError: "This device already has a passkey for you.",
  SecurityError: "Passkeys only work at this site’s own address. Check the address in your browser.",
};
const able = window.PublicKeyCredential?.parseRequestOptionsFromJSON && PublicKeyCredential.prototype.toJSON;
let offer;
if (!able) document.querySelectorAll("[data-unable]").forEach((note) => { note.hidden = false; });

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
      problem.textContent = words[error.name] ?? "This browser could not use a passkey. Use another way.";
      problem.hidden = false;
      button.disabled = false;
      button.focus();
    }
  });
  // The browser offers its passkeys at the email field, with what else it can fill in.
  if ("offered" in form.dataset && await PublicKeyCredential.isConditionalMediationAvailable?.()) {
    offer = new AbortController();
    ask(form, { mediation: "conditional", signal: offer.signal }).catch(() => {});
  }
}
