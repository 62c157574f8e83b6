// HTML that cannot be injected into: every value put into a page is escaped unless it is HTML
// already. Values belong between tags or inside double-quoted attributes, never in tag names or
// unquoted.

export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

export type Part = Html | string | number | undefined | readonly Part[]

const replacements: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"'`]/g, (char) => replacements[char] ?? '')
}

function render(part: Part): string {
  if (part === undefined) return ''
  if (part instanceof Html) return part.text
  if (typeof part === 'string') return escapeHtml(part)
  if (typeof part === 'number') return String(part)
  return part.map(render).join('')
}

/** The template’s own text is taken as it is; what is put into it is escaped. */
export function html(template: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const last = template.length - 1
  const text = template
    .slice(0, last)
    .map((fixed, at) => fixed + render(parts[at]))
    .join('')
  return new Html(text + (template[last] ?? ''))
}
