// What the second step of a sign-in and the page of passkeys do in the browser: nothing here is needed on other pages.

// The card: what is typed stands under the place it belongs to.
const codes = document.getElementById("codes");
if (codes) {
  const asked = [...document.querySelectorAll("[data-asked]")];
  const show = () => {
    const typed = codes.value.toUpperCase().replace(/[^A-Z0-9]/g, "");
    asked.forEach((place, ix) => (place.querySelector("[data-cell]").textContent = typed.slice(2 * ix, 2 * ix + 2)));
  };
  // Of a whole card, however it was copied, the three cells alone are read. Cells have no 0, 1, I or O, so the
  // number of a row is no cell: a row is its number and ten cells. Without numbers, a hundred cells are a card.
  const cell = "[A-HJ-NP-Z2-9]{2}";
  const cells = (text) => text.match(new RegExp(`(?<![A-Z0-9])${cell}(?![A-Z0-9])`, "g")) ?? [];
  const pick = (pasted) => {
    const text = pasted.toUpperCase();
    const all = cells(text);
    const picked = asked.map(({ dataset }) => {
      const [column, row] = [dataset.asked.charCodeAt(0) - 65, Number(dataset.asked.slice(1))];
      const rows = text.matchAll(new RegExp(`(?<![A-Z0-9])${row}((?:[^A-Z0-9]+${cell}){10})(?![A-Z0-9])`, "g"));
      const found = new Set([...rows].map(([, ten]) => cells(ten)[column]));
      return found.size === 1 ? [...found][0] : found.size === 0 && all.length === 100 ? all[10 * (row - 1) + column] : null;
    });
    if (picked.includes(null)) return false;
    codes.value = picked.join(" ");
    show();
    return true;
  };
  codes.oninput = show;
  codes.onpaste = (event) => {
    if (pick(event.clipboardData.getData("text"))) event.preventDefault();
  };
  const whole = document.querySelector("[data-card]");
  const [field, said] = [whole.querySelector("textarea"), whole.querySelector("[data-said]")];
  const read = (text) => {
    const found = pick(text);
    said.textContent = found ? said.dataset.found : said.dataset.missing;
    if (found) codes.focus();
  };
  whole.hidden = false;
  // A paste never gets into the field; whatever else does is wiped at once.
  field.onpaste = (event) => {
    event.preventDefault();
    read(event.clipboardData.getData("text"));
  };
  field.oninput = () => {
    const text = field.value;
    field.value = "";
    read(text);
  };
  show();
}

// Passkeys: what the authenticator is to be asked comes from the server, and its answer goes back in a field.
const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const base64 = (buffer) =>
  buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const ask = async ({ publicKey }) => {
  publicKey.challenge = bytes(publicKey.challenge);
  for (const known of publicKey.allowCredentials ?? publicKey.excludeCredentials ?? []) known.id = bytes(known.id);
  if (publicKey.user) publicKey.user.id = bytes(publicKey.user.id);
  const made = await navigator.credentials[publicKey.user ? "create" : "get"]({ publicKey });
  const response = { clientDataJSON: base64(made.response.clientDataJSON) };
  if (publicKey.user) {
    response.attestationObject = base64(made.response.attestationObject);
    response.transports = made.response.getTransports?.();
  } else {
    response.authenticatorData = base64(made.response.authenticatorData);
    response.signature = base64(made.response.signature);
    response.userHandle = base64(made.response.userHandle);
  }
  return JSON.stringify({ id: made.id, rawId: base64(made.rawId), type: made.type, response });
};
for (const ceremony of document.querySelectorAll("[data-ceremony]")) {
  const part = (name) => ceremony.querySelector(`[data-${name}]`);
  const form = ceremony.querySelector("form");
  const [is_here, is_able] = [ceremony.dataset.origin === location.origin, Boolean(window.PublicKeyCredential)];
  part("without").hidden = true;
  (!is_here ? part("elsewhere") : !is_able ? part("unable") : form).hidden = false;
  form.onsubmit = async (event) => {
    event.preventDefault();
    const said = part("said");
    said.textContent = "";
    try {
      const answer = await fetch(ceremony.dataset.ceremony, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (answer.redirected) return location.assign(answer.url);
      if (!answer.ok) return (said.textContent = await answer.text());
      form.elements.credential.value = await ask(await answer.json());
      // The password has served.
      if (form.elements.password) form.elements.password.disabled = true;
      form.submit();
    } catch (error) {
      said.textContent = said.dataset[{ NotAllowedError: "cancelled", InvalidStateError: "known" }[error.name] ?? "failed"];
    }
  };
}
