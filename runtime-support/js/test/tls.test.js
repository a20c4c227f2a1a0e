// Requests with TLS, and to addresses of IPv6.

import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const folder = mkdtempSync(join(tmpdir(), "witgen-tls-"));
after(() => rmSync(folder, { recursive: true }));
const [key, certificate] = ["key.pem", "certificate.pem"].map((name) =>
  join(folder, name),
);

/** Makes a certificate for `localhost` and `::1`, but not for `127.0.0.1`. */
function certified() {
  const words =
    "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=witgen -addext subjectAltName=DNS:localhost,IP:::1";
  const files = ["-keyout", key, "-out", certificate];
  try {
    const command = [...words.split(" "), ...files];
    execFileSync("openssl", command, { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}

const hasCertificate = certified();
const loopback = Object.values(networkInterfaces()).flat();
const hasIpv6 = loopback.some((end) => end?.address === "::1");

/** Answers on all addresses, with the name that the other side asked for. */
const SERVER = `
  const [, key, certificate] = process.argv;
  const { readFileSync } = require("node:fs");
  const answer = ({ socket, headers }, response) =>
    response.end([headers.host, socket.servername].join(" "));
  const server = key
    ? require("node:https").createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, answer)
    : require("node:http").createServer(answer);
  server.listen(0, () => console.log(server.address().port));`;

/** Sends a request as a component does, and prints the answer or the error. */
const CLIENT = `
  const { granted } = await import(${JSON.stringify(new URL("../host/node/index.js", import.meta.url))});
  const origin = new URL(process.argv[1]);
  const all = granted({ grants: { http: { allow: [origin.origin] } } });
  const { Fields, OutgoingRequest } = all["wasi:http/types"];
  const request = new OutgoingRequest(new Fields());
  request.setScheme({ tag: origin.protocol === "https:" ? "HTTPS" : "HTTP" });
  request.setAuthority(origin.host);
  const future = all["wasi:http/outgoing-handler"].handle(request, undefined);
  future.subscribe().block();
  const { tag, val } = future.get().val;
  const body = tag === "ok" ? val.consume().stream().blockingRead(1000n) : undefined;
  console.log(body === undefined ? val.tag : new TextDecoder().decode(body));
  process.exit();`;

/**
 * @param {import("node:test").TestContext} context
 * @param {string[]} words
 * @returns {Promise<string>} The port.
 */
async function served(context, ...words) {
  const server = spawn(process.execPath, ["-e", SERVER, ...words]);
  context.after(() => server.kill());
  const [line] = await once(server.stdout, "data");
  return String(line).trim();
}

/**
 * @param {string} origin
 * @param {NodeJS.ProcessEnv} [env]
 */
function asked(origin, env = {}) {
  const command = ["--input-type=module", "-e", CLIENT, origin];
  const options = { env: { ...process.env, ...env }, encoding: "utf8" };
  return execFileSync(process.execPath, command, {
    ...options,
    encoding: "utf8",
  }).trim();
}

test(
  "certificates are checked, with those that the process trusts",
  { skip: !hasCertificate },
  async (context) => {
    const port = await served(context, key, certificate);
    const origin = `https://localhost:${port}`;
    const trusting = { NODE_EXTRA_CA_CERTS: certificate };
    assert.equal(asked(origin), "TLS-certificate-error");
    assert.equal(asked(origin, trusting), `localhost:${port} localhost`);
    const other = `https://127.0.0.1:${port}`;
    assert.equal(asked(other, trusting), "TLS-certificate-error");
    if (hasIpv6) {
      const address = `https://[::1]:${port}`;
      assert.equal(asked(address, trusting), `[::1]:${port} false`);
    }
  },
);

test("what does not speak TLS is an error of its own", async (context) => {
  const port = await served(context);
  const error = asked(`https://localhost:${port}`);
  assert.equal(error, "TLS-protocol-error");
});

test(
  "requests go to addresses of IPv6",
  { skip: !hasIpv6 },
  async (context) => {
    const port = await served(context);
    assert.equal(asked(`http://[::1]:${port}`), `[::1]:${port}`);
  },
);
