import { createHmac, timingSafeEqual } from "node:crypto";

/** A push event as GitHub or Bitbucket sends it. */
export interface WebhookRequest {
  readonly headers: { get(name: string): string | null };
  readonly body: Uint8Array;
  /** What the event must be signed with; `undefined` when nobody set one. */
  readonly secret: string | undefined;
}

/** What an event says, once it has proved where it comes from. */
export type WebhookResult =
  | { readonly kind: "push"; readonly branches: readonly string[] }
  | { readonly kind: "ignored"; readonly event: string }
  | { readonly kind: "refused"; readonly why: string };

/** Checks the signature before anything of the body is read, then takes the branches that were pushed. */
export function readWebhook({ headers, body, secret }: WebhookRequest): WebhookResult {
  if (secret === undefined) return { kind: "refused", why: "no webhook secret is set for this pipeline" };
  const given = headers.get("x-hub-signature-256") ?? headers.get("x-hub-signature") ?? "";
  const wanted = `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
  if (given.length !== wanted.length || !timingSafeEqual(Buffer.from(given), Buffer.from(wanted))) {
    return { kind: "refused", why: given === "" ? "the event is not signed" : "the signature is not that of this pipeline's secret" };
  }
  const event = headers.get("x-github-event") ?? headers.get("x-event-key") ?? "unknown";
  if (event !== "push" && event !== "repo:push") return { kind: "ignored", event };
  return { kind: "push", branches: pushedBranches(body) };
}

function pushedBranches(body: Uint8Array): readonly string[] {
  const value = parse(body);
  const reference = field(value, "ref");
  if (typeof reference === "string") return reference.startsWith("refs/heads/") ? [reference.slice("refs/heads/".length)] : [];
  const changes = field(field(value, "push"), "changes");
  return (Array.isArray(changes) ? changes : []).flatMap((change: unknown) => {
    const name = field(field(change, "new"), "name");
    return typeof name === "string" ? [name] : [];
  });
}

function parse(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString("utf8"));
  } catch {
    return undefined;
  }
}

const field = (value: unknown, name: string): unknown =>
  typeof value === "object" && value !== null ? Object.entries(value).find(([key]) => key === name)?.[1] : undefined;
