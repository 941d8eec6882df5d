/** What text must not hold as it is, in HTML and in XML. */
export const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** HTML in which every value is text. */
export function html(parts: TemplateStringsArray, ...values: readonly (string | number)[]): string {
  return String.raw(
    { raw: parts },
    ...values.map((value) =>
      String(value).replace(/[&<>"']/g, (found) => ENTITIES[found] ?? found),
    ),
  );
}
