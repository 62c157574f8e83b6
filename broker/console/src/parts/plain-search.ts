// Search parameters as plain text, and only those that a page knows. Pure.

const longest = 400

export function readSearch(text: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(text))
}

/** In the order of their names' coming; empty ones are left out. */
export function writeSearch(search: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(search).flatMap(([name, value]) =>
    typeof value === 'string' && value !== '' ? [[name, value]] : [],
  )
  const text = new URLSearchParams(pairs).toString()
  // A colon needs no escape there, and times are easier to read with one.
  return text === '' ? '' : `?${text.replaceAll('%3A', ':')}`
}

export type Search<Name extends string> = Readonly<Partial<Record<Name, string | undefined>>>

/** What a page takes from its address: other names and endless values are not passed on. */
export const takes =
  <Name extends string>(...names: readonly Name[]) =>
  (search: Readonly<Record<string, unknown>>): Search<Name> => {
    const taken: Partial<Record<Name, string>> = {}
    for (const name of names) {
      const value = search[name]
      if (typeof value === 'string' && value !== '' && value.length <= longest) taken[name] = value
    }
    return taken
  }
