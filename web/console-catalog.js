// Uploads a feed as it is and goes to its dry run; the server reads it, nothing is changed by that.

const form = document.getElementById("upload");
const state = document.getElementById("upload-state");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const file = form.elements.file.files[0];
  if (!file) return;
  const button = form.querySelector("button");
  button.disabled = true;
  state.textContent = `Reading ${file.name}…`;
  try {
    const response = await fetch("/console/catalog/upload", {
      method: "POST",
      credentials: "same-origin",
      headers: { "x-csrf": form.dataset.csrf, "content-type": "application/octet-stream" },
      body: file,
    });
    if (response.status === 413) throw new Error("The file is too large to be uploaded here; use souk ingest.");
    const answer = await response.json();
    if (!response.ok) throw new Error(answer.message);
    const query = new URLSearchParams({ name: file.name, missing: form.elements.missing.value });
    location.assign(`${answer.page}?${query}`);
  } catch (error) {
    state.textContent = error.message || "That did not work. Please try again.";
    button.disabled = false;
  }
});
