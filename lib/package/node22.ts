/** What the package's code uses of Node 24 and Node 22 does not have. A bundle begins with it. */
if (!('escape' in RegExp)) {
  Object.assign(RegExp, {
    /** Everything but lower-case letters and underscores by its number, so that it can stand anywhere. */
    escape: (text: string) =>
      text.replace(
        /[\0-^`{-\u00a0\u2028\u2029]|^[a-z]/g,
        (found) => `\\u${found.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
  });
}
