// A chart and a downtime view for tests, as a program of its own: two pages that say what they are.
// Started with its port; says a word when it listens.

import { createServer } from 'node:http'

const [, , port = '0'] = process.argv
const server = createServer((request, response) => {
  const words = request.url?.startsWith('/downtime') === true ? 'what works now' : 'the chart'
  response.writeHead(200, { 'content-type': 'text/html' })
  response.end(`<!doctype html><title>${words}</title><p id="ready">${words}</p>`)
})
server.listen(Number(port), '127.0.0.1', () => {
  process.stdout.write('listens\n')
})
process.once('SIGTERM', () => process.exit(0))
