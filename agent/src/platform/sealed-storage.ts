// Where the workstation's private key is kept: the system's keyring, or, only where settings say
// so, a file that nobody but this user can read. It never falls back by itself from one to the
// other.

import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { Entry } from '@napi-rs/keyring'
import { Fault } from './fault.ts'

export interface SealedStorage {
  /** Throws Fault `keyring-unavailable`; nothing where nothing was kept. */
  find(): string | undefined
  keep(secret: string): void
  /**
   * Throws what `keep` would throw, and keeps nothing: a locked keyring looks like an empty one.
   */
  prove(): void
}

const service = 'wardkey-agent'

/**
 * On Linux the Secret Service is named: without that the library falls back to the kernel's
 * keyring, which forgets at the next boot without a word.
 */
export function openKeyring(account: string): SealedStorage {
  const entry = (name = account): Entry =>
    process.platform === 'linux'
      ? new Entry(service, name, { linux: { store: 'secret-service' } })
      : new Entry(service, name)
  const attempt = <T>(act: () => T): T => {
    try {
      return act()
    } catch (cause) {
      throw new Fault('keyring-unavailable', 'permanent', { cause })
    }
  }
  return {
    find: () => attempt(() => entry().getPassword() ?? undefined),
    keep: (secret) => {
      attempt(() => {
        entry().setPassword(secret)
      })
    },
    prove: () => {
      attempt(() => {
        const trial = entry(`${account} (trial)`)
        trial.setPassword('trial')
        trial.deletePassword()
      })
    },
  }
}

/**
 * A file of mode 0600 in a folder of mode 0700; one that others can read is refused, not used. The
 * key in it is not encrypted: to whoever can read this user's files, or the disk, it is open. That
 * is why it is never chosen but by the setting.
 */
export function openKeyFile(folder: string, name: string): SealedStorage {
  const path = join(folder, name)
  const keep = (secret: string, at: string): void => {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    chmodSync(folder, 0o700)
    // Beside it first: half a key is none, and the workstation would have to be enrolled again.
    const next = `${at}.new`
    rmSync(next, { force: true })
    writeFileSync(next, secret, { mode: 0o600, flag: 'wx', flush: true })
    renameSync(next, at)
  }
  return {
    find: () => {
      if (!existsSync(path)) return undefined
      // Windows has no such modes; there the folder's own access list is the installer's.
      if (process.platform !== 'win32' && (statSync(path).mode & 0o077) !== 0) {
        throw new Fault('key-missing', 'permanent')
      }
      return readFileSync(path, 'utf8')
    },
    keep: (secret) => {
      keep(secret, path)
    },
    prove: () => {
      const trial = `${path}.trial`
      try {
        keep('trial', trial)
      } catch (cause) {
        throw new Fault('key-missing', 'permanent', { cause })
      }
      rmSync(trial)
    },
  }
}
