import assert from "node:assert/strict";
import { test } from "node:test";

import { entryOf, originOf } from "../host/node/addresses.js";
import { granted } from "../host/node/index.js";

/** @typedef {Record<string, any>} Interfaces */

const LOCAL = { tag: "ipv4", val: { port: 0, address: [127, 0, 0, 1] } };
/** @param {number} port */
const at = (port) => ({ tag: "ipv4", val: { ...LOCAL.val, port } });
const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);
const text = (/** @type {Uint8Array} */ data) => new TextDecoder().decode(data);

/**
 * @param {object} network
 * @param {object} [more]
 * @returns {Interfaces}
 */
function wasi(network, more = {}) {
  const grants = { network, clocks: { monotonic: true }, ...more };
  return granted({ grants });
}

/** @param {() => unknown} call */
function payload(call) {
  try {
    call();
  } catch (error) {
    return /** @type {any} */ (error).payload;
  }
  return undefined;
}

/** @param {Interfaces} all */
function listening(all) {
  const socket = all["wasi:sockets/tcp-create-socket"].createTcpSocket("ipv4");
  socket.startBind({}, LOCAL);
  socket.finishBind();
  socket.startListen();
  socket.finishListen();
  return socket;
}

/**
 * @param {Interfaces} all
 * @param {any} address
 */
function connected(all, address) {
  const socket = all["wasi:sockets/tcp-create-socket"].createTcpSocket("ipv4");
  socket.startConnect({}, address);
  socket.subscribe().block();
  return [socket, ...socket.finishConnect()];
}

test("connections carry bytes both ways, as many as there are, and end", () => {
  const all = wasi({
    "tcp-listen": ["127.0.0.1:0"],
    "tcp-connect": ["127.0.0.1:*"],
  });
  const server = listening(all);
  assert.equal(
    payload(() => server.accept()),
    "would-block",
  );
  const address = server.localAddress();
  const [client, input, output] = connected(all, address);
  assert.deepEqual(client.remoteAddress(), address);
  assert.equal(input.read(10n).length, 0);

  const ready = server.subscribe();
  assert.deepEqual(all["wasi:io/poll"].poll([ready, input.subscribe()]), [0]);
  const [, theirs, back] = server.accept();
  back.blockingWriteAndFlush(bytes("hello"));
  assert.equal(text(input.blockingRead(2n)), "he");
  assert.equal(text(input.blockingRead(100n)), "llo");

  // More than what may be on its way at once, so both sides have to wait.
  const large = new Uint8Array(2 ** 20).fill(7);
  let sent = 0;
  let got = 0;
  while (got < 8 * large.length) {
    if (sent < 8 && output.checkWrite() === BigInt(large.length)) {
      output.write(large);
      sent += 1;
    }
    const part = theirs.read(1_000_000n);
    assert(part.every((/** @type {number} */ byte) => byte === 7));
    got += part.length;
    if (part.length === 0) {
      all["wasi:io/poll"].poll([theirs.subscribe()]);
    }
  }
  client.shutdown("send");
  assert.deepEqual(
    payload(() => theirs.blockingRead(1n)),
    { tag: "closed" },
  );
  assert.deepEqual(
    payload(() => output.write(bytes("more"))),
    { tag: "closed" },
  );
  for (const one of [client, input, output, server]) {
    one[Symbol.dispose]();
  }
});

test("waiting ends with whatever comes first", () => {
  const all = wasi({ "tcp-listen": ["127.0.0.1:0"] });
  const server = listening(all);
  const { subscribeDuration } = all["wasi:clocks/monotonic-clock"];
  const soon = subscribeDuration(20_000_000n);
  const late = subscribeDuration(60_000_000_000n);
  const { poll } = all["wasi:io/poll"];
  assert.deepEqual(poll([late, server.subscribe(), soon]), [2]);
  assert.throws(() => poll([]), { name: "Trap" });
  server[Symbol.dispose]();
});

