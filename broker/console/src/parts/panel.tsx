// What is known of one row, beside the table that it is in. It has an address of its own (`open=`),
// takes the focus when it opens, and gives it back.

import { useEffect, useId, useRef } from 'react'
import type { ReactNode } from 'react'
import { useAddress } from './address.ts'

interface Props {
  readonly title: string
  readonly children: ReactNode
}

export function Panel({ title, children }: Props) {
  const [address, setAddress] = useAddress()
  const heading = useRef<HTMLHeadingElement>(null)
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
