/** What CloudFormation sends to the function behind a custom resource. All scalars in the properties are texts. */
export interface CustomResourceEvent {
  readonly RequestType: string;
  /** A pre-signed address that takes the answer. */
  readonly ResponseURL: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  /** Set on updates and deletions. */
  readonly PhysicalResourceId?: string;
  readonly ResourceProperties: ResourceProperties;
  readonly OldResourceProperties?: ResourceProperties;
}

/** The part of Lambda's context that answers name. */
export interface LambdaContext {
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** Properties as the template has them. */
export type ResourceProperties = Readonly<Record<string, unknown>>;

/** A property that must be a text. */
export function readText(properties: ResourceProperties, name: string): string {
  const value = properties[name];
  if (typeof value === "string") return value;
  throw new Error(`Property ${name} is missing`);
}

/** A property that must be a text, under its name of today or under the one that older templates gave it. */
export function readRenamedText(properties: ResourceProperties, name: string, oldName: string): string {
  return readOptionalText(properties, name) ?? readText(properties, properties[oldName] === undefined ? name : oldName);
}

/** A property that may be absent; an empty text counts as absent. */
export function readOptionalText(properties: ResourceProperties, name: string): string | undefined {
  const value = properties[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** A list of texts without empty ones. Absent is empty, and a single text is a list of one, as stacks of older versions have it. */
export function readTexts(properties: ResourceProperties | undefined, name: string): readonly string[] {
  const value = properties?.[name];
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((each): each is string => typeof each === "string" && each !== "");
}

/** Whether a property says true: CloudFormation sends booleans as texts. */
export function readFlag(properties: ResourceProperties, name: string): boolean {
  return properties[name] === "true" || properties[name] === true;
}
