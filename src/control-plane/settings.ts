import { join } from "node:path";

/** All that a control plane is told by the one who starts it. */
export interface Settings {
  /** Keeps several control planes on one engine apart. */
  readonly instance: string;
  /** Hash of the program. */
  readonly build: string;
  readonly stateDirectory: string;
  readonly engineSocket: string;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly tokenFile: string;
  /** Image with `node` and `sleep`, of which holders and other parts of the platform are made. */
  readonly baseImage: string;
  /** Image with `caddy`. */
  readonly ingressImage: string;
  /** What the control plane shares with the ingress and the name server: sites, admin sockets, names. Nothing secret. */
  readonly sharedDirectory: string;
  /** The engine's volume that is mounted at the shared directory; unset when that is a folder of the engine's own host. */
  readonly sharedVolume?: string;
  /** The container that this program runs in; unset for a plain process. It joins the environments' networks to check tasks. */
  readonly selfContainer?: string;
}

/** Variables by which {@link readSettings} is told; unset ones have defaults that fit a container. */
export type SettingsVariables = Readonly<Record<string, string | undefined>>;

/** Settings from environment variables `COPILOT_CP_*`. */
export function readSettings(variables: SettingsVariables): Settings {
  const stateDirectory = variables["COPILOT_CP_STATE"] ?? "/state";
  const selfContainer = variables["COPILOT_CP_CONTAINER"];
  const sharedVolume = variables["COPILOT_CP_SHARED_VOLUME"];
  return {
    instance: variables["COPILOT_CP_INSTANCE"] ?? "default",
    build: variables["COPILOT_CP_BUILD"] ?? "development",
    stateDirectory,
    engineSocket: variables["COPILOT_CP_ENGINE_SOCKET"] ?? "/var/run/docker.sock",
    host: variables["COPILOT_CP_HOST"] ?? "127.0.0.1",
    port: Number(variables["COPILOT_CP_PORT"] ?? "0"),
    tokenFile: variables["COPILOT_CP_TOKEN_FILE"] ?? join(stateDirectory, "token"),
    baseImage: variables["COPILOT_CP_BASE_IMAGE"] ?? "copilot/platform:base",
    ingressImage: variables["COPILOT_CP_INGRESS_IMAGE"] ?? "copilot/platform:ingress",
    sharedDirectory: variables["COPILOT_CP_SHARED"] ?? join(stateDirectory, "shared"),
    ...(sharedVolume ? { sharedVolume } : {}),
    ...(selfContainer ? { selfContainer } : {}),
  };
}

/** Where the files of sites are unpacked, one folder for each archive by its SHA-256. */
export const sitesDirectory = (settings: Settings): string => join(settings.sharedDirectory, "sites");