test("a connection that nobody takes is refused", () => {
  const all = wasi({
    "tcp-listen": ["127.0.0.1:0"],
    "tcp-connect": ["127.0.0.1:*"],
  });
  const server = listening(all);
  const { port } = server.localAddress().val;
  server[Symbol.dispose]();
  const socket = all["wasi:sockets/tcp-create-socket"].createTcpSocket("ipv4");
  socket.startConnect({}, at(port));
  socket.subscribe().block();
  assert.equal(
    payload(() => socket.finishConnect()),
    "connection-refused",
  );
});

test("a name leads to what it led to and nowhere else", () => {
  const all = wasi({
    "tcp-listen": ["127.0.0.1:0"],
    "tcp-connect": ["localhost:*"],
    resolve: ["localhost"],
  });
  const server = listening(all);
  const { createTcpSocket } = all["wasi:sockets/tcp-create-socket"];
  const connect = () =>
    createTcpSocket("ipv4").startConnect({}, server.localAddress());
  assert.equal(payload(connect), "access-denied");
  const { resolveAddresses } = all["wasi:sockets/ip-name-lookup"];
  const answers = resolveAddresses({}, "LOCALHOST");
  answers.subscribe().block();
  for (;;) {
    const answer = answers.resolveNextAddress();
    if (answer === undefined) {
      break;
    }
  }
  assert.equal(payload(connect), undefined);
  assert.equal(
    payload(() => resolveAddresses({}, "example.org")),
    "access-denied",
  );
  server[Symbol.dispose]();
});

test("datagrams of those who are not granted are dropped", () => {
  const all = wasi({ udp: ["127.0.0.1:*"] });
  const { createUdpSocket } = all["wasi:sockets/udp-create-socket"];
  const [one, other] = [createUdpSocket("ipv4"), createUdpSocket("ipv4")];
  for (const socket of [one, other]) {
    socket.startBind({}, LOCAL);
    socket.finishBind();
  }
  const [input] = one.stream(undefined);
  const [, output] = other.stream(one.localAddress());
  assert.equal(output.send([{ data: bytes("hi") }]), 1n);
  input.subscribe().block();
  const [datagram] = input.receive(10n);
  assert.equal(text(datagram.data), "hi");
  assert.deepEqual(datagram.remoteAddress, other.localAddress());

  const deaf = wasi({ udp: ["127.0.0.1:0"] });
  const third = deaf["wasi:sockets/udp-create-socket"].createUdpSocket("ipv4");
  third.startBind({}, LOCAL);
  third.finishBind();
  const [unheard] = third.stream(undefined);
  const [, again] = other.stream(third.localAddress());
  again.send([{ data: bytes("hi") }]);
  const { subscribeDuration } = all["wasi:clocks/monotonic-clock"];
  const soon = subscribeDuration(50_000_000n);
  const ready = all["wasi:io/poll"].poll([soon, unheard.subscribe()]);
  assert.deepEqual(ready, [0]);

  const elsewhere = { tag: "ipv4", val: { port: 9, address: [10, 0, 0, 1] } };
  assert.equal(
    payload(() => again.send([{ data: bytes("x"), remoteAddress: elsewhere }])),
    "invalid-argument",
  );
});

/** @param {any} input */
function untilEmptyLine(input) {
  let head = "";
  while (!head.includes("\r\n\r\n")) {
    head += text(input.blockingRead(1000n));
  }
  return head;
}

/**
 * @param {Interfaces} all
 * @param {number} port
 */
function asking(all, port) {
  const { Fields, OutgoingRequest } = all["wasi:http/types"];
  const request = new OutgoingRequest(Fields.fromList([["x-a", bytes("1")]]));
  request.setScheme({ tag: "HTTP" });
  request.setAuthority(`127.0.0.1:${port}`);
  request.setPathWithQuery("/path?x=1");
  return request;
}

