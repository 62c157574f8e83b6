// The bar below a page that people sign in on before the lock screen, as a script for a world of
// its own: the way back, and emergency access. The page's own code neither sees nor presses it.

export interface BarWords {
  readonly text: string
  readonly back: string
  /** Where emergency access is offered here. */
  readonly emergency?: string
}

export const barWorld = 'wardkey-sign-in'

/** Text goes in as data; gives false where this document has it already. */
export function barScript(words: BarWords): string {
  return `(${show})(${JSON.stringify(words)})`
}

/**
 * Pressed by real input only. `keepBar` puts it back where the page took it away, and says that the
 * page still answers.
 */
const show = `({ text, back, emergency }) => {
  if (window.top !== window || globalThis.keepBar) return false
  let waiting = []
  const set = (of, style) => {
    for (const [name, value] of Object.entries(style)) of.style.setProperty(name, value, 'important')
  }
  const host = document.createElement('div')
  const root = host.attachShadow({ mode: 'closed' })
  set(host, {
    position: 'fixed', 'z-index': '2147483647', left: '0', right: '0', bottom: '0', top: 'auto',
    display: 'block', margin: '0', 'font-family': 'system-ui, sans-serif',
  })
  const bar = document.createElement('div')
  set(bar, {
    display: 'flex', gap: '12px', 'align-items': 'center', 'flex-wrap': 'wrap',
    'justify-content': 'center', padding: '8px 16px', background: '#10171d', color: '#eef3f6',
    'font-size': '18px', 'line-height': '1.35', 'border-top': '3px solid #5cc2cf',
  })
  const words = document.createElement('span')
  words.textContent = text
  bar.append(words)
  const button = (label, what, background) => {
    const made = document.createElement('button')
    made.type = 'button'
    made.textContent = label
    set(made, {
      font: 'inherit', 'font-weight': '600', 'min-height': '64px', padding: '6px 20px',
      'border-radius': '8px', border: '2px solid #eef3f6', background, color: '#ffffff',
      cursor: 'pointer',
    })
    made.addEventListener('click', (event) => {
      if (!event.isTrusted) return
      for (const each of waiting) each(what)
      waiting = []
    })
    bar.append(made)
  }
  button(back, 'back', '#12656f')
  if (emergency !== undefined) button(emergency, 'emergency', '#7a1300')
  root.append(bar)
  globalThis.nextPress = () => new Promise((resolve) => { waiting.push(resolve) })
  globalThis.keepBar = () => {
    const at = document.body ?? document.documentElement
    if (host.parentNode !== at || at.lastChild !== host) at.append(host)
    set(document.documentElement, { 'padding-bottom': '96px' })
    return true
  }
  keepBar()
  return true
}`
