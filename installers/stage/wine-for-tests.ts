// A Windows to try an MSI on: Wine, in a folder of its own. Programs there need files to write to;
// with pipes, Node does not start. Services end with the last program, so that one is kept.

import { execFileSync, spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import * as fs from 'node:fs'
import { join } from 'node:path'

/** Wine 8 has no bcryptprimitives.dll, which what is written in Rust asks for random numbers. */
const randomNumbers = `#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID b, ULONG n);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE b, SIZE_T n) {
  static BOOLEAN (NTAPI *f)(PVOID, ULONG);
  if (!f) f = (void *)GetProcAddress(LoadLibraryA("advapi32.dll"), "SystemFunction036");
  return f ? f(b, (ULONG)n) : FALSE;
}
BOOL WINAPI DllMain(HINSTANCE h, DWORD r, LPVOID p) { return TRUE; }
`

export class Wine {
  readonly #folder: string
  readonly #env: NodeJS.ProcessEnv
  #kept: ChildProcess | undefined

  constructor(folder: string) {
    this.#folder = folder
    this.#env = {
      ...process.env,
      WINEPREFIX: join(folder, 'prefix'),
      WINEARCH: 'win64',
      WINEDEBUG: '-all',
      WINEDLLOVERRIDES: 'mscoree,mshtml=',
      NODE_OPTIONS: '',
    }
  }

  async start(): Promise<void> {
    await this.run('wineboot', '-i')
    await this.run('winecfg', '-v', 'win10')
    // A service has half a minute to answer: little, on a machine that has other things to do.
    const control = 'HKLM\\System\\CurrentControlSet\\Control'
    const patience = ['/v', 'ServicesPipeTimeout', '/t', 'REG_DWORD', '/d', '180000', '/f']
    await this.run('reg', 'add', control, ...patience)
    await this.#end()
    const source = join(this.#folder, 'random.c')
    fs.writeFileSync(source, randomNumbers)
    const library = this.drive('windows/system32/bcryptprimitives.dll')
    const words = ['-O2', '-shared', '-static', '-o', library, source]
    execFileSync('x86_64-w64-mingw32-gcc', words)
    // A program that waits for its input, which never comes.
    this.#kept = spawn('wine', ['cmd', '/k'], {
      env: this.#env,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
  }

  async stop(): Promise<void> {
    this.#kept?.kill()
    await this.#end()
  }

  /** It ends, and begins with the next program, with what its registry says by then. */
  async #end(): Promise<void> {
    for (const word of ['-k', '-w']) {
      await once(spawn('wineserver', [word], { env: this.#env, stdio: 'ignore' }), 'close')
    }
  }

  drive(path: string): string {
    return join(this.#folder, 'prefix', 'drive_c', path)
  }

  async run(...words: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
    const file = join(this.#folder, 'out')
    const out = fs.openSync(file, 'w')
    const child = spawn('wine', [...words], { env: this.#env, stdio: ['ignore', out, out] })
    await once(child, 'exit')
    fs.closeSync(out)
    return { code: child.exitCode ?? -1, out: fs.readFileSync(file, 'utf8') }
  }
}

/** As Windows sees a file of ours. */
export const seen = (path: string): string => `Z:${path.replaceAll('/', '\\')}`
