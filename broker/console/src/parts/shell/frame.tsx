// What every page stands in: the rail, the bar of commands, who is signed in, and room for it.

import { useEffect, useRef, useState } from 'react'
import type { ReactNode } from 'react'
import { useRouterState } from '@tanstack/react-router'
import { CommandBar } from './command-bar.tsx'
import { Rail } from './rail.tsx'
import { Who } from './who.tsx'

export function Frame({ children }: { readonly children: ReactNode }) {
  const [isAsking, setAsking] = useState(false)
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      setAsking(true)
    }
    addEventListener('keydown', onKey)
    return () => {
      removeEventListener('keydown', onKey)
    }
  }, [])
  return (
    <div className="wk-frame">
      <a className="wk-skip" href="#page">
        To the page
      </a>
      <div className="wk-rail">
        <p className="wk-brand">Wardkey</p>
        <button
          type="button"
          className="wk-find"
          onClick={() => {
            setAsking(true)
          }}
        >
          <span>Find</span>
          <kbd>Ctrl K</kbd>
        </button>
        <Rail />
        <Who />
      </div>
      <Page>{children}</Page>
      {isAsking && (
        <CommandBar
          onClose={() => {
            setAsking(false)
          }}
        />
      )}
    </div>
  )
}

/** A new page is told to whoever does not see it: its heading takes the focus. */
function Page({ children }: { readonly children: ReactNode }) {
  const path = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname })
  const main = useRef<HTMLElement>(null)
  const before = useRef(path)
  useEffect(() => {
    if (before.current !== undefined && before.current !== path) {
      main.current?.querySelector('h1')?.focus()
    }
    before.current = path
  }, [path])
  return (
    <main id="page" className="wk-page" ref={main} tabIndex={-1}>
      {children}
    </main>
  )
}
