// What stands where an answer will be: its shape, so that nothing moves when it comes.

import type { ReactNode } from 'react'
import { Skeleton } from '@mantine/core'
import { Trouble } from './trouble.tsx'

export function Shape({ lines = 8, height = 28 }: { lines?: number; height?: number }) {
  return (
    <div className="wk-shape" aria-busy="true" aria-label="Being fetched" role="status">
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={height} radius="sm" />
      ))}
    </div>
  )
}

interface Props<Data> {
  /** Of a query, or of one that is asked page by page. */
  readonly query: {
    readonly data: Data | undefined
    readonly error: Error | null
    readonly refetch: () => Promise<unknown>
  }
  readonly lines?: number
  readonly height?: number
  readonly children: (data: Data) => ReactNode
}

/** An answer, what is in its place until it comes, or why it does not. */
export function Answer<Data>({ query, lines, height, children }: Props<Data>) {
  if (query.data !== undefined) {
    return (
      <>
        {query.error && <Trouble error={query.error} onRetry={() => void query.refetch()} />}
        {children(query.data)}
      </>
    )
  }
  if (query.error) return <Trouble error={query.error} onRetry={() => void query.refetch()} />
  return <Shape {...(lines && { lines })} {...(height && { height })} />
}
