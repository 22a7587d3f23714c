for (const box of document.querySelectorAll("[data-shows]")) {
  box.closest("label").hidden = false;
  box.onchange = () => {
    for (const id of box.dataset.shows.split(" ")) document.getElementById(id).type = box.checked ? "text" : "password";
  };
}
document.querySelector("[data-focus]")?.focus();
document.documentElement.dataset.hydrated = "";
