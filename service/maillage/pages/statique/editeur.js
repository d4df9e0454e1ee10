/* The query editor: completion of prefixes, classes, properties and variables over a plain text area, the
   mistake underlined at its place, a link to share. Without this module the form works all the same. */

const MOTS = ["ASK", "BASE", "BIND", "CONSTRUCT", "COUNT", "DESCRIBE", "DISTINCT", "EXISTS", "FILTER", "FROM",
  "GRAPH", "GROUP BY", "HAVING", "LANG", "LIMIT", "MINUS", "NAMED", "NOT EXISTS", "OFFSET", "OPTIONAL",
  "ORDER BY", "PREFIX", "REGEX", "SELECT", "STR", "STRSTARTS", "UNION", "VALUES", "WHERE"];
const NOMBRE = 12;
const JETON = /(?:[?$]\w*|[\p{L}][\p{L}\p{N}_-]*:?[\p{L}\p{N}_-]*)$/u;
const DECLARE = /PREFIX\s+([\p{L}\p{N}_-]*):/giu;

const plier = (texte) => texte.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Rows of a stored query, each as {variable: value}. */
async function lignes(adresse) {
  const url = new URL(adresse, document.baseURI);
  url.searchParams.set("format", "json");
  url.searchParams.set("limite", "2000");
  const reponse = await fetch(url);
  if (!reponse.ok) return [];
  const { results } = await reponse.json();
  return results.bindings.map((une) => Object.fromEntries(Object.entries(une).map(([n, v]) => [n, v.value])));
}

/** Prefixes, classes and properties, asked once, when they are first needed. */
class Vocabulaire {
  constructor({ termes, prefixes }) {
    this.adresses = { termes, prefixes };
    this.espaces = new Map();
    this.termes = [];
  }

  charger() {
    this.attente ??= this.lire().catch(() => undefined); // no network: keywords and variables remain
    return this.attente;
  }

  async lire() {
    const [prefixes, termes] = await Promise.all([lignes(this.adresses.prefixes), lignes(this.adresses.termes)]);
    this.espaces = new Map(prefixes.map(({ prefixe, espace }) => [prefixe, espace]));
    const parLongueur = prefixes.toSorted((a, b) => b.espace.length - a.espace.length);
    const uniques = [...new Map(termes.map((un) => [un.terme, un])).values()];
    this.termes = uniques.flatMap(({ terme, genre, libelle = "" }) => {
      const trouve = parLongueur.find(({ espace }) => terme.startsWith(espace));
      if (!trouve) return [];
      const nom = `${trouve.prefixe}:${terme.slice(trouve.espace.length)}`;
      return [{ texte: nom, detail: libelle, genre, cle: plier(nom), mots: plier(libelle) }];
    });
  }

  proposer(jeton, requete) {
    if (/^[?$]/.test(jeton)) return variables(requete, jeton);
    const cle = plier(jeton);
    const [prefixe, local] = cle.split(":");
    const termes = this.termes.filter((un) => local === undefined
      ? un.mots.startsWith(cle) || un.mots.includes(` ${cle}`) || un.cle.split(":")[1].startsWith(cle)
      : un.cle.startsWith(`${prefixe}:`) && un.cle.includes(local, prefixe.length));
    if (local !== undefined) return termes;
    const mots = MOTS.filter((mot) => plier(mot).startsWith(cle)).map((texte) => ({ texte, detail: "" }));
    const espaces = [...this.espaces].filter(([nom]) => nom.startsWith(cle));
    return [...mots, ...espaces.map(([nom, espace]) => ({ texte: `${nom}:`, detail: espace })), ...termes];
  }
}

function variables(requete, jeton) {
  const noms = new Set(requete.match(/[?$]\w+/g) ?? []);
  noms.delete(jeton);
  return [...noms].filter((nom) => nom.startsWith(jeton)).map((texte) => ({ texte, detail: "" }));
}

class Editeur {
  constructor(champ) {
    this.champ = champ;
    this.cadre = champ.parentElement;
    this.vocabulaire = new Vocabulaire(champ.dataset);
    this.propositions = [];
    this.choisie = -1;
    this.preparer();
    this.ecouter();
    this.souligner();
  }

