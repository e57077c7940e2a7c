/**
 * The variables of an env file, read as ECS reads them: one `NAME=value` a line, `#` begins a comment line, quotes and spaces belong to the
 * value. Lines without a name are left out.
 */
export function readEnvFile(text: string): Readonly<Record<string, string>> {
  const variables: Record<string, string> = {};
  for (const line of text.split(/\r?\n/)) {
    const equals = line.indexOf("=");
    if (line.startsWith("#") || equals < 1) continue;
    variables[line.slice(0, equals).trim()] = line.slice(equals + 1);
  }
  return variables;
}
