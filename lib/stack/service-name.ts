import type { Construct } from 'constructs';

const KEY = 'run-test-trigger:service-name';

/** Names the service that is built below `scope`. Before anything is built there. */
export function setServiceName(scope: Construct, name: string): void {
  scope.node.setContext(KEY, name);
}

/** How the names of the service's resources begin: what has a name of its own is called `<service>-<resource>`. */
export function serviceName(scope: Construct): string {
  return scope.node.getContext(KEY);
}
