/**
 * An event that a pattern of EventBridge may match: of each list of values the first that is a plain one. Where a pattern
 * has conditions instead (`prefix`, `exists`), a person must fill in what stands as `…`. Pure.
 */
export function exampleEvent(pattern: Readonly<Record<string, unknown>>): object {
  return { source: '…', 'detail-type': '…', detail: {}, ...exampleOf(pattern) };
}

function exampleOf(pattern: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(pattern)
      .filter(([name]) => !name.startsWith('$'))
      .map(([name, wanted]) => [
        name,
        Array.isArray(wanted)
          ? (wanted.find((value) => typeof value !== 'object') ?? '…')
          : exampleOf(wanted),
      ]),
  );
}
