/** A call that a client makes: `ListHostedZonesByNameCommand` and its input. */
export interface SdkCall {
  readonly command: string;
  readonly input: Readonly<Record<string, unknown>>;
}

interface Interceptable {
  readonly middlewareStack: { add: (middleware: never, options: { readonly step: "initialize"; readonly name: string }) => void };
}

/** Lets a function answer a client's calls in place of AWS, at the SDK's own extension point. Gives the list of calls made. */
export function answerCalls(client: Interceptable, answer: (call: SdkCall) => unknown): readonly SdkCall[] {
  const calls: SdkCall[] = [];
  const middleware = (_: unknown, context: { commandName?: string }) => async (args: { input: Readonly<Record<string, unknown>> }) => {
    const call = { command: context.commandName ?? "", input: args.input };
    calls.push(call);
    return { output: { $metadata: {}, ...((await answer(call)) as object | undefined) }, response: {} };
  };
  client.middlewareStack.add(middleware as never, { step: "initialize", name: "answerCalls" });
  return calls;
}

/** An error as AWS sends it. */
export function awsError(name: string, message: string): Error {
  return Object.assign(new Error(message), { name });
}
