/** Gives a template's intrinsic functions their local values. */
export interface Scope {
  ref(name: string): unknown;
  getAtt(logicalId: string, attribute: string): unknown;
}

/**
 * The value with its intrinsics in the forms that the CDK writes (Ref, Fn::GetAtt, Fn::Join, and Fn::Sub of references)
 * replaced. Throws on every other one, by name. `AWS::NoValue` removes the property it stands for.
 */
export function resolve(value: unknown, scope: Scope): unknown {
  if (Array.isArray(value)) return value.map((item) => resolve(item, scope));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [first] = entries;
  if (first && entries.length === 1 && /^(Ref|Condition|Fn::.*)$/.test(first[0])) {
    return evaluate(first[0], first[1], scope);
  }
  return Object.fromEntries(
    entries
      .map(([key, item]) => [key, resolve(item, scope)])
      .filter(([, item]) => item !== undefined),
  );
}

function evaluate(name: string, raw: unknown, scope: Scope): unknown {
  if (name === 'Ref') return scope.ref(String(raw));
  if (name === 'Fn::GetAtt' && Array.isArray(raw)) {
    return scope.getAtt(String(raw[0]), String(raw[1]));
  }
  if (name === 'Fn::Sub' && typeof raw === 'string' && !/\$\{[^}]*[.!]/.test(raw)) {
    return raw.replaceAll(/\$\{([^}]+)\}/g, (_, reference) => String(scope.ref(reference)));
  }
  const argument = resolve(raw, scope);
  if (name === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])) {
    return argument[1].join(String(argument[0]));
  }
  throw new Error(`The local run cannot evaluate ${name}: ${JSON.stringify(raw)}`);
}