  preparer() {
    this.liste = document.createElement("ul");
    Object.assign(this.liste, { id: "propositions-sparql", className: "propositions", hidden: true });
    this.liste.setAttribute("role", "listbox");
    this.liste.setAttribute("aria-label", this.champ.dataset.liste);
    this.annonce = document.createElement("p");
    this.annonce.className = "lu";
    this.annonce.setAttribute("role", "status");
    this.cadre.append(this.liste, this.annonce);
    this.champ.setAttribute("aria-autocomplete", "list");
    this.champ.setAttribute("aria-controls", this.liste.id);
    document.querySelectorAll("[data-avec-script], [data-partager]").forEach((un) => { un.hidden = false; });
  }

  ecouter() {
    this.champ.addEventListener("input", (evenement) => this.saisie(evenement));
    this.champ.addEventListener("keydown", (evenement) => this.touche(evenement));
    this.champ.addEventListener("scroll", () => { this.placer(); this.fermer(); });
    this.champ.addEventListener("blur", () => this.fermer());
    this.champ.addEventListener("focus", () => this.vocabulaire.charger());
    this.liste.addEventListener("pointerdown", (evenement) => evenement.preventDefault());
    this.liste.addEventListener("click", ({ target }) => {
      const rang = [...this.liste.children].indexOf(target.closest("li"));
      if (rang >= 0) this.prendre(rang);
    });
  }

  saisie({ isComposing }) {
    this.trait?.remove();
    this.trait = undefined;
    if (!isComposing) this.completer(2);
  }

  avant() {
    return this.champ.value.slice(0, this.champ.selectionStart);
  }

  async completer(minimum) {
    await this.vocabulaire.charger();
    const jeton = JETON.exec(this.avant())?.[0] ?? "";
    if (jeton.length < minimum || document.activeElement !== this.champ) return this.fermer();
    const trouvees = this.vocabulaire.proposer(jeton, this.champ.value);
    this.montrer(trouvees.filter(({ texte }) => texte !== jeton).slice(0, NOMBRE));
  }

  montrer(propositions) {
    this.propositions = propositions;
    this.liste.replaceChildren(...propositions.map((une, rang) => this.option(une, rang)));
    this.liste.hidden = propositions.length === 0;
    const { une, plusieurs } = this.champ.dataset;
    const nombre = propositions.length;
    this.annonce.textContent = nombre > 1 ? plusieurs.replace("#", nombre) : nombre ? une : "";
    this.viser(-1);
    if (nombre) this.poser(this.liste, this.avant(), 1);
  }

  option({ texte, detail }, rang) {
    const ligne = document.createElement("li");
    ligne.id = `proposition-sparql-${rang}`;
    ligne.setAttribute("role", "option");
    const suite = document.createElement("span");
    suite.className = "discret";
    suite.textContent = detail;
    ligne.append(texte, " ", suite);
    return ligne;
  }

  viser(rang) {
    this.choisie = rang;
    [...this.liste.children].forEach((ligne, autre) => {
      ligne.setAttribute("aria-selected", String(autre === rang));
      if (autre === rang) ligne.scrollIntoView({ block: "nearest" });
    });
    if (rang < 0) this.champ.removeAttribute("aria-activedescendant");
    else this.champ.setAttribute("aria-activedescendant", `proposition-sparql-${rang}`);
  }

  touche(evenement) {
    const { key, ctrlKey, metaKey, isComposing } = evenement;
    const ouverte = !this.liste.hidden;
    const dernier = this.propositions.length - 1;
    if (isComposing) return;
    if (key === "Enter" && (ctrlKey || metaKey)) this.champ.form.requestSubmit();
    else if (key === " " && ctrlKey) this.completer(0);
    else if (key === "ArrowDown" && ouverte) this.viser(this.choisie < dernier ? this.choisie + 1 : 0);
    else if (key === "ArrowUp" && ouverte) this.viser(this.choisie > 0 ? this.choisie - 1 : dernier);
    else if (key === "Escape" && ouverte) this.fermer();
    else if (key === "Enter" && ouverte && this.choisie >= 0) this.prendre(this.choisie);
    else return;
    evenement.preventDefault();
  }

