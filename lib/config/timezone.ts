import { didYouMean } from '../../lambda/api/did-you-mean.ts';
import type { Report } from './problem.ts';

/** Today's names of zones that Intl lists under older ones; only for suggestions. */
const RENAMED = ['UTC', 'Asia/Kolkata', 'Asia/Kathmandu', 'Asia/Ho_Chi_Minh', 'Europe/Kyiv'];
/** The names of the database without an area, which Intl mixes with abbreviations of its own. */
const WITHOUT_AREA = new Set(
  [
    'CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran',
    'Israel Jamaica Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK',
    'Singapore Turkey UCT UTC Universal W-SU WET Zulu',
  ].flatMap((names) => names.split(' ')),
);
const AREA_AND_PLACE = /^(?!SystemV\/)[A-Z]\w*(?:\/[A-Z][\w+-]*)+$/;

/** Reads an IANA time zone: `Area/Place` or one of the names without an area, in the database's own casing. */
export function readTimezone(text: string, report: Report): string | undefined {
  const isMisspelled = !KNOWN.has(text) && KNOWN_IN_LOWER_CASE.has(text.toLowerCase());
  if (KNOWN.has(text) || (isLink(text) && !isMisspelled)) return text;
  return report(
    `"${text}" is not an IANA time zone${didYouMean(text, [...KNOWN]) || '; allowed: UTC or a name such as Europe/Berlin'}`,
  );
}

const KNOWN = new Set([...RENAMED, ...Intl.supportedValuesOf('timeZone')]);
const KNOWN_IN_LOWER_CASE = new Set([...KNOWN].map((name) => name.toLowerCase()));

/** Links such as `US/Eastern` are in no list but known to Intl, which ignores case; the database does not. */
function isLink(text: string): boolean {
  if (!AREA_AND_PLACE.test(text) && !WITHOUT_AREA.has(text)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: text });
    return true;
  } catch {
    return false;
  }
}
