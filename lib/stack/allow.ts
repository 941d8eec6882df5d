import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';

/** Adds a statement of its own to the role's policy. */
export function allow(role: Role, actions: readonly string[], ...resources: string[]): void {
  role.addToPrincipalPolicy(new PolicyStatement({ actions: [...actions], resources }));
}
