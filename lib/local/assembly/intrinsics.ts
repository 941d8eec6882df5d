/** Gives a template's intrinsic functions their local values. */
export interface Scope {
  ref(name: string): unknown;
  getAtt(logicalId: string, attribute: string): unknown;
}

/**
 * The value with its intrinsics (Ref, Fn::GetAtt, Fn::Join, Fn::Sub, Fn::Select, Fn::Split) replaced. Throws on
 * every other one, by name. `AWS::NoValue` removes the property it stands for.
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
  if (name === 'Fn::GetAtt') return getAtt(raw, scope);
  if (name === 'Fn::Sub') return substitute(raw, scope);
  const argument = resolve(raw, scope);
  if (name === 'Fn::Join' && Array.isArray(argument) && Array.isArray(argument[1])) {
    return argument[1].join(String(argument[0]));
  }
  if (name === 'Fn::Split' && Array.isArray(argument)) {
    return String(argument[1]).split(String(argument[0]));
  }
  if (name === 'Fn::Select' && Array.isArray(argument) && Array.isArray(argument[1])) {
    return argument[1][Number(argument[0])];
  }
  throw new Error(`The local run cannot evaluate ${name}: ${JSON.stringify(raw)}`);
}

function getAtt(raw: unknown, scope: Scope): unknown {
  const [logicalId, ...attribute] = Array.isArray(raw) ? raw.map(String) : String(raw).split('.');
  return scope.getAtt(logicalId ?? '', attribute.join('.'));
}

function substitute(raw: unknown, scope: Scope): string {
  const [text, variables] = Array.isArray(raw) ? raw : [raw, {}];
  const own = Object.entries(resolve(variables, scope) ?? {});
  return String(text).replaceAll(/\$\{(!?)([^}]+)\}/g, (_match, literal: string, name: string) => {
    if (literal) return `\${${name}}`;
    const variable = own.find(([key]) => key === name);
    if (variable) return String(variable[1]);
    return String(name.includes('.') ? getAtt(name, scope) : scope.ref(name));
  });
}
