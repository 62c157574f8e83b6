// A hospital's own sign-in for one test: OpenID Connect over real TLS on loopback, with tokens that
// are signed by a real key. It checks what its clients say, and does wrong what a test tells it to.

import { createHash, randomUUID, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { Server } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import type { CryptoKey, JWTPayload } from 'jose'
import { ThrowAwayAuthority } from '../throw-away-authority.ts'

export const clientId = 'wardkey'
/** With characters that have to be escaped on the way. */
export const clientSecret = 'a secret+of%this&client=only'

/** What it answers on one of its paths instead of what it should. */
export type Misdeed =
  | { readonly kind: 'status'; readonly status: number; readonly location?: string }
  | { readonly kind: 'bytes'; readonly count: number }
  | { readonly kind: 'text'; readonly text: string }
  /** As RFC 6749 section 5.2 has it. */
  | { readonly kind: 'error'; readonly error: string }
  /** The head comes, and then nothing more. */
  | { readonly kind: 'stalls' }

type Claims = Readonly<Record<string, unknown>>

export interface Says {
  /** Over the claims that hold. */
  claims: Claims
  /**
   * By name, with what each claims over that. Where there are any, a page asks which, and keeps
   * what it can in the browser; where there are none, whoever comes has signed in.
   */
  accounts?: Readonly<Record<string, Claims>>
  signedBy: 'its key' | 'another key' | 'nobody' | 'the client secret'
  takesPushed: boolean
  /** Instead of a code. */
  error?: string
  misdeeds: ReadonlyMap<string, Misdeed>
}

interface Granted {
  readonly asked: URLSearchParams
  readonly claims: JWTPayload
}

interface Pair {
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
}

interface Asked {
  readonly path: string
  readonly parameters: URLSearchParams
  /** What the browser kept of it. */
  readonly cookie: string
}

export class HospitalSignIn {
  readonly caPem: string
  /** Of its own key, as browsers are told which one to trust. */
  readonly keySha256: string
  /** Who signs in, and how; changed by tests. */
  says: Says = {
    claims: {},
    signedBy: 'its key',
    takesPushed: false,
    misdeeds: new Map(),
  }
  /** What it was asked, in order. */
  readonly asked: Asked[] = []
  readonly #server: Server
  readonly #key: Pair
  readonly #codes = new Map<string, Granted>()
  readonly #pushed = new Map<string, URLSearchParams>()

  private constructor(server: Server, caPem: string, chainPem: string, key: Pair) {
    this.#server = server
    this.caPem = caPem
    const spki = new X509Certificate(chainPem).publicKey.export({ type: 'spki', format: 'der' })
    this.keySha256 = createHash('sha256').update(spki).digest('base64')
    this.#key = key
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      void this.#answer(request, response)
    })
  }

  static async open(): Promise<HospitalSignIn> {
    const authority = await ThrowAwayAuthority.make()
    const { keyPem, chainPem } = await authority.server(['127.0.0.1', 'localhost'])
    const server = createServer({ key: keyPem, cert: chainPem })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new HospitalSignIn(server, authority.caPem, chainPem, await generateKeyPair('ES256'))
  }

  get issuer(): string {
    return `https://localhost:${String((this.#server.address() as AddressInfo).port)}`
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    this.#server.close()
    await Promise.resolve()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.issuer)
    const body = new URLSearchParams(await textOf(request))
    const parameters = request.method === 'POST' ? body : url.searchParams
    const { cookie = '' } = request.headers
    this.asked.push({ path: url.pathname, parameters, cookie })
    const misdeed = this.says.misdeeds.get(url.pathname)
    if (misdeed) {
      misbehave(misdeed, response)
      return
    }
    switch (url.pathname) {
      case '/.well-known/openid-configuration':
        json(response, 200, this.#metadata())
        return
      case '/keys':
        json(response, 200, { keys: [{ ...(await exportJWK(this.#key.publicKey)), alg: 'ES256' }] })
        return
      case '/par':
        if (isClient(request)) this.#push(body, response)
        else json(response, 401, { error: 'invalid_client' })
        return
      case '/authorize':
        if (this.says.accounts) askWho(url.search, response)
        else this.#authorize(url.searchParams, {}, response)
        return
      case '/signed-in':
        this.#signedIn(url.searchParams, body, response)
        return
      case '/token':
        if (isClient(request)) await this.#token(body, response)
        else json(response, 401, { error: 'invalid_client' })
        return
      case '/kept':
        json(response, 200, {})
        return
      default:
        json(response, 404, {})
    }
  }

  #metadata() {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}/authorize`,
      token_endpoint: `${this.issuer}/token`,
      jwks_uri: `${this.issuer}/keys`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
      ...(this.says.takesPushed
        ? { pushed_authorization_request_endpoint: `${this.issuer}/par` }
        : {}),
    }
  }

  #push(asked: URLSearchParams, response: ServerResponse): void {
    const uri = `urn:ietf:params:oauth:request_uri:${randomUUID()}`
    this.#pushed.set(uri, asked)
    json(response, 201, { request_uri: uri, expires_in: 60 })
  }

  #signedIn(query: URLSearchParams, body: URLSearchParams, response: ServerResponse): void {
    const account = this.says.accounts?.[body.get('account') ?? '']
    response.setHeader('set-cookie', ['account=known; Path=/; Secure; HttpOnly; Max-Age=86400'])
    if (account) this.#authorize(query, account, response)
    else askWho(`?${query.toString()}`, response)
  }

  #authorize(query: URLSearchParams, claims: Claims, response: ServerResponse): void {
    const asked = this.#pushed.get(query.get('request_uri') ?? '') ?? query
    const to = new URL(asked.get('redirect_uri') ?? '')
    to.searchParams.set('state', asked.get('state') ?? '')
    if (this.says.error === undefined) {
      const code = randomUUID()
      this.#codes.set(code, { asked, claims: { ...this.#claimsFor(asked), ...claims } })
      to.searchParams.set('code', code)
    } else to.searchParams.set('error', this.says.error)
    response.writeHead(302, { location: to.href }).end()
  }

  #claimsFor(asked: URLSearchParams): JWTPayload {
    const nowS = Math.floor(Date.now() / 1000)
    return {
      iss: this.issuer,
      sub: randomUUID(),
      aud: clientId,
      iat: nowS,
      exp: nowS + 300,
      auth_time: nowS,
      nonce: asked.get('nonce') ?? '',
      acr: (asked.get('acr_values') ?? '').split(' ')[0] ?? '',
      groups: ['everybody', 'staff'],
      ...this.says.claims,
    }
  }

  async #token(body: URLSearchParams, response: ServerResponse): Promise<void> {
    const granted = this.#codes.get(body.get('code') ?? '')
    this.#codes.delete(body.get('code') ?? '')
    const challenge = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url')
    const isGood =
      granted?.asked.get('code_challenge') === challenge &&
      granted.asked.get('redirect_uri') === body.get('redirect_uri')
    if (!granted || !isGood) {
      json(response, 400, { error: 'invalid_grant' })
      return
    }
    json(response, 200, {
      access_token: randomUUID(),
      token_type: 'Bearer',
      expires_in: 60,
      id_token: await this.#signed(granted.claims),
    })
  }

  async #signed(claims: JWTPayload): Promise<string> {
    const { signedBy } = this.says
    if (signedBy === 'nobody') return new UnsecuredJWT(claims).encode()
    if (signedBy === 'the client secret') {
      const key = new TextEncoder().encode(clientSecret.padEnd(32, ' '))
      return new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(key)
    }
    const other = signedBy === 'another key' ? await generateKeyPair('ES256') : this.#key
    return new SignJWT(claims).setProtectedHeader({ alg: 'ES256' }).sign(other.privateKey)
  }
}