test("requests have bodies and fields, and so have responses", () => {
  const server = wasi({ "tcp-listen": ["127.0.0.1:0"] });
  const socket = listening(server);
  const { port } = socket.localAddress().val;
  const all = wasi({}, { http: { allow: [`http://127.0.0.1:${port}`] } });
  const { OutgoingBody, IncomingBody } = all["wasi:http/types"];
  const request = asking(all, port);
  request.setMethod({ tag: "post" });
  const body = request.body();
  const stream = body.write();
  stream.blockingWriteAndFlush(bytes("before "));
  const future = all["wasi:http/outgoing-handler"].handle(request);
  stream.blockingWriteAndFlush(bytes("after"));
  OutgoingBody.finish(body, undefined);
  assert.equal(future.get(), undefined);

  socket.subscribe().block();
  const [, input, output] = socket.accept();
  const head = untilEmptyLine(input);
  assert.match(head, /^POST \/path\?x=1 HTTP\/1.1\r\n/);
  assert.match(head, /\r\nx-a: 1\r\n/);
  assert.match(head, new RegExp(`\r\nhost: 127.0.0.1:${port}\r\n`, "i"));
  output.blockingWriteAndFlush(
    bytes(
      "HTTP/1.1 201 Created\r\nx-b: 2\r\nx-b: 3\r\ncontent-length: 4\r\n\r\ndone",
    ),
  );
  future.subscribe().block();
  const response = future.get().val.val;
  assert.equal(response.status(), 201);
  assert.deepEqual(response.headers().get("X-B").map(text), ["2", "3"]);
  assert.equal(
    payload(() => response.headers().delete("x-b")).tag,
    "immutable",
  );
  const incoming = response.consume();
  const answer = incoming.stream();
  assert.equal(text(answer.blockingRead(10n)), "done");
  assert.deepEqual(
    payload(() => answer.blockingRead(10n)),
    { tag: "closed" },
  );
  const trailers = IncomingBody.finish(incoming);
  trailers.subscribe().block();
  assert.deepEqual(trailers.get(), {
    tag: "ok",
    val: { tag: "ok", val: undefined },
  });
  assert.deepEqual(future.get(), { tag: "err" });
});

test("requests go to granted origins, whatever they look like", () => {
  const all = wasi({}, { http: { allow: ["http://127.0.0.1:1"] } });
  const { handle } = all["wasi:http/outgoing-handler"];
  const denied = { tag: "HTTP-request-denied" };
  for (const authority of [
    "127.0.0.1:2",
    "127.0.0.1:1@127.0.0.1:2",
    "user@127.0.0.1:1",
    "localhost:1",
  ]) {
    const request = asking(all, 1);
    request.setAuthority(authority);
    assert.deepEqual(
      payload(() => handle(request)),
      denied,
      authority,
    );
  }
  const future = handle(asking(all, 1));
  future.subscribe().block();
  const val = { tag: "err", val: { tag: "connection-refused" } };
  assert.deepEqual(future.get(), { tag: "ok", val });
  const request = asking(all, 1);
  assert.throws(() => request.setPathWithQuery("/a b"));
  assert.throws(() => request.setAuthority("a/b"));
});

test("addresses and origins that grants name are read", () => {
  assert.deepEqual(entryOf("[::ffff:127.0.0.1]:80"), {
    ip: "127.0.0.1",
    port: 80,
  });
  assert.deepEqual(entryOf("DB.internal.:*"), {
    name: "db.internal",
    port: undefined,
  });
  const wrong =
    "db,db:,:80,db:65536,::1:80,[1.2.3.4]:80,a b:80,1.2.3:80,0x7f.1:80";
  for (const one of wrong.split(",")) {
    assert.equal(entryOf(one), undefined, one);
  }
  assert.equal(
    originOf("HTTPS://API.example.org/"),
    "https://api.example.org:443",
  );
  assert.equal(originOf("http://[0::1]:8080"), "http://[::1]:8080");
  const origins =
    "a.org,ftp://a,https://,https://a/b,https://u@a,https://a:x,https://a?b";
  for (const one of origins.split(",")) {
    assert.equal(originOf(one), undefined, one);
  }
});
