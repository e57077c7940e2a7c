/** Credentials of AWS as its SDK takes them; asked for again when they have expired. */
export type CredentialSource = () => Promise<AwsCredentials>;

/** Keys of a person, a role or a machine. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

/** As whom and where AWS is called. */
export interface AwsConnection {
  readonly region: string;
  readonly credentials: CredentialSource;
  /** What calls itself so to AWS: pairs of a name and a version. */
  readonly userAgent: readonly (readonly [string, string])[];
  /** Whether buckets are named in paths instead of host names: endpoints that are not AWS's own have no names for them. */
  readonly pathStyle: boolean;
}

/** The settings that every client of the SDK is made with. */
export const clientSettings = ({ region, credentials, userAgent }: AwsConnection) => ({
  region,
  credentials,
  customUserAgent: userAgent.map(([name, version]): [string, string] => [name, version]),
  maxAttempts: 5,
});
