// Passkeys are offered only where the device has them; what the library can't do is said in a sentence of ours.
if (window.PublicKeyCredential) {
  for (const offer of document.querySelectorAll("[data-passkey]")) offer.hidden = false;
  for (const instead of document.querySelectorAll("[data-no-passkey]")) instead.hidden = true;
}
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const fault = document.querySelector("[data-passkey-fault]");
  if (!fault) return;
  fault.hidden = false;
  fault.focus();
});
