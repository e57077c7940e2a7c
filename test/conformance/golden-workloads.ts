import type { ImportedLoadBalancer } from "../../src/targets/aws/workload-facts.ts";

/** How one golden template of a workload was made: `shared/golden/README.md`, sections 2 and 3. */
export interface GoldenWorkload {
  /** Relative to the folder of goldens. */
  readonly manifest: string;
  readonly template: string;
  readonly parameters?: string;
  readonly environment: string;
  readonly domain?: string;
  readonly publicCertificates?: readonly string[];
  readonly privateCertificates?: readonly string[];
  readonly loadBalancer?: ImportedLoadBalancer;
  readonly images?: Readonly<Record<string, string>>;
  readonly mapping?: { readonly bucket: string; readonly key: string };
  /** Without region and account. */
  readonly isNowhere?: boolean;
  readonly artifactKey?: string;
  /** Made without the check that a service has an alias where certificates are imported. */
  readonly lacksAlias?: boolean;
}

const importedLoadBalancer: ImportedLoadBalancer = {
  arn: "mockImportALBARN",
  name: "mockImportALBName",
  dnsName: "mockImportALBDNSName",
  hostedZoneId: "mockHostedZoneID",
  securityGroups: ["mockImportALBSG1", "mockImportALBSG2"],
  listeners: [
    { arn: "MockListenerARN1", port: 80, protocol: "HTTPS" },
    { arn: "MockListenerARN1", port: 443, protocol: "HTTP" },
  ],
};

const named = (manifest: string, environment: string, base: string, more: Partial<GoldenWorkload> = {}): GoldenWorkload => ({
  ...more,
  manifest: `workloads/${manifest}`,
  template: `workloads/${base}.stack.yml`,
  parameters: `workloads/${base}.params.json`,
  environment,
});

const publicCertificates = ["mockCertARN"];
const site = { domain: "example.com", mapping: { bucket: "stackset-bucket", key: "mappingfile" } };

const backend = (name: string, suffix = "") => ({
  manifest: `workloads/backend/${name}-manifest${suffix}.yml`,
  template: `workloads/backend/${name}-template${suffix}.yml`,
  parameters: `workloads/backend/${name}-params${suffix}.json`,
  environment: "my-env",
  isNowhere: true,
});

const requestDriven = (environment: string) => ({
  manifest: "workloads/rdws-manifest.yml",
  template: `workloads/rdws-${environment}.stack.yml`,
  environment,
  artifactKey: "",
});

/** The twenty golden templates of workloads. */
export const goldenWorkloads: readonly GoldenWorkload[] = [
  named("svc-manifest.yml", "test", "svc-test", { publicCertificates, loadBalancer: importedLoadBalancer }),
  named("svc-manifest.yml", "staging", "svc-staging", { publicCertificates }),
  named("svc-manifest.yml", "prod", "svc-prod", { publicCertificates }),
  ...["test", "dev", "prod"].map((name) => named("svc-nlb-manifest.yml", name, `svc-nlb-${name}`, { domain: "example.com" })),
  named("svc-grpc-manifest.yml", "test", "svc-grpc-test", { publicCertificates }),
  named("windows-svc-manifest.yml", "test", "windows-svc-test"),
  named("job-manifest.yml", "test", "job-test"),
  named("worker-manifest.yml", "test", "worker-test"),
  named("static-site-manifest.yml", "my-env", "static-site", site),
  named("static-site-manifest.yml", "test", "static-site-test", site),
  requestDriven("test"),
  requestDriven("prod"),
  backend("simple"),
  backend("simple", "-without-port-config"),
  backend("http-only-path"),
  backend("http-full-config"),
  { ...backend("https-path-alias"), privateCertificates: ["exampleComCertARN"] },
  backend("http-autoscaling"),
];
