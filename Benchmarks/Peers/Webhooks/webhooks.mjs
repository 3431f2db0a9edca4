// webhooks.mjs FOLDER PASSES: verifies and parses a Stripe event as its documentation says, and hashes its bytes.
import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";

const [, , folder, passText] = process.argv;
const passes = Number(passText);
const body = readFileSync(folder + "/body.json");
const header = readFileSync(folder + "/signature.txt", "utf8").trim();

function event() {
  const parts = new Map(header.split(",").map((part) => part.split("=", 2)));
  const hmac = createHmac("sha256", "whsec_benchmark");
  hmac.update(parts.get("t") + ".");
  hmac.update(body);
  if (!timingSafeEqual(hmac.digest(), Buffer.from(parts.get("v1"), "hex"))) throw new Error("signature");
  if (Math.abs(1_760_000_000 - Number(parts.get("t"))) > 300) throw new Error("age");
  return JSON.parse(body.toString("utf8"));
}

function best(count, work) {
  let least = Infinity;
  for (let pass = 0; pass <= passes; pass++) {
    const start = performance.now();
    for (let number = 0; number < count; number++) globalThis.sink = work();
    if (pass > 0) least = Math.min(least, ((performance.now() - start) * 1e6) / count);
  }
  return least;
}

console.log("check.event", event().id);
console.log("verify", best(2000, event));
