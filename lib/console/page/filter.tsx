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

interface FilterProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly set: (value: string) => void;
}

/** One of these, or any. */
export function Choice({
  label,
  value = '',
  options,
  set,
}: FilterProps & { readonly options: readonly string[] }) {
  return (
    <label>
      {label}{' '}
      <select value={value} onChange={(event) => set(event.currentTarget.value)}>
        <option value="">any</option>
        {options.map((option) => (
          <option key={option} value={option}>
            {option}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A text, taken when the person has finished it. */
export function Field({ label, value = '', set }: FilterProps) {
  return (
    <label>
      {label} <input value={value} onChange={(event) => set(event.currentTarget.value)} />
    </label>
  );
}

/** A date and a time, as a field of the browser. */
export function TimeField({ label, value = '', set }: FilterProps) {
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
