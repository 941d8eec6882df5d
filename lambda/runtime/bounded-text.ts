/**
 * Words of others on one line and no longer than `length`. Half of a character beyond U+FFFF is replaced: DynamoDB
 * takes no such text.
 */
export function boundedText(text: string, length: number): string {
  // What is cut off anyway is not looked at: a server may send a megabyte.
  const line = text
    .slice(0, 4 * length)
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  const cut = line.length <= length ? line : `${line.slice(0, length - 1).trimEnd()}…`;
  return cut.toWellFormed();
}
