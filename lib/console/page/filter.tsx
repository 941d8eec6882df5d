/** The filter in the address without its page, and what sets one of its values there; `link` makes the address of a filter. */
export function filterIn(
  query: URLSearchParams,
  link: (filter: Readonly<Record<string, string>>) => string,
) {
  const { after: _, ...filter } = Object.fromEntries(query);
  const choose = (name: string) => (value: string) => {
    location.hash = link({ ...filter, [name]: value });
  };
  return { filter, choose };
}

interface ChoiceProps {
  readonly of: ReturnType<typeof filterIn>;
  /** In the filter. */
  readonly name: string;
  readonly label?: string;
  /** Texts by value. */
  readonly options: Readonly<Record<string, string>>;
}

/** One value of the filter. */
export function Choice({ of: { filter, choose }, name, label = name, options }: ChoiceProps) {
  const set = choose(name);
  return (
    <label>
      {label}{' '}
      <select value={filter[name] ?? ''} onChange={(event) => set(event.currentTarget.value)}>
        {Object.entries(options).map(([option, text]) => (
          <option key={option} value={option}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Options of a `Choice`; the empty one, `any`, takes the value out of the filter. */
export function anyOf(words: readonly string[]): Record<string, string> {
  return { '': 'any', ...Object.fromEntries(words.map((word) => [word, word])) };
}

interface FieldProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly set: (value: string) => void;
}

/** A text, taken when the person has finished it: what is typed meanwhile stays when the page is drawn again. */
export function Field({ label, value = '', set }: FieldProps) {
  return (
    <label>
      {label}{' '}
      <input
        key={value}
        defaultValue={value}
        onChange={(event) => set(event.currentTarget.value)}
      />
    </label>
  );
}

/** `value` is as `datetime-local` has it: to the minute, in the browser's zone, without an offset. */
export function TimeField({ label, value = '', set }: FieldProps) {
  return (
    <label>
      {label}{' '}
      <input
        type="datetime-local"
        value={value}
        onChange={(event) => set(event.currentTarget.value)}
      />
    </label>
  );
}