  prendre(rang) {
    const { texte } = this.propositions[rang];
    const { champ } = this;
    const jeton = JETON.exec(this.avant())?.[0] ?? "";
    champ.setRangeText(texte, champ.selectionStart - jeton.length, champ.selectionStart, "end");
    this.declarer(texte.split(":")[0]);
    this.fermer();
    champ.focus();
  }

  /** Write the prefix at the top where the query does not declare it yet. */
  declarer(prefixe) {
    const espace = this.vocabulaire.espaces.get(prefixe);
    const declares = [...this.champ.value.matchAll(DECLARE)].map(([, nom]) => nom);
    if (espace && !declares.includes(prefixe)) {
      this.champ.setRangeText(`PREFIX ${prefixe}: <${espace}>\n`, 0, 0, "preserve");
    }
  }

  fermer() {
    this.propositions = [];
    this.liste.hidden = true;
    this.liste.replaceChildren();
    this.annonce.textContent = "";
    this.viser(-1);
  }

  /** Put an element where this text ends; the area is in one width and does not wrap. */
  poser(element, texte, interligne) {
    const style = getComputedStyle(this.champ);
    const [hauteur, haut, gauche] = ["lineHeight", "paddingTop", "paddingLeft"].map((nom) => parseFloat(style[nom]));
    const ecrites = texte.split("\n");
    const colonne = [...ecrites.at(-1)].reduce((fin, lettre) => fin + (lettre === "\t" ? 8 - (fin % 8) : 1), 0);
    const x = gauche + colonne * this.largeur(style) - this.champ.scrollLeft;
    const y = haut + (ecrites.length - 1 + interligne) * hauteur - this.champ.scrollTop;
    const place = Math.min(Math.max(x, 0), this.champ.clientWidth - (interligne ? element.offsetWidth : 8));
    Object.assign(element.style, { insetInlineStart: `${Math.max(place, 0)}px`, insetBlockStart: `${y}px` });
    element.style.visibility = y < 0 || y > this.champ.clientHeight ? "hidden" : "";
  }

  largeur({ font }) {
    this.toile ??= document.createElement("canvas").getContext("2d");
    this.toile.font = font;
    return this.toile.measureText("0".repeat(100)).width / 100;
  }

  souligner() {
    const { ligne, colonne } = this.champ.dataset;
    if (!ligne) return;
    const lues = this.champ.value.split("\n").slice(0, Number(ligne));
    const faute = lues.at(-1).slice(Number(colonne) - 1);
    lues[lues.length - 1] = lues.at(-1).slice(0, Number(colonne) - 1);
    this.place = lues.join("\n");
    this.trait = document.createElement("span");
    this.trait.className = "souligne";
    this.trait.setAttribute("aria-hidden", "true");
    this.trait.textContent = "\u00a0".repeat(Math.max(1, /^\S*/.exec(faute)[0].length));
    this.cadre.append(this.trait);
    this.champ.scrollTop = Math.max(0, (lues.length - 5) * parseFloat(getComputedStyle(this.champ).lineHeight));
    this.champ.setSelectionRange(this.place.length, this.place.length);
    this.placer();
  }

  placer() {
    if (this.trait) this.poser(this.trait, this.place, 0);
  }
}

/** Address of the page that runs what the form holds now. */
function lien(formulaire) {
  const adresse = new URL(formulaire.action);
  adresse.search = new URLSearchParams(new FormData(formulaire)).toString();
  return adresse.href;
}

document.querySelectorAll("textarea[data-termes]").forEach((champ) => {
  new Editeur(champ);
  const bouton = champ.form.querySelector("[data-partager]");
  bouton.addEventListener("click", async () => {
    const adresse = lien(champ.form);
    history.replaceState(null, "", adresse);
    try {
      await navigator.clipboard.writeText(adresse);
      champ.form.querySelector("[data-etat]").textContent = bouton.dataset.partager;
    } catch {
      champ.form.querySelector("[data-etat]").textContent = adresse; // no clipboard: the address, to copy
    }
  });
});
