/* A file dropped on the form is put in its file field and sent. Without this module the field does the same. */

const formulaire = document.querySelector(".depot");
const champ = formulaire.querySelector("[type=file]");
const porteUnFichier = (geste) => [...(geste.dataTransfer?.types ?? [])].includes("Files");

formulaire.addEventListener("dragover", (geste) => {
  if (!porteUnFichier(geste)) return;
  geste.preventDefault();
  formulaire.classList.add("survole");
});
formulaire.addEventListener("dragleave", (geste) => {
  if (!formulaire.contains(geste.relatedTarget)) formulaire.classList.remove("survole");
});
formulaire.addEventListener("drop", (geste) => {
  formulaire.classList.remove("survole");
  if (!porteUnFichier(geste)) return;
  geste.preventDefault();
  champ.files = geste.dataTransfer.files;
  formulaire.requestSubmit();
});
