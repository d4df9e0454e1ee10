// Reads a stream with the reference client: node lire.mjs <address> [<folder where it keeps its state>]
// Writes one JSON object: the addresses it fetched, the members it was given, its errors.
import { replicateLDES } from "ldes-client";

const [url, statePath] = process.argv.slice(2);
const adresses = [];
const erreurs = [];
const membres = [];
const observed = async (input, init) => {
  const answer = await fetch(input, init);
  adresses.push({ adresse: typeof input === "string" ? input : input.url, statut: answer.status });
  return answer;
};
const client = replicateLDES({ url, statePath, fetch: observed });
client.on("error", (error) => erreurs.push(String(error?.error ?? error)));
for await (const membre of client.stream({ highWaterMark: 10 })) {
  membres.push({
    id: membre.id.value,
    de: membre.isVersionOf,
    instant: membre.timestamp?.toISOString(),
    quads: membre.quads.map((quad) => [quad.predicate.value, quad.object.value]),
  });
}
process.stdout.write(JSON.stringify({ adresses, membres, erreurs }));
