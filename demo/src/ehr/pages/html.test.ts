// Holds that no value can become markup.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { escapeHtml, html, Html } from './html.ts'

const hostile = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(
    '<script>alert(1)</script>',
    '" onmouseover="x',
    "' autofocus onfocus='x",
    '</title><svg onload=x>',
    '&lt;&amp;',
    '`x`',
  ),
)

function unescape(text: string): string {
  const back: Record<string, string> = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
    '&#96;': '`',
    '&amp;': '&',
  }
  return text.replace(/&(?:lt|gt|quot|#39|#96|amp);/g, (entity) => back[entity] ?? entity)
}

describe('escaping', () => {
  it('leaves nothing that could open a tag, close an attribute or start an entity', () => {
    fc.assert(
      fc.property(hostile, (value) => {
        const escaped = escapeHtml(value)
        expect(escaped).not.toMatch(/[<>"'`]/)
        expect(escaped).not.toMatch(/&(?!(?:lt|gt|quot|#39|#96|amp);)/)
        expect(unescape(escaped)).toBe(value)
      }),
    )
  })

  it('escapes values, values in lists, and values that look escaped already', () => {
    fc.assert(
      fc.property(hostile, hostile, (one, other) => {
        const page = html`<p title="${one}">${[other, one]}</p>`
        expect(page.text).toBe(
          `<p title="${escapeHtml(one)}">${escapeHtml(other)}${escapeHtml(one)}</p>`,
        )
      }),
    )
    expect(html`${'&lt;'}`.text).toBe('&amp;lt;')
  })

  it('takes only what this module made for HTML', () => {
    expect(html`<p>${html`<b>${'<'}</b>`}</p>`.text).toBe('<p><b>&lt;</b></p>')
    expect(html`${new Html('<i>')}`.text).toBe('<i>')
    expect(html`<p>${undefined}${0}</p>`.text).toBe('<p>0</p>')
  })
})
