/** Where a build's container has this program's own parts: Node.js with its libraries, the agent, the command line, docker. */
export const toolsFolder = "/opt/copilot";

/** The path of a build: programs that must be ours come first, those that an image may lack last. */
export const toolsPath = (path: string): string => `${toolsFolder}/first:${path}:${toolsFolder}/last`;
