import { connectEngine } from "../../src/control-plane/engine/http-engine.ts";
import { startControlPlane } from "../../src/control-plane/control-plane.ts";
import { FakeDiscovery } from "./fake-discovery.ts";
import { FakeIngress } from "./fake-ingress.ts";

// A control plane in a process of its own, on a real engine but without ingress and name server, so that a test can kill it.
// Arguments: instance, state directory, engine socket, base image. Writes its port and token when it answers.
const [instance = "", stateDirectory = "", engineSocket = "", baseImage = ""] = process.argv.slice(2);
const engine = connectEngine(engineSocket);
const settings = {
  instance,
  build: "test",
  stateDirectory,
  engineSocket,
  host: "127.0.0.1",
  port: 0,
  tokenFile: `${stateDirectory}/token`,
  baseImage,
  ingressImage: "",
  sharedDirectory: `${stateDirectory}/shared`,
};
const { port, token } = await startControlPlane(settings, {
  engine,
  ingress: new FakeIngress(),
  discovery: new FakeDiscovery(engine, instance),
  now: Date.now,
  warn: (message) => void process.stderr.write(`${message}\n`),
});
process.stdout.write(`${JSON.stringify({ port, token })}\n`);
