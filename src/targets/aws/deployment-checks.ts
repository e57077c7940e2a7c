import type { Diagnostic } from "../../model/diagnostic.ts";
import type { HostAlias, HttpRule, WorkloadSpec } from "../../model/workload-spec.ts";
import { imageRepository } from "./templates/workload/app-runner-image.ts";
import { mainImage } from "./templates/workload/stack-parameters.ts";
import type { CertificateFacts, WorkloadFacts } from "./workload-facts.ts";

type Complaint = Pick<Diagnostic, "code" | "message" | "path" | "hint">;

/** What a workload asks for that its environment and application cannot give. */
export function checkDeployment(spec: WorkloadSpec, facts: WorkloadFacts): readonly Diagnostic[] {
  const complaints = [
    ...checkHttp(spec, facts),
    ...checkNetworkAliases(spec, facts),
    ...checkRequestDrivenImage(spec, facts),
    ...checkRequestDrivenAlias(spec, facts),
    ...checkSiteAlias(spec, facts),
    ...checkSubscriptions(spec, facts),
  ];
  return complaints.map(toDiagnostic);
}

const toDiagnostic = (complaint: Complaint): Diagnostic => ({ severity: "error", ...complaint });

function checkHttp(spec: WorkloadSpec, facts: WorkloadFacts): readonly Complaint[] {
  if (spec.http === undefined) return [];
  const check = spec.http.scope === "public" ? checkPublicRule : checkInternalRule;
  const rules = spec.http.rules.flatMap((rule, index) => {
    const path = index === 0 ? "http" : `http.additional_rules[${index - 1}]`;
    return check(rule, { spec, facts, path });
  });
  return [...checkImportedLoadBalancer(facts), ...rules];
}

const unsuitable = (message: string): readonly Complaint[] => [{ code: "load-balancer-unsuitable", message, path: "http.alb" }];

/** An imported load balancer serves HTTP or HTTPS, or both. */
function checkImportedLoadBalancer({ importedLoadBalancer }: WorkloadFacts): readonly Complaint[] {
  if (importedLoadBalancer === undefined) return [];
  const { arn, listeners } = importedLoadBalancer;
  if (listeners.length < 1 || listeners.length > 2)
    return unsuitable(`The load balancer ${arn} has ${listeners.length} listeners, and must have one or two.`);
  const protocols = listeners.map(({ protocol }) => protocol);
  if (listeners.length === 2 && !(protocols.includes("HTTP") && protocols.includes("HTTPS")))
    return unsuitable(`The load balancer ${arn} has listeners for ${protocols.join(" and ")}, and must have them for HTTP and HTTPS.`);
  return [];
}

interface RuleContext {
  readonly spec: WorkloadSpec;
  readonly facts: WorkloadFacts;
  readonly path: string;
}

function checkPublicRule(rule: HttpRule, context: RuleContext): readonly Complaint[] {
  const { spec, facts, path } = context;
  const { certificates, cdn } = facts.environment;
  const { domain } = facts.application;
  const imports = certificates.publicHttp.length > 0 || certificates.cdn !== undefined;
  if (rule.redirectToHttpsStated === true && domain === undefined && !imports) {
    return [
      {
        code: "https-unavailable",
        message: `Requests cannot be redirected to HTTPS: the application ${spec.application} has no domain, and the environment ${spec.environment} imports no certificates.`,
        path: `${path}.redirect_to_https`,
      },
    ];
  }
  if (rule.aliases.length === 0) {
    return imports && facts.importedLoadBalancer === undefined ? [aliasMissing(context)] : [];
  }
  const zones = rule.aliases.flatMap(({ hostedZone }) => hostedZone ?? []);
  if (zones.length > 0 && !imports) {
    return [
      {
        code: "hosted-zone-without-certificate",
        message: `Aliases cannot name hosted zones (${zones.join(", ")}): the environment ${spec.environment} imports no certificates.`,
        path: `${path}.alias`,
      },
    ];
  }
  if (zones.length > 0 && cdn) {
    return [
      {
        code: "hosted-zone-with-cdn",
        message: `Aliases cannot name hosted zones: the environment ${spec.environment} has a content delivery network, whose records are yours to make.`,
        path: `${path}.alias`,
      },
    ];
  }
  if (imports) {
    return [
      ...(certificates.publicHttp.length > 0 ? checkCoverage(rule.aliases, certificates.publicHttp, context) : []),
      ...(certificates.cdn === undefined ? [] : checkCoverage(rule.aliases, [certificates.cdn], context)),
    ];
  }
  return checkDomain(rule.aliases, `${path}.alias`, context);
}

function checkInternalRule(rule: HttpRule, context: RuleContext): readonly Complaint[] {
  const certificates = context.facts.environment.certificates.privateHttp;
  if (rule.aliases.length === 0) return certificates.length > 0 ? [aliasMissing(context)] : [];
  if (certificates.length > 0) return checkCoverage(rule.aliases, certificates, context);
  return [
    {
      code: "alias-without-certificate",
      message: `A service inside the network can have aliases only where certificates are imported, and the environment ${context.spec.environment} imports none.`,
      path: `${context.path}.alias`,
      hint: "Set `http.private.certificates` in the environment's manifest.",
    },
  ];
}

const aliasMissing = ({ spec, path }: RuleContext): Complaint => ({
  code: "alias-missing",
  message: `The service ${spec.name} has no alias, and the environment ${spec.environment} imports certificates, which are for names of yours.`,
  path: `${path}.alias`,
  hint: "Set `alias` to a name that a certificate covers.",
});

