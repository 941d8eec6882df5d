import { didYouMean, type Report } from './problem.ts';

/** Today's names of zones that Intl lists under older ones; only for suggestions. */
const RENAMED = ['UTC', 'Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Ho_Chi_Minh', 'Europe/Kyiv'];
const AREA_AND_PLACE = /^(?!SystemV\/)[A-Z]\w*(?:\/[A-Z][\w+-]*)+$/;

/** Reads an IANA time zone: `UTC` or `Area/Place`, in the database's own casing. */
export function readTimezone(text: string, report: Report): string | undefined {
  const known = [...RENAMED, ...Intl.supportedValuesOf('timeZone')];
  if (known.includes(text) || (isLink(text) && !isMisspelled(text, known))) return text;
  return report(
    `"${text}" is not an IANA time zone${didYouMean(text, known) || '; allowed: UTC or a name such as Europe/Berlin'}`,
  );
}

/** Links such as `US/Eastern` are in no list but known to Intl, which ignores case; the database does not. */
function isLink(text: string): boolean {
  if (!AREA_AND_PLACE.test(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

function isMisspelled(text: string, known: readonly string[]): boolean {
  return known.some((name) => name.toLowerCase() === text.toLowerCase());
}
