/* Completion of the search box: editable combobox with list autocomplete (ARIA Authoring Practices).
   Without this module the box is a plain field. */

const ATTENTE = 120; // milliseconds without a keystroke before asking
const MINIMUM = 2; // letters of the word being typed
const ENVOI = 200; // characters sent: the service reads the last ones
const NOMBRE = 7;

/** Text before the caret, as code points: the service counts places so. */
function avantLeCurseur(champ) {
  return [...champ.value.slice(0, champ.selectionStart ?? champ.value.length)];
}

class Completion {
  constructor(champ) {
    this.champ = champ;
    this.propositions = [];
    this.choisie = -1;
    this.minuterie = 0;
    this.demande = null;
    this.preparer();
    this.ecouter();
  }

  preparer() {
    const { champ } = this;
    this.liste = document.createElement("ul");
    Object.assign(this.liste, { id: "propositions", className: "propositions", hidden: true });
    this.liste.setAttribute("role", "listbox");
    this.liste.setAttribute("aria-label", champ.dataset.liste);
    this.annonce = document.createElement("p");
    this.annonce.className = "lu";
    this.annonce.setAttribute("role", "status");
    champ.after(this.liste, this.annonce);
    champ.type = "text"; // a search field may not be a combobox
    champ.enterKeyHint = "search";
    const roles = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" };
    Object.entries(roles).forEach(([nom, valeur]) => champ.setAttribute(nom, valeur));
    champ.setAttribute("aria-controls", this.liste.id);
  }

  ecouter() {
    this.champ.addEventListener("input", (evenement) => !evenement.isComposing && this.attendre());
    this.champ.addEventListener("keydown", (evenement) => this.touche(evenement));
    this.champ.addEventListener("blur", () => this.fermer());
    this.liste.addEventListener("pointerdown", (evenement) => evenement.preventDefault());
    this.liste.addEventListener("click", ({ target }) => {
      const rang = [...this.liste.children].indexOf(target.closest("li"));
      if (rang >= 0) this.prendre(rang);
    });
  }

  attendre() {
    clearTimeout(this.minuterie);
    this.minuterie = setTimeout(() => this.demander(), ATTENTE);
  }

  async demander() {
    this.demande?.abort();
    const texte = avantLeCurseur(this.champ);
    const mot = texte.join("").split(/\s/u).at(-1);
    if (mot.length < MINIMUM) return this.fermer();
    const depart = Math.max(0, texte.length - ENVOI);
    const adresse = new URL(this.champ.dataset.suggestions, document.baseURI);
    adresse.searchParams.set("q", texte.slice(depart).join(""));
    adresse.searchParams.set("limite", NOMBRE);
    this.demande = new AbortController();
    try {
      const reponse = await fetch(adresse, { signal: this.demande.signal });
      if (!reponse.ok) return this.fermer();
      const { suggestions } = await reponse.json();
      if (document.activeElement !== this.champ) return this.fermer();
      this.montrer(suggestions.map((une) => ({ ...une, debut: une.debut + depart })));
    } catch {
      this.fermer(); // no network, or a newer keystroke: the field works without
    }
  }

  montrer(propositions) {
    this.propositions = propositions;
    this.liste.replaceChildren(...propositions.map((une, rang) => this.option(une, rang)));
    this.liste.hidden = propositions.length === 0;
    this.champ.setAttribute("aria-expanded", String(propositions.length > 0));
    this.viser(-1);
    const { aucune, une, plusieurs } = this.champ.dataset;
    const nombre = propositions.length;
    this.annonce.textContent = nombre > 1 ? plusieurs.replace("#", nombre) : nombre ? une : aucune;
  }

  option({ libelle, genre_libelle: genre, precision }, rang) {
    const ligne = document.createElement("li");
    ligne.id = `proposition-${rang}`;
    ligne.setAttribute("role", "option");
    ligne.setAttribute("aria-selected", "false");
    const detail = document.createElement("span");
    detail.className = "discret";
    detail.textContent = [genre, precision].filter(Boolean).join(" · ");
    ligne.append(libelle, " ", detail);
    return ligne;
  }

  viser(rang) {
    this.choisie = rang;
    [...this.liste.children].forEach((ligne, autre) => {
      ligne.setAttribute("aria-selected", String(autre === rang));
      if (autre === rang) ligne.scrollIntoView({ block: "nearest" });
    });
    if (rang < 0) this.champ.removeAttribute("aria-activedescendant");
    else this.champ.setAttribute("aria-activedescendant", `proposition-${rang}`);
  }

  touche(evenement) {
    if (evenement.isComposing) return;
    const ouverte = !this.liste.hidden;
    const dernier = this.propositions.length - 1;
    if (evenement.key === "ArrowDown" && !ouverte) this.demander();
    else if (evenement.key === "ArrowDown") this.viser(this.choisie < dernier ? this.choisie + 1 : 0);
    else if (evenement.key === "ArrowUp" && ouverte) this.viser(this.choisie > 0 ? this.choisie - 1 : dernier);
    else if (evenement.key === "Escape" && ouverte) this.fermer();
    else if (evenement.key === "Enter" && ouverte && this.choisie >= 0) this.prendre(this.choisie);
    else return this.laisser(evenement);
    evenement.preventDefault();
  }

  laisser({ key }) {
    if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(key)) this.viser(-1);
    if (["Enter", "Tab"].includes(key)) this.fermer();
  }

  prendre(rang) {
    const { libelle, debut } = this.propositions[rang];
    const { champ } = this;
    const gauche = [...avantLeCurseur(champ).slice(0, debut), libelle, " "].join("");
    champ.value = gauche + champ.value.slice(champ.selectionStart).trimStart();
    champ.setSelectionRange(gauche.length, gauche.length);
    this.fermer();
  }

  fermer() {
    clearTimeout(this.minuterie);
    this.demande?.abort();
    this.propositions = [];
    this.liste.hidden = true;
    this.liste.replaceChildren();
    this.champ.setAttribute("aria-expanded", "false");
    this.viser(-1);
    this.annonce.textContent = "";
  }
}

document.querySelectorAll("input[data-suggestions]").forEach((champ) => new Completion(champ));
