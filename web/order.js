// Order page and receipt: shows times in the reader's own locale and offers printing.

import { localiseTimes } from "/assets/dom.js";

localiseTimes(document);
const print = document.getElementById("print");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
