import { expect, onTestFinished, test } from "vitest";
import { ControlPlaneOnFakes, serviceDocument } from "../../../test/fakes/control-plane-on-fakes.ts";

test("of two services for one port the later is refused, with the name of the first", async () => {
  const plane = new ControlPlaneOnFakes();
  onTestFinished(() => plane.remove());
  await plane.start();
  plane.engine.addImage("good:1", { health: { after: 20, status: "healthy" } });
  // Of UDP: a listener of TCP would be checked, and nothing listens at the addresses of a fake engine.
  const listening = (name: string) =>
    serviceDocument(name, "good:1", { listeners: [{ port: 5432, protocol: "udp", targetPort: 5432, deregistrationDelay: 0 }] });
  expect(await plane.deploy(listening("first"))).toMatchObject({ kind: "deployed" });
  expect(await plane.deploy(listening("second"))).toMatchObject({
    kind: "error",
    code: "route-taken",
    message: "second cannot be deployed to test: first has port 5432/udp there",
  });
});
