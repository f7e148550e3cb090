// Small helps on every page. Everything here also works without it.
import "./leave.js";
import "./toast.js";
import "./once.js";

// An error summary asks to be read first.
document.querySelector("[data-look-here]")?.focus();

// A dialog opens from its button and closes from its own; without script its content is a page of its own.
for (const opener of document.querySelectorAll("[data-opens]")) {
  opener.addEventListener("click", (event) => {
    const dialog = document.getElementById(opener.dataset.opens);
    if (dialog?.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
  });
}
for (const closer of document.querySelectorAll("dialog [data-closes]")) {
  closer.addEventListener("click", (event) => {
    event.preventDefault();
    closer.closest("dialog").close();
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
