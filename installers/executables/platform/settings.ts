// The environment of an executable: what of it is taken away before anything else runs. It keeps
// what is Wardkey's own, the system's, and one variable of Node for certificates.

/** Adds authorities, for a hospital's own; it cannot take any away. */
const kept: ReadonlySet<string> = new Set(['NODE_EXTRA_CA_CERTS'])
const closed = /^(NODE_|OPENSSL_|SSL_CERT_|SSLKEYLOGFILE$|V8_|UV_)/i

/**
 * What could load code, loosen TLS, or write what passes through. Node itself has read some of
 * them by now: where there were any, the program begins again without them. Windows cannot do that;
 * there, they are taken away from what is read later.
 */
export function closeEnvironment(): void {
  const names = Object.keys(process.env).filter((name) => closed.test(name) && !kept.has(name))
  for (const name of names) Reflect.deleteProperty(process.env, name)
  if (names.length === 0 || process.platform === 'win32') return
  process.execve?.(process.execPath, [process.execPath, ...process.argv.slice(2)], process.env)
}
