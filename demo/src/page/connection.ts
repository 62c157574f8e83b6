// The page's line to the demo program: state and record lines come as text, pictures as bytes.

import type { DemoMessage, PageMessage } from '../demo-messages.ts'

export interface Connection {
  say(message: PageMessage): void
  close(): void
}

export interface Listeners {
  readonly onMessage: (message: DemoMessage) => void
  readonly onPicture: (station: number, jpeg: Blob) => void
  readonly onLine: (isUp: boolean) => void
}

const reopenMs = 1000

export function connect(listeners: Listeners): Connection {
  let socket: WebSocket | undefined
  let isClosed = false
  const open = (): void => {
    const opening = new WebSocket(`ws://${location.host}/demo`)
    opening.binaryType = 'arraybuffer'
    socket = opening
    opening.onopen = () => {
      listeners.onLine(true)
    }
    opening.onmessage = ({ data }: MessageEvent<unknown>) => {
      if (data instanceof ArrayBuffer) {
        const [station = 0] = new Uint8Array(data, 0, 1)
        listeners.onPicture(station, new Blob([data.slice(1)], { type: 'image/jpeg' }))
      } else {
        // Our own program on our own origin wrote it.
        listeners.onMessage(JSON.parse(String(data)) as DemoMessage)
      }
    }
    opening.onclose = () => {
      listeners.onLine(false)
      if (!isClosed) setTimeout(open, reopenMs)
    }
  }
  open()
  return {
    say: (message) => {
      if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
    },
    close: () => {
      isClosed = true
      socket?.close()
    },
  }
}
