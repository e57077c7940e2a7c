import { expect, onTestFinished, test } from "vitest";
import { ControlPlaneOnFakes, serviceDocument } from "../../../test/fakes/control-plane-on-fakes.ts";

test("of two services for one port the later is refused, with the name of the first", async () => {
  const plane = new ControlPlaneOnFakes();
  onTestFinished(() => plane.remove());
  await plane.start();
  plane.engine.addImage("good:1", { health: { after: 20, status: "healthy" } });
  const listening = (name: string) =>
    serviceDocument(name, "good:1", { listeners: [{ port: 5432, protocol: "tcp", targetPort: 5432, deregistrationDelay: 0 }] });
  await plane.deploy(listening("first"));
  expect(await plane.deploy(listening("second"))).toMatchObject({
    kind: "error",
    code: "route-taken",
    message: "second cannot be deployed to test: first has port 5432/tcp there",
  });
});
