/**
 * The references of `references` that are of a workload's images: `copilot/<app>/<workload>` and, for its sidecars,
 * `copilot/<app>/<workload>-<container>`. One that another workload has a longer name for, such as `api-two` beside `api`, is that one's.
 */
export function ownedImages(
  references: readonly string[],
  owner: { readonly application: string; readonly workload: string; readonly others: readonly string[] },
): readonly string[] {
  const { application, workload, others } = owner;
  const names = [workload, ...others.filter((other) => other !== workload)];
  return references.filter((reference) => {
    const name = imageName(reference, application);
    const candidates = names.filter((candidate) => name === candidate || name.startsWith(`${candidate}-`));
    return candidates.toSorted((a, b) => b.length - a.length)[0] === workload;
  });
}

function imageName(reference: string, application: string): string {
  const prefix = `copilot/${application}/`;
  if (!reference.startsWith(prefix)) return "";
  return reference.slice(prefix.length).replace(/[:@].*$/, "");
}
