// Passwords that may be looked at.
for (const box of document.querySelectorAll("[data-shows]")) {
  box.closest("label").hidden = false;
  box.onchange = () => {
    for (const id of box.dataset.shows.split(" ")) document.getElementById(id).type = box.checked ? "text" : "password";
  };
}
document.querySelector("[data-focus]")?.focus();
// Advice about a new password comes from the server, which looks at it and forgets it.
const advice = document.querySelector("[data-advises]");
if (advice) {
  const field = document.getElementById("new-password");
  let asking = new AbortController();
  const stop = () => {
    asking.abort();
    asking = new AbortController();
    return asking.signal;
  };
  field.oninput = () => {
    const signal = stop();
    setTimeout(async () => {
      if (signal.aborted) return;
      const csrf = document.querySelector("meta[name=csrf]").content;
      const body = new URLSearchParams({ csrf, password: field.value });
      const answer = await fetch(advice.dataset.advises, { method: "POST", body, signal }).catch(() => null);
      const said = answer?.ok ? await answer.text().catch(() => null) : null;
      if (said === null || signal.aborted) return;
      advice.innerHTML = said;
      advice.hidden = !said;
    }, 400);
  };
  // What is sent is judged with the form, and the session that could still be asked ends with it.
  field.form.addEventListener("submit", stop);
}
const send = (form) => fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
// What is shown once is not asked for again by a reload; and its printing is noted.
const shown = () => {
  for (const button of document.querySelectorAll("[data-prints]")) button.onclick = () => window.print();
  const once = document.querySelector("[data-once]");
  if (once) history.replaceState(null, "", once.dataset.once);
  const printed = document.querySelector("[data-notes-printed]");
  if (!printed) return;
  printed.onsubmit = window.onafterprint = async (event) => {
    event.preventDefault();
    if ((await send(printed)).ok) printed.querySelector("[role=status]").hidden = false;
  };
};
shown();
// Letters are counted as they are made: the answer is a comment for each, and then the page with all.
const counts = document.querySelector("form[data-counts]");
if (counts) counts.onsubmit = async (event) => {
  event.preventDefault();
  const part = (name) => counts.querySelector(`[data-${name}]`);
  const count = (done, of) => {
    counts.querySelector("progress").value = done;
    part("said").textContent = counts.dataset.counts.replace("{n}", done).replace("{of}", of);
  };
  count(0, counts.querySelector("progress").max);
  part("running").hidden = false;
  part("broken").hidden = counts.querySelector(".actions").hidden = true;
  try {
    const answer = await send(counts);
    if (answer.redirected) return location.assign(answer.url);
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = "";
    for (let piece; !(piece = await reader.read()).done; ) {
      text += piece.value;
      const made = /<!-- (\d+) (\d+) -->\s*$/.exec(piece.value);
      if (made) count(made[1], made[2]);
    }
    const page = new DOMParser().parseFromString(text, "text/html");
    document.querySelector("main").replaceWith(page.querySelector("main"));
    document.title = page.title;
    scrollTo(0, 0);
    shown();
  } catch {
    part("running").hidden = true;
    part("broken").hidden = counts.querySelector(".actions").hidden = false;
  }
};

// Somebody very like the person who is being typed is shown at once.
const finds = document.querySelector("form[data-finds]");
if (finds) {
  const found = document.getElementById("found");
  let typed = 0;
  finds.oninput = (event) => {
    if (!["given", "family", "email", "external"].includes(event.target.name)) return;
    const now = ++typed;
    setTimeout(async () => {
      if (now !== typed) return;
      const answer = await fetch(finds.dataset.finds, { method: "POST", body: new URLSearchParams(new FormData(finds)) });
      if (!answer.ok || now !== typed) return;
      found.innerHTML = await answer.text();
      found.hidden = !found.innerHTML;
    }, 300);
  };
}

// Before the session ends, the dialog offers more time; once it has ended, nothing stays on the screen.
const html = document.documentElement;
const dialog = document.querySelector("dialog[data-ends]");
if (dialog) {
  const [warns, ends] = [Number(dialog.dataset.warns), Number(dialog.dataset.ends)];
  const leave = () => {
    // No draft asks whether one really wants to go.
    html.dataset.over = "";
    location.assign("/sign-in?state=ended");
  };
  const look = () => {
    // Every call to the server, by the page's live part too, keeps the session.
    const idle = performance.now() - Number(html.dataset.called ?? 0);
    if (idle >= ends) return leave();
    const ending = idle >= warns;
    if (ending !== dialog.open) ending ? dialog.showModal() : dialog.close();
    // A little more than needed, so that one look is enough.
    setTimeout(look, (ending ? ends : warns) - idle + 100);
  };
  dialog.querySelector("[data-stays]").onclick = async () => {
    const token = document.querySelector("meta[name=csrf]").content;
    const answer = await fetch("/api/session", { method: "POST", headers: { "x-csrf-token": token } });
    if (!answer.ok) return leave();
    html.dataset.called = performance.now();
    dialog.close();
  };
  look();
}

// Where a live part follows, it says by itself when it is there.
if (!document.getElementById("live")) html.dataset.hydrated = "";
