// What is known of one row, beside the table that it is in. It has an address of its own (`open=`),
// takes the focus when it opens, again when what had it in the panel is gone, and gives it back.

import { useEffect, useId, useRef } from 'react'
import type { ReactNode, RefObject } from 'react'
import { useAddress } from './address.ts'

interface Props {
  readonly title: string
  readonly children: ReactNode
}

export function Panel({ title, children }: Props) {
  const [address, setAddress] = useAddress()
  const heading = useRef<HTMLHeadingElement>(null)
  const panel = useFocusKept(heading)
  const headingId = useId()
  const { open } = address
  const close = (): void => {
    setAddress({ open: undefined })
  }
  useEffect(() => {
    const before = document.activeElement
    heading.current?.focus({ preventScroll: true })
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [open])
  return (
    <aside
      ref={panel}
      className="wk-panel"
      aria-labelledby={headingId}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) close()
      }}
    >
      <header>
        <h2 id={headingId} ref={heading} tabIndex={-1}>
          {title}
        </h2>
        <button type="button" className="wk-close" onClick={close} aria-label="Close the panel">
          ×
        </button>
      </header>
      <div className="wk-panel-body">{children}</div>
    </aside>
  )
}

/**
 * A button that has done its act is often gone from the panel, and with it the focus: keys would
 * then go to the page, and Escape would close nothing. The focus of whoever works elsewhere, or
 * laid it down on purpose, is left alone.
 */
function useFocusKept(heading: RefObject<HTMLElement | null>): RefObject<HTMLElement | null> {
  const panel = useRef<HTMLElement>(null)
  useEffect(() => {
    const within = panel.current
    if (!within) return
    let last: EventTarget | null = null
    const remember = ({ target }: FocusEvent): void => {
      last = target
    }
    const seen = new MutationObserver(() => {
      const isGone = last instanceof HTMLElement && !last.isConnected
      if (isGone && document.activeElement === document.body) {
        heading.current?.focus({ preventScroll: true })
      }
    })
    within.addEventListener('focusin', remember)
    seen.observe(within, { childList: true, subtree: true })
    return () => {
      seen.disconnect()
      within.removeEventListener('focusin', remember)
    }
  }, [heading])
  return panel
}

/** Names with their values, one under the other. */
export function Facts({ of }: { readonly of: readonly (readonly [string, ReactNode])[] }) {
  return (
    <dl className="wk-facts">
      {of.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
