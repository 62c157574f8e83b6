// The words over a chart, as a script for a world of its own in the chart's page: the page's own
// code does not see its variables. It shows text, takes no input, and hides nothing for long: what
// lasts steps aside for a pointer.

export interface BannerWords {
  readonly text: string
  /** Smaller, below it; empty where there is no more to say. */
  readonly detail: string
  /** How long it stays; nothing where it stays as long as the session's windows. */
  readonly forMs?: number
  /** What lasted until now is true no more. */
  readonly endsLasting?: boolean
  /** In a colour that nobody overlooks. */
  readonly isGrave?: boolean
}

export const bannerWorld = 'wardkey-banner'

/**
 * Text goes in as data: nothing of a name or a reason is ever taken for markup or code. Styles are
 * set one by one, because a page's content policy forbids style attributes and not these.
 */
export function bannerScript(words: BannerWords): string {
  return `(${show})(${JSON.stringify(words)}, ${stepAside})`
}

/**
 * To the other end of the page, once a pointer or a finger comes to where it is: a row of a chart
 * may be below it, and cannot be scrolled away from there. Until then, and for a page's own events,
 * it stays where it is.
 */
const stepAside = `(host, put) => {
  let end = 'bottom'
  const kinds = ['pointermove', 'pointerdown']
  const come = ({ isTrusted, clientX, clientY }) => {
    if (!host.isConnected) {
      for (const kind of kinds) window.removeEventListener(kind, come, true)
      return
    }
    const { left, right, top, bottom } = host.getBoundingClientRect()
    const isThere = clientX > left && clientX < right && clientY > top && clientY < bottom
    if (!isTrusted || !isThere) return
    end = end === 'bottom' ? 'top' : 'bottom'
    put(end)
  }
  for (const kind of kinds) {
    window.addEventListener(kind, come, { capture: true, passive: true })
  }
}`

const show = `({ text, detail, forMs, endsLasting, isGrave }, stepAside) => {
  // The page as a whole says it once, not each frame in it.
  if (window.top !== window) return
  const isLasting = forMs === undefined
  const set = (of, style) => {
    for (const [name, value] of Object.entries(style)) of.style.setProperty(name, value)
  }
  const place = () => {
    const id = isLasting ? 'wardkey-lasting' : 'wardkey-passing'
    document.getElementById(id)?.remove()
    if (endsLasting) document.getElementById('wardkey-lasting')?.remove()
    const host = document.createElement('div')
    host.id = id
    host.setAttribute('role', 'status')
    set(host, {
      position: 'fixed', 'z-index': '2147483647', left: '0', right: '0', width: 'fit-content',
      'max-width': '94vw', margin: '0 auto', 'pointer-events': 'none', 'line-height': '1.35',
      'font-family': 'system-ui, sans-serif', 'text-align': 'center',
    })
    const put = (end) => {
      set(host, { top: end === 'top' ? '12px' : 'auto', bottom: end === 'top' ? 'auto' : '12px' })
    }
    put(isLasting ? 'bottom' : 'top')
    const box = document.createElement('div')
    set(box, {
      background: isGrave ? '#7a1300' : '#10312b', color: '#ffffff', padding: '6px 18px',
      'border-radius': '8px', 'box-shadow': '0 2px 12px rgba(0, 0, 0, 0.35)',
    })
    const large = document.createElement('div')
    large.textContent = text
    set(large, { 'font-size': isLasting ? '18px' : '22px', 'font-weight': '600' })
    box.append(large)
    if (detail !== '') {
      const small = document.createElement('div')
      small.textContent = detail
      set(small, { 'font-size': isLasting ? '15px' : '18px' })
      box.append(small)
    }
    host.attachShadow({ mode: 'closed' }).append(box)
    document.documentElement.append(host)
    if (isLasting) stepAside(host, put)
    else setTimeout(() => { host.remove() }, forMs)
  }
  if (document.readyState === 'loading') {
    document.addEventListener('DOMContentLoaded', place, { once: true })
  } else place()
}`