/** Each alias is a name of a certificate, or one label below a wildcard of it. */
function checkCoverage(
  aliases: readonly HostAlias[],
  certificates: readonly CertificateFacts[],
  { path }: RuleContext,
): readonly Complaint[] {
  const names = new Set(certificates.flatMap((certificate) => certificate.names));
  const isCovered = (alias: string): boolean =>
    alias.includes(".") && (names.has(alias) || names.has(`*${alias.slice(alias.indexOf("."))}`));
  return aliases
    .filter(({ name }) => !isCovered(name))
    .map(({ name }) => ({
      code: "alias-not-covered",
      message: `No imported certificate covers the alias ${name}: ${certificates.map(({ arn }) => arn).join(", ")}.`,
      path: `${path}.alias`,
      hint: `The certificates cover ${[...names].join(", ")}.`,
    }));
}

const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Copilot makes records in the zones of the domain, the application and the environment, each with at most one label before it. */
function checkDomain(aliases: readonly HostAlias[], path: string, { spec, facts }: Omit<RuleContext, "path">): readonly Complaint[] {
  const { domain } = facts.application;
  if (domain === undefined) {
    return [
      {
        code: "alias-without-domain",
        message: `The service ${spec.name} cannot have aliases: the application has no domain, and the environment ${spec.environment} imports no certificates.`,
        path,
        hint: "Make the application with `--domain`, or import certificates in the environment's manifest.",
      },
    ];
  }
  const zones = [domain, `${spec.application}.${domain}`, `${spec.environment}.${spec.application}.${domain}`];
  const isManaged = (name: string): boolean => zones.some((zone) => new RegExp(`^([^.]+\\.)?${escape(zone)}$`).test(name));
  return aliases
    .filter(({ name }) => !isManaged(name))
    .map(({ name }) => ({
      code: "alias-outside-domain",
      message: `The alias ${name} is in no hosted zone that Copilot manages.`,
      path,
      hint: `Use ${zones.map((zone) => `${zone} or <name>.${zone}`).join(", ")}.`,
    }));
}

function checkNetworkAliases(spec: WorkloadSpec, facts: WorkloadFacts): readonly Complaint[] {
  if (spec.nlb === undefined || spec.nlb.aliases.length === 0) return [];
  if (facts.environment.certificates.publicHttp.length > 0) {
    return [
      {
        code: "alias-with-imported-certificate",
        message: `A network load balancer cannot have aliases: the environment ${spec.environment} imports certificates.`,
        path: "nlb.alias",
      },
    ];
  }
  return checkDomain(spec.nlb.aliases, "nlb.alias", { spec, facts });
}

/** App Runner pulls from Amazon ECR only. An image that is not pushed yet will be there. */
function checkRequestDrivenImage(spec: WorkloadSpec, facts: WorkloadFacts): readonly Complaint[] {
  if (spec.requestDriven === undefined) return [];
  const image = mainImage(spec, facts);
  if (image === "" || imageRepository(image) !== undefined) return [];
  return [
    {
      code: "image-not-in-ecr",
      message: `App Runner cannot run the image ${image}: it pulls from Amazon ECR only.`,
      path: "image.location",
      hint: "Push the image to Amazon ECR, or let Copilot build it with `image.build`.",
    },
  ];
}

const unsupported = (message: string): readonly Complaint[] => [{ code: "alias-unsupported", message, path: "http.alias" }];

/** App Runner's names are one label below the domain, and not the application's own. */
function checkRequestDrivenAlias(spec: WorkloadSpec, { application }: WorkloadFacts): readonly Complaint[] {
  const alias = spec.requestDriven?.alias;
  if (alias === undefined) return [];
  const { domain } = application;
  if (domain === undefined) return unsupported(`The service ${spec.name} cannot have an alias: the application has no domain.`);
  const isUnder = (zone: string): boolean => new RegExp(`^([^.]+\\.)?${escape(zone)}$`).test(alias);
  if (alias === domain || isUnder(`${spec.application}.${domain}`) || isUnder(`${spec.environment}.${spec.application}.${domain}`))
    return unsupported(
      `The alias ${alias} is not for a Request-Driven Web Service: only names directly below ${domain} are, but for the application's.`,
    );
  if (!isUnder(domain)) return unsupported(`The alias ${alias} is in no hosted zone that Copilot manages: use <name>.${domain}.`);
  return [];
}

function checkSiteAlias(spec: WorkloadSpec, facts: WorkloadFacts): readonly Complaint[] {
  const { site } = spec;
  if (site?.alias === undefined || site.certificate !== undefined) return [];
  if (facts.application.domain !== undefined) return checkDomain([{ name: site.alias }], "http.alias", { spec, facts });
  return [
    {
      code: "alias-without-domain",
      message: `The site ${spec.name} cannot have the alias ${site.alias}: the application has no domain, and \`http.certificate\` is not set.`,
      path: "http.alias",
    },
  ];
}

/** A subscription to a topic that nobody has deployed would fail in the middle of a deployment. */
function checkSubscriptions(spec: WorkloadSpec, { topicArns }: WorkloadFacts): readonly Complaint[] {
  if (topicArns === undefined || spec.subscribes === undefined) return [];
  const { topics, queue } = spec.subscribes;
  const existing = new Set(topicArns.map((arn) => arn.slice(arn.lastIndexOf(":") + 1)));
  return topics.flatMap((topic, index) => {
    const isFifo = (topic.queue ?? queue).fifo !== undefined;
    const name = `${spec.application}-${spec.environment}-${topic.service}-${topic.name}${isFifo ? ".fifo" : ""}`;
    if (existing.has(name)) return [];
    return [
      {
        code: "topic-not-found",
        message: `The SNS topic ${name} does not exist in the environment ${spec.environment}.`,
        path: `subscribe.topics[${index}]`,
        hint: `Deploy ${topic.service} first, with \`publish.topics\` naming ${topic.name}.`,
      },
    ];
  });
}
