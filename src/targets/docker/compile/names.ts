/** A workload's place among the names of ingress and discovery. */
interface Place {
  readonly application: string;
  readonly environment: string;
}

/** The host name at which an environment answers on this machine. */
export const publicName = ({ environment, application }: Place): string => `${environment}.${application}.localhost`;

/** The host name of one workload that answers at names of its own: a Request-Driven Web Service or a Static Site. */
export const workloadPublicName = (place: Place & { readonly name: string }): string => `${place.name}.${publicName(place)}`;

/** The name at which an environment's tasks reach the ingress, for what only they may reach. Names under `.localhost` mean themselves to them. */
export const internalName = ({ environment, application }: Place): string => `lb.${environment}.${application}.local`;
