// The question that a page answers: its heading, and the title of its tab.

import { useEffect } from 'react'
import type { ReactNode } from 'react'

export function useTitle(question: string): void {
  useEffect(() => {
    document.title = `${question} · Wardkey`
  }, [question])
}

interface Props {
  readonly question: string
  /** The answer in a sentence, and what can be done with all of it. */
  readonly children?: ReactNode
}

export function PageTitle({ question, children }: Props) {
  useTitle(question)
  return (
    <header className="wk-page-head">
      <h1 tabIndex={-1}>{question}</h1>
      {children}
    </header>
  )
}
