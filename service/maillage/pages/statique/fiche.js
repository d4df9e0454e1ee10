/* The button that prints: shown only where it can work. */
const bouton = document.querySelector("#imprimer");
bouton.hidden = false;
bouton.addEventListener("click", () => window.print());
