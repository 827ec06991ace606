// The Control UI's first step, as a browser does it through a proxy: node browser.mjs OPENCLAW {"url","from","origin","token","headers"}
// Prints one line of JSON: {"closed": [code, reason], "answer": …}
import { createRequire } from "node:module";
import { generateKeyPairSync, createHash, sign } from "node:crypto";
const require = createRequire(process.argv[2] + "/package.json");
const { WebSocket } = require("ws");
const asked = JSON.parse(process.argv[3]);
const { publicKey, privateKey } = generateKeyPairSync("ed25519");
const raw = publicKey.export({ type: "spki", format: "der" }).subarray(-32);
const id = createHash("sha256").update(raw).digest("hex");
const client = { id: "openclaw-control-ui", version: "1.0.0", platform: "MacIntel", mode: "webchat" };
const scopes = ["operator.read", "operator.write", "operator.admin", "operator.approvals", "operator.pairing"];
const found = { closed: null, answer: null };
const socket = new WebSocket(asked.url, { localAddress: asked.from, headers: { origin: asked.origin, ...asked.headers } });
const end = () => { console.log(JSON.stringify(found)); process.exit(0); };
setTimeout(end, 15000).unref();
socket.on("error", (error) => { found.error = String(error.message); });
socket.on("unexpected-response", (_request, answer) => {
  let text = "";
  answer.on("data", (part) => { text += part; });
  answer.on("end", () => { found.status = answer.statusCode; found.body = text; end(); });
});
socket.on("close", (code, reason) => { found.closed = [code, String(reason)]; end(); });
socket.on("message", (data) => {
  const said = JSON.parse(String(data));
  if (said.event === "connect.challenge") {
    const at = Date.now();
    const words = ["v2", id, client.id, client.mode, "operator", scopes.join(","), String(at), asked.token ?? "", said.payload.nonce].join("|");
    const device = { id, publicKey: raw.toString("base64url"), signature: sign(null, Buffer.from(words), privateKey).toString("base64url"), signedAt: at, nonce: said.payload.nonce };
    socket.send(JSON.stringify({ type: "req", id: "1", method: "connect", params: {
      minProtocol: 3, maxProtocol: 4, client, role: "operator", scopes, caps: [], locale: "en", userAgent: "Mozilla/5.0",
      auth: asked.token ? { token: asked.token } : {}, device } }));
  } else if (said.id === "1") {
    found.answer = said;
    if (said.ok) { end(); }
  }
});
