// Leave quickly: the button, or Shift three times, each within five seconds. Not Escape, which people press for other things.
const address = document.body.dataset.leave;
const WAIT = 5000;
let presses = 0;
let last = 0;
let shiftAlone = false;
let cover = null;

function leave() {
  if (!cover) {
    cover = document.createElement("div");
    cover.className = "cover";
    cover.setAttribute("role", "alert");
    cover.textContent = document.documentElement.lang === "es" ? "Cargando…" : "Loading…";
    document.body.append(cover);
  }
  document.title = cover.textContent;
  location.replace(address);
}

function forget() {
  presses = 0;
  shiftAlone = false;
}

if (address && document.querySelector("[data-leave-now]")) {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Shift" && !event.ctrlKey && !event.altKey && !event.metaKey) {
      if (!event.repeat) shiftAlone = true;
    } else {
      forget();
    }
  });
  document.addEventListener("keyup", (event) => {
    if (event.key !== "Shift" || !shiftAlone) return;
    shiftAlone = false;
    const now = Date.now();
    presses = now - last <= WAIT ? presses + 1 : 1;
    last = now;
    if (presses === 3) {
      forget();
      leave();
    }
  });
  document.addEventListener("pointerdown", forget);
  for (const link of document.querySelectorAll("[data-leave-now]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
  }
}

// Coming back with the back button: a page kept in memory must not show what was covered, nor stay covered for good.
window.addEventListener("pageshow", (event) => {
  forget();
  if (event.persisted && cover) {
    location.reload(); // signed out by now, so the server shows its door
  } else if (event.persisted) {
    cover?.remove();
    cover = null;
  }
});
