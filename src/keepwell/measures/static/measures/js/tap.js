// One tap answers and goes on. Arrow keys only choose: with them, Next or Enter goes on. Without script, Next does too.
for (const form of document.querySelectorAll("form[data-tap]")) {
  const next = form.querySelector("[data-next]");
  form.addEventListener("click", (event) => {
    // A key that chooses makes a click as well, of no detail; only a pointer, or a finger, has one.
    if (event.detail > 0 && event.target.matches('input[type="radio"]')) form.requestSubmit(next);
  });
}
