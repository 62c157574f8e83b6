// XML as a tree, as strict as a test of our own files needs it: one root, every element closed,
// attributes once and quoted, entities known. It knows nothing of namespaces and document types.

export interface Element {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly Element[]
  readonly text: string
}

interface Open {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Element[]
  text: string
}

const token =
  /<!--((?:(?!--)[^])*)-->|<\?[^]*?\?>|<!DOCTYPE[^>]*>|<\/([\w.:-]+)\s*>|<([\w.:-]+)((?:\s+[\w.:-]+="[^"<]*")*)\s*(\/?)>|([^<]+)/y
const attribute = /([\w.:-]+)="([^"<]*)"/g

/** Throws where it is not well formed. */
export function parseXml(source: string): Element {
  const root: Open = { name: '', attributes: {}, children: [], text: '' }
  const open: Open[] = [root]
  token.lastIndex = 0
  while (token.lastIndex < source.length) {
    const at = token.lastIndex
    const found = token.exec(source)
    if (!found) throw new Error(`not well formed at ${String(at)}`)
    const [, , closing, opening, attributes = '', isEmpty, text] = found
    const inside = open.at(-1) ?? root
    if (closing !== undefined) {
      if (open.length < 2 || inside.name !== closing) throw new Error(`closes ${closing}`)
      open.pop()
    } else if (opening !== undefined) {
      const made = { name: opening, attributes: attributesOf(attributes), children: [], text: '' }
      inside.children.push(made)
      if (isEmpty !== '/') open.push(made)
    } else if (text !== undefined) inside.text += plain(text)
  }
  const [only, more] = root.children
  if (open.length > 1 || !only || more || root.text.trim() !== '') throw new Error('not one root')
  return only
}

export function all(element: Element, name: string): readonly Element[] {
  const inner = element.children.flatMap((child) => all(child, name))
  return element.name === name ? [element, ...inner] : inner
}

function attributesOf(text: string): Record<string, string> {
  const made: Record<string, string> = {}
  for (const [, name = '', value = ''] of text.matchAll(attribute)) {
    if (name in made) throw new Error(`${name} twice`)
    made[name] = plain(value)
  }
  return made
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' }

function plain(text: string): string {
  return text.replaceAll(/&(\w*);?/g, (whole, name: string) => {
    const known = entities[name]
    if (known === undefined || !whole.endsWith(';')) throw new Error(`entity ${whole}`)
    return known
  })
}
