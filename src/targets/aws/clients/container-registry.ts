import { DescribeRepositoriesCommand, ECRClient, GetAuthorizationTokenCommand } from "@aws-sdk/client-ecr";
import { clientSettings, type AwsConnection } from "./connection.ts";
import { calling, codeOf } from "./to-problem.ts";

/** Repositories of images in ECR. */
export interface ContainerRegistry {
  /** Address of a repository by its name, without a tag; `undefined` when there is none. */
  readonly repositoryUri: (name: string) => Promise<string | undefined>;
  /** A name and a password that `docker login` takes for twelve hours. The password is a secret. */
  readonly login: () => Promise<{ readonly user: string; readonly password: string }>;
}

/** The repositories of a region. */
export function openContainerRegistry(connection: AwsConnection): ContainerRegistry {
  const client = new ECRClient(clientSettings(connection));
  return {
    repositoryUri: (name) =>
      calling(`look for the repository ${name}`, async () => {
        try {
          return (await client.send(new DescribeRepositoriesCommand({ repositoryNames: [name] }))).repositories?.[0]?.repositoryUri;
        } catch (error) {
          if (codeOf(error) === "RepositoryNotFoundException") return undefined;
          throw error;
        }
      }),
    login: () =>
      calling("get credentials of the image registry", async () => {
        const { authorizationData } = await client.send(new GetAuthorizationTokenCommand({}));
        const token = Buffer.from(authorizationData?.[0]?.authorizationToken ?? "", "base64").toString("utf8");
        const [user = "", ...password] = token.split(":");
        return { user, password: password.join(":") };
      }),
  };
}
