// The floor: the least program that reaches the same sockets. TLS 1.3 with client certificates; a
// request over the same TLS makes it write one text to every WebSocket, and then it answers. No
// books, no record, no flush.

import { createServer } from 'node:https'
import { WebSocketServer } from 'ws'

export interface BareStart {
  readonly caPem: string
  readonly keyPem: string
  readonly certificatePem: string
  /** As many bytes as the product's frame. */
  readonly text: string
}

process.once('disconnect', () => process.exit(0))
process.once('message', ({ caPem, keyPem, certificatePem, text }: BareStart) => {
  const server = createServer({
    ca: caPem,
    key: keyPem,
    cert: certificatePem,
    requestCert: true,
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
  })
  // The connection that asks stays, as it does at the product’s door.
  server.keepAliveTimeout = 300_000
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  server.on('request', (request, response) => {
    request.resume()
    request.on('end', () => {
      for (const socket of sockets.clients) socket.send(text)
      response.end('sent')
    })
  })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    process.send?.({ port: typeof address === 'object' && address ? address.port : 0 })
  })
  process.on('message', (message: string) => {
    if (message === 'stop') process.exit(0)
  })
})
