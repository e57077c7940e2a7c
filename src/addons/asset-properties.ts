/** How the place of an uploaded file is written into a property. */
export type LocationForm =
  /** `s3://bucket/key` */
  | { readonly kind: "s3-uri" }
  /** `https://…`, which CloudFormation wants for templates. */
  | { readonly kind: "url" }
  /** A map with the bucket's name and the object's key under these names. */
  | { readonly kind: "map"; readonly bucket: string; readonly key: string };

/** A property that may name a file or folder of the workspace. */
export interface AssetProperty {
  /** The way to it inside of `Properties`. */
  readonly path: readonly string[];
  readonly form: LocationForm;
  /** Whether even a single file is zipped; folders always are. */
  readonly zip: boolean;
}

const uri = (...path: readonly string[]): AssetProperty => ({ path, form: { kind: "s3-uri" }, zip: false });

const bucketAndKey = (path: readonly string[], options: { readonly prefix?: string; readonly zip?: boolean } = {}): AssetProperty => {
  const { prefix = "", zip = false } = options;
  return { path, form: { kind: "map", bucket: `${prefix}Bucket`, key: `${prefix}Key` }, zip };
};

const mappingTemplates = [uri("RequestMappingTemplateS3Location"), uri("ResponseMappingTemplateS3Location")];

/**
 * The properties which `aws cloudformation package` uploads, by resource type
 * (https://docs.aws.amazon.com/cli/latest/reference/cloudformation/package.html).
 */
export const assetProperties: Readonly<Record<string, readonly AssetProperty[]>> = {
  "AWS::ApiGateway::RestApi": [bucketAndKey(["BodyS3Location"])],
  "AWS::AppSync::FunctionConfiguration": mappingTemplates,
  "AWS::AppSync::GraphQLSchema": [uri("DefinitionS3Location")],
  "AWS::AppSync::Resolver": mappingTemplates,
  "AWS::CloudFormation::Stack": [{ path: ["TemplateURL"], form: { kind: "url" }, zip: false }],
  "AWS::CodeCommit::Repository": [bucketAndKey(["Code", "S3"], { zip: true })],
  "AWS::ElasticBeanstalk::ApplicationVersion": [bucketAndKey(["SourceBundle"], { prefix: "S3" })],
  "AWS::Glue::Job": [uri("Command", "ScriptLocation")],
  "AWS::Lambda::Function": [bucketAndKey(["Code"], { prefix: "S3", zip: true })],
  "AWS::Lambda::LayerVersion": [bucketAndKey(["Content"], { prefix: "S3", zip: true })],
  "AWS::Serverless::Api": [uri("DefinitionUri")],
  "AWS::Serverless::Application": [uri("Location")],
  "AWS::Serverless::Function": [{ ...uri("CodeUri"), zip: true }],
  "AWS::Serverless::LayerVersion": [{ ...uri("ContentUri"), zip: true }],
  "AWS::Serverless::StateMachine": [bucketAndKey(["DefinitionUri"])],
  "AWS::StepFunctions::StateMachine": [bucketAndKey(["DefinitionS3Location"])],
};
