// The page's line to its agent: one socket on loopback, opened with the per-start secret, reopened
// when it breaks. It holds the newest picture and nothing else.

import type { ScreenInput, ScreenView } from '../../machine/screen-view.ts'

/** What is drawn: the newest picture, whether the line stands, and the way to act. */
export interface Drawn {
  readonly view: ScreenView | undefined
  readonly isConnected: boolean
  readonly act: (input: ScreenInput) => void
}

const reopenMs = 500

/** Calls `draw` for each picture and each change of the line; without a picture until one came. */
export function connect(secret: string, draw: (drawn: Drawn) => void): void {
  let socket: WebSocket | undefined
  let view: ScreenView | undefined
  const act = (input: ScreenInput): void => {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(input))
  }
  const open = (): void => {
    const opening = new WebSocket(`ws://${location.host}/screen`)
    socket = opening
    opening.onopen = () => {
      // In a message, not in the address: addresses end up in logs.
      opening.send(JSON.stringify({ kind: 'hello', secret }))
    }
    opening.onmessage = (message) => {
      // Our own agent on our own origin wrote it; a page from elsewhere never gets this far.
      view = JSON.parse(String(message.data)) as ScreenView
      draw({ view, isConnected: true, act })
    }
    opening.onclose = () => {
      draw({ view, isConnected: false, act })
      setTimeout(open, reopenMs)
    }
  }
  draw({ view, isConnected: false, act })
  open()
}
