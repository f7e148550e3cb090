// A second tap while the first is on its way does nothing. The server is safe against it too; this only keeps calm.
const busy = new Set();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog") return;
  if (busy.has(form)) {
    event.preventDefault();
    return;
  }
  busy.add(form);
  event.submitter?.setAttribute("aria-busy", "true");
});

function rest() {
  for (const form of busy) form.querySelectorAll('[aria-busy="true"]').forEach((b) => b.removeAttribute("aria-busy"));
  document.querySelectorAll('button[aria-busy="true"]').forEach((b) => b.removeAttribute("aria-busy"));
  busy.clear();
}

window.addEventListener("pageshow", rest);
document.addEventListener("htmx:afterRequest", rest);
