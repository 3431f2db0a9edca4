// Host resolution in Node.
// `hosts.mjs FOLDER strict|middleware PASSES`: the same rules as the other programs, or what an Express-style
// middleware does: lower-case, strip the port, split at dots, take the first label.
import { readFileSync } from "node:fs";

const [, , folder, mode, passText] = process.argv;
const passes = Number(passText);
const apex = "emperor.gallery";
const suffix = "." + apex;
const reserved = new Set(["www", "admin", "api", "app", "static", "assets", "vercel"]);

const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
const wellFormed = new RegExp(`^${label}(?:\\.${label})*$`);

function strict(host) {
  const colon = host.indexOf(":");
  let name = host;
  if (colon >= 0) {
    const port = host.slice(colon + 1);
    if (!/^[0-9]*$/.test(port) || Number(port) > 65535) return { kind: 3 };
    name = host.slice(0, colon);
  }
  if (name.endsWith(".")) name = name.slice(0, -1);
  if (name.length === 0 || name.length > 253) return { kind: 3 };
  name = name.toLowerCase();
  if (!wellFormed.test(name)) return { kind: 3 };
  const last = name.slice(name.lastIndexOf(".") + 1);
  if (/^(?:[0-9]+|0x[0-9a-f]*)$/.test(last)) return { kind: 3 };
  if (name === apex) return { kind: 1 };
  if (name.endsWith(suffix) && reserved.has(name.slice(0, -suffix.length))) return { kind: 2 };
  const tenant = directory.get(name);
  return tenant === undefined ? { kind: 3 } : { kind: 0, tenant };
}

function middleware(header) {
  const host = header.toLowerCase().split(":")[0];
  const parts = host.split(".");
  if (host.endsWith(suffix)) {
    const subdomain = parts[0];
    if (reserved.has(subdomain)) return { kind: 2 };
    const tenant = directory.get(subdomain + suffix);
    return tenant === undefined ? { kind: 3 } : { kind: 0, tenant };
  }
  if (host === apex) return { kind: 1 };
  const tenant = directory.get(host);
  return tenant === undefined ? { kind: 3 } : { kind: 0, tenant };
}

function used() {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const text = (bytes, start, size) => bytes.latin1Slice(start, start + size);
const tenantBytes = readFileSync(folder + "/tenants.bin");
const customBytes = readFileSync(folder + "/customs.bin");
const before = used();
const start = performance.now();
const directory = new Map();
const tenants = [];
for (let at = 0; at < tenantBytes.length; ) {
  const next = () => {
    const size = tenantBytes[at];
    at += 1 + size;
    return text(tenantBytes, at - size, size);
  };
  const host = next() + suffix;
  const tenant = { id: next(), organization: next() };
  tenants.push(tenant);
  directory.set(host, tenant);
}
for (let at = 0; at < customBytes.length; ) {
  const size = customBytes[at];
  directory.set(text(customBytes, at + 1, size), tenants[customBytes.readUInt32LE(at + 1 + size)]);
  at += 5 + size;
}
console.log("build.ms", performance.now() - start);
tenants.length = 0;
console.log("memory.bytes", (used() - before) / directory.size);

const resolve = mode === "strict" ? strict : middleware;
for (const name of ["zipf", "uniform"]) {
  const packed = readFileSync(`${folder}/${name}.bin`);
  const requests = [];
  for (let at = 0; at < packed.length; at += 1 + packed[at]) requests.push(text(packed, at + 1, packed[at]));
  const counts = [0, 0, 0, 0];
  let identifiers = 0n;
  for (const request of requests) {
    const verdict = resolve(request);
    counts[verdict.kind]++;
    if (mode === "strict" && verdict.kind === 0) {
      let hash = 0xcbf29ce484222325n;
      for (const c of Buffer.from(verdict.tenant.id)) hash = ((hash ^ BigInt(c)) * 0x100000001b3n) & (2n ** 64n - 1n);
      identifiers += hash;
    }
  }
  const ids = mode === "strict" ? identifiers & (2n ** 64n - 1n) : "-";
  console.log(
    `check.${name} tenants=${counts[0]},platform=${counts[1]},reserved=${counts[2]},notFound=${counts[3]},ids=${ids}`);
  let best = Infinity;
  for (let pass = 0; pass <= passes; pass++) {
    const start = performance.now();
    let found = 0;
    for (const request of requests) if (resolve(request).kind === 0) found++;
    globalThis.sink = found;
    const time = ((performance.now() - start) * 1e6) / requests.length;
    if (pass > 0 && time < best) best = time;
  }
  console.log(`${name}.one`, best);
}
