// Payment page, small comforts only (the form works without this): groups the card number,
// puts a test card in with one tap, moves to the error, and stops a double payment.

import { el } from "/assets/dom.js";

const form = document.getElementById("pay-form");

if (form) {
  const number = form.elements.number;
  const expiry = form.elements.expiry;
  const submit = form.querySelector("[type=submit]");
  const text = submit.querySelector("span");

  number.addEventListener("input", () => {
    if (number.selectionStart !== number.value.length) return; // editing in the middle: leave it be
    number.value = group(number.value);
  });

  expiry.addEventListener("input", (event) => {
    if (event.inputType && event.inputType.startsWith("delete")) return;
    const digits = expiry.value.replace(/\D/g, "");
    const month = digits.length === 1 && digits > "1" ? `0${digits}` : digits.slice(0, 2);
    const year = digits.length === 1 ? "" : digits.slice(2, 6);
    if (month.length === 2) expiry.value = `${month} / ${year.length === 4 ? year.slice(2) : year.slice(0, 2)}`;
  });

  for (const item of form.querySelectorAll(".tests li")) {
    const digits = item.querySelector("code").textContent;
    const use = el("button", { type: "button", class: "use", text: "Use", "aria-label": `Use ${digits}` });
    use.addEventListener("click", () => {
      number.value = group(digits);
      if (!expiry.value) expiry.value = `12 / ${String((new Date().getFullYear() + 2) % 100).padStart(2, "0")}`;
      if (!form.elements.cvc.value) form.elements.cvc.value = "123";
      const empty = [...form.elements].find((field) => field.required && !field.value);
      (empty || submit).focus();
    });
    item.append(use);
  }

  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    submit.setAttribute("aria-disabled", "true");
    text.textContent = "Paying…";
  });
  const label = text.textContent;
  addEventListener("pageshow", () => {
    delete form.dataset.sent;
    submit.removeAttribute("aria-disabled");
    text.textContent = label;
  });

  const wrong = form.querySelector("[aria-invalid]") || document.getElementById("problem");
  if (wrong) wrong.focus();

  const left = document.getElementById("left");
  const ends = performance.now() + Number(left.dataset.seconds) * 1000;
  const unit = { style: "unit", unit: "minute", unitDisplay: "long" };
  const spelled = new Intl.NumberFormat(document.documentElement.lang, unit);
  let said = Number.POSITIVE_INFINITY;
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((ends - performance.now()) / 1000));
    const minutes = Math.ceil(seconds / 60);
    if (seconds === 0 && !form.dataset.sent) {
      location.reload(); // the server says what became of the page
      return;
    }
    left.querySelector("b").textContent = spelled.format(minutes);
    left.classList.toggle("soon", minutes <= 5);
    // Said aloud twice, not every minute.
    if ((minutes === 5 || minutes === 1) && minutes < said) {
      document.getElementById("left-said").textContent = left.innerText;
      said = minutes;
    }
    setTimeout(tick, Math.max(1000, (seconds - (minutes - 1) * 60) * 1000));
  };
  tick();
}

function group(text) {
  return text.replace(/\D/g, "").slice(0, 19).replace(/(.{4})(?=.)/g, "$1 ");
}
