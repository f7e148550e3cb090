// Arriving: the device knows the time zone. Its choice is put into the list, where it can be corrected; without script the agency's stands.
const place = document.querySelector("[data-guess-zone]");
const list = place?.querySelector("select[name=zone]");
const said = document.querySelector("[data-zone-words]");

function say() {
  if (said && list) said.textContent = said.dataset.zoneWords.replace("ZONE", list.selectedOptions[0]?.textContent.trim() ?? "");
}

if (list) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...list.options].some((option) => option.value === zone)) list.value = zone;
  say();
}
document.querySelector("select[name=zone]")?.addEventListener("change", say);
document.querySelector("select[name=language]")?.addEventListener("change", (event) => {
  const words = document.querySelector("[data-language]");
  if (words) words.textContent = event.target.selectedOptions[0].textContent;
});