/** It says where it keeps what, and tells its own server what of it was there already. */
function askWho(query: string, response: ServerResponse): void {
  const cookie = `visit=${randomUUID()}; Path=/; Secure; HttpOnly; SameSite=None; Max-Age=86400`
  response.appendHeader('set-cookie', cookie)
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(
    `<!doctype html><title>sign-in</title><h1>The hospital’s own sign-in</h1>
     <form method="post" action="/signed-in${query.replaceAll('&', '&amp;')}">
       <input name="account" autofocus><button>Sign in</button>
     </form>
     <script>
       fetch('/kept?' + new URLSearchParams({ kept: localStorage.visit ?? '' }))
       localStorage.visit = 'here'
     </script>`,
  )
}

/** RFC 6749 section 2.3.1: both parts are form-encoded before they are joined. */
function isClient({ headers }: IncomingMessage): boolean {
  const [, basic = ''] = (headers.authorization ?? '').split(' ')
  const [id = '', secret = ''] = Buffer.from(basic, 'base64').toString('utf8').split(':')
  const plain = (part: string): string => new URLSearchParams(`a=${part}`).get('a') ?? ''
  return plain(id) === clientId && plain(secret) === clientSecret
}

function misbehave(misdeed: Misdeed, response: ServerResponse): void {
  const head = { 'content-type': 'application/json' }
  switch (misdeed.kind) {
    case 'status': {
      const { status, location } = misdeed
      response.writeHead(status, location === undefined ? {} : { location }).end('{}')
      return
    }
    case 'bytes':
      response.writeHead(200, head).end(`{"a":"${'x'.repeat(misdeed.count)}"}`)
      return
    case 'text':
      response.writeHead(200, head).end(misdeed.text)
      return
    case 'error':
      json(response, 401, { error: misdeed.error })
      return
    case 'stalls':
      response.writeHead(200, head).write('{')
  }
}

function json(response: ServerResponse, status: number, value: object): void {
  const head = { 'content-type': 'application/json', 'cache-control': 'no-store' }
  response.writeHead(status, head).end(JSON.stringify(value))
}
