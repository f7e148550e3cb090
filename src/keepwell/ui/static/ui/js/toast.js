// A toast floats for six seconds; it stays while it has focus or the pointer rests on it. Without script it stands in the page.
const STAY = 6000;

function start(toast) {
  let timer = 0;
  const go = () => toast.remove();
  const run = () => { timer = setTimeout(go, STAY); };
  const hold = () => clearTimeout(timer);
  for (const event of ["focusin", "pointerenter"]) toast.addEventListener(event, hold);
  for (const event of ["focusout", "pointerleave"]) toast.addEventListener(event, () => { hold(); run(); });
  run();
}

function float(place) {
  place.classList.add("float");
  for (const toast of place.querySelectorAll(".toast")) {
    // A live region says what changes, not what was there when the page came.
    const words = toast.querySelector("span");
    const text = words.textContent;
    words.textContent = "";
    setTimeout(() => { words.textContent = text; }, 100);
    start(toast);
  }
}

document.querySelectorAll("[data-toasts]").forEach(float);
document.addEventListener("htmx:afterSettle", () => {
  document.querySelectorAll("[data-toasts]:not(.float)").forEach(float);
});
