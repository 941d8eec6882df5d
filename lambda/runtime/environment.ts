/** The variable that the stack gave the function. Throws without it, which ends the init phase. */
export function required(environment: NodeJS.ProcessEnv, name: string): string {
  const value = environment[name];
  if (!value) throw new Error(`Environment variable ${name} is not set: deploy the stack again`);
  return value;
}
