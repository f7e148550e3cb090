// A quiet word beside a field marked `data-hint` when what is typed looks like something about a young person that belongs
// elsewhere. It reads the field here, in the browser, and sends nothing: not the text, not that anything was noticed.
// The words come from the page: <template data-hint-says data-name="…" data-birth="…" … data-rest="…">.

const CAPITAL = "[\\p{Lu}][\\p{L}'’-]+";

const SIGNS = [
  ["birth", /\b(?:born|birth ?day|birth ?date|date of birth|d\.?o\.?b\.?|nacid[ao]|nació|fecha de nacimiento|cumpleaños)\b[^\n]{0,16}\d/iu],
  ["birth", /(?<!\d)(?:\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)\d{2}|(?:19|20)\d{2}-\d{2}-\d{2})(?!\d)/u],
  ["case", /\b(?:case|file|docket|caso|expediente|carpeta)\s*(?:(?:no|number|nr|núm|número|n)\b\.?º?|#)?\s*[:#]?\s*(?:[A-Za-z]{1,4}[-/ ]?)?\d[\d/-]{2,}/iu],
  ["address", /\b\d{1,5}\s+(?:\p{Lu}[\p{L}'’.-]*\s+){1,3}(?:street|st|avenue|ave|road|rd|lane|ln|drive|dr|boulevard|blvd|court|ct|way|place|pl)\b/iu],
  ["address", /\b(?:calle|avenida|av\.|carrera|cra\.|colonia|barrio|pasaje)\s+[\p{Lu}\d][^\n,]{1,40}\d/u],
  ["phone", /(?<![\d/.-])(?:\+\d{1,3}[ .-]?)?(?:\(\d{2,4}\)[ .-]?)?\d{2,4}(?:[ .-]?\d{2,4}){2,4}(?![\d/-])/u],
  ["name", new RegExp(`\\b(?:[Cc]lients?|[Cc]lient[ae]s?|[Mm]entees?|[Yy]oung person|[Gg]irl|[Bb]oy|[Cc]hic[ao]|[Nn]iñ[ao]|[Jj]oven|[Aa]compañad[ao])[,:]?\\s+(?:(?:is\\s+)?(?:called|named)\\s+|(?:se\\s+)?llamad?[ao]?\\s+|is\\s+)?${CAPITAL}`, "u")],
  ["name", new RegExp(`\\b(?:[Hh](?:er|is) name is|[Tt]heir name is|[Ss]e llama)\\s+${CAPITAL}`, "u")],
];

/** Which kind of thing a text looks like it holds, or "" for none. */
export function noticed(text) {
  return SIGNS.find(([, sign]) => sign.test(text))?.[0] ?? "";
}

const says = document.querySelector("template[data-hint-says]");

function watch(field) {
  const place = document.createElement("p");
  place.className = "noticed";
  place.setAttribute("role", "status");
  place.hidden = true;
  field.after(place);
  let last = "";
  let timer = 0;
  const look = () => {
    const kind = noticed(field.value);
    if (kind === last) return;
    last = kind;
    place.hidden = !kind;
    place.textContent = kind ? `${says.dataset[kind]} ${says.dataset.rest}` : "";
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 500); // not while a word is half typed
  });
  field.addEventListener("change", look);
  look();
}

if (says) document.querySelectorAll("[data-hint]").forEach(watch);
